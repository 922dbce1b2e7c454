"""What enrolment listens to: the family files of accounts."""

from contracts.events.accounts import ChildFile, FamiliesMerged, FamilyFileUpdated
from services.chassis import renamed
from services.chassis.database import Connection
from services.chassis.intake import on
from services.enrolment import commands
from services.enrolment.merging import families_merged
from services.enrolment.model import Child, Family, family_label


async def family_file_updated(connection: Connection, event: FamilyFileUpdated) -> None:
    """Keep the part of the file that enrolments need."""
    if await renamed.present_one(connection, event.family_id) != event.family_id:
        return  # merged into another family since: what it says is that one's file's to say
    family = Family(
        family_id=event.family_id,
        record_version=event.record_version,
        reference=event.reference,
        label=family_label(guardian.last_name for guardian in event.guardians),
        children=tuple(_child(child) for child in event.children),
    )
    await commands.keep_family(connection, family)


def _child(child: ChildFile) -> Child:
    return Child(
        child_id=child.child_id,
        first_name=child.first_name,
        last_name=child.last_name,
        birth_date=child.birth_date,
        school_code=child.school_code,
        school_class=child.school_class,
    )


SUBSCRIPTIONS = (
    on(FamilyFileUpdated, family_file_updated),
    on(FamiliesMerged, families_merged),
)

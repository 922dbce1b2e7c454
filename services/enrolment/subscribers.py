"""What enrolment listens to: the family files of accounts, the families' documents."""

from contracts.events.accounts import ChildFile, FamiliesMerged, FamilyFileUpdated
from contracts.events.documents import DocumentStateChanged, DocumentTypesPublished
from services.chassis import renamed
from services.chassis.database import Connection
from services.chassis.intake import on
from services.enrolment.commands import town
from services.enrolment.commands.merge_families import merge_families
from services.enrolment.model.activities import Child, Family, family_label
from services.enrolment.model.papers import DocumentType, Paper


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
        resident=event.resident,
    )
    await town.keep_family(connection, family)


def _child(child: ChildFile) -> Child:
    return Child(
        child_id=child.child_id,
        first_name=child.first_name,
        last_name=child.last_name,
        birth_date=child.birth_date,
        school_code=child.school_code,
        school_class=child.school_class,
    )


async def document_types_published(connection: Connection, event: DocumentTypesPublished) -> None:
    """Keep the kinds of document that the town asks for."""
    kinds = [DocumentType(**dict(kind)) for kind in event.types]
    await town.keep_document_types(connection, event.version, kinds)


async def document_state_changed(connection: Connection, event: DocumentStateChanged) -> None:
    """Keep where a family's document stands."""
    paper = Paper(
        document_id=event.document_id,
        version=event.version,
        family_id=event.family_id,
        child_id=event.child_id,
        document_type=event.document_type,
        state=event.state,
        deposited_at=event.deposited_at,
        valid_until=event.valid_until,
    )
    await town.keep_paper(connection, paper)


async def families_merged(connection: Connection, event: FamiliesMerged) -> None:
    """What was the one family's is the other's from now on."""
    children = {c.merged_child_id: c.child_id for c in event.children}
    await merge_families(connection, event.family_id, event.merged_family_id, children)


SUBSCRIPTIONS = (
    on(FamilyFileUpdated, family_file_updated),
    on(DocumentTypesPublished, document_types_published),
    on(DocumentStateChanged, document_state_changed),
    on(FamiliesMerged, families_merged),
)

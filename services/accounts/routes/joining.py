"""What accounts answers about two records of one family."""

from uuid import UUID

from contracts.roles import OFFICE
from services.accounts import queries
from services.accounts.commands.join_families import join_families
from services.accounts.model.family import FamilyRecord
from services.accounts.model.joining import differences, join
from services.accounts.schemas import joining as schemas
from services.chassis.endpoints import Call, get, post
from services.chassis.errors import NotFound


async def preview_merge(call: Call, family_id: UUID, other_id: UUID) -> schemas.MergePreviewAnswer:
    """Comparer deux fiches avant de les réunir"""
    survivor = await queries.family(call.connection, family_id)
    merged = await queries.family(call.connection, other_id)
    if survivor is None or merged is None or survivor == merged:
        raise NotFound
    joined = join(survivor, merged, ())
    both = {*joined.guardians, *joined.children}
    return schemas.MergePreviewAnswer(
        survivor=_side(survivor),
        merged=_side(merged),
        differences=tuple(
            schemas.DifferenceAnswer(key=d.key, label=d.label, kept=d.kept, other=d.other)
            for d in differences(survivor, merged)
        ),
        joined=(
            *(g.name for g in merged.guardians if g.guardian_id in both),
            *(f"{c.first_name} {c.last_name}" for c in merged.children if c.child_id in both),
        ),
    )


async def merge_families(
    call: Call, family_id: UUID, other_id: UUID, body: schemas.MergeBody
) -> schemas.MergedAnswer:
    """Réunir deux fiches famille"""
    record = await join_families(
        call.connection,
        family_id,
        other_id,
        body.take,
        by=call.caller.account_id,
        now=call.now,
    )
    return schemas.MergedAnswer(
        family_id=record.family_id,
        reference=record.reference,
        record_version=record.record_version,
    )


def _side(record: FamilyRecord) -> schemas.SideAnswer:
    address = record.address
    return schemas.SideAnswer(
        family_id=record.family_id,
        reference=record.reference,
        label=record.label,
        address=", ".join((*address.lines, f"{address.postcode} {address.city}".strip())),
        guardians=tuple(guardian.name for guardian in record.guardians),
        children=tuple(f"{c.first_name} {c.last_name}" for c in record.children),
    )


ENDPOINTS = (
    get(
        "/families/{family_id}/merge/{other_id}",
        preview_merge,
        allow=OFFICE,
        opens=True,
        summary="Comparer deux fiches famille",
    ),
    post("/families/{family_id}/merge/{other_id}", merge_families, allow=OFFICE),
)

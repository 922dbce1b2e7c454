"""Trust: the audit trail, one's own data to take away, erasure, and what is kept how long."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field

from contracts.roles import ADMIN, DESK, EVERYONE, GUARDIAN, OFFICE
from gateway.api.edge import clients, filed, forward
from gateway.archive import family_archive, send_archive
from gateway.portal import PORTAL
from gateway.readers.personal_data import Duties, Erasures, ErasureState, TownRules
from gateway.readers.trail import AuditChoices, AuditTrail
from services.chassis.endpoints import Body, Call, get
from services.chassis.errors import NotFound

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]


class AuditFilter(Body):
    """Both days inclusive; `reference` is a file number, `action` is `service.operation`."""

    account_id: UUID | None = None
    family_id: UUID | None = None
    reference: Annotated[str, Field(max_length=100)] | None = None
    action: Annotated[str, Field(max_length=100)] | None = None
    outcome: Literal["done", "refused", "not_theirs"] | None = None
    since: Day | None = None
    until: Day | None = None


class AuditQuery(AuditFilter):
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=200)] = 50


async def export_audit(call: Call, query: AuditFilter) -> web.StreamResponse:
    """The audit trail as CSV."""
    wanted = query.model_dump(mode="json", exclude_none=True)
    return await clients(call).trail.export(wanted).send(call.request)


class ErasureWish(Body):
    """The password proves that it is the parent, and not somebody at their screen."""

    password: Annotated[str, Field(min_length=1, max_length=1000)]


class ErasureApproval(Body):
    """The number of the file, typed again."""

    reference: Annotated[str, Field(min_length=1, max_length=100)]


class ErasureRefusal(Body):
    """Why not, for the family to read."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


async def read_own_duties(call: Call) -> Duties:
    """What the town would have to keep of one's own family."""
    return await _duties(call, _own_family(call))


async def read_duties(call: Call, family_id: UUID) -> Duties:
    """What the town would have to keep of a family."""
    await clients(call).accounts.family(family_id)  # 404 for a family that does not exist
    return await _duties(call, family_id)


async def _duties(call: Call, family_id: UUID) -> Duties:
    return Duties(duties=tuple(await clients(call).personal_data.duties(family_id)))


async def read_retention_rules(call: Call) -> TownRules:
    """What the town holds of families, why, and how long."""
    return TownRules(services=tuple(await clients(call).personal_data.town_rules()))


def _own_family(call: Call) -> UUID:
    if call.caller.family_id is None:
        raise NotFound
    return call.caller.family_id


async def export_own_family(call: Call) -> web.StreamResponse:
    """All of one's own data as a ZIP."""
    return await _archive(call, _own_family(call))


async def export_family(call: Call, family_id: UUID) -> web.StreamResponse:
    """All of a family's data as a ZIP."""
    await clients(call).accounts.family(family_id)  # 404 for a family that does not exist
    return await _archive(call, family_id)


async def _archive(call: Call, family_id: UUID) -> web.StreamResponse:
    async with family_archive(call.app[PORTAL], clients(call), family_id, call.now) as file:
        return await send_archive(call.request, file, call.now)


ENDPOINTS = (
    forward(
        "GET",
        "/staff/audit",
        "search_audit",
        to="accounts",
        at="/audit",
        allow={ADMIN},
        query=AuditQuery,
        answer=AuditTrail,
        summary="Who did what to whose data.",
    ),
    forward(
        "GET",
        "/staff/audit/choices",
        "list_audit_choices",
        to="accounts",
        at="/audit/choices",
        allow={ADMIN},
        answer=AuditChoices,
        summary="The agents and the acts by which the trail can be searched.",
    ),
    filed(get("/staff/audit.csv", export_audit, allow={ADMIN}), kind="text/csv"),
    forward(
        "GET",
        "/staff/families/{family_id}/acts",
        "read_family_acts",
        to="accounts",
        at="/families/{family_id}/acts",
        allow=DESK,
        answer=AuditTrail,
        summary="The last acts on one family's data.",
    ),
    filed(get("/family/export", export_own_family, allow={GUARDIAN}), kind="application/zip"),
    filed(
        get("/staff/families/{family_id}/export", export_family, allow=OFFICE),
        kind="application/zip",
    ),
    forward(
        "GET",
        "/family/erasure",
        "read_own_erasure",
        to="accounts",
        at="/families/{own_family}/erasure",
        allow={GUARDIAN},
        answer=ErasureState,
        summary="Where the caller's request for erasure stands.",
    ),
    forward(
        "POST",
        "/family/erasure",
        "ask_erasure",
        to="accounts",
        at="/families/{own_family}/erasure",
        allow={GUARDIAN},
        body=ErasureWish,
        answer=ErasureState,
        status=201,
        summary="Ask for the family's data to be erased.",
    ),
    forward(
        "DELETE",
        "/family/erasure",
        "withdraw_erasure",
        to="accounts",
        at="/families/{own_family}/erasure",
        allow={GUARDIAN},
        summary="Withdraw the request for erasure.",
    ),
    get("/family/duties", read_own_duties, allow={GUARDIAN}),
    get("/staff/families/{family_id}/duties", read_duties, allow=OFFICE),
    get("/retention-rules", read_retention_rules, allow=EVERYONE),
    forward(
        "GET",
        "/staff/families/{family_id}/erasure",
        "read_family_erasure",
        to="accounts",
        at="/families/{family_id}/erasure",
        allow=OFFICE,
        answer=ErasureState,
        summary="Where a family's request for erasure stands.",
    ),
    forward(
        "GET",
        "/staff/erasures",
        "list_erasures",
        to="accounts",
        at="/erasures",
        allow=OFFICE,
        answer=Erasures,
        summary="Families that asked for erasure, and families that have left.",
    ),
    forward(
        "POST",
        "/staff/families/{family_id}/erasure/approve",
        "approve_erasure",
        to="accounts",
        at="/families/{family_id}/erasure/approve",
        allow=OFFICE,
        body=ErasureApproval,
        summary="Erase a family, but for what must be kept.",
    ),
    forward(
        "POST",
        "/staff/families/{family_id}/erasure/refuse",
        "refuse_erasure",
        to="accounts",
        at="/families/{family_id}/erasure/refuse",
        allow=OFFICE,
        body=ErasureRefusal,
        summary="Refuse a family's request for erasure.",
    ),
)

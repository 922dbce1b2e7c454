"""Trust: the audit trail."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field

from contracts.roles import ADMIN, DESK
from gateway.api.edge import clients, filed, forward
from gateway.readers.trail import AuditTrail
from services.chassis.endpoints import Body, Call, get

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
)

"""What accounts adds to a family's agenda and to the history of its requests."""

from uuid import UUID

from contracts.roles import DESK, GUARDIAN
from services.accounts import queries
from services.accounts.model.custody import spans
from services.accounts.model.family import FamilyRecord
from services.accounts.schemas.overview import (
    CustodyQuery,
    CustodySpanAnswer,
    CustodySpansAnswer,
    OwnAccountRequestAnswer,
    OwnAccountRequestsAnswer,
)
from services.chassis.endpoints import Call, get
from services.chassis.errors import FieldError, Invalid, NotFound

# Two months on one page of the agenda, and some room.
LONGEST_PERIOD = 100


async def show_custody(call: Call, family_id: UUID, query: CustodyQuery) -> CustodySpansAnswer:
    """Où sont les enfants en garde alternée"""
    if not 0 <= (query.last - query.first).days < LONGEST_PERIOD:
        message = f"La période compte de 1 à {LONGEST_PERIOD} jours."
        raise Invalid(errors=[FieldError("to", message)])
    record = await _own(call, family_id)
    return CustodySpansAnswer(
        spans=tuple(
            CustodySpanAnswer(
                child_id=child.child_id,
                first_name=child.first_name,
                here=span.home == family_id,
                first=span.first,
                last=span.last,
            )
            for child in record.children
            if child.custody and child.other_home(family_id)
            for span in spans(child.custody, query.first, query.last)
        )
    )


async def list_own_requests(call: Call, family_id: UUID) -> OwnAccountRequestsAnswer:
    """Les demandes de compte d’une famille"""
    await _own(call, family_id)
    rows = await queries.account_requests_of(call.connection, family_id)
    return OwnAccountRequestsAnswer(
        requests=tuple(OwnAccountRequestAnswer(**dict(row)) for row in rows)
    )


async def _own(call: Call, family_id: UUID) -> FamilyRecord:
    if call.caller.family_scope not in (None, family_id):
        raise NotFound
    record = await queries.family(call.connection, family_id)
    if record is None:
        raise NotFound
    return record


_FAMILY = "/families/{family_id}"

ENDPOINTS = (
    get(_FAMILY + "/custody", show_custody, allow=DESK | {GUARDIAN}),
    get(_FAMILY + "/account-requests", list_own_requests, allow=DESK | {GUARDIAN}),
)

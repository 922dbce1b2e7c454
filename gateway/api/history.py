"""The history of a family's requests, gathered from every service."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.roles import GUARDIAN
from gateway.api.edge import clients
from gateway.history import Kind, Request, Wanted, history
from gateway.labels import status_label
from gateway.readers.history import RequestLine, Requests, RequestStep
from services.chassis.endpoints import Body, Call, get
from services.chassis.errors import Forbidden


class RequestsQuery(Body):
    """Which requests; all of them when nothing is given."""

    kind: Kind | None = None
    state: Literal["open", "done", "refused"] | None = None
    child_id: UUID | None = None
    page: Annotated[int, Field(ge=1, le=1000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 25


async def list_requests(call: Call, query: RequestsQuery) -> Requests:
    """All that the family has asked, deposited and paid, with every step, the newest first."""
    if call.caller.family_id is None:
        raise Forbidden
    found = await history(clients(call), call.caller.family_id)
    matching = found.matching(Wanted(query.kind, query.state, query.child_id))
    start = (query.page - 1) * query.size
    return Requests(
        requests=tuple(_line(request) for request in matching[start : start + query.size]),
        total=len(matching),
        page=query.page,
        size=query.size,
        missing=tuple(part.service for part in found.missing),
    )


def _line(request: Request) -> RequestLine:
    return RequestLine(
        key=request.key,
        kind=request.kind,
        text=request.text,
        state=request.state,
        status=request.status,
        label=status_label(request.status, request.status_kind),
        at=request.at,
        child_id=request.child_id,
        detail=request.detail,
        address=request.address,
        steps=tuple(
            RequestStep(
                at=step.at,
                status=step.status,
                label=status_label(step.status, request.status_kind),
                note=step.note,
            )
            for step in request.steps
        ),
    )


ENDPOINTS = (get("/requests", list_requests, allow={GUARDIAN}),)

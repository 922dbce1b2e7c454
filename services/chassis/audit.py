"""Who did what to whose data, told in the transaction of the act itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from aiohttp import web
from pydantic import BaseModel
from structlog.contextvars import get_contextvars

from contracts.events.audit import AccessRefused, StaffActed
from contracts.roles import STAFF
from services.chassis import outbox
from services.chassis.auth import Caller
from services.chassis.database import Connection, Database
from services.chassis.endpoints import Call, Endpoint
from services.chassis.errors import DomainError, NotFound

# Slips of the keyboard are no acts: nothing was asked that could have been done.
UNTOLD_STATUSES = frozenset({401, 422})


@dataclass(slots=True)
class Act:
    """One request, as far as the trail is concerned: what it is, by whom, about whom."""

    service: str
    endpoint: Endpoint
    caller: Caller
    now: datetime
    arguments: Mapping[str, Any]
    family_id: UUID | None = None
    child_id: UUID | None = None
    told: bool = False

    @property
    def is_told(self) -> bool:
        """Whether the trail has a line for it: the staff's commands and openings."""
        by_staff = self.caller.account_id is not None and self.caller.has(*STAFF)
        return by_staff and (self.endpoint.method != "GET" or self.endpoint.opens)

    @property
    def named(self) -> tuple[UUID, ...]:
        """Every identifier that the request names."""
        return tuple(_identifiers(self.arguments))

    @property
    def object_id(self) -> UUID | None:
        """The thing that was named besides family and child."""
        known = {self.family_id, self.child_id, self.caller.family_id}
        return next((found for found in self.named if found not in known), None)


_ACT = web.RequestKey("act", Act)


def begin(
    request: web.Request,
    service: str,
    endpoint: Endpoint,
    caller: Caller,
    now: datetime,
    arguments: Mapping[str, Any],
) -> Act:
    """The act that this request is, its subject read from what it names."""
    act = Act(service, endpoint, caller, now, arguments)
    families = set(_families(arguments))
    act.family_id = families.pop() if len(families) == 1 else None
    act.child_id = _attribute(arguments, "child_id")
    request[_ACT] = act
    return act


def about(call: Call, *, family_id: UUID | None = None, child_id: UUID | None = None) -> None:
    """Say whom the act concerns, where neither request nor answer names them."""
    act = call.request[_ACT]
    act.family_id = family_id or act.family_id
    act.child_id = child_id or act.child_id


async def record(connection: Connection, call: Call) -> None:
    """Tell the act in the handler's own transaction: for bare endpoints, which open theirs."""
    await tell(connection, call.request[_ACT], None)


async def tell(connection: Connection, act: Act, answer: object) -> None:
    """Tell that the act was done, once, in the transaction that does it."""
    if not act.is_told or act.told:
        return
    act.told = True
    act.family_id = act.family_id or getattr(answer, "family_id", None)
    act.child_id = act.child_id or getattr(answer, "child_id", None)
    await outbox.append(connection, staff_acted(act, None))


async def tell_refusal(database: Database, act: Act, refusal: DomainError) -> None:
    """Tell a refused act: the staff's, or a guardian's at what is not theirs.

    In a transaction of its own, for the act's is rolled back.
    """
    own = act.caller.family_scope
    if own is not None and isinstance(refusal, NotFound) and act.named:
        event: StaffActed | AccessRefused = access_refused(act, own)
    elif act.is_told and refusal.status not in UNTOLD_STATUSES and refusal.status < 500:
        event = staff_acted(act, refusal.slug)
    else:
        return
    async with database.transaction() as connection:
        await outbox.append(connection, event)


async def tell_stranger(connection: Connection, call: Call) -> None:
    """Tell once that a guardian named what is not theirs, where not all of it is refused."""
    act = call.request[_ACT]
    if act.caller.family_scope is not None and not act.told:
        act.told = True
        await outbox.append(connection, access_refused(act, act.caller.family_scope))


def refuse_other_families(caller: Caller, arguments: Mapping[str, Any]) -> None:
    """Raises NotFound when a guardian names a family that is not theirs, wherever they name it."""
    own = caller.family_scope
    if own is not None and any(named != own for named in _families(arguments)):
        raise NotFound


def staff_acted(act: Act, refusal: str | None) -> StaffActed:
    """What the trail says of an act that was done, or refused for this reason (a slug)."""
    if act.caller.account_id is None:
        raise ValueError("an act of the staff is somebody's")
    return StaffActed(
        act_id=uuid4(),
        at=act.now,
        service=act.service,
        action=act.endpoint.handler.__name__,
        label=act.endpoint.summary,
        account_id=act.caller.account_id,
        roles=tuple(sorted(act.caller.roles)),
        family_id=act.family_id,
        child_id=act.child_id,
        object_id=act.object_id,
        outcome="refused" if refusal else "done",
        refusal=refusal,
        correlation_id=str(get_contextvars().get("correlation_id", "")),
        reads=act.endpoint.method == "GET",
    )


def access_refused(act: Act, own_family_id: UUID) -> AccessRefused:
    """What the trail says of a guardian who named what is not their family's."""
    return AccessRefused(
        act_id=uuid4(),
        at=act.now,
        service=act.service,
        action=act.endpoint.handler.__name__,
        label=act.endpoint.summary,
        account_id=act.caller.account_id,
        own_family_id=own_family_id,
        family_id=act.family_id if act.family_id != own_family_id else None,
        object_id=act.object_id,
        correlation_id=str(get_contextvars().get("correlation_id", "")),
    )


def _families(arguments: Mapping[str, Any]) -> Iterator[UUID]:
    yield from _attributes(arguments, "family_id")
    for several in _attributes(arguments, "family_ids"):
        yield from several


def _attribute(arguments: Mapping[str, Any], name: str) -> Any:
    return next(_attributes(arguments, name), None)


def _attributes(arguments: Mapping[str, Any], name: str) -> Iterator[Any]:
    """The values of this name in the path, the query and the body, in this order."""
    for value in (arguments.get(name), *(getattr(v, name, None) for v in arguments.values())):
        if value is not None:
            yield value


def _identifiers(value: object) -> Iterator[UUID]:
    """Every identifier in the arguments, however deep it stands."""
    if isinstance(value, UUID):
        yield value
    elif isinstance(value, BaseModel):
        yield from _identifiers(dict(value))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _identifiers(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _identifiers(inner)

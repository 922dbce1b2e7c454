"""What a service holds of a family: exported on request, kept for a time, then erased.

A service declares its holdings as data; export, erasure, retention and what the privacy page says
all come from that one declaration.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from contracts.envelope import Event
from contracts.events.accounts import FamilyErased
from contracts.events.billing import ThirdPartyErased
from services.chassis.clock import paris_date
from services.chassis.database import Connection


@dataclass(frozen=True, slots=True)
class Retention:
    """Why and how long a kind of data outlives its family's erasure.

    `last_day` selects the newest day of what is left of family $1 on day $2: NULL when nothing is.
    `months` counts from there; zero when the reason itself ends one day, such as a debt.
    """

    months: int
    reason: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of data that a service holds of a family, in the town's words.

    SQL takes the family as $1. `export`: the rows of each record, $2 being the account that asks
    (NULL for the staff). `erase` is done as soon as the family is erased, `expire` once nothing
    makes the town keep the rest, $2 being the day; what has no retention needs no `expire`.
    """

    key: str
    label: str
    purpose: str
    kept: str
    tables: tuple[str, ...]
    export: Mapping[str, str] = field(default_factory=dict)
    erase: tuple[str, ...] = ()
    retention: Retention | None = None
    expire: tuple[str, ...] = ()


# By whose id an event is about a family, or a payer who is none and is erased like one.
ERASABLE: Final = ("family_id", "payer_id")

BeforeErasure = Callable[[Connection, UUID, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class PersonalData:
    """All of it; `before_erasure` does first what needs more than SQL, events for instance."""

    holdings: tuple[Holding, ...]
    before_erasure: BeforeErasure | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The same as one service holds it, with the months for which this town keeps what."""

    service: str
    data: PersonalData
    months: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Duty:
    """A kind of data of one family that the town has to keep, and until when."""

    key: str
    label: str
    reason: str
    until: date | None


# The chassis' own tables: events that carry the family's data, and answers that were remembered.
# The public ones are ids and facts, which a bus that lost them must be refilled with.
ERASE_TRACES: Final = (
    "DELETE FROM outbox WHERE topic LIKE 'portail.private.%' AND key = $1::uuid::text",
    """DELETE FROM dead_letter
       WHERE key = $1::uuid::text OR position(convert_to($1::uuid::text, 'UTF8') IN body) > 0""",
    "DELETE FROM idempotency_key WHERE position($1::uuid::text IN coalesce(body, '')) > 0",
)


async def exported(
    connection: Connection, holding: Holding, family_id: UUID, account_id: UUID | None
) -> dict[str, list[dict[str, Any]]]:
    """The rows of each record of this kind."""
    found = {}
    for name, sql in holding.export.items():
        rows = await connection.fetch(sql, *_given(sql, family_id, account_id))
        found[name] = [dict(row) for row in rows]
    return found


async def duties(
    connection: Connection,
    holdings: Sequence[Holding],
    months: Mapping[str, int],
    family_id: UUID,
    today: date,
) -> list[Duty]:
    """What must be kept of a family if it were erased today."""
    found = [await _duty(connection, h, months, family_id, today) for h in holdings]
    return [duty for duty in found if duty]


async def erase(
    connection: Connection,
    data: PersonalData,
    months: Mapping[str, int],
    family_id: UUID,
    now: datetime,
) -> None:
    """Erase the family here; done before, it changes nothing. What must be kept stays."""
    if not await connection.fetchval(
        """INSERT INTO erased_family (family_id, erased_at) VALUES ($1, $2)
           ON CONFLICT DO NOTHING RETURNING true""",
        family_id,
        now,
    ):
        return
    if data.before_erasure:
        await data.before_erasure(connection, family_id, now)
    for holding in data.holdings:
        await _execute(connection, holding.erase, family_id, paris_date(now))
    await expire(connection, data.holdings, months, family_id, now)
    await _execute(connection, ERASE_TRACES, family_id, paris_date(now))


async def expire(
    connection: Connection,
    holdings: Sequence[Holding],
    months: Mapping[str, int],
    family_id: UUID,
    now: datetime,
) -> None:
    """Drop what no longer has to be kept of an erased family; note when nothing is left."""
    today, is_empty = paris_date(now), True
    for holding in holdings:
        if await _duty(connection, holding, months, family_id, today):
            is_empty = False
        else:
            await _execute(connection, holding.expire, family_id, today)
    if is_empty:
        await connection.execute(
            "UPDATE erased_family SET emptied_at = $2 WHERE family_id = $1", family_id, now
        )


async def awaiting_expiry(connection: Connection) -> list[UUID]:
    """The erased families of which something is still kept."""
    rows = await connection.fetch(
        "SELECT family_id FROM erased_family WHERE emptied_at IS NULL ORDER BY erased_at"
    )
    return [row["family_id"] for row in rows]


async def unwanted(connection: Connection, events: Sequence[Event]) -> list[Event]:
    """Those of these events that would bring back the data of a family that is erased.

    Or is about to be, by another event among them: which of the two came first is no matter.
    """
    bringing = [e for e in events if e.private and e.key_field in ERASABLE]
    if not bringing:
        return []
    rows = await connection.fetch(
        "SELECT family_id FROM erased_family WHERE family_id = ANY($1)", [e.key for e in bringing]
    )
    gone = {row["family_id"] for row in rows}
    gone |= {e.key for e in events if isinstance(e, FamilyErased | ThirdPartyErased)}
    return [e for e in bringing if e.key in gone]


def months_of(holding: Holding, months: Mapping[str, int]) -> int | None:
    """How long this town keeps it, or None when it goes at once."""
    return months.get(holding.key, holding.retention.months) if holding.retention else None


def after_months(day: date, months: int) -> date:
    """The day so many months later; the last of the month where that one has no such day."""
    whole = day.year * 12 + day.month - 1 + months
    first = date(whole // 12, whole % 12 + 1, 1)
    following = date((whole + 1) // 12, (whole + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


async def _duty(
    connection: Connection,
    holding: Holding,
    months: Mapping[str, int],
    family_id: UUID,
    today: date,
) -> Duty | None:
    if holding.retention is None:
        return None
    asked = holding.retention.last_day
    last: date | None = await connection.fetchval(asked, *_given(asked, family_id, today))
    if last is None:
        return None
    kept = months.get(holding.key, holding.retention.months)
    until = after_months(last, kept) if kept else None
    if until is not None and until < today:
        return None
    return Duty(holding.key, holding.label, holding.retention.reason, until)


async def _execute(
    connection: Connection, statements: Sequence[str], family_id: UUID, today: date
) -> None:
    for statement in statements:
        await connection.execute(statement, *_given(statement, family_id, today))


def _given(sql: str, family_id: UUID, second: object) -> tuple[object, ...]:
    """The parameters that the statement takes: PostgreSQL refuses one too many."""
    return (family_id, second) if "$2" in sql else (family_id,)

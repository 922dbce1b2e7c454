"""Close the town's activities on some days, foresee what that means, and open them again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.errors import FieldError
from services.reservations.commands.follow_calendar import follow_calendar
from services.reservations.errors import BadClosure
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.model.town_calendar import Closure
from services.reservations.repository import calendars, closing


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a closure does to what families hold: counted, nobody named."""

    sessions: int
    reservations: int
    families: int


async def foresee(connection: Connection, closure: Closure, now: datetime) -> Consequence:
    """What the closure would cancel now. Raises BadClosure."""
    await _check(connection, closure, now)
    row = await closing.foresee(connection, closure, now)
    return Consequence(row["sessions"], row["reservations"], row["families"])


async def close(
    connection: Connection,
    closure: Closure,
    shipped: SchoolCalendar,
    *,
    now: datetime,
    by: UUID | None,
) -> Consequence:
    """Close: sessions that have not begun do not take place, and families lose nothing by it.

    Raises BadClosure.
    """
    consequence = await foresee(connection, closure, now)
    await calendars.add_closure(connection, closure, now=now, by=by)
    await follow_calendar(connection, shipped, now, closure.activities)
    return consequence


async def lift(
    connection: Connection,
    closure_id: UUID,
    shipped: SchoolCalendar,
    *,
    now: datetime,
    by: UUID | None,
) -> None:
    """Open the sessions again; families reserve anew, for others may want the places as well.

    Raises UnknownClosure.
    """
    await calendars.lift_closure(connection, closure_id, now=now, by=by)
    await follow_calendar(connection, shipped, now)


async def _check(connection: Connection, closure: Closure, now: datetime) -> None:
    errors = []
    if closure.period.last < paris_date(now):
        errors.append(FieldError("to", "Ces jours sont passés : rien ne peut plus y être annulé."))
    strangers = await calendars.strangers(connection, sorted(closure.activities or ()))
    if strangers or closure.activities == frozenset():
        errors.append(FieldError("activity_ids", "Choisissez des activités de la liste."))
    if errors:
        raise BadClosure(errors=errors)

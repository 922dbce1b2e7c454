"""Move every child to its next class at the end of a school year, once; edit the ladder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.accounts.commands.keep_record import keep_records
from services.accounts.errors import AlreadyRolledOver, RollOverNotDue
from services.accounts.model.roll_over import count, is_due, rolled_over
from services.accounts.repository import classes as repository
from services.accounts.repository import families
from services.chassis.database import Connection
from services.chassis.errors import FieldError


@dataclass(slots=True)
class RollOver:
    """What the passage did."""

    school_year: str
    moved: int = 0
    leaving: int = 0


async def keep_ladder(connection: Connection, steps: Sequence[str]) -> None:
    """Replace the class ladder."""
    await repository.keep_ladder(connection, steps)


async def roll_over(
    connection: Connection,
    school_year: str,
    *,
    confirmed: str = "",
    by: UUID | None,
    now: datetime,
    today: date,
) -> RollOver:
    """Move the children and let those of the last class leave; the other classes stay.

    `confirmed`: the year typed again, needed outside May to August before it begins.
    Raises RollOverNotDue without it, AlreadyRolledOver for a school year that was done.
    """
    if not is_due(school_year, today) and confirmed != school_year:
        raise _not_due(school_year)
    if not await repository.begin(connection, school_year, by=by, now=now):
        raise AlreadyRolledOver
    # An import at the same time would put children back into last year's classes.
    await families.one_import_at_a_time(connection)
    ladder = await repository.ladder(connection)
    last_places = ladder.last_places(await repository.held(connection))
    done = RollOver(school_year)
    async for records in repository.lock_pupils(connection):
        done.moved += sum(count(record, ladder, "moves") for record in records)
        done.leaving += sum(count(record, ladder, "leaves") for record in records)
        pairs = [(record, rolled_over(record, ladder, last_places)) for record in records]
        changed = [after for before, after in pairs if after is not before]
        kin = await families.lock_kin(connection, [record.family_id for record in changed])
        await keep_records(connection, changed, kin)
    await repository.finish(connection, school_year, moved=done.moved, leaving=done.leaving)
    return done


def _not_due(school_year: str) -> RollOverNotDue:
    detail = (
        f"Le passage vers {school_year} se fait de mai à août {school_year[:4]}. "
        f"Pour le faire quand même, écrivez {school_year} dans la confirmation."
    )
    return RollOverNotDue(detail, errors=[FieldError("confirmed", detail)])

"""Who is enrolled and expected is kept; what closures took from families is told in one message."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from services.chassis import renamed
from services.chassis.clock import paris_date
from services.chassis.database import Connection, Database
from services.notifications import repository
from services.notifications.commands.composing import compose
from services.notifications.model import (
    CLOSURES_LONGEST_WAIT,
    CLOSURES_SILENCE,
    ClosedPlace,
    Enrolled,
    Expected,
    closures_draft,
)

FAMILIES_AT_ONCE = 100


async def keep_enrolled(connection: Connection, enrolled: Enrolled) -> None:
    """Keep who is enrolled in what; an older state than ours changes nothing."""
    now = await renamed.present(connection, [enrolled.family_id, enrolled.child_id])
    await repository.keep_enrolled(
        connection,
        replace(enrolled, family_id=now[enrolled.family_id], child_id=now[enrolled.child_id]),
    )


async def keep_expected(connection: Connection, expected: Sequence[Expected]) -> None:
    """Keep who is expected where; older states than ours change nothing."""
    now = await renamed.present(
        connection, [name for one in expected for name in (one.family_id, one.child_id)]
    )
    await repository.keep_expected(
        connection,
        [
            replace(one, family_id=now[one.family_id], child_id=now[one.child_id])
            for one in expected
        ],
    )


async def keep_closed_session(
    connection: Connection, session_id: UUID, day: date, reason: str
) -> None:
    """Keep why a session does not take place."""
    await repository.keep_closed_session(connection, session_id, day, reason)


async def keep_closed_place(connection: Connection, place: ClosedPlace) -> None:
    """Keep a place that a closure took, for the message that tells of all of them."""
    now = await renamed.present(connection, [place.family_id, place.child_id])
    await repository.keep_closed_place(
        connection,
        replace(place, family_id=now[place.family_id], child_id=now[place.child_id]),
    )


async def tell_closures(database: Database, now: datetime) -> None:
    """Tell the families for whom nothing more has come for a while, some at a time."""
    quiet = repository.Quiet(now - CLOSURES_SILENCE, now - CLOSURES_LONGEST_WAIT, FAMILIES_AT_ONCE)
    while True:
        async with database.transaction() as connection:
            taken = await repository.take_closures(connection, quiet)
            for family_id, places in taken.items():
                await compose(connection, closures_draft(family_id, places))
        if len(taken) < FAMILIES_AT_ONCE:
            return


async def forget_past_days(connection: Connection, now: datetime) -> None:
    """Drop what was kept for days that are over."""
    await repository.forget_days_before(connection, paris_date(now))

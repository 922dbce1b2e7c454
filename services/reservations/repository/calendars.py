"""The official calendar as it was last put in, and the town's closures."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.errors import UnknownClosure
from services.reservations.model.periods import Period
from services.reservations.model.school_calendar import SchoolCalendar, school_year, written
from services.reservations.model.school_calendar import SchoolYear as OfficialYear
from services.reservations.model.town_calendar import Closure


async def official(connection: Connection, shipped: SchoolCalendar) -> SchoolCalendar:
    """The shipped calendar, with the school years that were put in since."""
    rows = await connection.fetch(
        "SELECT data FROM official_year WHERE zone = $1 ORDER BY label", shipped.zone
    )
    return shipped.with_years(school_year(row["data"]) for row in rows)


async def put_in(
    connection: Connection,
    zone: str,
    years: Sequence[OfficialYear],
    *,
    now: datetime,
    by: UUID | None,
) -> None:
    """Keep these school years of the official calendar in place of those of the same labels."""
    await connection.executemany(
        """INSERT INTO official_year (zone, label, data, put_in_at, put_in_by)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (zone, label) DO UPDATE SET data = $3, put_in_at = $4, put_in_by = $5""",
        [(zone, year.label, written(year), now, by) for year in years],
    )


async def closures(connection: Connection) -> list[Closure]:
    """The closures in force, past ones too: deadlines count the days before a session."""
    rows = await connection.fetch(
        """SELECT closure_id, first_day, last_day, activity_ids, reason FROM closure
           WHERE lifted_at IS NULL ORDER BY first_day, closure_id"""
    )
    return [
        Closure(
            closure_id=row["closure_id"],
            period=Period(row["first_day"], row["last_day"]),
            activities=None if row["activity_ids"] is None else frozenset(row["activity_ids"]),
            reason=row["reason"],
        )
        for row in rows
    ]


async def add_closure(
    connection: Connection, closure: Closure, *, now: datetime, by: UUID | None
) -> None:
    """Put a closure in force."""
    await connection.execute(
        """INSERT INTO closure (closure_id, first_day, last_day, activity_ids, reason, created_at,
               created_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        closure.closure_id,
        closure.period.first,
        closure.period.last,
        None if closure.activities is None else sorted(closure.activities),
        closure.reason,
        now,
        by,
    )


async def lift_closure(
    connection: Connection, closure_id: UUID, *, now: datetime, by: UUID | None
) -> None:
    """End a closure; lifted twice is lifted once. Raises UnknownClosure."""
    lifted = await connection.fetchval(
        """UPDATE closure SET lifted_at = coalesce(lifted_at, $2),
               lifted_by = CASE WHEN lifted_at IS NULL THEN $3 ELSE lifted_by END
           WHERE closure_id = $1 RETURNING true""",
        closure_id,
        now,
        by,
    )
    if not lifted:
        raise UnknownClosure


async def strangers(connection: Connection, activity_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these that are no activities of the town."""
    rows = await connection.fetch(
        "SELECT activity_id FROM activity WHERE activity_id = ANY ($1)", activity_ids
    )
    return set(activity_ids) - {row["activity_id"] for row in rows}

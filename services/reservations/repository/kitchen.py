"""Meals by session, school and kind: as counted now, and as the kitchen was told."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.model.kitchen import Meal, MealSession, Order
from services.reservations.model.periods import Period
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.model.town_calendar import TownCalendar
from services.reservations.repository import calendars

# A meal is eaten at the canteen, and wherever children are over noon. Who is expected eats, but
# for those marked or announced absent; who came without being expected eats as well.
COUNTS = """
SELECT s.session_id, s.activity_id,
       session_name(a.name, s.slot_name) AS activity_name, a.kind, a.place,
       s.date, s.starts_at, n.school_code, coalesce(c.diet, 'standard') AS diet,
       count(l.child_id) AS count
FROM session s JOIN activity a USING (activity_id)
LEFT JOIN LATERAL (
    SELECT child_id, coalesce(r.family_id, t.family_id) AS family_id
    FROM (SELECT * FROM reservation WHERE session_id = s.session_id AND confirmed) r
    FULL JOIN (SELECT * FROM attendance WHERE session_id = s.session_id) t USING (child_id)
    WHERE t.state = 'present' OR (t.state IS NULL AND NOT EXISTS (
        SELECT FROM absence b WHERE b.child_id = r.child_id AND b.state <> 'withdrawn'
        AND s.date BETWEEN b.first_day AND b.last_day))
) l ON true
LEFT JOIN child c ON c.family_id = l.family_id AND c.child_id = l.child_id
LEFT JOIN child_notes n ON n.family_id = l.family_id AND n.child_id = l.child_id
WHERE s.date BETWEEN $1 AND $2
  AND (a.kind = 'canteen' OR (a.kind IN ('wednesday', 'holiday')
       AND (s.date + time '12:30') AT TIME ZONE 'Europe/Paris' BETWEEN s.starts_at AND s.ends_at))
  AND (s.open OR s.booked > 0 OR EXISTS (SELECT FROM meal_order o
                                         WHERE o.session_id = s.session_id))
GROUP BY s.session_id, a.name, a.kind, a.place, n.school_code, coalesce(c.diet, 'standard')
ORDER BY s.date, a.place, a.name, s.starts_at, s.session_id, n.school_code, diet
"""

ORDERS = """
SELECT session_id, version, order_id, meals, told_at,
       first_value(meals) OVER own AS first_meals, first_value(told_at) OVER own AS ordered_at
FROM meal_order WHERE session_id = ANY($1)
WINDOW own AS (PARTITION BY session_id ORDER BY version)
ORDER BY session_id, version
"""


@dataclass(frozen=True, slots=True)
class Told:
    """An order as it was first told, and as it stands after its corrections."""

    order: Order
    first_meals: tuple[Meal, ...]
    ordered_at: datetime
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Served:
    """A session with meals, and what the kitchen was told of it."""

    session: MealSession
    activity_name: str
    kind: str
    told: Told | None


async def served(connection: Connection, period: Period) -> list[Served]:
    """The sessions of a period at which children eat."""
    rows = await connection.fetch(COUNTS, period.first, period.last)
    by_session: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        by_session[row["session_id"]].append(row)
    orders = {row["session_id"]: row for row in await connection.fetch(ORDERS, list(by_session))}
    return [_served(own, orders.get(session_id)) for session_id, own in by_session.items()]


async def calendar(connection: Connection, official: SchoolCalendar) -> TownCalendar:
    """The days as the kitchen counts them: closed when the town closes everything."""
    closures = await calendars.closures(connection)
    return TownCalendar(official, tuple(c for c in closures if c.activities is None))


async def keep_orders(connection: Connection, orders: Sequence[Order], now: datetime) -> None:
    """Note these orders as told, each beside its earlier versions."""
    await connection.executemany(
        """INSERT INTO meal_order (session_id, version, order_id, meals, told_at)
           VALUES ($1, $2, $3, $4, $5)""",
        [(o.session.session_id, o.version, o.order_id, _stored(o.meals), now) for o in orders],
    )


def _served(rows: list[Any], order: Any) -> Served:
    first = rows[0]
    session = MealSession(
        session_id=first["session_id"],
        activity_id=first["activity_id"],
        day=first["date"],
        place=first["place"],
        starts_at=first["starts_at"],
        meals=tuple(Meal(r["school_code"], r["diet"], r["count"]) for r in rows if r["count"]),
    )
    told = _told(session, order) if order else None
    return Served(session, first["activity_name"], first["kind"], told)


def _told(session: MealSession, row: Any) -> Told:
    order = Order(session, row["order_id"], row["version"], _meals(row["meals"]))
    return Told(order, _meals(row["first_meals"]), row["ordered_at"], row["told_at"])


def _meals(stored: list[list[Any]]) -> tuple[Meal, ...]:
    return tuple(Meal(*meal) for meal in stored)


def _stored(meals: Sequence[Meal]) -> list[list[Any]]:
    return [[meal.school_code, meal.diet, meal.count] for meal in meals]

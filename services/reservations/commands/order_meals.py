"""Tell the kitchen what to cook, and what changed since."""

from datetime import datetime, time

from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.reservations import publishing
from services.reservations.model.kitchen import AHEAD, Order, due_orders
from services.reservations.model.periods import Period
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.repository import calendars, kitchen


async def order_meals(
    connection: Connection, at: time, shipped: SchoolCalendar, now: datetime
) -> list[Order]:
    """The orders told: those whose hour has come, corrections of earlier ones; the same counts
    are not told again.
    """
    today = paris_date(now)
    served = await kitchen.served(connection, Period(today, today + AHEAD))
    told = {s.session.session_id: s.told.order for s in served if s.told}
    official = await calendars.official(connection, shipped)
    calendar = await kitchen.calendar(connection, official)
    due = due_orders((s.session for s in served), told, at, calendar, now)
    if due:
        await kitchen.keep_orders(connection, due, now)
        await outbox.append_all(connection, map(publishing.ordered, due))
    return due

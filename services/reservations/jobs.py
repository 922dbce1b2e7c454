"""What reservations does by itself."""

from datetime import datetime, time, timedelta

from aiohttp import web

from services.chassis.app import DATABASE
from services.chassis.jobs import Job
from services.reservations.commands.order_meals import order_meals
from services.reservations.model.school_calendar import SchoolCalendar


def jobs(kitchen_order_at: time, calendar: SchoolCalendar) -> tuple[Job, ...]:
    """The jobs, meals being ordered at this hour."""

    async def order(app: web.Application, now: datetime) -> None:
        async with app[DATABASE].transaction() as connection:
            await order_meals(connection, kitchen_order_at, calendar, now)

    return (Job("order meals", timedelta(minutes=1), order),)

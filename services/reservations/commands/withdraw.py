"""A child leaves an activity: the places that it kept after its last day are given back."""

from datetime import datetime

from services.chassis import outbox
from services.chassis.database import Connection
from services.reservations import publishing
from services.reservations.commands.serve_lines import serve_lines
from services.reservations.model.families import Withdrawal
from services.reservations.model.places import Asker
from services.reservations.repository import places, withdrawals


async def withdraw_child(connection: Connection, withdrawal: Withdrawal, now: datetime) -> None:
    """End the enrolment, and give back without charge what lies after it."""
    last_day = withdrawal.last_day
    if last_day is None:
        return  # it never came in, so it never reserved
    if not await withdrawals.end_enrolment(connection, withdrawal, last_day):
        return
    asker = Asker(withdrawal.family_id, by_staff=False, account_id=None)
    for reservation_id in await withdrawals.reserved_after(connection, withdrawal, last_day, now):
        held = await places.reservation(connection, reservation_id, withdrawal.family_id)
        version = await places.give_back(connection, held, asker, now, late=False)
        if version is not None:
            told = publishing.cancelled(held, version, late=False, cause="withdrawal")
            await outbox.append(connection, told)
            await serve_lines(connection, [held.item.session_id], now)

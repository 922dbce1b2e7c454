"""A child leaves an activity: what it had there after its last day goes to others."""

from collections.abc import Sequence
from datetime import datetime

from services.chassis import outbox
from services.chassis.database import Connection
from services.reservations import publishing
from services.reservations.commands.answer_ask import refuse_ask
from services.reservations.commands.serve_lines import leave, serve_lines
from services.reservations.commands.take_roll import unmark
from services.reservations.model.families import Claim, Withdrawal
from services.reservations.model.places import Asker, Item
from services.reservations.repository import places, withdrawals

NO_LONGER_ENROLLED = "L’enfant n’est plus inscrit à cette activité ce jour-là."


async def withdraw_child(connection: Connection, withdrawal: Withdrawal, now: datetime) -> None:
    """End the enrolment; give back without charge, wait no more and ask no more after it."""
    last_day = withdrawal.last_day
    if last_day is None:
        return  # it never came in, so it never reserved
    if not await withdrawals.end_enrolment(connection, withdrawal, last_day):
        return
    seen = await withdrawals.claims_after(connection, withdrawal, last_day, now)
    await places.lock(connection, [Item(withdrawal.child_id, claim.session_id) for claim in seen])
    claims = await withdrawals.claims_after(connection, withdrawal, last_day, now)
    await _give_back(connection, withdrawal, claims, now)
    waits = [claim.waiting_id for claim in claims if claim.waiting_id]
    await leave(connection, waits, "given_up", now)
    for ask_id in (claim.ask_id for claim in claims if claim.ask_id):
        await refuse_ask(connection, ask_id, reason=NO_LONGER_ENROLLED, now=now, by=None)
    await serve_lines(connection, [claim.session_id for claim in claims], now)


async def _give_back(
    connection: Connection, withdrawal: Withdrawal, claims: Sequence[Claim], now: datetime
) -> None:
    asker = Asker(withdrawal.family_id, by_staff=False, account_id=None)
    for reservation_id in (claim.reservation_id for claim in claims if claim.reservation_id):
        held = await places.reservation(connection, reservation_id, withdrawal.family_id)
        version = await places.give_back(connection, held, asker, now, late=False)
        if version is not None:
            await unmark(connection, held, now)
            told = publishing.cancelled(held, version, late=False, cause="withdrawal")
            await outbox.append(connection, told)

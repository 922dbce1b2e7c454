"""Families that have not paid are reminded, step by step; a debt may be given up."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

import structlog
from aiohttp import web

from services.billing.errors.treasury import DebitUnderWay, NothingToWriteOff
from services.billing.model.recovery import Reminder, WriteOff, is_time
from services.billing.model.wording import euros
from services.billing.publishing import treasury as publishing
from services.billing.repository import debits, ledger, payments, recovery
from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection

log = structlog.get_logger()

# In Paris.
REMINDERS_HOUR = web.AppKey("reminders_hour", int)


async def send_reminders(
    connection: Connection,
    *,
    family_ids: Collection[UUID] | None,
    now: datetime,
    by: UUID | None,
    automatic: bool = False,
) -> Sequence[Reminder]:
    """Remind these families (None: all) of what is overdue; each step of an invoice once.

    `automatic`: only by the steps that go out by themselves.
    """
    await recovery.lock_steps(connection)
    due = await recovery.due(connection, paris_date(now), family_ids, automatic=automatic)
    await recovery.keep(connection, due, now=now, by=by)
    await outbox.append_all(connection, map(publishing.reminder_due, due))
    log.info("reminders_sent", reminders=len(due))
    return due


async def send_daily_reminders(connection: Connection, *, hour: int, now: datetime) -> None:
    """The automatic steps, once a day from that hour on, in Paris; an hour missed is made up for.

    What the till sends meanwhile is not sent again: it is the same command.
    """
    if is_time(now, hour) and await recovery.begin_day(connection, paris_date(now), now):
        await send_reminders(connection, family_ids=None, now=now, by=None, automatic=True)


async def write_off(
    connection: Connection,
    invoice_id: UUID,
    family_id: UUID,
    *,
    amount_cents: int | None,
    reason: str,
    now: datetime,
    by: UUID | None,
) -> WriteOff:
    """Give up what an invoice still asks for, or a part of it.

    Raises UnknownInvoice, NothingToWriteOff, DebitUnderWay.
    """
    (invoice,) = await payments.lock_invoices(connection, [invoice_id], family_id)
    if day := await debits.under_way(connection, [invoice_id]):
        raise DebitUnderWay(f"La banque la prélève le {day:%d/%m/%Y}.")
    given_up = invoice.balance_cents if amount_cents is None else amount_cents
    if not 0 < given_up <= invoice.balance_cents:
        raise NothingToWriteOff(f"Il reste {euros(invoice.balance_cents)} à payer.")
    decided = WriteOff(uuid4(), invoice_id, family_id, invoice.register, given_up, reason)
    await recovery.insert_write_off(connection, decided, now=now, by=by)
    await ledger.post(connection, decided.posting, at=now)
    await outbox.append(connection, publishing.debt_written_off(decided))
    return decided


async def take_back_write_off(
    connection: Connection, write_off_id: UUID, *, now: datetime, by: UUID | None
) -> None:
    """Ask for the debt after all. Raises UnknownWriteOff."""
    decided = await recovery.take_back(connection, write_off_id, now=now, by=by)
    reversal = decided.posting.reversal("write_off_reversal", write_off_id)
    await ledger.post(connection, reversal, at=now)
    await outbox.append(connection, publishing.write_off_reversed(decided))

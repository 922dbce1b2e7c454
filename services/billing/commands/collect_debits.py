"""Invoices are collected from families' accounts: announced, sent to the bank, booked."""

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

import structlog
from aiohttp import web

from contracts.envelope import Event
from services.billing.commands.keep_mandates import IBAN_PURPOSE, Bank
from services.billing.errors.treasury import NothingToDebit
from services.billing.files.debits import Collector, Transfer, write_debits
from services.billing.model.debits import Debit, check_collection_date
from services.billing.model.payments import Method
from services.billing.model.portions import paid_portions
from services.billing.publishing import paid_lines
from services.billing.publishing import treasury as publishing
from services.billing.repository import debit_candidates, debits
from services.billing.repository.debit_candidates import Candidate
from services.billing.repository.debits import Batch, Collected
from services.billing.repository.portions import lines_of
from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection, Database
from services.chassis.processes import in_process

log = structlog.get_logger()

FILE_PURPOSE: Final = "debit-file"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which invoices to collect (None: all that can be), and when."""

    collected_on: date
    invoice_ids: Collection[UUID] | None
    by: UUID | None


async def make_batch(
    app: web.Application, connection: Connection, bank: Bank, wish: Wish, now: datetime
) -> UUID:
    """Send invoices to the bank; from now on they are paid by no other means online.

    The file is written in another process while the invoices are held: they must not change
    between the file and the books. Raises BadCollectionDate, NothingToDebit.
    """
    check_collection_date(wish.collected_on, paris_date(now), bank.notice_days)
    await debit_candidates.lock_chosen(connection, wish.invoice_ids, wish.collected_on, now)
    number = await debits.next_number(connection)
    # A statement of its own: it must see what was paid while the locks were waited for.
    found = await debit_candidates.candidates(
        connection, wish.invoice_ids, wish.collected_on, now, number
    )
    if not found:
        raise NothingToDebit
    message_id, file = await in_process(
        app,
        write_debits,
        _collector(bank),
        wish.collected_on,
        [_transfer(bank, candidate) for candidate in found],
    )
    chosen = [candidate.debit for candidate in found]
    batch = _batch(number, message_id, bank.format, wish.collected_on, chosen)
    sealed = bank.secrets.seal(FILE_PURPOSE, batch.batch_id, base64.b64encode(file).decode())
    await debits.insert(connection, batch, sealed_file=sealed, now=now, by=wish.by)
    await debits.insert_debits(connection, batch, chosen)
    announced = (publishing.debit_announced(debit, wish.collected_on) for debit in chosen)
    await outbox.append_all(connection, announced)
    log.info("debits_sent", batch=number, debits=batch.debits, total_cents=batch.total_cents)
    return batch.batch_id


def _batch(
    number: int, message_id: str, written_as: str, collected_on: date, chosen: Sequence[Debit]
) -> Batch:
    return Batch(
        batch_id=uuid4(),
        number=number,
        message_id=message_id,
        format=written_as,
        collected_on=collected_on,
        debits=len(chosen),
        total_cents=sum(debit.amount_cents for debit in chosen),
    )


def open_file(bank: Bank, batch_id: UUID, sealed: bytes) -> bytes:
    """The file of a batch as it was written."""
    return base64.b64decode(bank.secrets.open(FILE_PURPOSE, batch_id, sealed))


async def collect_due(database: Database, now: datetime) -> None:
    """Book the batches whose day has come, each in a transaction of its own."""
    async with database.connection() as connection:
        due = await debits.due_batches(connection, paris_date(now))
    for batch_id in due:
        async with database.transaction() as connection:
            collected = await debits.collect(connection, batch_id, now)
            await _tell(connection, collected, now)
        log.info("debits_collected", batch_id=str(batch_id), debits=len(collected))


async def _tell(connection: Connection, collected: Sequence[Collected], now: datetime) -> None:
    """Tell what came in, and what of each child's activities it paid."""
    lines = await lines_of(connection, [one.invoice.invoice_id for one in collected])
    events: list[Event] = []
    for one in collected:
        invoice = one.invoice
        paid = paid_portions(lines[invoice.invoice_id], invoice.unpaid_cents, one.paid_cents)
        events.append(
            publishing.debit_collected(
                one.debit_id,
                invoice.family_id,
                invoice.invoice_id,
                one.amount_cents,
                paris_date(now),
            )
        )
        events += paid_lines(one.debit_id, invoice.family_id, Method.DIRECT_DEBIT, now, paid)
    await outbox.append_all(connection, events)


def _collector(bank: Bank) -> Collector:
    creditor = bank.creditor
    return Collector(creditor.name, creditor.iban, creditor.bic, creditor.ics, bank.format)


def _transfer(bank: Bank, candidate: Candidate) -> Transfer:
    debit = candidate.debit
    return Transfer(
        end_to_end_id=debit.end_to_end_id,
        holder=candidate.holder,
        iban=bank.secrets.open(IBAN_PURPOSE, debit.mandate_id, candidate.sealed_iban),
        bic=candidate.bic,
        amount_cents=debit.amount_cents,
        sequence=debit.sequence,
        rum=debit.rum,
        signed_on=candidate.signed_on,
        text=f"Facture {debit.number}",
    )

"""Correct an issued invoice by a credit note."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

from services.billing import publishing
from services.billing.model.credit_notes import CreditNote, Standing, posting, taken_off
from services.billing.model.ledger import Account, Posting
from services.billing.model.portions import spread_anew
from services.billing.repository import charges, credit_notes, ledger, numbering, payments
from services.billing.repository.portions import lines_of
from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection


async def issue_credit_note(
    connection: Connection,
    invoice_id: UUID,
    wanted: Mapping[int, int] | None,
    reason: str,
    *,
    now: datetime,
    by: UUID | None,
) -> UUID:
    """Take these amounts off the invoice's lines by position, or off all that is left of them.

    The family owes less, or has it to its credit where it has paid; returns the credit note's id.
    Raises UnknownInvoice, CreditNoteTooHigh.
    """
    invoice = await _lock(connection, invoice_id)
    held = await credit_notes.remaining(connection, invoice_id)
    lines = taken_off(held, wanted, written_off_cents=invoice.written_off_cents)
    posted = posting(uuid4(), invoice, sum(line.amount_cents for line in lines))
    note = await _numbered(connection, invoice, posted, reason, paris_date(now))
    before = (await lines_of(connection, [invoice_id]))[invoice_id]
    await credit_notes.insert(connection, note, lines, now=now, by=by)
    await ledger.post(connection, posted, at=now)
    after = (await lines_of(connection, [invoice_id]))[invoice_id]
    # What was written off was not paid either.
    unpaid = invoice.balance_cents + invoice.written_off_cents
    moved = spread_anew(before, unpaid, after, unpaid + _sum(posted, Account.RECEIVABLE))
    told = publishing.paid_lines(posted.source_id, invoice.family_id, "credit", now, moved)
    await outbox.append(connection, publishing.credit_note_issued(note, invoice.family_id), *told)
    return note.credit_note_id


async def _lock(connection: Connection, invoice_id: UUID) -> Standing:
    family_id = await credit_notes.family_of(connection, invoice_id)
    await charges.share_books(connection)
    await charges.lock_families(connection, [family_id])
    (invoice,) = await payments.lock_invoices(connection, [invoice_id], family_id)
    return Standing(
        invoice_id, family_id, invoice.register, invoice.balance_cents, invoice.written_off_cents
    )


async def _numbered(
    connection: Connection, invoice: Standing, posted: Posting, reason: str, today: date
) -> CreditNote:
    number = await numbering.next_number(connection, "credit_note", invoice.register, today.year)
    return CreditNote(
        credit_note_id=posted.source_id,
        invoice_id=invoice.invoice_id,
        register=invoice.register,
        number=number,
        reason=reason,
        total_cents=_sum(posted, Account.REVENUE),
        credited_cents=-_sum(posted, Account.FAMILY_CREDIT),
        issued_on=today,
    )


def _sum(posted: Posting, account: Account) -> int:
    return sum(entry.amount_cents for entry in posted.entries if entry.account is account)

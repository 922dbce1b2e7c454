"""Credit money to invoices, and tell what it paid."""

from collections.abc import Sequence
from datetime import datetime

from services.billing import publishing
from services.billing.model.ledger import Part, Posting, moved
from services.billing.model.payments import Payment, Share, credited
from services.billing.model.portions import Portion, paid_portions
from services.billing.model.till import ADVANCE_REGISTER
from services.billing.repository import ledger
from services.billing.repository.payments import LockedInvoice
from services.billing.repository.portions import lines_of
from services.chassis import outbox
from services.chassis.database import Connection


async def credit_payment(
    connection: Connection,
    payment: Payment,
    shares: Sequence[Share],
    invoices: Sequence[LockedInvoice],
    now: datetime,
) -> None:
    """Post the money received; each invoice as intended, the rest to the family's credit.

    The invoices are locked, and so is the payment: it is credited and told one single time.
    """
    balances = {invoice.invoice_id: invoice.balance_cents for invoice in invoices}
    credits_made = credited(shares, balances, payment.amount_cents)
    await ledger.post(connection, _posting(payment, credits_made, invoices), at=now)
    paid = await spread(connection, credits_made, invoices)
    await outbox.append(connection, *publishing.payment_received(payment, shares))
    await outbox.append(connection, *publishing.charges_paid(payment, paid))


async def spread(
    connection: Connection, shares: Sequence[Share], invoices: Sequence[LockedInvoice]
) -> list[Portion]:
    """What was credited (below zero: taken back), over the lines; the invoices as before it."""
    lines = await lines_of(connection, [share.invoice_id for share in shares])
    unpaid = {invoice.invoice_id: invoice.unpaid_cents for invoice in invoices}
    return [
        portion
        for share in shares
        for portion in paid_portions(
            lines[share.invoice_id], unpaid[share.invoice_id], share.amount_cents
        )
    ]


def _posting(
    payment: Payment, credits_made: Sequence[Share], invoices: Sequence[LockedInvoice]
) -> Posting:
    registers = {invoice.invoice_id: invoice.register for invoice in invoices}
    parts = [Part(s.amount_cents, registers[s.invoice_id], s.invoice_id) for s in credits_made]
    if excess := payment.amount_cents - sum(part.amount_cents for part in parts):
        parts.append(Part(excess, next(iter(registers.values()), ADVANCE_REGISTER)))
    entries = moved(payment.method.account, payment.family_id, parts)
    return Posting("payment", payment.payment_id, entries)

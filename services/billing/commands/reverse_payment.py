"""Undo a payment recorded at the till: by a posting of its own, never by an edit."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.billing import publishing
from services.billing.commands.credit_payment import spread
from services.billing.errors import UnknownPayment
from services.billing.errors.till import AlreadyReversed, CreditSpent, NotReversible
from services.billing.model.ledger import Account, Posting
from services.billing.model.payments import Payment, PaymentStatus
from services.billing.model.reversals import credit_taken, taken_back, undone
from services.billing.model.till import TILL_METHODS
from services.billing.repository import charges, ledger, payments, till
from services.chassis import outbox
from services.chassis.database import Connection

KIND = "payment_reversal"


async def reverse_payment(
    connection: Connection, payment_id: UUID, reason: str, *, now: datetime, by: UUID | None
) -> Payment:
    """The invoices ask for the money again. A cheque that the bank has is taken from the bank.

    What a credit note has made the family's credit since is taken from that.
    Raises UnknownPayment, NotReversible, AlreadyReversed, CreditSpent.
    """
    seen = await payments.find(connection, payment_id)
    await charges.share_books(connection)
    await charges.lock_families(connection, [seen.family_id])
    shares = await payments.shares(connection, payment_id)
    invoices = await payments.lock_invoices(
        connection, [share.invoice_id for share in shares], seen.family_id
    )
    payment = await payments.lock(connection, payment_id)
    posted = await _reversible(connection, payment)
    undoing = undone(posted, KIND, [invoice.held for invoice in invoices])
    if credit_taken(undoing) > await ledger.family_credit(connection, payment.family_id):
        raise CreditSpent
    deposited = await till.lock_cheque(connection, payment_id)
    reversal_id = await till.insert_reversal(connection, payment_id, reason, now=now, by=by)
    await ledger.post(connection, _from_bank(undoing) if deposited else undoing, at=now)
    owed_again = taken_back(undoing)
    lines = await spread(connection, owed_again, invoices)
    told = publishing.payment_reversed(payment, owed_again, now)
    paid = publishing.paid_lines(reversal_id, payment.family_id, payment.method, now, lines)
    await outbox.append(connection, told, *paid)
    return payment


async def _reversible(connection: Connection, payment: Payment) -> Posting:
    if payment.method not in TILL_METHODS or payment.status is not PaymentStatus.PAID:
        raise NotReversible("Un paiement par carte se rembourse ; il ne s’annule pas.")
    if await till.is_reversed(connection, payment.payment_id):
        raise AlreadyReversed
    posted = await ledger.find(connection, "payment", payment.payment_id)
    if posted is None:
        raise UnknownPayment
    return posted


def _from_bank(undoing: Posting) -> Posting:
    entries = tuple(
        replace(entry, account=Account.BANK) if entry.account is Account.CHEQUE else entry
        for entry in undoing.entries
    )
    return replace(undoing, entries=entries)

"""Undo a payment recorded at the till: by a posting of its own, never by an edit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.billing import publishing
from services.billing.commands.credit_payment import spread
from services.billing.errors import UnknownPayment
from services.billing.errors.till import AlreadyReversed, CreditSpent, NotReversible
from services.billing.model.ledger import Account, Posting
from services.billing.model.payments import Payment, PaymentStatus, Share
from services.billing.model.till import TILL_METHODS
from services.billing.repository import charges, ledger, payments, till
from services.chassis import outbox
from services.chassis.database import Connection

KIND = "payment_reversal"


async def reverse_payment(
    connection: Connection, payment_id: UUID, reason: str, *, now: datetime, by: UUID | None
) -> Payment:
    """The invoices ask for the money again. A cheque that the bank has is taken from the bank.

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
    deposited = await till.lock_cheque(connection, payment_id)
    reversal_id = await till.insert_reversal(connection, payment_id, reason, now=now, by=by)
    await ledger.post(connection, _undone(posted, deposited=deposited), at=now)
    taken_back = [Share(s.invoice_id, -s.amount_cents) for s in shares]
    lines = await spread(connection, taken_back, invoices)
    await outbox.append(connection, publishing.payment_reversed(payment, shares, now))
    await outbox.append(
        connection,
        *publishing.paid_lines(reversal_id, payment.family_id, payment.method, now, lines),
    )
    return payment


async def _reversible(connection: Connection, payment: Payment) -> Posting:
    if payment.method not in TILL_METHODS or payment.status is not PaymentStatus.PAID:
        raise NotReversible("Un paiement par carte se rembourse ; il ne s’annule pas.")
    if await till.is_reversed(connection, payment.payment_id):
        raise AlreadyReversed
    posted = await ledger.find(connection, "payment", payment.payment_id)
    if posted is None:
        raise UnknownPayment
    advance = _credit_in(posted)
    if advance > await ledger.family_credit(connection, payment.family_id):
        raise CreditSpent
    return posted


def _credit_in(posting: Posting) -> int:
    entries: Sequence[int] = [
        e.amount_cents for e in posting.entries if e.account is Account.FAMILY_CREDIT
    ]
    return -sum(entries)


def _undone(posted: Posting, *, deposited: bool) -> Posting:
    undone = posted.reversal(KIND, posted.source_id)
    if not deposited:
        return undone
    entries = tuple(
        replace(entry, account=Account.BANK) if entry.account is Account.CHEQUE else entry
        for entry in undone.entries
    )
    return replace(undone, entries=entries)

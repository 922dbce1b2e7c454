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
from services.billing.model.payments import Payment, PaymentStatus
from services.billing.model.reversals import come_back, credit_taken, taken_back, undone
from services.billing.model.till import TILL_METHODS
from services.billing.repository import charges, ledger, payments, till
from services.billing.repository.payments import LockedInvoice
from services.chassis import outbox
from services.chassis.database import Connection

KIND = "payment_reversal"


async def reverse_payment(
    connection: Connection, payment_id: UUID, reason: str, *, now: datetime, by: UUID | None
) -> Payment:
    """The invoices ask for the money again. A cheque that the bank has is taken from the bank.

    What a credit note has made the family's credit since is taken from that. What was spent of the
    credit is owed again when the bank had the cheque, what was refunded is claimed, as of a debit
    (`take_returns`): it came back, whether anybody likes it or not. Anything else is not undone.
    Raises UnknownPayment, NotReversible, AlreadyReversed, CreditSpent.
    """
    seen = await payments.find(connection, payment_id)
    await charges.share_books(connection)
    await charges.lock_families(connection, [seen.family_id])
    await payments.lock_all(connection, seen.family_id)
    payment = await payments.lock(connection, payment_id)
    if payment.family_id != seen.family_id:
        # Its family was merged while the locks were waited for: other invoices are held.
        raise UnknownPayment
    posted = await _reversible(connection, payment)
    invoices = await payments.of_family(connection, payment.family_id)
    deposited = await till.lock_cheque(connection, payment_id)
    undoing, claimed = await _undoing(connection, payment, posted, invoices, deposited=deposited)
    reversal_id = await till.insert_reversal(connection, payment_id, reason, now=now, by=by)
    await ledger.post(connection, undoing, at=now)
    if claimed:
        await ledger.post(connection, claimed, at=now)
    owed_again = taken_back(undoing)
    lines = await spread(connection, owed_again, invoices)
    asked_for = (*owed_again, *(taken_back(claimed) if claimed else ()))
    told = publishing.payment_reversed(payment, asked_for, now)
    paid = publishing.paid_lines(reversal_id, payment.family_id, payment.method, now, lines)
    await outbox.append(connection, told, *paid)
    return payment


async def _undoing(
    connection: Connection,
    payment: Payment,
    posted: Posting,
    invoices: Sequence[LockedInvoice],
    *,
    deposited: bool,
) -> tuple[Posting, Posting | None]:
    """The reversal, and what it claims of a refund. Raises CreditSpent."""
    credit = await ledger.family_credit(connection, payment.family_id)
    own = {share.invoice_id for share in await payments.shares(connection, payment.payment_id)}
    held = sorted((invoice.held for invoice in invoices), key=lambda h: h.invoice_id in own)
    if deposited and held:
        undoing, claimed = come_back(posted, KIND, payment.family_id, held, credit)
        return _from_bank(undoing), claimed
    undoing = undone(posted, KIND, held)
    if credit_taken(undoing) > credit:
        raise CreditSpent
    return _from_bank(undoing) if deposited else undoing, None


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

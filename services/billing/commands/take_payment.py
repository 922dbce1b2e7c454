"""Record money handed over at the till."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from services.billing.commands.credit_payment import credit_payment
from services.billing.errors.treasury import Transmitted
from services.billing.model.payments import Payment, PaymentStatus
from services.billing.model.till import ADVANCE_REGISTER, Takings, allocated
from services.billing.repository import charges, copies, numbering, payments, till, treasury
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.errors import FieldError


async def take_payment(
    connection: Connection, takings: Takings, *, now: datetime, by: UUID | None
) -> Payment:
    """The money pays the invoices in the order of their numbers; what is left is an advance.

    Raises BadTakings, UnknownInvoice, Transmitted unless that was confirmed.
    """
    takings.check()
    await charges.share_books(connection)
    await copies.require_family(connection, takings.family_id)
    await charges.lock_families(connection, [takings.family_id])
    invoices = await payments.lock_invoices(connection, takings.invoice_ids, takings.family_id)
    if not takings.transmitted_confirmed:
        await _not_with_the_accountant(connection, takings.invoice_ids)
    register = invoices[0].register if invoices else ADVANCE_REGISTER
    number = await numbering.next_number(connection, "receipt", register, paris_date(now).year)
    payment = _received(takings, number, now, by)
    balances = [(invoice.invoice_id, invoice.balance_cents) for invoice in invoices]
    shares = allocated(balances, takings.amount_cents)
    await payments.insert(connection, payment, shares)
    if takings.cheque:
        await till.insert_cheque(connection, payment.payment_id, takings.cheque)
    await credit_payment(connection, payment, shares, invoices, now)
    return payment


async def _not_with_the_accountant(connection: Connection, invoice_ids: Sequence[UUID]) -> None:
    if await treasury.is_transmitted(connection, invoice_ids):
        message = (
            "Confirmez l’encaissement, puis informez le comptable : il recouvre cette facture."
        )
        raise Transmitted(message, errors=[FieldError("transmitted_confirmed", message)])


def _received(takings: Takings, number: str, now: datetime, by: UUID | None) -> Payment:
    return Payment(
        payment_id=uuid4(),
        family_id=takings.family_id,
        account_id=by,
        amount_cents=takings.amount_cents,
        reference=number,
        status=PaymentStatus.PAID,
        started_at=now,
        received_at=now,
        method=takings.method,
        cesu_number=takings.cesu_number,
    )

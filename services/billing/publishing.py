"""What billing tells the rest of the town, and its own copies."""

from collections.abc import Sequence
from uuid import UUID

from contracts.events.billing import (
    BillingRunCompleted,
    ChargesPaid,
    PaidPortion,
    PaymentReceived,
    TariffPublished,
)
from services.billing.model.months import Month
from services.billing.model.payments import Payment, Share
from services.billing.model.portions import Portion
from services.billing.model.tariffs import Tariff
from services.chassis.commands import Command


class PlanMonth(Command, producer="billing", key="run_id"):
    """Decide what a billing run issues."""

    run_id: UUID


class IssueSlice(Command, producer="billing", key="slice_id"):
    """Write the invoices of some hundreds of families."""

    slice_id: UUID


def tariff_published(tariff_id: UUID, tariff: Tariff) -> TariffPublished:
    """An activity has a price list from a day on."""
    return TariffPublished(
        tariff_id=tariff_id, activity_id=tariff.activity_id, valid_from=tariff.valid_from
    )


def run_completed(
    run_id: UUID, month: Month, *, invoices: int, total_cents: int
) -> BillingRunCompleted:
    """A month is invoiced."""
    return BillingRunCompleted(
        run_id=run_id, period=str(month), invoices=invoices, total_cents=total_cents
    )


def payment_received(payment: Payment, shares: Sequence[Share]) -> PaymentReceived:
    """Money has come in."""
    if payment.received_at is None:
        raise ValueError("nothing was received")
    return PaymentReceived(
        payment_id=payment.payment_id,
        family_id=payment.family_id,
        amount_cents=payment.amount_cents,
        method="card",
        invoice_ids=tuple(share.invoice_id for share in shares),
        received_at=payment.received_at,
    )


def charges_paid(payment: Payment, portions: Sequence[Portion]) -> ChargesPaid:
    """What the money paid, line by line."""
    if payment.received_at is None:
        raise ValueError("nothing was received")
    return ChargesPaid(
        payment_id=payment.payment_id,
        family_id=payment.family_id,
        method="card",
        received_at=payment.received_at,
        portions=tuple(_paid(portion) for portion in portions),
    )


def _paid(portion: Portion) -> PaidPortion:
    line = portion.line
    return PaidPortion(
        invoice_id=line.invoice_id,
        invoice_number=line.invoice_number,
        child_id=line.child_id,
        activity_id=line.activity_id,
        period=str(line.month),
        amount_cents=portion.amount_cents,
    )

"""What billing tells the rest of the town, and its own copies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.events.billing import (
    BillingRunCompleted,
    ChargesPaid,
    ChargesPaidV2,
    CreditNoteIssued,
    PaidPortion,
    PaymentReceived,
    PaymentReceivedV2,
    PaymentRefunded,
    PaymentReversed,
    RefundReversed,
    TariffPublished,
    ThirdPartyErased,
    ThirdPartyUpdated,
)
from services.billing.model.credit_notes import CreditNote
from services.billing.model.months import Month
from services.billing.model.payers import KnownThirdParty
from services.billing.model.payments import Method, Payment, Share
from services.billing.model.portions import Portion
from services.billing.model.reversals import Refund
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


def payment_received(
    payment: Payment, shares: Sequence[Share]
) -> tuple[PaymentReceived | PaymentReceivedV2, ...]:
    """Money has come in; by card it is told in the first version too."""
    if payment.received_at is None:
        raise ValueError("nothing was received")
    told = PaymentReceivedV2(
        payment_id=payment.payment_id,
        family_id=payment.family_id,
        amount_cents=payment.amount_cents,
        method=payment.method.value,
        invoice_ids=tuple(share.invoice_id for share in shares),
        received_at=payment.received_at,
    )
    if payment.method is not Method.CARD:
        return (told,)
    return (PaymentReceived.model_validate(told.model_dump()), told)


def charges_paid(
    payment: Payment, portions: Sequence[Portion]
) -> tuple[ChargesPaid | ChargesPaidV2, ...]:
    """What the money paid, line by line; an advance has paid nothing yet."""
    if payment.received_at is None:
        raise ValueError("nothing was received")
    told = paid_lines(
        payment.payment_id, payment.family_id, payment.method, payment.received_at, portions
    )
    if payment.method is not Method.CARD:
        return told
    return (*(ChargesPaid.model_validate(each.model_dump()) for each in told), *told)


def paid_lines(
    source_id: UUID,
    family_id: UUID,
    method: Literal["credit"] | Method,
    at: datetime,
    portions: Sequence[Portion],
) -> tuple[ChargesPaidV2, ...]:
    """What this payment, advance, reversal or credit note did to lines, if it did anything."""
    if not portions:
        return ()
    return (
        ChargesPaidV2(
            payment_id=source_id,
            family_id=family_id,
            method=method.value if isinstance(method, Method) else method,
            received_at=at,
            portions=tuple(_paid(portion) for portion in portions),
        ),
    )


def payment_reversed(
    payment: Payment, owed_again: Sequence[Share], at: datetime
) -> PaymentReversed:
    """Money recorded at the till is undone; `owed_again`: what invoices ask for, below zero.

    One that is owed its lines and a refund stands there twice.
    """
    return PaymentReversed(
        payment_id=payment.payment_id,
        family_id=payment.family_id,
        amount_cents=payment.amount_cents,
        method=payment.method.value,
        invoice_ids=tuple(dict.fromkeys(share.invoice_id for share in owed_again)),
        reversed_at=at,
        owed_again_cents=-sum(share.amount_cents for share in owed_again),
    )


def payment_refunded(refund: Refund, at: datetime) -> PaymentRefunded:
    """A family is paid back what it had to its credit."""
    return PaymentRefunded(
        refund_id=refund.refund_id,
        family_id=refund.family_id,
        amount_cents=refund.amount_cents,
        refunded_at=at,
    )


def refund_reversed(refund: Refund, at: datetime) -> RefundReversed:
    """A refund is undone."""
    return RefundReversed(
        refund_id=refund.refund_id,
        family_id=refund.family_id,
        amount_cents=refund.amount_cents,
        reversed_at=at,
    )


def credit_note_issued(note: CreditNote, family_id: UUID) -> CreditNoteIssued:
    """An invoice is corrected."""
    return CreditNoteIssued(
        credit_note_id=note.credit_note_id,
        invoice_id=note.invoice_id,
        family_id=family_id,
        number=note.number,
        total_cents=note.total_cents,
        credited_cents=note.credited_cents,
        issued_on=note.issued_on,
    )


def third_party_updated(known: KnownThirdParty) -> ThirdPartyUpdated:
    """Where what is for this payer goes."""
    told = known.third_party
    return ThirdPartyUpdated(
        payer_id=known.payer_id,
        version=known.version,
        name=told.name,
        lines=told.lines,
        postcode=told.postcode,
        city=told.city,
        mail=told.mail,
    )


def third_party_erased(payer_id: UUID, erased_at: datetime) -> ThirdPartyErased:
    """Whoever holds its name and address forgets them."""
    return ThirdPartyErased(payer_id=payer_id, erased_at=erased_at)


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

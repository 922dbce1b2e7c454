"""What billing tells of direct debits, reminders and debts given up."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.events.treasury import (
    DebtWrittenOff,
    DirectDebitAnnounced,
    DirectDebitCollected,
    DirectDebitMandateEnds,
    DirectDebitMandateRevoked,
    DirectDebitMandateSigned,
    DirectDebitReturned,
    OverdueInvoice,
    PaymentReminderDue,
    WriteOffReversed,
)
from services.billing.model.debits import Debit, SentDebit, reason_of
from services.billing.model.mandates import Ended, Mandate
from services.billing.model.recovery import Reminder, WriteOff

Cause = Literal["family", "office", "bank", "replaced"]


def mandate_signed(mandate: Mandate) -> DirectDebitMandateSigned:
    """A family lets the town collect its invoices."""
    return DirectDebitMandateSigned(
        mandate_id=mandate.mandate_id,
        family_id=mandate.family_id,
        rum=mandate.rum,
        signed_on=mandate.signed_on,
        one_off=mandate.one_off,
    )


def mandate_ends(ended: Ended, ends_on: date, decided_at: datetime) -> DirectDebitMandateEnds:
    """A mandate collects until this day."""
    return DirectDebitMandateEnds(
        mandate_id=ended.mandate_id,
        family_id=ended.family_id,
        rum=ended.rum,
        ends_on=ends_on,
        decided_at=decided_at,
    )


def mandate_revoked(ended: Ended, cause: Cause) -> DirectDebitMandateRevoked:
    """A mandate collects no more."""
    return DirectDebitMandateRevoked(
        mandate_id=ended.mandate_id, family_id=ended.family_id, rum=ended.rum, cause=cause
    )


def debit_announced(debit: Debit, collected_on: date) -> DirectDebitAnnounced:
    """An invoice will be collected on this day."""
    return DirectDebitAnnounced(
        debit_id=debit.debit_id,
        family_id=debit.family_id,
        invoice_id=debit.invoice_id,
        invoice_number=debit.number,
        amount_cents=debit.amount_cents,
        collected_on=collected_on,
        rum=debit.rum,
    )


def debit_collected(
    debit_id: UUID, family_id: UUID, invoice_id: UUID, amount_cents: int, collected_on: date
) -> DirectDebitCollected:
    """The day of a debit has come and the bank has not sent it back."""
    return DirectDebitCollected(
        debit_id=debit_id,
        family_id=family_id,
        invoice_id=invoice_id,
        amount_cents=amount_cents,
        collected_on=collected_on,
    )


def debit_returned(sent: SentDebit, code: str) -> DirectDebitReturned:
    """The bank sent a debit back."""
    reason = reason_of(code)
    return DirectDebitReturned(
        debit_id=sent.debit_id,
        family_id=sent.family_id,
        invoice_id=sent.invoice_id,
        invoice_number=sent.number,
        amount_cents=sent.amount_cents,
        code="" if reason.discreet else code,
        reason="" if reason.discreet else reason.label,
    )


def reminder_due(reminder: Reminder) -> PaymentReminderDue:
    """A family is to be reminded."""
    return PaymentReminderDue(
        reminder_id=reminder.reminder_id,
        family_id=reminder.family_id,
        step=reminder.step.step,
        subject=reminder.step.subject,
        text=reminder.step.text,
        invoices=tuple(
            OverdueInvoice(
                invoice_id=invoice.invoice_id,
                invoice_number=invoice.number,
                due_on=invoice.due_on,
                amount_cents=invoice.amount_cents,
            )
            for invoice in reminder.invoices
        ),
        amount_cents=reminder.amount_cents,
    )


def debt_written_off(decided: WriteOff) -> DebtWrittenOff:
    """The town gives up a debt."""
    return DebtWrittenOff(
        write_off_id=decided.write_off_id,
        family_id=decided.family_id,
        invoice_id=decided.invoice_id,
        amount_cents=decided.amount_cents,
    )


def write_off_reversed(decided: WriteOff) -> WriteOffReversed:
    """A debt that was given up is asked for after all."""
    return WriteOffReversed(
        write_off_id=decided.write_off_id,
        family_id=decided.family_id,
        invoice_id=decided.invoice_id,
        amount_cents=decided.amount_cents,
    )

"""What billing tells of direct debits, reminders and debts given up."""

from typing import Literal

from contracts.events.treasury import DirectDebitMandateRevoked, DirectDebitMandateSigned
from services.billing.model.mandates import Ended, Mandate

Cause = Literal["family", "office", "bank", "replaced"]


def mandate_signed(mandate: Mandate) -> DirectDebitMandateSigned:
    """A family lets the town collect its invoices."""
    return DirectDebitMandateSigned(
        mandate_id=mandate.mandate_id,
        family_id=mandate.family_id,
        rum=mandate.rum,
        signed_on=mandate.signed_on,
    )


def mandate_revoked(ended: Ended, cause: Cause) -> DirectDebitMandateRevoked:
    """A mandate collects no more."""
    return DirectDebitMandateRevoked(
        mandate_id=ended.mandate_id, family_id=ended.family_id, rum=ended.rum, cause=cause
    )

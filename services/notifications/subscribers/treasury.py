"""What families are told of direct debits and of what they have not paid."""

from uuid import UUID, uuid5

from contracts.events.treasury import (
    DirectDebitAnnounced,
    DirectDebitMandateEnds,
    DirectDebitMandateRevoked,
    DirectDebitMandateSigned,
    DirectDebitReturned,
    PaymentReminderDue,
)
from services.chassis.database import Connection
from services.chassis.intake import on
from services.notifications import commands
from services.notifications.model import Draft, Kind

Told = (
    DirectDebitMandateSigned
    | DirectDebitMandateEnds
    | DirectDebitMandateRevoked
    | DirectDebitAnnounced
    | DirectDebitReturned
    | PaymentReminderDue
)


async def mandate_signed(connection: Connection, event: DirectDebitMandateSigned) -> None:
    """The family reads back what it signed: a mandate that it did not sign comes to light."""
    await _tell(
        connection, event, "mandate_signed", event.mandate_id, "rum", "signed_on", "one_off"
    )


async def mandate_ends(connection: Connection, event: DirectDebitMandateEnds) -> None:
    """The family learns until when its account is debited; another day is another message.

    So is a day that was told before, when another was told since.
    """
    said = "" if event.decided_at is None else event.decided_at.isoformat()
    concerns = uuid5(event.mandate_id, event.ends_on.isoformat() + said)
    await _tell(connection, event, "mandate_ends", concerns, "rum", "ends_on")


async def mandate_revoked(connection: Connection, event: DirectDebitMandateRevoked) -> None:
    """The family learns that its account is debited no more, unless by another mandate."""
    if event.cause != "replaced":
        await _tell(connection, event, "mandate_revoked", event.mandate_id, "rum", "cause")


async def debit_announced(connection: Connection, event: DirectDebitAnnounced) -> None:
    """The family knows amount and day before its account is debited."""
    names = ("invoice_id", "invoice_number", "amount_cents", "collected_on", "rum")
    await _tell(connection, event, "debit_announced", event.debit_id, *names)


async def debit_returned(connection: Connection, event: DirectDebitReturned) -> None:
    """The family has to pay by another means."""
    names = ("invoice_id", "invoice_number", "amount_cents", "reason")
    await _tell(connection, event, "debit_returned", event.debit_id, *names)


async def payment_reminder_due(connection: Connection, event: PaymentReminderDue) -> None:
    """The family is reminded of what it has not paid: by mail, or by letter without an address."""
    names = ("step", "subject", "text", "invoices", "amount_cents")
    await _tell(connection, event, "payment_reminder", event.reminder_id, *names)


async def _tell(
    connection: Connection, event: Told, kind: Kind, concerns: UUID, *facts: str
) -> None:
    draft = Draft(
        cause=f"{kind.replace('_', '-')}:{concerns}",
        family_id=event.family_id,
        kind=kind,
        concerns=concerns,
        facts=event.model_dump(mode="json", include=set(facts)),
    )
    await commands.compose(connection, draft)


SUBSCRIPTIONS = (
    on(DirectDebitMandateSigned, mandate_signed),
    on(DirectDebitMandateEnds, mandate_ends),
    on(DirectDebitMandateRevoked, mandate_revoked),
    on(DirectDebitAnnounced, debit_announced),
    on(DirectDebitReturned, debit_returned),
    on(PaymentReminderDue, payment_reminder_due),
)

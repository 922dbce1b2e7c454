"""What families are told of corrections: an invoice credited, a payment undone, money paid back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contracts.events.billing import (
    CreditNoteIssued,
    PaymentRefunded,
    PaymentReversed,
    RefundReversed,
)
from services.chassis.database import Connection
from services.chassis.intake import on
from services.notifications import commands
from services.notifications.model import Draft, Kind


async def credit_note_issued(connection: Connection, event: CreditNoteIssued) -> None:
    """The family owes less of an invoice, or has what it paid to its credit."""
    facts = event.model_dump(mode="json", include={"number", "total_cents", "credited_cents"})
    facts |= {"invoice_id": str(event.invoice_id), "invoice_ids": [str(event.invoice_id)]}
    await _tell(connection, event.family_id, "credit_note_issued", event.credit_note_id, facts)


async def payment_reversed(connection: Connection, event: PaymentReversed) -> None:
    """The family is to pay again, or has less to its credit: the till erred, a cheque failed."""
    told = {"amount_cents", "method", "invoice_ids", "owed_again_cents"}
    facts = event.model_dump(mode="json", include=told)
    await _tell(connection, event.family_id, "payment_reversed", event.payment_id, facts)


async def payment_refunded(connection: Connection, event: PaymentRefunded) -> None:
    """The family has its money back."""
    facts = event.model_dump(mode="json", include={"amount_cents", "refunded_at"})
    await _tell(connection, event.family_id, "payment_refunded", event.refund_id, facts)


async def refund_reversed(connection: Connection, event: RefundReversed) -> None:
    """The family has to its credit again what it did not get."""
    facts = event.model_dump(mode="json", include={"amount_cents", "reversed_at"})
    await _tell(connection, event.family_id, "refund_reversed", event.refund_id, facts)


async def _tell(
    connection: Connection, family_id: UUID, kind: Kind, concerns: UUID, facts: Mapping[str, Any]
) -> None:
    draft = Draft(
        cause=f"{kind.replace('_', '-')}:{concerns}",
        family_id=family_id,
        kind=kind,
        concerns=concerns,
        facts=dict(facts),
    )
    await commands.compose(connection, draft)


SUBSCRIPTIONS = (
    on(CreditNoteIssued, credit_note_issued),
    on(PaymentReversed, payment_reversed),
    on(PaymentRefunded, payment_refunded),
    on(RefundReversed, refund_reversed),
)

"""Write the invoices that a run has planned."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from structlog.contextvars import get_contextvars

from contracts.events.billing import InvoiceIssued
from services.billing.commands.run_month import finish_if_issued
from services.billing.commands.use_credit import use_credit
from services.billing.repository import charges, slices
from services.chassis.database import Connection


async def issue_slice(connection: Connection, slice_id: UUID, *, now: datetime) -> None:
    """Write what is left of the slice; the last one ends its run.

    A slice that was done before is passed over.
    """
    await charges.share_books(connection)
    run_id = await slices.take(connection, slice_id, now=now)
    if run_id is None:
        return
    await charges.lock_families(connection, await slices.families(connection, slice_id))
    await _write(connection, await slices.issue(connection, slice_id))
    await finish_if_issued(connection, run_id, now=now)


async def lock_accounts(connection: Connection, family_ids: Collection[UUID]) -> None:
    """Have these families' accounts alone; what a run has planned for them is written first.

    So what comes while a month is at work changes none of its invoices.
    """
    await charges.lock_families(connection, family_ids)
    await _write(connection, await slices.issue_of_families(connection, family_ids))


async def _write(connection: Connection, invoice_ids: Collection[UUID]) -> None:
    if not invoice_ids:
        return
    await slices.fill(connection, invoice_ids)
    await use_credit(connection, invoice_ids)
    await slices.tell(
        connection,
        invoice_ids,
        topic=InvoiceIssued.topic(),
        event_type=InvoiceIssued.type_name(),
        correlation_id=str(get_contextvars().get("correlation_id", "")),
    )

"""A month's invoices are asked for on paper, and become one file for the printer."""

from datetime import datetime
from uuid import UUID

import structlog

from services.billing.errors import NothingToPrint
from services.billing.model.months import Month
from services.billing.model.prints import KEEP_PRINTS, PrintBatch
from services.billing.repository import prints
from services.chassis.database import Connection

log = structlog.get_logger()


async def request_prints(
    connection: Connection, month: Month, *, without_mail: bool, now: datetime, by: UUID | None
) -> None:
    """Ask for a month's invoices on paper; what is under way already is not asked for again.

    Raises NothingToPrint when no invoice of the month is for the post.
    """
    if await prints.is_under_way(connection, month, without_mail=without_mail):
        return
    if not await prints.add(connection, month, without_mail=without_mail, now=now, by=by):
        raise NothingToPrint


async def finish_batch(
    connection: Connection, batch: PrintBatch, *, pdf: bytes, pages: int, now: datetime
) -> None:
    """The batch is bound: its file is kept, and its parts are no longer."""
    await prints.finish(connection, batch.batch_id, pdf=pdf, pages=pages, now=now)
    log.info("invoices_printed", batch_id=str(batch.batch_id), invoices=batch.invoices)


async def erase_prints(connection: Connection, *, now: datetime) -> None:
    """Erase the files whose time is over."""
    await prints.erase(connection, now - KEEP_PRINTS)

"""Invoices for the post are set and bound, some at a time.

What was set is kept at once, so that a service that is killed goes on where it was. No connection
is held while pages are set, which other processes do.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from aiohttp import web

from services.billing.commands.print_invoices import erase_prints, finish_batch
from services.billing.model.prints import PrintBatch
from services.billing.papers import set_paper, set_slice
from services.billing.papers.binding import bind, count_pages
from services.billing.papers.invoices import Bill
from services.billing.papers.prints import cover_data, slice_data
from services.billing.papers.sending import SENDER
from services.billing.queries import papers as papers_queries
from services.billing.repository import prints
from services.chassis.app import DATABASE
from services.chassis.clock import paris_date
from services.chassis.jobs import Job
from services.chassis.processes import in_process


async def print_invoices(app: web.Application, now: datetime) -> None:
    """Set and bind all that was asked for."""
    while await print_next(app, now):
        pass


async def print_next(app: web.Application, now: datetime) -> bool:
    """Set the next invoices of the batch that waits longest, or bind it; False: none waits."""
    async with app[DATABASE].connection() as connection:
        batch = await prints.next_batch(connection)
        wanted = await prints.next_slice(connection, batch) if batch else []
    if batch is None:
        return False
    if wanted:
        await _set(app, batch, wanted, now)
    else:
        await _bind(app, batch, now)
    return True


async def _set(
    app: web.Application, batch: PrintBatch, wanted: Sequence[UUID], now: datetime
) -> None:
    async with app[DATABASE].connection() as connection:
        found = await papers_queries.bills(connection, wanted)
    data = slice_data([Bill.of(**each) for each in found], app[SENDER], paris_date(now))
    pdf = await in_process(app, set_slice, data)
    async with app[DATABASE].transaction() as connection:
        await prints.keep_part(connection, batch, pdf, len(wanted))


async def _bind(app: web.Application, batch: PrintBatch, now: datetime) -> None:
    async with app[DATABASE].connection() as connection:
        parts = await prints.parts(connection, batch.batch_id)
        towns = await prints.towns(connection, batch.batch_id)
    pages = await in_process(app, count_pages, parts)
    data = cover_data(batch, towns, pages, app[SENDER], paris_date(now))
    cover = await in_process(app, set_paper, "print_cover", data)
    pdf = await in_process(app, bind, [cover, *parts])
    async with app[DATABASE].transaction() as connection:
        await finish_batch(connection, batch, pdf=pdf, pages=pages, now=now)


async def erase_old_prints(app: web.Application, now: datetime) -> None:
    """Erase print files whose time is over."""
    async with app[DATABASE].transaction() as connection:
        await erase_prints(connection, now=now)


JOBS = (
    # Somebody waits for the file; a look at nothing costs one index read.
    Job("print invoices", timedelta(seconds=1), print_invoices),
    Job("erase old prints", timedelta(hours=1), erase_old_prints),
)

"""A single invoice on paper: set when it is first asked for, and the same bytes from then on."""

from datetime import datetime

from aiohttp import web

from services.billing.papers import set_paper
from services.billing.papers.electronic import set_electronic
from services.billing.papers.invoices import Bill, invoice_data
from services.billing.papers.sending import SENDER
from services.billing.repository import invoice_papers
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.processes import in_process


async def find_paper(connection: Connection, bill: Bill) -> bytes | None:
    """The paper that was handed out of the invoice as it stands."""
    return await invoice_papers.find(connection, bill.invoice.invoice_id, bill.standing)


async def draw_paper(app: web.Application, bill: Bill, now: datetime) -> bytes:
    """Set the paper, with its data inside where an organisation pays."""
    sender = app[SENDER]
    data = invoice_data(bill, sender, paris_date(now))
    if electronic := bill.electronic(sender):
        return await in_process(app, set_electronic, data, electronic)
    return await in_process(app, set_paper, "invoice", data)


async def keep_paper(connection: Connection, bill: Bill, pdf: bytes, now: datetime) -> bytes:
    """Keep what was set; the paper to hand out, which another may have kept before."""
    return await invoice_papers.keep(
        connection, bill.invoice.invoice_id, bill.standing, pdf, now=now
    )

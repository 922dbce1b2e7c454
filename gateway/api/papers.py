"""Invoices printed for the post."""

from uuid import UUID

from aiohttp import web

from contracts.roles import DESK
from gateway.api.edge import Month, clients, filed, forward
from gateway.clients.area import TRANSFER
from gateway.readers.papers import PrintBatches
from services.chassis.endpoints import Body, Call, get

PDF = "application/pdf"


class PrintsQuery(Body):
    month: Month | None = None


class PrintBody(Body):
    """Those of families without a mail address, or all."""

    month: Month
    without_mail: bool = True


async def read_print_file(call: Call, batch_id: UUID) -> web.StreamResponse:
    """The invoices of a print batch as one PDF, in postal order."""
    return await clients(call).papers.print_file(batch_id).send(call.request)


ENDPOINTS = (
    forward(
        "GET",
        "/staff/invoice-prints",
        "list_invoice_prints",
        to="billing",
        at="/print-batches",
        allow=DESK,
        query=PrintsQuery,
        answer=PrintBatches,
        summary="Invoices printed for the post, newest first, and how far each batch is.",
    ),
    forward(
        "POST",
        "/staff/invoice-prints",
        "print_invoices",
        to="billing",
        at="/print-batches",
        allow=DESK,
        body=PrintBody,
        answer=PrintBatches,
        status=201,
        deadline=TRANSFER,
        summary="Print a month's invoices in postal order; under way already, nothing is added.",
    ),
    filed(get("/staff/invoice-prints/{batch_id}.pdf", read_print_file, allow=DESK), kind=PDF),
)

"""Invoices for the post over HTTP: ask for them, follow, fetch the file."""

from uuid import UUID

from aiohttp import web

from contracts.roles import OFFICE, TILL
from services.billing.commands.print_invoices import request_prints
from services.billing.model.months import Month
from services.billing.papers.sending import pdf_response
from services.billing.queries import print as print_queries
from services.billing.schemas.print import PrintBatchesAnswer, PrintBody, PrintsQuery
from services.chassis.web import Call, get, post


async def list_prints(call: Call, query: PrintsQuery) -> PrintBatchesAnswer:
    """What was printed, newest first."""
    month = Month.parse(query.month) if query.month else None
    return await _listed(call, month)


async def print_month(call: Call, body: PrintBody) -> PrintBatchesAnswer:
    """Print a month's invoices; asked for again while it is under way, nothing is added."""
    month = Month.parse(body.month)
    await request_prints(
        call.connection,
        month,
        without_mail=body.without_mail,
        now=call.now,
        by=call.caller.account_id,
    )
    return await _listed(call, month)


async def _listed(call: Call, month: Month | None) -> PrintBatchesAnswer:
    found = await print_queries.batches(call.connection, month)
    return PrintBatchesAnswer.model_validate({"print_batches": found})


async def print_file(call: Call, batch_id: UUID) -> web.StreamResponse:
    """A file of invoices."""
    found = await print_queries.file(call.connection, batch_id)
    return pdf_response(found["pdf"], f"factures-{found['month']}-{found['volume']}.pdf")


ENDPOINTS = (
    get("/print-batches", list_prints, allow=OFFICE | TILL),
    post(
        "/print-batches",
        print_month,
        allow=OFFICE | TILL,
        status=201,
        summary="Imprimer les factures d’un mois",
    ),
    get(
        "/print-batches/{batch_id}.pdf",
        print_file,
        allow=OFFICE | TILL,
        opens=True,
        summary="Ouvrir les factures imprimées d’un mois (PDF)",
    ),
)

"""What the town's accounts and the treasury are sent, over HTTP."""

from uuid import UUID

from aiohttp import web

from contracts.roles import OFFICE, TILL
from services.billing.commands.keep_mandates import BANK
from services.billing.commands.send_to_treasury import (
    TREASURY,
    Draw,
    Wish,
    make_bordereau,
    open_file,
)
from services.billing.files import tables
from services.billing.papers.invoices import Bill
from services.billing.papers.kept import draw_paper, find_paper, keep_paper
from services.billing.queries import papers as papers_queries
from services.billing.queries import treasury as queries
from services.billing.routes.recovery import tables_response
from services.billing.schemas.treasury import (
    BordereauAnswer,
    BordereauBody,
    BordereauxAnswer,
    PeriodQuery,
    TransmissibleAnswer,
    TransmissibleQuery,
)
from services.chassis import audit
from services.chassis.database import Connection
from services.chassis.web import Call, get, post


async def export_books(call: Call, query: PeriodQuery) -> web.StreamResponse:
    """The books of a period as CSV, one line an entry."""
    response = tables_response(f"ecritures-{query.first}-{query.last}.csv")
    async with call.database.transaction() as connection:
        await response.prepare(call.request)
        await response.write(tables.MARK + tables.line(tables.BOOKS_HEADING))
        async for row in queries.books(connection, query.first, query.last):
            await response.write(tables.books_line(row, call.app[TREASURY].account_codes))
    await response.write_eof()
    return response


async def list_bordereaux(call: Call) -> BordereauxAnswer:
    """What the public accountant was sent, newest first."""
    found = await queries.bordereaux(call.connection)
    return BordereauxAnswer.model_validate({"bordereaux": found})


async def show_transmissible(call: Call, query: TransmissibleQuery) -> TransmissibleAnswer:
    """How many unpaid invoices can be handed to the accountant."""
    due_by = query.due_by or call.today
    found = await queries.transmissible(call.connection, query.register_code, due_by, call.now)
    return TransmissibleAnswer.model_validate({"due_by": due_by, **found})


async def send_to_accountant(call: Call, body: BordereauBody) -> BordereauAnswer:
    """Hand unpaid invoices to the public accountant, who collects them from now on."""
    wish = Wish(
        register=body.register_code,
        due_by=body.due_by,
        draw=_drawing(call) if body.with_papers else None,
        debited_on=body.debited_on,
        by=call.caller.account_id,
    )
    async with call.database.transaction() as connection:
        batch_id = await make_bordereau(call.app, connection, call.app[BANK], wish, call.now)
        await audit.record(connection, call)
    async with call.database.connection() as connection:
        return BordereauAnswer.model_validate(await queries.bordereau(connection, batch_id))


def _drawing(call: Call) -> Draw:
    async def draw(connection: Connection, invoice_id: UUID) -> bytes:
        bill = Bill.of(**await papers_queries.bill(connection, invoice_id, None))
        if kept := await find_paper(connection, bill):
            return kept
        drawn = await draw_paper(call.app, bill, call.now)
        return await keep_paper(connection, bill, drawn, call.now)

    return draw


async def bordereau_file(call: Call, batch_id: UUID) -> web.StreamResponse:
    """The file of a bordereau as the accountant takes it."""
    filename, sealed = await queries.sealed_file(call.connection, batch_id)
    return web.Response(
        body=open_file(call.app[BANK], batch_id, sealed),
        content_type="application/xml",
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


ENDPOINTS = (
    get("/bordereaux", list_bordereaux, allow=OFFICE | TILL),
    get("/bordereaux/candidates", show_transmissible, allow=TILL),
    # Bare: papers are drawn and the file is written in other processes.
    post(
        "/bordereaux",
        send_to_accountant,
        allow=TILL,
        status=201,
        bare=True,
        summary="Transmettre des impayés au comptable public",
    ),
    get(
        "/bordereaux/{batch_id}/file",
        bordereau_file,
        allow=TILL,
        opens=True,
        summary="Télécharger un bordereau (PES)",
    ),
    # Bare: read and sent as it goes.
    get(
        "/books.csv",
        export_books,
        allow=TILL,
        bare=True,
        opens=True,
        summary="Exporter les écritures comptables (CSV)",
    ),
)

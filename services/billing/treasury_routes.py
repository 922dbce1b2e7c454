"""What the town's accounts and the treasury are sent, over HTTP."""

from aiohttp import web

from contracts.roles import TILL
from services.billing import treasury_queries as queries
from services.billing.commands.send_to_treasury import TREASURY
from services.billing.files import tables
from services.billing.recovery_routes import tables_response
from services.billing.treasury_schemas import PeriodQuery
from services.chassis.web import Call, get


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


ENDPOINTS = (
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

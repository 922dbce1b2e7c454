"""A family's account over a year, over HTTP."""

from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE, TILL
from services.billing.errors import YearToCome
from services.billing.papers.sending import SENDER, send_paper
from services.billing.papers.statements import statement_data
from services.billing.queries import statement as statement_queries
from services.billing.schemas.statement import StatementQuery
from services.chassis import audit
from services.chassis.errors import NotFound
from services.chassis.web import Call, get


async def statement_paper(call: Call, query: StatementQuery, family_id: UUID) -> web.StreamResponse:
    """The statement of a year as PDF."""
    if call.caller.family_scope not in (None, family_id):
        raise NotFound
    if query.year > call.today.year:
        raise YearToCome
    async with call.database.connection() as connection:
        payer = await statement_queries.payer(connection, family_id)
        found = await statement_queries.statement(connection, family_id, query.year)
    audit.about(call, family_id=family_id)
    data = statement_data(found, payer, call.app[SENDER], call.today)
    return await send_paper(call.app, "statement", data, f"releve-{query.year}.pdf")


# Bare: a PDF is set, and no connection is held meanwhile.
ENDPOINTS = (
    get(
        "/families/{family_id}/statement.pdf",
        statement_paper,
        allow=OFFICE | TILL | {GUARDIAN},
        bare=True,
        opens=True,
        summary="Ouvrir le relevé de compte d’une année (PDF)",
    ),
)

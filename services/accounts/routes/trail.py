"""The audit trail over HTTP."""

import csv
import io
from collections.abc import Iterable
from uuid import UUID

from aiohttp import web

from contracts.roles import ADMIN, DESK
from services.accounts.model.trail import PARIS
from services.accounts.queries import trail as queries
from services.accounts.schemas import trail as schemas
from services.chassis.endpoints import Call, get
from services.chassis.spreadsheet import safe_cell

LAST_ACTS = 8
HEADINGS = (
    "date",
    "agent",
    "roles",
    "action",
    "resultat",
    "refus",
    "dossier",
    "famille",
    "enfant_id",
    "objet_id",
    "correlation",
)
OUTCOMES = {"done": "fait", "refused": "refusé", "not_theirs": "autre famille"}


async def search_trail(call: Call, query: schemas.TrailQuery) -> schemas.TrailAnswer:
    """Chercher dans le journal"""
    found, total = await queries.acts(
        call.connection, query.wanted, page=query.page, size=query.size
    )
    acts = tuple(schemas.TrailLine(**row) for row in found)
    return schemas.TrailAnswer(acts=acts, total=total, page=query.page, size=query.size)


async def trail_choices(call: Call) -> schemas.TrailChoices:
    """Ce qui peut être cherché dans le journal"""
    agents, actions = await queries.choices(call.connection)
    return schemas.TrailChoices.model_validate({"agents": agents, "actions": actions})


async def family_trail(call: Call, family_id: UUID) -> schemas.FamilyTrailAnswer:
    """Les dernières actions sur une famille"""
    found = await queries.acts_on_family(call.connection, family_id, LAST_ACTS)
    return schemas.FamilyTrailAnswer(acts=tuple(schemas.TrailLine(**row) for row in found))


async def export_trail(call: Call, query: schemas.TrailFilter) -> web.StreamResponse:
    """Exporter le journal (CSV)"""
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="journal-{call.today}.csv"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    response = web.StreamResponse(headers=headers)
    async with call.database.transaction() as connection:
        await response.prepare(call.request)
        # The mark tells spreadsheets that this is UTF-8.
        await response.write(b"\xef\xbb\xbf" + _line(HEADINGS))
        async for row in queries.every_act(connection, query.wanted):
            await response.write(_line(_cells(schemas.TrailLine(**row))))
    await response.write_eof()
    return response


def _cells(act: schemas.TrailLine) -> tuple[str, ...]:
    return (
        f"{act.at.astimezone(PARIS):%Y-%m-%d %H:%M:%S}",
        act.name or str(act.account_id or ""),
        ", ".join(act.roles),
        act.label,
        OUTCOMES[act.outcome],
        act.refusal or "",
        act.reference or "",
        act.family_label or str(act.family_id or ""),
        str(act.child_id or ""),
        str(act.object_id or ""),
        act.correlation_id,
    )


def _line(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerow([safe_cell(cell) for cell in cells])
    return text.getvalue().encode()


ENDPOINTS = (
    get("/audit", search_trail, allow={ADMIN}),
    get("/audit/choices", trail_choices, allow={ADMIN}),
    # Bare: a year of lines is read and sent as it goes.
    get("/audit.csv", export_trail, allow={ADMIN}, bare=True, opens=True),
    get("/families/{family_id}/acts", family_trail, allow=DESK),
)

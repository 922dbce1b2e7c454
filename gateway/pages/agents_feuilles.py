"""Rosters on paper: of one session, or of all those of a day, one a sheet."""

import asyncio
from typing import Final

from aiohttp import web

from contracts.roles import ROLL
from gateway.page import Page, get
from gateway.pages.agents_seances import PATH, choice_of, notes_hours, school_names
from gateway.panels import panels
from gateway.readers.roll import Roster

# A town's busiest day, with room to spare; more would be a book.
MOST_SHEETS: Final = 60


async def one(page: Page) -> web.StreamResponse:
    """The sheet of one session, in the order and of the children that the address asks for."""
    choice = choice_of(page.query)
    return await _printed(page, [await page.clients.roll.roster(page.id("session_id"), **choice)])


async def whole_day(page: Page) -> web.StreamResponse:
    """The sheets of all sessions of a day at which somebody is expected."""
    day, clients = page.query.day("date"), page.clients
    held = [line for line in await clients.reservations.sessions(day, day) if line.booked]
    rosters = await asyncio.gather(
        *(clients.roll.roster(line.session_id) for line in held[:MOST_SHEETS])
    )
    return await _printed(page, rosters)


async def _printed(page: Page, rosters: list[Roster]) -> web.StreamResponse:
    shown = await panels(schools=page.clients.enrolment.schools())
    return page.render(
        "agents/feuilles.html",
        sheets=[(roster, notes_hours(roster)) for roster in rosters],
        day=rosters[0].session.date if rosters else page.query.day("date"),
        schools=school_names(shown.schools),
    )


ROUTES = (
    # Before the roll of one session, whose address would take this one's end for an id.
    get(f"{PATH}/imprimer", whole_day, allow=ROLL),
    get(f"{PATH}/{{session_id}}/imprimer", one, allow=ROLL),
)

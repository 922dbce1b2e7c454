"""The waiting room as browsers and programs meet it: a gateway that serves one family at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web

from contracts.roles import AGENT, GUARDIAN
from gateway.pages import ROUTES
from gateway.portal import PORTAL
from services.chassis.testing import eventually
from tests.integration.gateway.standins import (
    RunningPortal,
    knows_session,
    running_portal,
    session_token,
)

TICKET = "X-Waiting-Ticket"


@pytest.fixture
async def portal() -> AsyncIterator[RunningPortal]:
    async with running_portal(ROUTES, waiting_room_level=1) as running:
        yield running


def known_token(portal: RunningPortal, role: str = GUARDIAN) -> str:
    session_id = uuid4()
    knows_session(portal, session_id)
    return session_token(role, session_id=session_id)


@asynccontextmanager
async def a_crowd(portal: RunningPortal) -> AsyncIterator[str]:
    """One family's request takes long, which is all that this gateway serves; its token."""
    over, token = asyncio.Event(), known_token(portal)

    async def take_long(_request: web.Request) -> web.Response:
        await over.wait()
        return web.json_response({})

    portal.accounts.serve("GET", "/me", take_long)
    served = asyncio.create_task(portal.api("GET", "/me", token))

    async def is_at_work() -> bool:
        return bool(portal.accounts.requests("GET", "/me"))

    await eventually(is_at_work)
    try:
        yield token
    finally:
        over.set()
        assert (await served).status == 200


def ticket_of(answer: aiohttp.ClientResponse) -> str:
    return answer.cookies["portail_ticket"].value


async def page(portal: RunningPortal, ticket: str = "", path: str = "/connexion") -> str:
    cookies = {"portail_ticket": ticket} if ticket else {}
    return await (await portal.get(path, cookies=cookies)).text()


async def test_a_newcomer_is_shown_a_place_that_survives_a_reload(portal: RunningPortal) -> None:
    async with a_crowd(portal):
        first = await portal.get("/connexion?suite=/factures")
        assert first.status == 200
        assert "salle d’attente" in await first.text()
        assert first.headers["Refresh"].endswith("; url=/connexion?suite=/factures")
        assert first.headers["Cache-Control"] == "no-store"
        second = await portal.get("/connexion")
        for _ in range(2):
            assert "Place 1 –" in await page(portal, ticket_of(first))
            assert "Place 2 –" in await page(portal, ticket_of(second))


async def test_the_line_is_let_in_in_its_order_when_the_crowd_is_over(
    portal: RunningPortal,
) -> None:
    async with a_crowd(portal):
        first, second = [ticket_of(await portal.get("/connexion")) for _ in range(2)]
    # There is one place: the first one's, however often the second reloads.
    assert "salle d’attente" in await page(portal, second)
    assert "Se connecter" in await page(portal, first)
    assert "salle d’attente" not in await page(portal, second)


async def test_a_program_is_told_its_place_and_sends_its_ticket_back(
    portal: RunningPortal,
) -> None:
    portal.accounts.refuse("POST", "/sessions", 401, "invalid-credentials")
    body = {"login": "a", "password": "b"}
    async with a_crowd(portal):
        answer = await portal.api("POST", "/tokens", json=body)
        assert answer.status == 503
        problem = await answer.json(content_type=None)
        assert problem["type"] == "/problems/waiting-room"
        assert (problem["place"], answer.headers["Retry-After"]) == (1, "1")
        assert answer.headers[TICKET] == problem["ticket"]
        again = await portal.api("POST", "/tokens", json=body, headers={TICKET: problem["ticket"]})
        assert (await again.json(content_type=None))["place"] == 1
    served = await portal.api("POST", "/tokens", json=body, headers={TICKET: problem["ticket"]})
    assert served.status != 503
    assert served.headers[TICKET] == problem["ticket"]


async def test_whoever_is_inside_goes_on_and_only_takes_turns(portal: RunningPortal) -> None:
    async with a_crowd(portal) as token:
        portal.billing.answer("GET", "/invoices", {"invoices": []})
        other = asyncio.create_task(portal.api("GET", "/invoices", token))

        async def takes_turns() -> bool:
            return portal.app[PORTAL].entrance._slots.load == 2

        await eventually(takes_turns)
    assert (await other).status == 200


async def test_the_staff_files_probes_and_payments_never_wait(portal: RunningPortal) -> None:
    portal.billing.answer("POST", "/payments/notifications/abc", {})
    async with a_crowd(portal):
        asked = await portal.api("GET", "/staff/families", known_token(portal, AGENT))
        assert TICKET not in asked.headers
        assert (await portal.get("/agents", known_token(portal, AGENT))).status == 200
        style = portal.app[PORTAL].assets.address("css/base.css")
        assert (await portal.get(style)).status == 200
        assert (await portal.get("/healthz")).status == 200
        assert TICKET not in (await portal.get("/paiement/notification?idop=abc")).headers
        assert (await portal.get("/api/v1/openapi.json")).status == 200


async def test_a_form_that_could_not_be_taken_is_led_back_to_its_page(
    portal: RunningPortal,
) -> None:
    async with a_crowd(portal):
        host = portal.url.removeprefix("http://")
        for before, leads_to in (
            (f"http://{host}/demande-de-compte?a=1", "/demande-de-compte?a=1"),
            ("https://elsewhere.example/trap", "/"),
        ):
            answer = await portal.post("/connexion", headers={"Referer": before})
            assert answer.headers["Refresh"].endswith(f"; url={leads_to}")
            assert "n’a pas été pris en compte" in await answer.text()


async def test_a_part_of_a_page_gives_way_to_the_waiting_room(portal: RunningPortal) -> None:
    async with a_crowd(portal):
        answer = await portal.get("/connexion", headers={"HX-Request": "true"})
        assert answer.headers["HX-Refresh"] == "true"


async def test_a_forged_ticket_is_worth_nothing(portal: RunningPortal) -> None:
    async with a_crowd(portal):
        await portal.get("/connexion")
        assert "Place 2 –" in await page(portal, "A" * 32)


async def test_level_zero_keeps_nobody_waiting() -> None:
    async with running_portal(ROUTES, waiting_room_level=0) as portal, a_crowd(portal):
        assert "salle d’attente" not in await page(portal)

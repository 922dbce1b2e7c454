"""Invoices for the post as the staff sees them; a family fetches its statement."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import AGENT, LEADER, REGISSEUR
from gateway.pages import ROUTES
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token
from tests.integration.gateway.test_pages import hidden

BATCH: dict[str, Any] = {
    "batch_id": str(uuid4()),
    "month": "2026-10",
    "without_mail": True,
    "volume": 1,
    "volumes": 2,
    "invoices": 1200,
    "done": 300,
    "pages": None,
    "asked_at": "2026-11-02T09:30:00Z",
    "finished_at": None,
    "kept": False,
}
DONE = BATCH | {"done": 1200, "pages": 1310, "finished_at": "2026-11-02T09:31:00Z", "kept": True}
PATH = "/agents/factures/impressions"
OFFICE = session_token(AGENT)


@pytest.fixture
async def town() -> AsyncIterator[RunningPortal]:
    """The gateway with its own pages before a billing service that prints."""
    async with running_portal(ROUTES) as running:
        running.billing.answer("GET", "/print-batches", {"print_batches": [BATCH]})
        running.billing.answer("POST", "/print-batches", {"print_batches": [BATCH]}, status=201)
        yield running


async def seen(town: RunningPortal) -> str:
    """The page's text."""
    response = await town.get(PATH, OFFICE)
    assert response.status == 200, await response.text()
    return str(await response.text())


async def test_what_is_under_way_is_followed(town: RunningPortal) -> None:
    page = await seen(town)
    assert "Octobre 2026, volume 1 sur 2" in page
    assert 'value="300" max="1200"' in page
    assert 'hx-trigger="every 1s"' in page


async def test_what_is_finished_can_be_fetched(town: RunningPortal) -> None:
    town.billing.answer("GET", "/print-batches", {"print_batches": [DONE]})
    page = await seen(town)
    assert f'href="{PATH}/{DONE["batch_id"]}.pdf"' in page
    assert "hx-trigger" not in page


async def test_a_month_is_asked_for_of_those_without_mail_or_of_all(town: RunningPortal) -> None:
    fields = {"csrf_token": hidden(await seen(town), "csrf_token"), "mois": "2026-10"}
    for whose, without_mail in (("sans-mail", True), ("toutes", False)):
        response = await town.post(PATH, OFFICE, data=fields | {"destinataires": whose})
        assert (response.status, response.headers["Location"]) == (303, PATH)
        *_, asked = town.billing.requests("POST", "/print-batches")
        assert asked.json == {"month": "2026-10", "without_mail": without_mail}


async def test_what_is_no_month_is_told_beside_its_field(town: RunningPortal) -> None:
    fields = {"csrf_token": hidden(await seen(town), "csrf_token"), "mois": "octobre"}
    response = await town.post(PATH, OFFICE, data=fields)
    assert "erreur-mois" in await response.text()


async def test_leaders_do_not_print(town: RunningPortal) -> None:
    assert (await town.get(PATH, session_token(LEADER))).status == 403


async def test_a_family_fetches_its_own_statement_and_the_staff_any(town: RunningPortal) -> None:
    family = uuid4()
    path = f"/families/{family}/statement.pdf"
    town.billing.answer("GET", path, {})
    own = session_token(family_id=family)
    assert (await town.get("/factures/releves/2026.pdf", own)).status == 200
    assert (await town.get(f"/agents/familles/{family}/releves/2026.pdf", OFFICE)).status == 200
    assert [asked.query for asked in town.billing.requests("GET", path)] == [{"year": "2026"}] * 2


async def test_the_till_names_an_organisation_that_pays(town: RunningPortal) -> None:
    family, till = uuid4(), session_token(REGISSEUR)
    path, page = f"/families/{family}/organisation", f"/agents/familles/{family}/organisme"
    town.billing.answer("GET", path, {"name": "", "siret": ""})
    town.billing.answer("PUT", path, {"name": "CCAS", "siret": "73282932000074"})
    response = await town.get(page, till)
    assert response.status == 200
    fields = {"csrf_token": hidden(await response.text(), "csrf_token"), "nom": "CCAS"}
    refused = await town.post(page, till, data=fields)
    assert "erreur-siret" in await refused.text()
    typed = {"siret": "73282932000074", "service": "ENFANCE-02"}
    named = await town.post(page, till, data=fields | typed)
    assert named.status == 303
    (asked,) = town.billing.requests("PUT", path)
    quoted = {"service_code": "ENFANCE-02", "engagement": ""}
    assert asked.json == {"name": "CCAS", "siret": "73282932000074", **quoted}

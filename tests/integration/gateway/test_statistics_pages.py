"""Statistics as the till sees them: bars with their tables, and CSV."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import AGENT, REGISSEUR
from gateway.pages import ROUTES
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token

CANTEEN, CARE = str(uuid4()), str(uuid4())


def invoiced(month: str, activity_id: str, name: str, units: int, cents: int) -> dict[str, Any]:
    """A month of an activity."""
    return {
        "month": month,
        "activity_id": activity_id,
        "activity_name": name,
        "units": units,
        "amount_cents": cents,
    }


FOUND: dict[str, Any] = {
    "invoiced": [
        invoiced("2026-09", CANTEEN, "Cantine", 100, 35_000),
        invoiced("2026-10", CANTEEN, "Cantine", 120, 42_000),
        invoiced("2026-10", CARE, "=Garderie", 30, 6_050),
    ],
    "units": 250,
    "amount_cents": 83_050,
}
OWED: dict[str, Any] = {
    "on": "2026-11-23",
    "families": [],
    "totals": {
        "not_due": 1000, "first": 2000, "second": 0, "third": 0, "fourth": 4500,
        "overdue": 6500, "total": 7500, "families": 3, "overdue_families": 2,
    },
}  # fmt: skip
PATH = "/agents/statistiques"
TILL = session_token(REGISSEUR)


@pytest.fixture
async def town() -> AsyncIterator[RunningPortal]:
    """The gateway with its own pages before a billing service that has invoiced."""
    async with running_portal(ROUTES) as running:
        running.billing.answer("GET", "/statistics", FOUND)
        running.billing.answer("GET", "/receivables", OWED)
        yield running


async def seen(town: RunningPortal, query: str = "") -> str:
    """The page's text, narrow spaces made plain."""
    response = await town.get(PATH + query, TILL)
    assert response.status == 200, await response.text()
    text = await response.text()
    return text.replace("\u202f", " ").replace("\u00a0", " ")


async def test_bars_have_their_figures_in_a_table_beside(town: RunningPortal) -> None:
    page = await seen(town)
    for label, value in (
        ("octobre 2026", "480,50 €"),
        ("Cantine", "770,00 €"),
        ("Cantine", "220"),
        ("Plus de 90 jours", "45,00 €"),
    ):
        assert f'<tr><th scope="row">{label}</th><td>{value}</td></tr>' in page


async def test_the_months_asked_for_are_read_in_their_order(town: RunningPortal) -> None:
    await seen(town, "?du=2026-10&au=2026-09")
    (asked,) = town.billing.requests("GET", "/statistics")
    assert (asked.query["first"], asked.query["last"]) == ("2026-09", "2026-10")


async def test_what_is_unpaid_is_shown_while_the_rest_is_away(town: RunningPortal) -> None:
    town.billing.answer("GET", "/statistics", {"title": "en panne"}, status=503)
    page = await seen(town)
    assert "45,00 €" in page
    assert "Les montants facturés" in page


async def test_a_spreadsheet_takes_no_formula_from_a_name(town: RunningPortal) -> None:
    response = await town.get(f"{PATH}.csv?du=2026-09&au=2026-10", TILL)
    lines = (await response.text()).lstrip("\ufeff").splitlines()
    assert lines[0] == "Mois;Activité;Unités facturées;Montant"
    assert lines[1] == "2026-09;Cantine;100;350,00"
    assert lines[3] == "2026-10;'=Garderie;30;60,50"


async def test_the_office_sees_no_revenue(town: RunningPortal) -> None:
    assert (await town.get(PATH, session_token(AGENT))).status == 403

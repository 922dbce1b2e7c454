"""The month's run as the till sees it: a preview, a confirmation, its progress."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import AGENT, REGISSEUR
from gateway.pages import ROUTES
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token
from tests.integration.gateway.test_pages import hidden

RUN: dict[str, Any] = {
    "run_id": str(uuid4()),
    "month": "2026-10",
    "status": "running",
    "families": 0,
    "invoices": 0,
    "issued": 250,
    "planned": 1000,
    "slices": 4,
    "slices_done": 1,
    "total_cents": 0,
}
FAMILY = str(uuid4())
PREVIEW: dict[str, Any] = {
    "month": "2026-10",
    "over": True,
    "run": None,
    "families": 2,
    "invoices": 3,
    "total_cents": 123_456,
    "registers": [
        {"register_code": "EJ", "label": "Régie enfance", "invoices": 2, "total_cents": 100_000},
        {"register_code": "CL", "label": "Régie loisirs", "invoices": 1, "total_cents": 23_456},
    ],
    "least_cents": 1500,
    "waiting_families": 1,
    "waiting_cents": 350,
    "doubts": [
        {
            "kind": "quotient",
            "title": "Quotient familial absent ou périmé",
            "count": 72,
            "instances": [{"text": "Martin (F1)", "family_id": FAMILY}],
        },
        {
            "kind": "unmarked",
            "title": "Séances réservées sans aucun pointage",
            "count": 1,
            "instances": [{"text": "Cantine, le 05/10/2026", "day": "2026-10-05"}],
        },
    ],
}
NOT_OVER = {
    "type": "/problems/month-not-over",
    "title": "Ce mois n’est pas terminé",
    "status": 422,
    "errors": [{"field": "not_over_confirmed", "message": "Confirmez pour émettre ses factures."}],
}
PATH = "/agents/facturation"


@pytest.fixture
async def town() -> AsyncIterator[RunningPortal]:
    """The gateway with its own pages before a billing service with something to invoice."""
    async with running_portal(ROUTES) as running:
        running.billing.answer("GET", "/billing-runs", {"billing_runs": []})
        running.billing.answer("GET", "/billing-runs/preview", PREVIEW)
        running.billing.answer("POST", "/billing-runs", RUN)
        running.billing.answer("GET", f"/billing-runs/{RUN['run_id']}", RUN)
        yield running


async def seen(town: RunningPortal, path: str, token: str) -> str:
    """The page's text."""
    response = await town.get(path, token)
    assert response.status == 200, await response.text()
    return str(await response.text())


async def test_the_preview_names_totals_registers_and_what_to_look_at(
    town: RunningPortal,
) -> None:
    page = await seen(town, f"{PATH}/apercu?mois=2026-10", session_token(REGISSEUR))
    assert "Régie loisirs (CL)" in page
    assert f'href="/agents/familles/{FAMILY}"' in page
    assert 'href="/agents/seances?date=2026-10-05"' in page
    assert "Les 1 premiers sur 72." in page
    assert ">Payeurs<" in page
    assert "par payeur et par mois" in await seen(town, PATH, session_token(REGISSEUR))
    assert not town.billing.requests("POST", "/billing-runs")


async def test_the_till_confirms_and_follows_the_run(town: RunningPortal) -> None:
    token = session_token(REGISSEUR)
    page = await seen(town, f"{PATH}/apercu?mois=2026-10", token)
    fields = {"csrf_token": hidden(page, "csrf_token"), "mois": hidden(page, "mois")}
    response = await town.post(PATH, token, data=fields)
    assert (response.status, response.headers["Location"]) == (303, f"{PATH}/{RUN['run_id']}")
    (asked,) = town.billing.requests("POST", "/billing-runs")
    assert asked.json == {"month": "2026-10", "not_over_confirmed": False}
    followed = await seen(town, f"{PATH}/{RUN['run_id']}", token)
    assert 'value="250" max="1000"' in followed, followed[followed.index("<main") :]
    assert 'hx-trigger="every 1s"' in followed


async def test_a_month_that_is_not_over_is_confirmed_by_ticking_a_box(
    town: RunningPortal,
) -> None:
    token = session_token(REGISSEUR)
    town.billing.answer(
        "GET", "/billing-runs/preview", PREVIEW | {"month": "2099-12", "over": False}
    )
    page = await seen(town, f"{PATH}/apercu?mois=2099-12", token)
    assert "Ce mois n’est pas terminé" in page
    fields = {"csrf_token": hidden(page, "csrf_token"), "mois": "2099-12"}
    town.billing.answer("POST", "/billing-runs", NOT_OVER, 422)
    refused = await town.post(PATH, token, data=fields)
    assert refused.status == 422
    text = await refused.text()
    assert "erreur-confirmation" in text
    assert "Aperçu de la facturation" in text
    town.billing.answer("POST", "/billing-runs", RUN)
    response = await town.post(PATH, token, data=fields | {"confirmation": "oui"})
    assert response.status == 303
    asked = [
        sent.json["not_over_confirmed"] for sent in town.billing.requests("POST", "/billing-runs")
    ]
    assert asked == [False, True]


async def test_a_month_that_is_invoiced_says_so(town: RunningPortal) -> None:
    done = RUN | {"status": "done", "invoices": 12, "total_cents": 4200}
    town.billing.answer("GET", "/billing-runs/preview", PREVIEW | {"run": done})
    page = await seen(town, f"{PATH}/apercu?mois=2026-10", session_token(REGISSEUR))
    assert "Ce mois est déjà facturé" in page


async def test_what_is_no_month_is_told_beside_its_field(town: RunningPortal) -> None:
    response = await town.get(f"{PATH}/apercu?mois=octobre", session_token(REGISSEUR))
    assert "erreur-mois" in await response.text()


async def test_the_office_does_not_invoice(town: RunningPortal) -> None:
    response = await town.get(f"{PATH}/apercu?mois=2026-10", session_token(AGENT))
    assert response.status == 403

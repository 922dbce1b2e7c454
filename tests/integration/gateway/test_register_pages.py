"""The registers as the till keeps them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from contracts.roles import AGENT, LEADER, REGISSEUR
from gateway.pages import ROUTES
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token
from tests.integration.gateway.test_pages import hidden

PATH = "/agents/facturation/regies"
KEPT: dict[str, Any] = {
    "registers": [
        {
            "code": "CL",
            "label": "Régie des loisirs",
            "kinds": ["holiday"],
            "least_cents": 500,
            "numbers": [{"fiscal_year": 2026, "last_number": 12}],
        },
        {"code": "EJ", "label": "Régie enfance", "kinds": [], "bills_the_rest": True},
    ],
    "least_cents": 1500,
}
TAKEN = {
    "type": "https://portail-famille.example/problems/register-known",
    "title": "Une régie a déjà ce code",
    "status": 409,
    "detail": "La régie CL existe déjà.",
    "errors": [{"field": "code", "message": "La régie CL existe déjà."}],
}
TILL = session_token(REGISSEUR)


@pytest.fixture
async def town() -> AsyncIterator[RunningPortal]:
    """The gateway before a billing service with two registers."""
    async with running_portal(ROUTES) as running:
        running.billing.answer("GET", "/registers", KEPT)
        running.billing.answer("POST", "/registers", KEPT)
        yield running


async def saved(town: RunningPortal, *values: tuple[str, str], at: str = PATH) -> Any:
    """The answer to the page's form, filled in."""
    page = await (await town.get(at, TILL)).text()
    data = [("csrf_token", hidden(page, "csrf_token")), *values]
    return await town.post(PATH, TILL, data=data)


async def test_registers_show_what_they_bill_and_their_numbers(town: RunningPortal) -> None:
    page = await (await town.get(PATH, session_token(AGENT))).text()
    assert "2026-CL-000012" in page
    assert "Ce qu’aucune autre régie ne facture" in page
    assert "Moins de 5,00" in page
    assert "Nouvelle régie" not in page


async def test_a_new_register_has_a_code_in_capitals(town: RunningPortal) -> None:
    response = await saved(
        town, ("code", "mu"), ("libelle", "Régie de la musique"), ("sortes", "wednesday")
    )
    assert response.status == 303, await response.text()
    (asked,) = town.billing.requests("POST", "/registers")
    assert asked.json == {
        "code": "MU",
        "label": "Régie de la musique",
        "kinds": ["wednesday"],
        "least_cents": None,
        "new": True,
    }


async def test_a_change_begins_with_what_the_register_is(town: RunningPortal) -> None:
    page = await (await town.get(f"{PATH}?code=CL", TILL)).text()
    assert 'value="holiday" checked' in page
    assert 'value="5,00"' in page
    response = await saved(
        town, ("modifie", "CL"), ("libelle", "Régie des centres"), ("seuil", "15,50")
    )
    assert response.status == 303, await response.text()
    (asked,) = town.billing.requests("POST", "/registers")
    assert (asked.json["code"], asked.json["new"], asked.json["least_cents"]) == ("CL", False, 1550)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ((("code", "trop long"), ("libelle", "Régie")), "code"),
        ((("code", "MU"), ("libelle", " ")), "libelle"),
        ((("code", "MU"), ("libelle", "Régie"), ("seuil", "beaucoup")), "seuil"),
    ],
)
async def test_what_cannot_be_read_is_told_beside_its_field(
    town: RunningPortal, values: tuple[tuple[str, str], ...], field: str
) -> None:
    response = await saved(town, *values)
    assert response.status == 422
    assert f"erreur-{field}" in await response.text()
    assert not town.billing.requests("POST", "/registers")


async def test_a_code_that_is_taken_is_told_beside_it(town: RunningPortal) -> None:
    town.billing.answer("POST", "/registers", TAKEN, 409)
    response = await saved(town, ("code", "CL"), ("libelle", "Régie du club"))
    assert "La régie CL existe déjà." in await response.text()


@pytest.mark.parametrize("role", [AGENT, LEADER])
async def test_only_the_till_changes_registers(town: RunningPortal, role: str) -> None:
    response = await town.post(PATH, session_token(role), data={"csrf_token": "x"})
    assert response.status == 403

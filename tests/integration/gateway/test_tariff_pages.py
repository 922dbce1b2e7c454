"""Tariffs, formulas, aids and the canteen's report as the till sees them."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import AGENT, LEADER, REGISSEUR
from gateway.pages import ROUTES
from tests.integration.gateway.standins import (
    RunningPortal,
    family_file,
    running_portal,
    session_token,
)
from tests.integration.gateway.test_pages import hidden

CANTEEN, FAMILY, CHILD, FORMULA, AID = (str(uuid4()) for _ in range(5))
PATH = "/agents/tarifs"
TARIFF: dict[str, Any] = {
    "tariff_id": str(uuid4()),
    "activity_id": CANTEEN,
    "activity_name": "Cantine",
    "valid_from": "2026-09-01",
    "kind": "effort_rate",
    "rate": 50,
    "floor_cents": 100,
    "ceiling_cents": 500,
    "words": ["Taux d’effort : 0,50 % du quotient familial."],
}
PREVIEW = {
    "month": "2026-10",
    "families": 3,
    "units": 12,
    "today_cents": 4200,
    "new_cents": 3900,
    "gaining": 2,
    "losing": 1,
    "groups": [
        {
            "from_quotient": 0,
            "to_quotient": 600,
            "families": 2,
            "today_cents": 2000,
            "new_cents": 1600,
            "gaining": 2,
        },
        {"families": 1, "today_cents": 2200, "new_cents": 2300, "losing": 1},
    ],
}
MEALS = {
    "meals": [
        {
            "month": "2026-10",
            "from_quotient": 0,
            "to_quotient": 623,
            "lowest_cents": 100,
            "highest_cents": 100,
            "meals": 40,
            "at_most_a_euro": 40,
        }
    ],
    "total": 40,
    "at_most_a_euro": 40,
}
FAMILY_FILE = family_file(FAMILY, CHILD)
TILL = session_token(REGISSEUR)


@pytest.fixture
async def town() -> AsyncIterator[RunningPortal]:
    """The gateway before a billing service with one tariff."""
    async with running_portal(ROUTES) as running:
        activity = {
            "activity_id": CANTEEN,
            "name": "Cantine",
            "kind": "canteen",
            "school_year": "2026-2027",
        }
        running.services["enrolment"].answer("GET", "/activities", {"activities": [activity]})
        running.accounts.answer("GET", f"/families/{FAMILY}", FAMILY_FILE)
        running.billing.answer("GET", "/tariffs", {"tariffs": [TARIFF]})
        running.billing.answer("POST", "/tariffs", TARIFF, 201)
        running.billing.answer("POST", "/tariffs/preview", PREVIEW)
        running.billing.answer("GET", "/reports/canteen", MEALS)
        running.billing.answer("GET", "/formulas", {"formulas": []})
        running.billing.answer("POST", "/formulas", {}, 201)
        running.billing.answer("GET", "/aids", {"aids": []})
        running.billing.answer("POST", "/aids", {}, 201)
        yield running


async def typed(town: RunningPortal, path: str, **values: str) -> dict[str, str]:
    """A form of the page, filled in."""
    page = await (await town.get(path, TILL)).text()
    return {"csrf_token": hidden(page, "csrf_token"), **values}


async def test_a_tariff_is_shown_in_words(town: RunningPortal) -> None:
    page = await (await town.get(PATH, session_token(AGENT))).text()
    assert "Taux d’effort : 0,50 % du quotient familial." in page
    assert "Nouveau tarif" not in page


async def test_a_tariff_of_several_shapes_is_typed_without_knowing_json(
    town: RunningPortal,
) -> None:
    fields = await typed(
        town,
        PATH,
        activite=CANTEEN,
        du="2026-09-01",
        base_sorte="flat",
        base_prix="3,50",
        mois_regle="cap",
        mensuel_sorte="flat",
        mensuel_prix="40",
        majoration_taux="50",
    )
    response = await town.post(PATH, TILL, data=fields)
    assert response.status == 303, await response.text()
    (asked,) = town.billing.requests("POST", "/tariffs")
    assert asked.json == {
        "activity_id": CANTEEN,
        "valid_from": "2026-09-01",
        "kind": "flat",
        "price_cents": 350,
        "monthly": {"rule": "cap", "kind": "flat", "price_cents": 4000},
        "unreserved_surcharge_percent": 50,
    }


async def test_a_preview_keeps_what_was_typed_and_publishes_nothing(town: RunningPortal) -> None:
    fields = await typed(
        town,
        PATH,
        activite=CANTEEN,
        du="2026-09-01",
        base_sorte="flat",
        base_prix="3,50",
        mois="2026-10",
    )
    page = await (await town.post(f"{PATH}/apercu", TILL, data=fields)).text()
    assert "Simulation sur octobre 2026" in page
    assert "Quotient 0 à 599" in page
    assert "Sans quotient à jour" in page
    assert 'value="3,50"' in page
    assert not town.billing.requests("POST", "/tariffs")


async def test_what_billing_refuses_stands_beside_its_field(town: RunningPortal) -> None:
    error = {"field": "ceiling_cents", "message": "Le plafond est trop bas."}
    problem = {"type": "/problems/bad-tariff", "title": "Non", "status": 422, "errors": [error]}
    town.billing.answer("POST", "/tariffs", problem, 422)
    fields = await typed(
        town,
        PATH,
        activite=CANTEEN,
        du="2026-09-01",
        base_sorte="effort_rate",
        base_taux="0,5",
        base_plancher="5",
        base_plafond="1",
    )
    page = await (await town.post(PATH, TILL, data=fields)).text()
    assert 'id="erreur-base_plafond"' in page
    assert "Le plafond est trop bas." in page


async def test_the_canteens_meals_are_a_page_and_a_sheet(town: RunningPortal) -> None:
    page = await (await town.get(f"{PATH}/cantine?de=2026-10&a=2026-10", TILL)).text()
    assert "0 à 622" in page
    sheet = await (await town.get(f"{PATH}/cantine.csv?de=2026-10&a=2026-10", TILL)).text()
    assert sheet.splitlines()[1] == "2026-10;0;623;1,00;1,00;40;40"


async def test_a_formula_joins_kinds_of_activities(town: RunningPortal) -> None:
    path = f"{PATH}/formules"
    fields = await typed(
        town, path, nom="Journée", du="2026-09-01", base_sorte="flat", base_prix="6"
    )
    data = [*fields.items(), ("sortes", "canteen"), ("sortes", "morning_care")]
    response = await town.post(path, TILL, data=data)
    assert response.status == 303, await response.text()
    (asked,) = town.billing.requests("POST", "/formulas")
    assert asked.json["kinds"] == ["canteen", "morning_care"]
    assert (asked.json["kind"], asked.json["price_cents"]) == ("flat", 600)


@pytest.mark.parametrize(
    ("shown", "act", "asked"),
    [
        (f"{PATH}/formules", f"{PATH}/formules/{FORMULA}/retirer", f"/formulas/{FORMULA}/retire"),
        (
            f"/agents/familles/{FAMILY}/aides",
            f"/agents/familles/{FAMILY}/aides/{AID}/fin",
            f"/aids/{AID}/end",
        ),
    ],
    ids=["formula", "aid"],
)
async def test_a_rule_that_a_month_is_using_stays_and_the_page_says_why(
    town: RunningPortal, shown: str, act: str, asked: str
) -> None:
    title = "Une facturation est en cours\u00a0: réessayez dans quelques instants"
    problem = {"type": "/problems/billing-under-way", "title": title, "status": 409}
    town.billing.answer("POST", asked, problem, 409)
    refused = await town.post(act, TILL, data=await typed(town, shown))
    assert "Une facturation est en cours" in await refused.text()
    town.billing.answer("POST", asked, None, 204)
    assert (await town.post(act, TILL, data=await typed(town, shown))).status == 303


async def test_an_aid_is_of_a_child_up_to_a_ceiling(town: RunningPortal) -> None:
    path = f"/agents/familles/{FAMILY}/aides"
    values = {"organisme": "CAF", "jour": "1,50", "du": "2026-09-01", "au": "2027-08-31"}
    fields = await typed(town, path, enfant=CHILD, **values)
    response = await town.post(path, TILL, data=fields)
    assert response.status == 303, await response.text()
    (asked,) = town.billing.requests("POST", "/aids")
    assert (asked.json["child_id"], asked.json["day_cents"]) == (CHILD, 150)


@pytest.mark.parametrize("role", [AGENT, LEADER])
async def test_only_the_till_decides_prices(town: RunningPortal, role: str) -> None:
    for path in (PATH, f"{PATH}/apercu", f"{PATH}/formules", f"/agents/familles/{FAMILY}/aides"):
        response = await town.post(path, session_token(role), data={"csrf_token": "x"})
        assert response.status == 403

"""Who pays for a child as the till, the office and the parents see it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

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

FAMILY, CHILD, ODILE, SHARING, CANTEEN = (str(uuid4()) for _ in range(5))
PATH = f"/agents/familles/{FAMILY}/repartition"
TILL, OFFICE = session_token(REGISSEUR), session_token(AGENT)
PAYER: dict[str, Any] = {
    "payer_id": ODILE,
    "reference": "T000007",
    "kind": "person",
    "name": "Odile Martin",
    "lines": ["4 impasse des Tilleuls"],
    "postcode": "50300",
    "city": "Avranches",
    "mail": None,
    "siret": "",
    "nature": None,
}
DIVIDED: dict[str, Any] = {
    "sharing_id": SHARING,
    "family_id": FAMILY,
    "family_label": "MARTIN",
    "child_id": CHILD,
    "child_name": "Léa Martin",
    "activity_id": None,
    "activity_name": None,
    "valid_from": "2026-09-01",
    "valid_until": None,
    "parts": [
        {
            "payer_id": FAMILY,
            "reference": "F00001",
            "name": "MARTIN",
            "third_party": False,
            "part": 6667,
        },
        {
            "payer_id": ODILE,
            "reference": "T000007",
            "name": "Odile Martin",
            "third_party": True,
            "part": 3333,
        },
    ],
}
FAMILY_FILE = family_file(FAMILY, CHILD)
ASKED: dict[str, str] = {
    "enfant": CHILD,
    "payeur_1": "F00001",
    "part_1": "66,67",
    "payeur_3": "T000007",
    "part_3": "33,33 %",
    "du": "2026-09-01",
}
TYPED: dict[str, str] = {
    "sorte": "person",
    "nom": "Odile Martin",
    "adresse": "4 impasse des Tilleuls",
    "code_postal": "50300",
    "ville": "Avranches",
}


@pytest.fixture
async def town() -> AsyncIterator[RunningPortal]:
    """The gateway before a billing service that knows a sharing and a third party."""
    async with running_portal(ROUTES) as running:
        activity = {
            "activity_id": CANTEEN,
            "name": "Cantine",
            "kind": "canteen",
            "school_year": "2026-2027",
        }
        running.services["enrolment"].answer("GET", "/activities", {"activities": [activity]})
        running.accounts.answer("GET", f"/families/{FAMILY}", FAMILY_FILE)
        unknown = {"type": "/problems/not-found", "title": "Inconnu", "status": 404}
        running.accounts.answer("GET", f"/families/{ODILE}", unknown, 404)
        billing = running.billing
        for account in (FAMILY, ODILE):
            billing.answer("GET", f"/families/{account}/sharings", {"sharings": [DIVIDED]})
        billing.answer("POST", f"/families/{FAMILY}/sharings", DIVIDED, 201)
        billing.answer("POST", f"/sharings/{SHARING}/end", None, 204)
        billing.answer("DELETE", f"/sharings/{SHARING}", None, 204)
        billing.answer("GET", "/third-parties", {"third_parties": [PAYER]})
        billing.answer("POST", "/third-parties", PAYER, 201)
        billing.answer("GET", f"/third-parties/{ODILE}", PAYER)
        billing.answer("PUT", f"/third-parties/{ODILE}", PAYER)
        billing.answer("POST", f"/third-parties/{ODILE}/erasure", None, 204)
        billing.answer("GET", "/invoices", {"invoices": [], "total": 0, "page": 1, "size": 500})
        billing.answer("GET", "/credit", {"family_id": ODILE, "credit_cents": 0})
        yield running


async def typed(town: RunningPortal, path: str, **values: str) -> dict[str, str]:
    """A form of the page, filled in."""
    response = await town.get(path, TILL)
    assert response.status == 200, await response.text()
    return {"csrf_token": hidden(await response.text(), "csrf_token"), **values}


async def test_a_sharing_is_shown_with_its_payers(town: RunningPortal) -> None:
    page = await (await town.get(PATH, OFFICE)).text()
    assert "66,67\u00a0%" in page
    assert f"/agents/payeurs/{ODILE}" in page
    assert "Enregistrer la répartition" not in page
    assert "La régie répartit le coût entre payeurs." in page
    payers = await (await town.get("/agents/payeurs", OFFICE)).text()
    assert "La régie règle la part de chacun." in payers
    assert "sur la fiche de la famille" not in payers


async def test_percents_are_told_as_parts_and_empty_rows_left_out(town: RunningPortal) -> None:
    response = await town.post(PATH, TILL, data=await typed(town, PATH, **ASKED))
    assert response.status == 303, await response.text()
    (asked,) = town.billing.requests("POST", f"/families/{FAMILY}/sharings")
    assert asked.json == {
        "child_id": CHILD,
        "activity_id": None,
        "parts": [
            {"reference": "F00001", "part": 6667},
            {"reference": "T000007", "part": 3333},
        ],
        "valid_from": "2026-09-01",
        "valid_until": None,
    }


async def test_a_third_party_is_found_by_its_name(town: RunningPortal) -> None:
    for told in ("  odile MARTIN ", "Martin Odile"):
        fields = await typed(town, PATH, **ASKED | {"payeur_3": told})
        response = await town.post(PATH, TILL, data=fields)
        assert response.status == 303
        flash = {"portail_message": response.cookies["portail_message"].value}
        assert "Répartition enregistrée" in await (await town.get(PATH, TILL, cookies=flash)).text()
    for asked in town.billing.requests("POST", f"/families/{FAMILY}/sharings"):
        assert [part["reference"] for part in asked.json["parts"]] == ["F00001", "T000007"]


async def test_several_third_parties_of_a_name_are_told_apart(town: RunningPortal) -> None:
    namesake = PAYER | {"payer_id": str(uuid4()), "reference": "T000009", "city": "Granville"}
    others = [PAYER | {"name": "Odilé Martin-Roy"}, namesake]
    town.billing.answer("GET", "/third-parties", {"third_parties": others})
    fields = await typed(town, PATH, **ASKED | {"payeur_3": "odile"})
    page = await (await town.post(PATH, TILL, data=fields)).text()
    assert 'id="erreur-payeur_3"' in page
    assert "Odilé Martin-Roy, Avranches (T000007)" in page
    assert "Odile Martin, Granville (T000009)" in page
    assert not town.billing.requests("POST", f"/families/{FAMILY}/sharings")
    # The whole name is one of them.
    fields = await typed(town, PATH, **ASKED | {"payeur_3": "odile martin"})
    assert (await town.post(PATH, TILL, data=fields)).status == 303


async def test_a_payer_who_is_erased_is_said_to_be(town: RunningPortal) -> None:
    gone = {
        "payer_id": ODILE,
        "reference": "",
        "name": "",
        "third_party": False,
        "part": 3333,
        "erased": True,
    }
    ended = DIVIDED | {"valid_until": "2026-10-31", "parts": [DIVIDED["parts"][0], gone]}
    town.billing.answer("GET", f"/families/{FAMILY}/sharings", {"sharings": [ended]})
    page = await (await town.get(PATH, OFFICE)).text()
    assert "tiers effacé" in page
    assert f"/agents/familles/{ODILE}" not in page


async def test_a_third_partys_papers_do_not_call_it_a_family(town: RunningPortal) -> None:
    invoice_id, payment_id = str(uuid4()), str(uuid4())
    invoice = {
        "invoice_id": invoice_id,
        "family_id": ODILE,
        "number": "2026-EJ-000012",
        "period": "2026-10",
        "issued_on": "2026-11-02",
        "due_on": "2026-12-02",
        "total_cents": 4250,
        "status": "due",
    }
    payment = {
        "payment_id": payment_id,
        "family_id": ODILE,
        "status": "paid",
        "method": "cash",
        "amount_cents": 4250,
        "reference": "R2026-EJ-000001",
    }
    town.billing.answer("GET", f"/invoices/{invoice_id}", invoice)
    town.billing.answer("GET", f"/payments/{payment_id}", payment)
    page = await (await town.get(f"/agents/factures/{invoice_id}/avoir", TILL)).text()
    assert "une avance du payeur" in page
    assert "que reçoit le payeur" in page
    page = await (await town.get(f"/agents/caisse/reglements/{payment_id}", TILL)).text()
    assert f'href="/agents/payeurs/{ODILE}">Fiche du payeur' in page


async def test_a_refused_part_is_shown_at_its_row(town: RunningPortal) -> None:
    problem = {
        "type": "/problems/bad-sharing",
        "title": "Cette répartition n’est pas valable",
        "status": 422,
        "errors": [
            {"field": "parts.1.reference", "message": "Personne ne porte cette référence."},
            {"field": "parts", "message": "Les parts font 90 %."},
        ],
    }
    town.billing.answer("POST", f"/families/{FAMILY}/sharings", problem, 422)
    response = await town.post(PATH, TILL, data=await typed(town, PATH, **ASKED))
    page = await response.text()
    assert 'id="erreur-payeur_3"' in page
    assert "Aucun payeur de ce nom ou de cette référence." in page
    assert "Les parts font 90 %." in page
    assert 'value="66,67"' in page


@pytest.mark.parametrize(
    ("field", "text"), [("part_1", "la moitié"), ("part_3", ""), ("payeur_3", ""), ("enfant", "")]
)
async def test_what_cannot_be_read_is_not_asked(town: RunningPortal, field: str, text: str) -> None:
    fields = await typed(town, PATH, **ASKED | {field: text})
    assert f'id="erreur-{field}"' in await (await town.post(PATH, TILL, data=fields)).text()
    assert not town.billing.requests("POST", f"/families/{FAMILY}/sharings")


async def test_a_sharing_has_a_last_day_or_is_taken_back(town: RunningPortal) -> None:
    end, field = f"{PATH}/{SHARING}/fin", f"dernier_jour_{SHARING}"
    fields = await typed(town, PATH, **{field: "2026-12-31"})
    assert (await town.post(end, TILL, data=fields | {"geste": "finir"})).status == 303
    (asked,) = town.billing.requests("POST", f"/sharings/{SHARING}/end")
    assert asked.json == {"last_day": "2026-12-31"}
    assert (await town.post(end, TILL, data=fields | {"geste": "annuler"})).status == 303
    assert town.billing.requests("DELETE", f"/sharings/{SHARING}")
    refused = await town.post(end, TILL, data=fields | {"geste": "finir", field: ""})
    assert f'id="erreur-{field}"' in await refused.text()


async def test_what_is_billed_already_is_said_where_it_was_taken_back(town: RunningPortal) -> None:
    problem = {"type": "/problems/month-issued", "detail": "Déjà facturé.", "status": 409}
    town.billing.answer("DELETE", f"/sharings/{SHARING}", problem, 409)
    fields = await typed(town, PATH, geste="annuler")
    page = await (await town.post(f"{PATH}/{SHARING}/fin", TILL, data=fields)).text()
    assert f'id="erreur-dernier_jour_{SHARING}"' in page
    assert "Déjà facturé." in page


async def test_a_third_party_is_taken_in_and_corrected(town: RunningPortal) -> None:
    fields = await typed(town, "/agents/payeurs", **TYPED)
    response = await town.post("/agents/payeurs", TILL, data=fields)
    assert (response.status, response.headers["Location"]) == (303, f"/agents/payeurs/{ODILE}")
    (asked,) = town.billing.requests("POST", "/third-parties")
    assert (asked.json["lines"], asked.json["mail"]) == (["4 impasse des Tilleuls"], None)
    path = f"/agents/payeurs/{ODILE}"
    moved = await typed(town, path, **TYPED | {"complement": "Bâtiment B"})
    assert (await town.post(path, TILL, data=moved)).status == 303
    (asked,) = town.billing.requests("PUT", f"/third-parties/{ODILE}")
    assert asked.json["lines"] == ["4 impasse des Tilleuls", "Bâtiment B"]


async def test_an_organisation_says_of_which_nature_it_is(town: RunningPortal) -> None:
    told = TYPED | {"sorte": "organisation", "nature": "department", "nom": "Aide à l’enfance"}
    fields = await typed(town, "/agents/payeurs", **told)
    assert (await town.post("/agents/payeurs", TILL, data=fields)).status == 303
    (asked,) = town.billing.requests("POST", "/third-parties")
    assert (asked.json["kind"], asked.json["nature"]) == ("organisation", "department")
    kept = PAYER | {"kind": "organisation", "nature": "department"}
    town.billing.answer("GET", f"/third-parties/{ODILE}", kept)
    page = await (await town.get(f"/agents/payeurs/{ODILE}", TILL)).text()
    assert '<option value="department" selected>' in page


async def test_a_wrong_address_is_shown_beside_its_field(town: RunningPortal) -> None:
    problem = {
        "type": "/problems/invalid-request",
        "status": 422,
        "errors": [{"field": "lines.0", "message": "Donnez l’adresse."}],
    }
    town.billing.answer("POST", "/third-parties", problem, 422)
    fields = await typed(town, "/agents/payeurs", **TYPED | {"adresse": ""})
    response = await town.post("/agents/payeurs", TILL, data=fields)
    assert 'id="erreur-adresse"' in await response.text()


async def test_an_account_that_is_no_familys_leads_to_its_payer(town: RunningPortal) -> None:
    response = await town.get(f"/agents/familles/{ODILE}", TILL)
    assert (response.status, response.headers["Location"]) == (303, f"/agents/payeurs/{ODILE}")
    assert "Odile Martin" in await (await town.get(f"/agents/caisse/familles/{ODILE}", TILL)).text()


async def test_parents_see_their_part_and_nobody_elses_name(town: RunningPortal) -> None:
    hidden_parts = [DIVIDED["parts"][0], {"third_party": True, "part": 3333}]
    path = f"/families/{FAMILY}/sharings"
    town.billing.answer("GET", path, {"sharings": [DIVIDED | {"parts": hidden_parts}]})
    town.billing.answer("GET", "/payments", {"payments": []})
    page = await (await town.get("/factures", session_token(family_id=UUID(FAMILY)))).text()
    assert "66,67\u00a0% à votre charge" in page
    assert "33,33\u00a0% réglés par un autre payeur" in page


async def test_only_the_till_decides_and_leaders_see_nothing(town: RunningPortal) -> None:
    for path in (PATH, f"{PATH}/{SHARING}/fin", "/agents/payeurs", f"/agents/payeurs/{ODILE}"):
        assert (await town.post(path, OFFICE, data={"csrf_token": "x"})).status == 403
    for path in (PATH, "/agents/payeurs", f"/agents/payeurs/{ODILE}"):
        assert (await town.get(path, session_token(LEADER))).status == 403
        assert (await town.get(path, session_token(family_id=UUID(FAMILY)))).status == 403


async def test_a_payer_is_erased_when_its_reference_is_typed(town: RunningPortal) -> None:
    path = f"/agents/payeurs/{ODILE}"
    asked = await typed(town, path, reference="T000007")
    erased = await town.post(f"{path}/effacement", TILL, data=asked)
    assert (erased.status, erased.headers["Location"]) == (303, "/agents/payeurs")
    (sent,) = town.billing.requests("POST", f"/third-parties/{ODILE}/erasure")
    assert sent.json == {"reference": "T000007"}
    assert "Effacer" not in await (await town.get(path, OFFICE)).text()


async def test_a_payer_in_use_is_not_erased_and_the_page_says_why(town: RunningPortal) -> None:
    path = f"/agents/payeurs/{ODILE}"
    problem = {
        "type": "/problems/payer-in-use",
        "title": "Ce payeur ne peut pas encore être effacé",
        "detail": "Une facture reste à payer, ou une somme à lui rendre.",
        "status": 409,
    }
    town.billing.answer("POST", f"/third-parties/{ODILE}/erasure", problem, 409)
    asked = await typed(town, path, reference="T000007")
    page = await (await town.post(f"{path}/effacement", TILL, data=asked)).text()
    assert "Une facture reste à payer" in page
    assert 'value="Odile Martin"' in page

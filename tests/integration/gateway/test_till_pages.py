"""The till's pages: money is taken, undone, deposited, credited; refusals stand beside fields."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import AGENT, GUARDIAN, REGISSEUR
from gateway.pages import ROUTES
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token
from tests.integration.gateway.test_pages import hidden

FAMILY, INVOICE, PAYMENT, SLIP, REFUND = (str(uuid4()) for _ in range(5))
DUE: dict[str, Any] = {
    "invoice_id": INVOICE,
    "number": "2026-EJ-000012",
    "period": "2026-10",
    "issued_on": "2026-11-02",
    "due_on": "2026-12-02",
    "total_cents": 4250,
    "balance_cents": 4250,
    "status": "due",
    "lines": [
        {
            "position": 1,
            "child_name": "Léa Martin",
            "activity_name": "Restaurant scolaire",
            "quantity": 10,
            "unit_cents": 425,
            "amount_cents": 4250,
            "left_cents": 3825,
            "reason": "Réservé",
        }
    ],
    "credit_notes": [
        {
            "credit_note_id": str(uuid4()),
            "number": "A2026-EJ-000003",
            "reason": "Grève du 3 novembre",
            "total_cents": 425,
            "issued_on": "2026-11-20",
        }
    ],
}
PAID: dict[str, Any] = {
    "payment_id": PAYMENT,
    "family_id": FAMILY,
    "status": "paid",
    "method": "cheque",
    "amount_cents": 4250,
    "credit_cents": 0,
    "reference": "R2026-EJ-000007",
    "received_at": "2026-11-23T09:30:00Z",
    "invoices": [{"invoice_id": INVOICE, "number": "2026-EJ-000012", "amount_cents": 4250}],
}
LINE = {
    "kind": "payment",
    "payment_id": PAYMENT,
    "method": "cheque",
    "amount_cents": 4250,
    "reference": "R2026-EJ-000007",
    "at": "2026-11-23T09:30:00Z",
    "family_id": FAMILY,
    "family_label": "MARTIN",
}
REFUNDED: dict[str, Any] = {
    "refund_id": REFUND,
    "family_id": FAMILY,
    "family_label": "MARTIN",
    "amount_cents": 1500,
    "reason": "Départ de la famille",
    "refunded_at": "2026-11-23T09:40:00Z",
}
PAID_BACK = {"kind": "refund", "payment_id": None, "refund_id": REFUND, "amount_cents": -1500}
JOURNAL: dict[str, Any] = {
    "day": "2026-11-23",
    "lines": [
        LINE,
        LINE | {"kind": "reversal", "amount_cents": -4250, "reason": "Impayé"},
        LINE | PAID_BACK | {"method": "refund", "reference": ""},
    ],
    "totals": [{"method": "cheque", "count": 2, "amount_cents": 0}],
    "total_cents": 0,
}
CHEQUE = {"payment_id": PAYMENT, "number": "0001234", "bank": "La Banque", "amount_cents": 4250}
OPEN_SLIP = {"slip_id": SLIP, "made_at": "2026-11-23T10:00:00Z", "cheques": 1, "total_cents": 4250}
PATH = f"/agents/caisse/familles/{FAMILY}"
TILL = session_token(REGISSEUR)


@pytest.fixture
async def town() -> AsyncIterator[RunningPortal]:
    """The gateway with its own pages before a till."""
    async with running_portal(ROUTES) as running:
        billing = running.billing
        billing.answer("GET", "/invoices", {"invoices": [DUE]})
        billing.answer("GET", f"/invoices/{INVOICE}", DUE)
        billing.answer("GET", "/credit", {"family_id": FAMILY, "credit_cents": 1500})
        billing.answer("GET", "/payments", {"payments": [PAID]})
        billing.answer("GET", f"/payments/{PAYMENT}", PAID)
        billing.answer("POST", "/till-payments", PAID, status=201)
        billing.answer("POST", f"/payments/{PAYMENT}/reversal", PAID)
        billing.answer("POST", "/refunds", REFUNDED, status=201)
        billing.answer("GET", f"/refunds/{REFUND}", REFUNDED)
        billing.answer("POST", f"/refunds/{REFUND}/reversal", REFUNDED)
        billing.answer("GET", "/till-journal", JOURNAL)
        billing.answer("GET", "/cheques", {"cheques": [CHEQUE]})
        billing.answer("GET", "/cheque-slips", {"slips": [OPEN_SLIP]})
        billing.answer("POST", f"/cheque-slips/{SLIP}/lock", OPEN_SLIP | {"number": "B2026-EJ-1"})
        yield running


async def seen(town: RunningPortal, path: str, token: str = TILL) -> str:
    """The page's text."""
    response = await town.get(path, token)
    assert response.status == 200, await response.text()
    return str(await response.text())


async def test_the_day_adds_up_by_means_of_payment(town: RunningPortal) -> None:
    page = await seen(town, "/agents/caisse?jour=2026-11-23")
    (asked,) = town.billing.requests("GET", "/till-journal")
    assert asked.query["day"] == "2026-11-23"
    assert "Chèque (2)" in page
    assert "Par moyen de paiement" in page
    assert "Impayé" in page
    assert f'href="/agents/caisse/reglements/{PAYMENT}"' in page
    assert f'href="/agents/caisse/remboursements/{REFUND}"' in page


async def test_a_cheque_is_taken_for_the_ticked_invoices(town: RunningPortal) -> None:
    page = await seen(town, PATH)
    assert "42,50" in page
    fields = {
        "csrf_token": hidden(page, "csrf_token"),
        "facture": INVOICE,
        "moyen": "cheque",
        "montant": "42,50",
        "numero_cheque": "0001234",
        "banque": "La Banque",
        "tireur": "Anne Martin",
    }
    response = await town.post(PATH, TILL, data=fields)
    assert response.status == 303, await response.text()
    assert response.headers["Location"] == f"/agents/caisse/reglements/{PAYMENT}"
    (asked,) = town.billing.requests("POST", "/till-payments")
    assert asked.json == {
        "family_id": FAMILY,
        "method": "cheque",
        "amount_cents": 4250,
        "invoice_ids": [INVOICE],
        "cheque": {"number": "0001234", "bank": "La Banque", "drawer": "Anne Martin"},
    }


async def test_money_for_an_invoice_that_the_accountant_collects_is_to_be_confirmed(
    town: RunningPortal,
) -> None:
    assert 'name="transmise"' not in await seen(town, PATH)
    town.billing.answer("GET", "/invoices", {"invoices": [DUE | {"transmitted": True}]})
    page = await seen(town, PATH)
    assert "transmise au comptable public" in page
    assert f'value="{INVOICE}" checked' not in page
    fields = {
        "csrf_token": hidden(page, "csrf_token"),
        "facture": INVOICE,
        "moyen": "cash",
        "montant": "42,50",
    }
    problem = {
        "type": "/problems/transmitted",
        "status": 409,
        "title": "Cette facture a été transmise au comptable public",
        "errors": [{"field": "transmitted_confirmed", "message": "Confirmez l’encaissement."}],
    }
    town.billing.answer("POST", "/till-payments", problem, status=409)
    refused = await town.post(PATH, TILL, data=fields)
    assert 'id="erreur-transmise"' in await refused.text()
    town.billing.answer("POST", "/till-payments", PAID, status=201)
    assert (await town.post(PATH, TILL, data=fields | {"transmise": "oui"})).status == 303
    assert town.billing.requests("POST", "/till-payments")[-1].json["transmitted_confirmed"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"montant": "beaucoup"}, "montant"),
        ({"montant": "0"}, "montant"),
        ({"moyen": "bitcoin"}, "moyen"),
        ({"moyen": "cheque"}, "numero_cheque"),
        ({"moyen": "cesu"}, "numero_cesu"),
    ],
)
async def test_what_is_missing_is_told_beside_its_field(
    town: RunningPortal, changes: dict[str, str], field: str
) -> None:
    token = hidden(await seen(town, PATH), "csrf_token")
    fields = {"csrf_token": token, "moyen": "cash", "montant": "10"} | changes
    response = await town.post(PATH, TILL, data=fields)
    assert response.status == 422
    assert f'id="erreur-{field}"' in await response.text()
    assert not town.billing.requests("POST", "/till-payments")


async def test_a_payment_is_undone_with_a_reason(town: RunningPortal) -> None:
    path = f"/agents/caisse/reglements/{PAYMENT}"
    token = hidden(await seen(town, path), "csrf_token")
    refused = await town.post(path, TILL, data={"csrf_token": token})
    assert (refused.status, 'id="erreur-motif"' in await refused.text()) == (422, True)
    fields = {"csrf_token": token, "motif": "Chèque sans provision"}
    assert (await town.post(path, TILL, data=fields)).status == 303
    (asked,) = town.billing.requests("POST", f"/payments/{PAYMENT}/reversal")
    assert asked.json == {"reason": "Chèque sans provision"}


@pytest.mark.parametrize(
    ("owed_again", "told"),
    [(4250, "ses factures sont de nouveau à payer"), (0, "reprise sur l’avance")],
)
async def test_an_undone_payment_tells_what_it_undid(
    town: RunningPortal, owed_again: int, told: str
) -> None:
    path = f"/agents/caisse/reglements/{PAYMENT}"
    undone = PAID | {"reversed_at": "2026-11-24T09:00:00Z", "owed_again_cents": owed_again}
    token = hidden(await seen(town, path), "csrf_token")
    town.billing.answer("POST", f"/payments/{PAYMENT}/reversal", undone)
    fields = {"csrf_token": token, "motif": "Erreur de montant"}
    answer = await town.post(path, TILL, data=fields)
    assert answer.status == 303
    flash = {"portail_message": answer.cookies["portail_message"].value}
    assert told in await (await town.get(path, TILL, cookies=flash)).text()


async def test_a_refund_is_undone_with_a_reason(town: RunningPortal) -> None:
    token = hidden(await seen(town, PATH), "csrf_token")
    fields = {"csrf_token": token, "rendu": "15", "motif": "Départ de la famille"}
    made = await town.post(f"{PATH}/remboursement", TILL, data=fields)
    path = f"/agents/caisse/remboursements/{REFUND}"
    assert (made.status, made.headers["Location"]) == (303, path)
    refused = await town.post(path, TILL, data={"csrf_token": token})
    assert (refused.status, 'id="erreur-motif"' in await refused.text()) == (422, True)
    fields = {"csrf_token": token, "motif": "Virement revenu"}
    assert (await town.post(path, TILL, data=fields)).status == 303
    (asked,) = town.billing.requests("POST", f"/refunds/{REFUND}/reversal")
    assert asked.json == {"reason": "Virement revenu"}


async def test_an_undone_refund_is_not_undone_again(town: RunningPortal) -> None:
    undone = {"reversed_at": "2026-11-24T09:00:00Z", "reversal_reason": "Virement revenu"}
    town.billing.answer("GET", f"/refunds/{REFUND}", REFUNDED | undone)
    page = await seen(town, f"/agents/caisse/remboursements/{REFUND}")
    assert "Remboursement annulé le 24/11/2026" in page
    assert "Annuler ce remboursement" not in page


async def test_an_undone_payment_is_not_undone_again(town: RunningPortal) -> None:
    undone = {"reversed_at": "2026-11-24T09:00:00Z", "reversal_reason": "Erreur"}
    town.billing.answer("GET", f"/payments/{PAYMENT}", PAID | undone)
    page = await seen(town, f"/agents/caisse/reglements/{PAYMENT}")
    assert "Règlement annulé le 24/11/2026" in page
    assert "Annuler ce règlement" not in page


async def test_cheques_are_grouped_and_their_slip_locked(town: RunningPortal) -> None:
    page = await seen(town, "/agents/caisse/cheques")
    assert "0001234" in page
    token = hidden(page, "csrf_token")
    town.billing.answer("POST", "/cheque-slips", OPEN_SLIP, status=201)
    fields = {"csrf_token": token, "cheque": PAYMENT}
    assert (await town.post("/agents/caisse/cheques", TILL, data=fields)).status == 303
    (asked,) = town.billing.requests("POST", "/cheque-slips")
    assert asked.json == {"payment_ids": [PAYMENT]}
    locked = await town.post(
        f"/agents/caisse/cheques/{SLIP}", TILL, data={"csrf_token": token, "geste": "clore"}
    )
    assert locked.status == 303
    assert town.billing.requests("POST", f"/cheque-slips/{SLIP}/lock")


async def test_a_credit_note_is_issued_on_a_line_of_the_invoice(town: RunningPortal) -> None:
    path = f"/agents/factures/{INVOICE}/avoir"
    note = {
        "credit_note_id": str(uuid4()),
        "invoice_id": INVOICE,
        "number": "A2026-EJ-000004",
        "total_cents": 425,
    }
    town.billing.answer("POST", f"/invoices/{INVOICE}/credit-notes", note, status=201)
    token = hidden(await seen(town, path), "csrf_token")
    fields = {"csrf_token": token, "motif": "Repas non servi", "position": "1", "portee": "lignes"}
    refused = await town.post(path, TILL, data=fields)
    assert refused.status == 422
    assert "il reste 38,25\xa0€ sur 42,50\xa0€" in await refused.text()
    done = await town.post(path, TILL, data=fields | {"montant_1": "4,25"})
    assert (done.status, done.headers["Location"]) == (303, f"/factures/{INVOICE}")
    (asked,) = town.billing.requests("POST", f"/invoices/{INVOICE}/credit-notes")
    assert asked.json == {
        "reason": "Repas non servi",
        "lines": [{"position": 1, "amount_cents": 425}],
    }


async def test_parents_see_credit_notes_and_their_advance(town: RunningPortal) -> None:
    parent = session_token(GUARDIAN)
    page = await seen(town, f"/factures/{INVOICE}", parent)
    assert "A2026-EJ-000003" in page
    assert "Grève du 3 novembre" in page
    assert "Émettre un avoir" not in page
    assert "Vous avez une avance de 15,00" in await seen(town, "/factures", parent)


async def test_what_the_town_gave_up_is_no_payment_of_the_family(town: RunningPortal) -> None:
    given_up = DUE | {
        "written_off_cents": 4250,
        "paid_cents": 0,
        "balance_cents": 0,
        "status": "written_off",
        "credit_notes": [],
        "credited_cents": 0,
    }
    town.billing.answer("GET", f"/invoices/{INVOICE}", given_up)
    for reader in (session_token(GUARDIAN), TILL):
        page = await seen(town, f"/factures/{INVOICE}", reader)
        assert re.search(r"Créance abandonnée</dt><dd[^>]*>42,50", page)
        assert re.search(r"Déjà réglé</dt><dd[^>]*>0,00", page)
        assert "Abandonnée" in page
        assert "Payée" not in page


async def test_parents_see_that_a_payment_was_undone(town: RunningPortal) -> None:
    undone = {"reversed_at": "2026-11-24T09:00:00Z", "reversal_reason": "Erreur"}
    town.billing.answer("GET", f"/payments/{PAYMENT}", PAID | undone)
    page = await seen(town, f"/paiements/{PAYMENT}", session_token(GUARDIAN))
    assert "Ce règlement a été annulé" in page
    assert "Merci" not in page


async def test_a_parent_pays_a_part_of_an_invoice(town: RunningPortal) -> None:
    parent = session_token(GUARDIAN)
    started = {
        "payment_id": PAYMENT,
        "redirect_url": "https://paiement.example/tpa/paiementws.web?idop=x",
        "amount_cents": 2000,
    }
    town.billing.answer("POST", "/payments", started, status=201)
    page = await seen(town, f"/factures/{INVOICE}", parent)
    assert "Payer une partie seulement" in page
    fields = {"csrf_token": hidden(page, "csrf_token"), "facture": INVOICE, "montant": "20"}
    assert (await town.post("/factures", parent, data=fields)).status == 303
    (asked,) = town.billing.requests("POST", "/payments")
    assert asked.json == {"invoice_ids": [INVOICE], "amount_cents": 2000}


async def test_a_contract_that_takes_no_parts_offers_none(town: RunningPortal) -> None:
    town.billing.answer("GET", f"/invoices/{INVOICE}", DUE | {"takes_parts": False})
    page = await seen(town, f"/factures/{INVOICE}", session_token(GUARDIAN))
    assert "Payer une partie seulement" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/agents/caisse",
        PATH,
        "/agents/caisse/cheques",
        f"/agents/factures/{INVOICE}/avoir",
        f"/agents/caisse/remboursements/{REFUND}",
    ],
    ids=["till", "family", "cheques", "credit-note", "refund"],
)
@pytest.mark.parametrize("role", [AGENT, GUARDIAN])
async def test_the_till_is_the_regisseurs_alone(town: RunningPortal, path: str, role: str) -> None:
    assert (await town.get(path, session_token(role))).status == 403


async def test_programs_of_the_till_record_what_was_handed_over(town: RunningPortal) -> None:
    body = {"family_id": FAMILY, "method": "cash", "amount_cents": 4250, "invoice_ids": [INVOICE]}
    response = await town.api("POST", "/staff/payments", TILL, json=body)
    assert response.status == 201, await response.text()
    (asked,) = town.billing.requests("POST", "/till-payments")
    assert asked.json == body
    refused = await town.api("POST", "/staff/payments", TILL, json=body | {"method": "card"})
    assert refused.status == 422
    for other in (session_token(AGENT), session_token(GUARDIAN)):
        assert (await town.api("POST", "/staff/payments", other, json=body)).status == 403

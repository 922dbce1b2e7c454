"""Direct debit, exports and unpaid invoices as people see them."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from contracts.roles import AGENT, REGISSEUR
from gateway.pages import ROUTES
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token
from tests.integration.gateway.test_pages import hidden

TERMS = {
    "creditor_name": "Ville de Saint-Aubin",
    "creditor_id": "FR72ZZZ123456",
    "text": "En signant ce mandat, vous autorisez Ville de Saint-Aubin…",
    "one_off_text": "Le prélèvement est ponctuel…",
    "notice_days": 14,
}
MANDATE: dict[str, Any] = {
    "mandate_id": str(uuid4()),
    "rum": "PF20261123A1B2C3D4E5F6",
    "family_id": str(uuid4()),
    "family_label": "Martin",
    "holder": "Anne Martin",
    "masked": "FR•• •••• 2606",
    "bank": "La Banque Postale",
    "signed_on": "2026-11-23",
    "expires_on": "2029-11-23",
    "state": "active",
}
PATH = "/factures/prelevement"


@pytest.fixture
async def town() -> AsyncIterator[RunningPortal]:
    """The gateway with its own pages before a billing service without a mandate."""
    async with running_portal(ROUTES) as running:
        running.billing.answer("GET", "/mandates", {"mandates": []})
        running.billing.answer("GET", "/mandates/terms", TERMS)
        yield running


async def send(town: RunningPortal, path: str, token: str, back: str, **fields: str) -> Any:
    """The form of the page `back`, sent."""
    page = await (await town.get(back, token)).text()
    return await town.post(path, token, data={"csrf_token": hidden(page, "csrf_token"), **fields})


async def test_a_parent_signs_a_mandate(town: RunningPortal) -> None:
    token = session_token()
    town.billing.answer("POST", "/mandates", MANDATE, 201)
    fields = {"iban": "FR14 2004 1010 0505 0001 3M02 606", "titulaire": "Anne Martin"}
    response = await send(town, PATH, token, PATH, **fields, accord="oui")
    assert (response.status, response.headers["Location"]) == (303, PATH)
    (asked,) = town.billing.requests("POST", "/mandates")
    account = {"iban": fields["iban"], "holder": "Anne Martin"}
    assert asked.json == account | {"one_off": False, "agreed": True}
    page = await (await town.get(PATH, token)).text()
    assert "vous autorisez Ville de Saint-Aubin" in page
    assert "Le prélèvement est ponctuel" in page
    once = fields | {"accord": "oui", "portee": "une"}
    assert (await send(town, PATH, token, PATH, **once)).status == 303
    assert town.billing.requests("POST", "/mandates")[-1].json["one_off"] is True
    assert "Idempotency-Key" not in asked.headers


async def test_a_wrong_iban_is_told_beside_its_field_and_not_written_back(
    town: RunningPortal,
) -> None:
    token = session_token()
    town.billing.refuse("POST", "/mandates", 422, "bad-iban", iban="La clé de contrôle est fausse")
    fields = {"iban": "FR1520041010050500013M02606", "titulaire": "Anne Martin", "accord": "oui"}
    response = await send(town, PATH, token, PATH, **fields)
    page = await response.text()
    assert response.status == 422
    assert 'aria-describedby="aide-iban erreur-iban"' in page
    assert fields["iban"] not in page


async def test_a_mandate_is_signed_by_ticking_the_box(town: RunningPortal) -> None:
    token = session_token()
    response = await send(town, PATH, token, PATH, iban="FR14", titulaire="Anne Martin")
    assert response.status == 422
    assert "erreur-accord" in await response.text()
    assert not town.billing.requests("POST", "/mandates")


async def test_a_parent_sees_the_account_masked_and_ends_the_mandate(
    town: RunningPortal,
) -> None:
    token = session_token()
    town.billing.answer("GET", "/mandates", {"mandates": [MANDATE]})
    end = f"/mandates/{MANDATE['mandate_id']}/revocation"
    town.billing.answer("POST", end, MANDATE | {"state": "revoked"})
    assert "FR•• •••• 2606" in await (await town.get(PATH, token)).text()
    response = await send(town, f"{PATH}/fin", token, PATH, mandat=MANDATE["mandate_id"])
    assert response.status == 303
    (asked,) = town.billing.requests("POST", end)
    assert asked.json == {"reason": "", "ends_on": None}


async def test_a_mandate_is_ended_on_a_day_to_come(town: RunningPortal) -> None:
    token = session_token()
    ending = MANDATE | {"ends_on": "2027-06-30"}
    town.billing.answer("GET", "/mandates", {"mandates": [ending]})
    assert "Prend fin le" in await (await town.get(PATH, token)).text()
    end = f"/mandates/{MANDATE['mandate_id']}/revocation"
    town.billing.answer("POST", end, ending)
    fields = {"mandat": MANDATE["mandate_id"], "fin": "2027-06-30"}
    assert (await send(town, f"{PATH}/fin", token, PATH, **fields)).status == 303
    assert town.billing.requests("POST", end)[-1].json["ends_on"] == "2027-06-30"
    town.billing.refuse("POST", end, 422, "bad-mandate-end", ends_on="Choisissez un jour à venir")
    refused = await send(town, f"{PATH}/fin", token, PATH, **fields)
    assert 'id="erreur-fin"' in await refused.text()


BATCH: dict[str, Any] = {
    "batch_id": str(uuid4()),
    "number": 7,
    "message_id": "20261123-abc",
    "format": "pain.008.001.08",
    "collected_on": "2026-12-08",
    "debits": 1,
    "total_cents": 4620,
    "lines": [],
}
CANDIDATE: dict[str, Any] = {
    "invoice_id": str(uuid4()),
    "number": "2026-EJ-000123",
    "family_id": str(uuid4()),
    "family_label": "Martin",
    "due_on": "2026-12-23",
    "amount_cents": 4620,
    "rum": MANDATE["rum"],
    "masked": MANDATE["masked"],
}
RETURNS: dict[str, Any] = {
    "file_id": str(uuid4()),
    "message_id": "REJ1",
    "read_at": "2026-12-10T08:00:00Z",
    "returns": 1,
    "total_cents": 4620,
    "lines": [
        {
            "debit_id": str(uuid4()),
            "family_id": CANDIDATE["family_id"],
            "family_label": "Martin",
            "invoice_id": CANDIDATE["invoice_id"],
            "invoice_number": "2026-EJ-000123",
            "amount_cents": 4620,
            "code": "AC04",
            "reason": "Compte clôturé",
            "ends_mandate": True,
        }
    ],
}
DEBITS = "/agents/prelevements"


@pytest.fixture
async def till(town: RunningPortal) -> RunningPortal:
    """The town with an invoice to collect."""
    found = {
        "earliest": "2026-12-07",
        "collected_on": "2026-12-07",
        "invoices": [CANDIDATE],
        "total_cents": 4620,
    }
    town.billing.answer("GET", "/debit-batches/candidates", found)
    town.billing.answer("GET", "/debit-batches", {"batches": [BATCH]})
    town.billing.answer("GET", "/debit-returns", {"files": [RETURNS]})
    town.billing.answer("GET", f"/debit-batches/{BATCH['batch_id']}", BATCH)
    town.billing.answer("GET", f"/debit-returns/{RETURNS['file_id']}", RETURNS)
    return town


async def test_the_till_sends_all_invoices_or_those_it_ticks(till: RunningPortal) -> None:
    token = session_token(REGISSEUR)
    till.billing.answer("POST", "/debit-batches", BATCH, 201)
    response = await send(till, DEBITS, token, DEBITS, date="2026-12-08", choix="toutes")
    assert response.headers["Location"] == f"{DEBITS}/{BATCH['batch_id']}"
    ticked = {"choix": "certaines", "facture": CANDIDATE["invoice_id"]}
    await send(till, DEBITS, token, DEBITS, date="2026-12-08", **ticked)
    asked = [one.json["invoice_ids"] for one in till.billing.requests("POST", "/debit-batches")]
    assert asked == [None, [CANDIDATE["invoice_id"]]]


async def test_nothing_ticked_is_nothing_sent(till: RunningPortal) -> None:
    token = session_token(REGISSEUR)
    response = await send(till, DEBITS, token, DEBITS, date="2026-12-08", choix="certaines")
    assert response.status == 422
    assert not till.billing.requests("POST", "/debit-batches")


async def test_the_banks_file_is_shown_before_it_is_booked(till: RunningPortal) -> None:
    token = session_token(REGISSEUR)
    till.billing.answer("POST", "/debit-returns", RETURNS, 201)
    page = await (await till.get(DEBITS, token)).text()
    body = aiohttp.FormData({"csrf_token": hidden(page, "csrf_token")})
    body.add_field("fichier", b"<Document/>", filename="rejets.xml")
    response = await till.post(f"{DEBITS}/rejets", token, data=body)
    report = f"{DEBITS}/rejets/{RETURNS['file_id']}"
    assert response.headers["Location"] == report
    shown = await (await till.get(report, token)).text()
    assert "Compte clôturé" in shown
    assert "Rien n’est encore enregistré" in shown
    application = f"/debit-returns/{RETURNS['file_id']}/application"
    till.billing.answer("POST", application, RETURNS | {"applied_at": "2026-12-10T09:00:00Z"})
    assert (await send(till, report, token, report)).status == 303
    assert len(till.billing.requests("POST", application)) == 1


async def test_a_refused_file_of_the_bank_says_why(till: RunningPortal) -> None:
    token = session_token(REGISSEUR)
    why = "Référence INCONNU : aucun prélèvement ne la porte."
    till.billing.refuse("POST", "/debit-returns", 422, "bad-returns-file", fichier=why)
    page = await (await till.get(DEBITS, token)).text()
    body = aiohttp.FormData({"csrf_token": hidden(page, "csrf_token")})
    body.add_field("fichier", b"<Document/>", filename="rejets.xml")
    response = await till.post(f"{DEBITS}/rejets", token, data=body)
    assert response.status == 422
    assert why in await response.text()


async def test_a_parent_does_not_pay_what_the_bank_is_about_to_collect(
    town: RunningPortal,
) -> None:
    invoice = {
        "invoice_id": CANDIDATE["invoice_id"],
        "number": "2026-EJ-000123",
        "period": "2026-11",
        "issued_on": "2026-11-23",
        "due_on": "2026-12-23",
        "total_cents": 4620,
        "balance_cents": 4620,
        "status": "due",
        "debited_on": "2026-12-08",
    }
    town.billing.answer("GET", "/invoices", {"invoices": [invoice], "total": 1})
    town.billing.answer("GET", "/payments", {"payments": []})
    page = await (await town.get("/factures", session_token())).text()
    assert "Prélèvement prévu" in page
    assert "prélevée le 08/12/2026" in page
    assert "Payer la sélection" not in page


async def test_only_the_till_sends_debits(till: RunningPortal) -> None:
    assert (await till.get(DEBITS, session_token(AGENT))).status == 403
    assert (await till.get(f"{DEBITS}/mandats", session_token(AGENT))).status == 200
    assert (await till.get(f"{DEBITS}/{BATCH['batch_id']}", session_token(REGISSEUR))).status == 200


UNPAID = "/agents/impayes"
FAMILY = CANDIDATE["family_id"]
OVERDUE = {
    "invoice_id": CANDIDATE["invoice_id"],
    "number": "2026-EJ-000123",
    "family_id": FAMILY,
    "family_label": "Martin",
    "due_on": "2026-10-01",
    "amount_cents": 4620,
    "last_step": 1,
    "reminded_at": "2026-10-09T08:00:00Z",
}


@pytest.fixture
async def debtors(town: RunningPortal) -> RunningPortal:
    """The town with a family that has not paid."""
    ages = {"first": 4620, "overdue": 4620, "total": 4620}
    row = {"family_id": FAMILY, "family_label": "Martin", **ages}
    balance = {
        "on": "2026-11-23",
        "families": [row],
        "totals": {**ages, "families": 1, "overdue_families": 1},
    }
    step = {"step": 2, "days": 30, "subject": "Deuxième rappel", "text": "Merci de régler."}
    due = {"step": 2, "families": 1, "letters": 1, "invoices": 1, "amount_cents": 4620}
    town.billing.answer("GET", "/receivables", balance)
    town.billing.answer("GET", "/reminders", {"steps": [step], "due": [due]})
    town.billing.answer("GET", f"/families/{FAMILY}/receivables", {"invoices": [OVERDUE]})
    return town


async def test_the_desk_sees_who_owes_and_the_till_sends_reminders(
    debtors: RunningPortal,
) -> None:
    page = await (await debtors.get(UNPAID, session_token(AGENT))).text()
    assert "46,20" in page
    assert "dont 1 par courrier" in page
    assert "Envoyer ces relances" not in page
    token = session_token(REGISSEUR)
    sent = {"reminders": 1, "invoices": 1, "amount_cents": 4620}
    debtors.billing.answer("POST", "/reminders", sent)
    response = await send(debtors, f"{UNPAID}/relances", token, UNPAID)
    assert response.headers["Location"] == UNPAID
    (asked,) = debtors.billing.requests("POST", "/reminders")
    assert asked.json == {"family_ids": None}


async def test_the_till_changes_the_words_of_a_step(debtors: RunningPortal) -> None:
    token = session_token(REGISSEUR)
    answer = {"step": 2, "days": 20, "subject": "Rappel", "text": "Merci de régler."}
    debtors.billing.answer("PUT", "/reminders/2", answer)
    fields = {"etape": "2", "jours_2": "20", "objet_2": "Rappel", "texte_2": "Merci de régler."}
    by_itself = fields | {"automatique_2": "oui"}
    for sent, automatic in ((fields, False), (by_itself, True)):
        assert (await send(debtors, f"{UNPAID}/etapes", token, UNPAID, **sent)).status == 303
        asked = debtors.billing.requests("PUT", "/reminders/2")[-1]
        assert (asked.json["days"], asked.json["automatic"]) == (20, automatic)
    refused = await send(debtors, f"{UNPAID}/etapes", token, UNPAID, **fields | {"jours_2": "x"})
    assert "erreur-jours_2" in await refused.text()


async def test_a_debt_is_given_up_with_a_reason(debtors: RunningPortal) -> None:
    token, path = session_token(REGISSEUR), f"{UNPAID}/{FAMILY}"
    given_up = {
        "write_off_id": str(uuid4()),
        "invoice_id": OVERDUE["invoice_id"],
        "number": OVERDUE["number"],
        "family_id": FAMILY,
        "amount_cents": 1000,
        "decided_at": "2026-11-23T10:00:00Z",
    }
    debtors.billing.answer("POST", "/write-offs", given_up, 201)
    fields = {"facture": str(OVERDUE["invoice_id"]), "montant": "10"}
    refused = await send(debtors, path, token, path, **fields)
    assert "erreur-motif" in await refused.text()
    response = await send(debtors, path, token, path, **fields, motif="Insolvabilité")
    assert response.status == 303
    (asked,) = debtors.billing.requests("POST", "/write-offs")
    assert (asked.json["amount_cents"], asked.json["reason"]) == (1000, "Insolvabilité")
    assert "Abandonner" not in await (await debtors.get(path, session_token(AGENT))).text()


async def test_the_till_hands_unpaid_invoices_over_once_it_confirms(town: RunningPortal) -> None:
    token, path = session_token(REGISSEUR), "/agents/tresorerie"
    found = {"due_by": "2026-12-31", "invoices": 3, "total_cents": 9000, "registers": ["EJ"]}
    sent = {
        "batch_id": str(uuid4()),
        "fiscal_year": 2026,
        "number": 4,
        "register_code": "EJ",
        "created_at": "2026-12-31T10:00:00Z",
        "pieces": 3,
        "total_cents": 9000,
    }
    town.billing.answer("GET", "/bordereaux/candidates", found)
    town.billing.answer("GET", "/bordereaux", {"bordereaux": [sent]})
    town.billing.answer("POST", "/bordereaux", sent, 201)
    fields = {"regie": "EJ", "echeance": "2026-12-31"}
    refused = await send(town, path, token, path, **fields)
    assert "erreur-confirmation" in await refused.text()
    assert (await send(town, path, token, path, **fields, confirmation="oui")).status == 303
    (asked,) = town.billing.requests("POST", "/bordereaux")
    assert asked.json == {
        "register_code": "EJ",
        "due_by": "2026-12-31",
        "with_papers": False,
        "debited_on": None,
    }
    assert (await town.get(path, session_token(AGENT))).status == 403


async def test_a_period_that_is_none_is_told_beside_its_field(town: RunningPortal) -> None:
    token, path = session_token(REGISSEUR), "/agents/tresorerie/ecritures.csv"
    town.billing.answer("GET", "/bordereaux", {"bordereaux": []})
    town.billing.answer("GET", "/bordereaux/candidates", {"due_by": "2026-12-31"})
    page = await (await town.get(f"{path}?du=2026-12-31&au=2026-01-01", token)).text()
    assert "erreur-au" in page

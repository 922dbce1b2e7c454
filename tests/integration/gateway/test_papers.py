"""The pages of supporting documents: what parents owe and sent, what the office decides."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import AGENT, REGISSEUR
from gateway.pages import ROUTES
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token
from tests.integration.gateway.test_pages import hidden

# Fixed: it names tests, and each of several runners names them alike.
DOCUMENT = "00000000-0000-4000-8000-00000000000d"
CHILD, FAMILY = str(uuid4()), str(uuid4())
INSURANCE = {"code": "insurance", "label": "Attestation d’assurance", "per_child": True}
PAPER = {
    "document_type": "insurance",
    "label": "Attestation d’assurance",
    "child_id": CHILD,
    "activities": [{"activity_id": str(uuid4()), "name": "Cantine du Bourg"}],
    "standing": "missing",
}
REVIEW = {
    "document_id": DOCUMENT,
    "document_type": "insurance",
    "label": "Attestation d’assurance",
    "filename": "assurance.pdf",
    "content_type": "application/pdf",
    "size": 12000,
    "family_id": FAMILY,
    "family_reference": "F0042",
    "family_label": "MARTIN",
    "child_id": CHILD,
    "child_name": "Léa",
    "deposited_at": "2026-11-23T09:00:00Z",
    "state": "submitted",
    "proposed_until": "2027-08-31",
    "history": [{"at": "2026-11-23T09:00:00Z", "state": "submitted"}],
    "versions": [],
}


@pytest.fixture
async def town() -> AsyncIterator[RunningPortal]:
    """The gateway with the portal's own pages, and a family with a paper to send."""
    async with running_portal(ROUTES) as running:
        enrolment = running.services["enrolment"]
        child = {"child_id": CHILD, "first_name": "Léa", "last_name": "Martin"}
        enrolment.answer("GET", "/children", {"children": [child]})
        enrolment.answer("GET", "/papers", {"papers": [PAPER], "complete": False})
        enrolment.answer("GET", "/activities", {"activities": []})
        running.documents.answer("GET", "/documents", {"documents": []})
        running.documents.answer("GET", "/document-types", {"types": [INSURANCE]})
        yield running


async def seen(town: RunningPortal, path: str, *roles: str) -> str:
    response = await town.get(path, session_token(*roles))
    assert response.status == 200, await response.text()
    return await response.text()


async def send(town: RunningPortal, path: str, token: str, back: str, **fields: str) -> Any:
    """Fill in the form on the page `back` and send it to `path`."""
    csrf = hidden(await (await town.get(back, token)).text(), "csrf_token")
    return await town.post(path, token, data={"csrf_token": csrf, **fields})


def a_document(state: str, **changes: Any) -> dict[str, Any]:
    known = {name: REVIEW[name] for name in ("document_type", "label", "filename", "child_id")}
    deposited = {"document_id": str(uuid4()), "deposited_at": "2026-11-23T09:00:00Z"}
    return {**known, **deposited, "state": state, **changes}


async def test_a_parent_sees_what_is_asked_and_where_to_send_it(town: RunningPortal) -> None:
    html = await seen(town, "/documents")
    assert "Cantine du Bourg" in html
    assert f"/documents?type=insurance&amp;enfant={CHILD}#depot" in html


async def test_the_home_page_counts_what_is_to_be_sent(town: RunningPortal) -> None:
    assert "1 pièce à fournir" in await seen(town, "/")
    waiting = {**PAPER, "standing": "waiting"}
    town.services["enrolment"].answer("GET", "/papers", {"papers": [waiting]})
    assert "à fournir" not in await seen(town, "/")


async def test_a_refused_paper_says_why_and_leads_to_its_replacement(town: RunningPortal) -> None:
    refused = a_document("rejected", reason="La photo est floue.")
    town.documents.answer("GET", "/documents", {"documents": [refused]})
    html = await seen(town, "/documents")
    assert "La photo est floue." in html
    assert f"/documents?remplace={refused['document_id']}#depot" in html
    form = await seen(town, f"/documents?remplace={refused['document_id']}")
    assert hidden(form, "remplace") == refused["document_id"]


async def test_nobody_is_offered_to_open_what_the_scanner_has_not_passed(
    town: RunningPortal,
) -> None:
    waiting = a_document("quarantined")
    town.documents.answer("GET", "/documents", {"documents": [waiting]})
    html = await seen(town, "/documents")
    assert "Analyse antivirus en cours" in html
    assert f"/documents/{waiting['document_id']}/contenu" not in html


async def test_earlier_versions_stand_behind_the_newest(town: RunningPortal) -> None:
    newest, old = a_document("accepted"), a_document("replaced", filename="ancienne.pdf")
    town.documents.answer("GET", "/documents", {"documents": [newest, old]})
    html = await seen(town, "/documents")
    assert "Versions précédentes (1)" in html
    assert html.count("titre-deposes") == 2


async def test_a_parent_still_deposits_while_enrolment_is_away(town: RunningPortal) -> None:
    await town.services["enrolment"].stop()
    html = await seen(town, "/documents")
    assert "momentanément indisponible" in html
    assert "data-depot" in html


async def test_the_office_reviews_what_waits_longest_and_sees_a_picture(
    town: RunningPortal,
) -> None:
    queue = {"documents": [REVIEW], "total": 1, "scanned": False}
    town.documents.answer("GET", "/reviews", queue)
    html = await seen(town, "/agents/pieces/a-verifier", AGENT)
    assert "Aucun antivirus n’est configuré" in html
    assert "MARTIN" in html
    town.documents.answer("GET", f"/documents/{DOCUMENT}", REVIEW)
    town.documents.answer("GET", f"/documents/{DOCUMENT}/pages", {"pages": 2})
    page = await seen(town, f"/agents/pieces/a-verifier/{DOCUMENT}", AGENT)
    assert f"/documents/{DOCUMENT}/apercu?page=1" in page
    assert 'value="2027-08-31"' in page


async def test_the_office_accepts_with_dates_and_goes_on_to_the_next(town: RunningPortal) -> None:
    path, token = f"/agents/pieces/a-verifier/{DOCUMENT}", session_token(AGENT)
    other = str(uuid4())
    town.documents.answer("GET", f"/documents/{DOCUMENT}", REVIEW)
    town.documents.answer("GET", f"/documents/{DOCUMENT}/pages", {"pages": 1})
    town.documents.answer("GET", "/reviews", {"documents": [{**REVIEW, "document_id": other}]})
    town.documents.answer("POST", f"/documents/{DOCUMENT}/accept", {**REVIEW, "state": "accepted"})
    response = await send(town, f"{path}/accepter", token, path, du="2026-11-25", au="2027-08-31")
    assert response.headers["Location"] == f"/agents/pieces/a-verifier/{other}"
    asked = town.documents.requests("POST", f"/documents/{DOCUMENT}/accept")[0]
    assert asked.json == {"valid_from": "2026-11-25", "valid_until": "2027-08-31"}


async def test_a_refusal_needs_a_reason(town: RunningPortal) -> None:
    path, token = f"/agents/pieces/a-verifier/{DOCUMENT}", session_token(AGENT)
    town.documents.answer("GET", f"/documents/{DOCUMENT}", REVIEW)
    town.documents.answer("GET", f"/documents/{DOCUMENT}/pages", {"pages": 1})
    response = await send(town, f"{path}/refuser", token, path, motif=" ")
    assert response.status == 422
    assert "Indiquez le motif" in await response.text()


async def test_the_office_settles_the_kinds_of_document(town: RunningPortal) -> None:
    token = session_token(AGENT)
    town.documents.answer("POST", "/document-types", INSURANCE)
    assert "Attestation d’assurance" in await seen(town, "/agents/pieces", AGENT)
    back = "/agents/pieces?nouvelle=1"
    fields = {
        "nom": "Certificat de natation",
        "code": "natation",
        "pour": "enfant",
        "demandee": "activities",
        "validite": "months",
        "mois": "6",
        "formats": "application/pdf",
    }
    response = await send(town, "/agents/pieces", token, back, **fields)
    assert response.status == 303
    sent = town.documents.requests("POST", "/document-types")[0].json
    assert (sent["per_child"], sent["validity_months"], sent["compulsory"]) == (True, 6, False)
    wrong = await send(town, "/agents/pieces", token, back, **{**fields, "mois": "six"})
    assert wrong.status == 422
    assert "nombre entier" in await wrong.text()


@pytest.mark.parametrize(
    "path", ["/agents/pieces", "/agents/pieces/a-verifier", f"/agents/pieces/a-verifier/{DOCUMENT}"]
)
async def test_only_the_office_reaches_the_review(town: RunningPortal, path: str) -> None:
    assert (await town.get(path, session_token())).status == 403
    assert (await town.get(path, session_token(REGISSEUR))).status == 403

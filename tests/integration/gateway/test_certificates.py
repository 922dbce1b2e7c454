"""Checking a certificate through the gateway: by anyone, and not too often."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from contracts.roles import AGENT
from gateway.pages import ROUTES
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token
from tests.integration.gateway.test_pages import hidden

CHECKED = {
    "title": "Attestation de paiement",
    "issued_on": "2026-11-25",
    "initials": ["Z. L."],
    "statement": "Règlements reçus du 1er janvier 2026 au 25 novembre 2026.",
    "rows": [{"text": "Règlement du 03/10/2026", "value": "16,00 €"}],
    "total": "16,00 €",
}
MADE = {
    "certificate_id": str(uuid4()),
    "kind": "payment",
    "title": "Attestation de paiement",
    "code": "ABCD-EFGH-2345",
    "issued_at": "2026-11-25T10:00:00Z",
}


@pytest.fixture
async def real_pages() -> AsyncIterator[RunningPortal]:
    """The portal's own pages before stand-in services."""
    async with running_portal(ROUTES) as portal:
        yield portal


async def test_anyone_checks_a_code_without_signing_in(real_pages: RunningPortal) -> None:
    real_pages.documents.answer("GET", "/certificate-checks", CHECKED)
    response = await real_pages.get("/verifier?code=abcd-efgh-2345")
    text = await response.text()
    assert "vient bien de la ville" in text
    assert "16,00 €" in text
    assert real_pages.documents.requests("GET", "/certificate-checks")[0].query == {
        "code": "abcd-efgh-2345"
    }


async def test_an_unknown_code_is_told_beside_its_field(real_pages: RunningPortal) -> None:
    real_pages.documents.refuse("GET", "/certificate-checks", 404, "code-unknown")
    text = await (await real_pages.get("/verifier?code=AAAA")).text()
    assert "Aucune attestation de la ville ne porte ce code" in text
    assert 'aria-invalid="true"' in text


async def test_who_tries_codes_must_soon_wait(real_pages: RunningPortal) -> None:
    real_pages.documents.refuse("GET", "/certificate-checks", 404, "code-unknown")
    for n in range(15):
        assert (await real_pages.get(f"/verifier?code=AAAA-BBBB-{n:04}")).status == 200
        response = await real_pages.api("GET", f"/certificate-checks?code=AAAA-CCCC-{n:04}")
        assert response.status == 404
    page = await real_pages.get("/verifier?code=AAAA-BBBB-CCCC")
    assert page.status == 429
    assert "Réessayez dans" in await page.text()
    program = await real_pages.api("GET", "/certificate-checks?code=AAAA")
    assert (program.status, (await program.json())["type"]) == (429, "/problems/too-many-requests")
    assert len(real_pages.documents.requests("GET", "/certificate-checks")) == 30


async def test_the_office_certifies_for_the_family_that_it_looks_at(
    real_pages: RunningPortal,
) -> None:
    family_id, child_id, token = uuid4(), uuid4(), session_token(AGENT)
    listed = {"certificates": [], "children": [{"child_id": str(child_id), "name": "Zoé LE GOFF"}]}
    real_pages.documents.answer("GET", "/certificates", listed)
    real_pages.documents.answer("POST", "/certificates", MADE, 201)
    path = f"/agents/familles/{family_id}/attestations"
    shown = await (await real_pages.get(path, token)).text()
    assert "Zoé LE GOFF" in shown
    form = {
        "csrf_token": hidden(shown, "csrf_token"),
        "form_key": hidden(shown, "form_key"),
        "sorte": "attendance",
        "attendance_enfant": str(child_id),
        "attendance_debut": "01/11/2026",
        "attendance_fin": "2026-11-25",
    }
    assert (await real_pages.post(path, token, data=form)).headers["Location"] == path
    [asked] = real_pages.documents.requests("POST", "/certificates")
    assert asked.json == {
        "kind": "attendance",
        "family_id": str(family_id),
        "child_id": str(child_id),
        "from": "2026-11-01",
        "to": "2026-11-25",
    }


async def test_a_refused_wish_comes_back_beside_its_field(real_pages: RunningPortal) -> None:
    token = session_token()
    real_pages.documents.answer("GET", "/certificates", {"certificates": [], "children": []})
    real_pages.documents.refuse(
        "POST", "/certificates", 422, "certificate-refused", to="La période couvre un an au plus."
    )
    shown = await (await real_pages.get("/attestations", token)).text()
    form = {
        "csrf_token": hidden(shown, "csrf_token"),
        "sorte": "payment",
        "payment_debut": "2020-01-01",
        "payment_fin": "2026-11-25",
    }
    response = await real_pages.post("/attestations", token, data=form)
    assert response.status == 422
    assert 'id="erreur-payment_fin"' in await response.text()

"""Direct debit, exports and unpaid invoices as people see them."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from gateway.pages import ROUTES
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token
from tests.integration.gateway.test_pages import hidden

TERMS = {
    "creditor_name": "Ville de Saint-Aubin",
    "creditor_id": "FR72ZZZ123456",
    "text": "En signant ce mandat, vous autorisez Ville de Saint-Aubin…",
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
    assert asked.json == {"iban": fields["iban"], "holder": "Anne Martin", "agreed": True}
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
    assert len(town.billing.requests("POST", end)) == 1

"""Invoices and receipts as PDF, and who may read them."""

import asyncio
import io
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from pypdf import PdfReader

from contracts.events.accounts import Address
from contracts.roles import AGENT, LEADER
from services.chassis.testing import guardian, staff
from tests.integration.billing.conftest import Town
from tests.integration.billing.town import Household, invoiced_household, invoices_of


def read(pdf: bytes) -> str:
    """The text of a PDF, spaces made plain."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = " ".join(page.extract_text() for page in pages)
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


async def paid(town: Town, family: Household) -> dict[str, Any]:
    """The family has paid its invoice."""
    (invoice,) = await invoices_of(town.billing, family)
    wish = {"invoice_ids": [invoice["invoice_id"]]}
    reply = await town.billing.post("/payments", guardian(family.family_id), json=wish)
    await town.provider.decide(reply.json["redirect_url"], "payer")
    payment: dict[str, Any] = reply.json
    return payment


async def test_an_invoice_says_what_for_why_and_how_to_pay(town: Town) -> None:
    family = await invoiced_household(town.billing)
    (invoice,) = await invoices_of(town.billing, family)
    path = f"/invoices/{invoice['invoice_id']}.pdf"
    reply = await town.billing.get(path, guardian(family.family_id))
    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/pdf")
    text = read(reply.body)
    for words in (
        invoice["number"],
        "Anne MARTIN",
        "50890 SAINT-AUBIN",
        "Léa Martin",
        "Restaurant scolaire du Bourg",
        "Présence – quotient familial 720, tranche de 600 à 1199",
        "novembre 2026 : le 3",
        "Reste à payer 3,50 €",
        "Pour régler 3,50 € avant le",
        "Ville de Saint-Aubin",
    ):
        assert words in text


async def test_an_invoice_is_set_once_and_the_same_bytes_from_then_on(town: Town) -> None:
    family = await invoiced_household(town.billing)
    (invoice,) = await invoices_of(town.billing, family)
    path = f"/invoices/{invoice['invoice_id']}.pdf"
    first = await town.billing.get(path, guardian(family.family_id))
    town.clock.pass_by(days=9)
    moved = Address(lines=("1 rue Neuve",), postcode="56000", city="Vannes")
    await town.billing.tell(family.file(version=2, address=moved))
    assert (await town.billing.get(path, guardian(family.family_id))).body == first.body
    assert (await town.billing.get(path, staff(AGENT))).body == first.body
    # Once it is paid it says so; both papers are kept.
    await paid(town, family)
    settled = await town.billing.get(path, guardian(family.family_id))
    assert settled.body != first.body
    town.clock.pass_by(days=1)
    assert (await town.billing.get(path, guardian(family.family_id))).body == settled.body
    assert await papers_of(town, invoice["invoice_id"]) == {first.body, settled.body}


async def test_an_invoice_that_is_asked_for_at_once_is_one_paper(town: Town) -> None:
    family = await invoiced_household(town.billing)
    (invoice,) = await invoices_of(town.billing, family)
    path, caller = f"/invoices/{invoice['invoice_id']}.pdf", guardian(family.family_id)
    replies = await asyncio.gather(*(town.billing.get(path, caller) for _ in range(4)))
    assert {reply.body for reply in replies} == await papers_of(town, invoice["invoice_id"])


async def test_a_kept_paper_is_no_other_familys_and_never_edited(town: Town) -> None:
    family = await invoiced_household(town.billing)
    (invoice,) = await invoices_of(town.billing, family)
    path = f"/invoices/{invoice['invoice_id']}.pdf"
    assert (await town.billing.get(path, guardian(family.family_id))).status == 200
    assert (await town.billing.get(path, guardian(uuid4()))).status == 404
    with pytest.raises(asyncpg.CheckViolationError):
        async with town.billing.database.transaction() as connection:
            await connection.execute("UPDATE invoice_paper SET pdf = ''")


async def papers_of(town: Town, invoice_id: str) -> set[bytes]:
    """The papers that are kept of an invoice."""
    async with town.billing.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT pdf FROM invoice_paper WHERE invoice_id = $1", UUID(invoice_id)
        )
    return {row["pdf"] for row in rows}


async def test_a_paid_invoice_says_so(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await paid(town, family)
    (invoice,) = await invoices_of(town.billing, family)
    reply = await town.billing.get(f"/invoices/{invoice['invoice_id']}.pdf", staff(AGENT))
    assert "Cette facture est réglée." in read(reply.body)


async def test_a_receipt_names_amount_day_and_invoice(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await paid(town, family)
    (invoice,) = await invoices_of(town.billing, family)
    path = f"/payments/{payment['payment_id']}/receipt.pdf"
    reply = await town.billing.get(path, guardian(family.family_id))
    text = read(reply.body)
    assert "votre paiement de 3,50 € le 23 novembre 2026" in text
    assert invoice["number"] in text


async def test_there_is_no_receipt_of_what_was_not_paid(town: Town) -> None:
    family = await invoiced_household(town.billing)
    (invoice,) = await invoices_of(town.billing, family)
    wish = {"invoice_ids": [invoice["invoice_id"]]}
    payment = await town.billing.post("/payments", guardian(family.family_id), json=wish)
    path = f"/payments/{payment.json['payment_id']}/receipt.pdf"
    reply = await town.billing.get(path, guardian(family.family_id))
    assert (reply.status, reply.json["type"]) == (409, "/problems/not-paid")


@pytest.mark.parametrize("path", ["/invoices", "/payments", "/charges", "/billing-runs"])
async def test_activity_leaders_do_not_see_what_families_owe(town: Town, path: str) -> None:
    assert (await town.billing.get(path, staff(LEADER))).status == 403


async def test_archived_invoices_are_the_paid_ones(town: Town) -> None:
    family = await invoiced_household(town.billing)
    caller = guardian(family.family_id)

    async def listed(query: str) -> int:
        reply = await town.billing.get(f"/invoices{query}", caller)
        return len(reply.json["invoices"])

    assert [await listed(q) for q in ("", "?archived=false", "?archived=true")] == [1, 1, 0]
    await paid(town, family)
    assert [await listed(q) for q in ("", "?archived=false", "?archived=true")] == [1, 0, 1]


@pytest.mark.parametrize("query", ["?period=2026-13", "?size=0", "?page=x", "?famille=1"])
async def test_a_wrong_query_is_refused(town: Town, query: str) -> None:
    assert (await town.billing.get(f"/invoices{query}", staff(AGENT))).status == 422

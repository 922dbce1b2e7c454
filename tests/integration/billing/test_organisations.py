"""An organisation pays for a family, from a day on."""

from datetime import timedelta
from typing import Any

import facturx
import pytest

from contracts.roles import AGENT
from services.chassis.testing import guardian, staff
from tests.integration.billing.conftest import Town
from tests.integration.billing.town import TILL, Household, invoiced_household, invoices_of

CCAS = {"name": "CCAS de Saint-Aubin", "siret": "732 829 320 00074"}


async def data_of(town: Town, family: Household) -> str | None:
    """The name of the data in the family's invoice."""
    (invoice,) = await invoices_of(town.billing, family)
    path = f"/invoices/{invoice['invoice_id']}.pdf"
    reply = await town.billing.get(path, guardian(family.family_id))
    assert reply.status == 200
    name: str | None = facturx.get_xml_from_pdf(reply.body)[0]
    return name


async def test_invoices_of_an_organisation_carry_their_data(town: Town) -> None:
    family = await invoiced_household(town.billing)
    assert not await data_of(town, family)
    path = f"/families/{family.family_id}/organisation"
    reply = await town.billing.put(path, TILL, json=CCAS)
    named = {"name": "CCAS de Saint-Aubin", "siret": "73282932000074"}
    assert reply.json == {**named, "service_code": "", "engagement": ""}
    assert await data_of(town, family) == "factur-x.xml"
    assert (await town.billing.delete(path, TILL)).status == 204
    assert not await data_of(town, family)
    assert (await town.billing.get(path, staff(AGENT))).json == dict.fromkeys(reply.json, "")


async def test_what_an_organisation_wants_quoted_stands_in_the_data(town: Town) -> None:
    family = await invoiced_household(town.billing)
    quoted = {"service_code": "ENFANCE-02", "engagement": "EJ 2026/00417"}
    path = f"/families/{family.family_id}/organisation"
    named = await town.billing.put(path, TILL, json=CCAS | quoted)
    assert (await town.billing.get(path, staff(AGENT))).json == named.json
    (invoice,) = await invoices_of(town.billing, family)
    paper = await town.billing.get(f"/invoices/{invoice['invoice_id']}.pdf", TILL)
    xml = facturx.get_xml_from_pdf(paper.body)[1].decode()
    assert "BuyerReference>ENFANCE-02<" in xml
    assert "IssuerAssignedID>EJ 2026/00417<" in xml


@pytest.mark.parametrize(
    ("field", "text"), [("service_code", "Été"), ("service_code", "x" * 101), ("engagement", "-1")]
)
async def test_what_cannot_be_quoted_is_refused_at_its_field(
    town: Town, field: str, text: str
) -> None:
    family = await invoiced_household(town.billing)
    path = f"/families/{family.family_id}/organisation"
    reply = await town.billing.put(path, TILL, json=CCAS | {field: text})
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, field)


async def test_what_was_issued_before_stays_as_it_is(town: Town) -> None:
    family = await invoiced_household(town.billing)
    before = town.clock.now
    town.clock.pass_by(days=1)
    try:
        reply = await town.billing.put(
            f"/families/{family.family_id}/organisation", TILL, json=CCAS
        )
        assert reply.status == 200
        assert not await data_of(town, family)
    finally:
        town.clock.now = before + timedelta()


@pytest.mark.parametrize("siret", ["732 829 320 00075", "12345678901234567890"])
async def test_a_wrong_siret_is_refused(town: Town, siret: str) -> None:
    family = await invoiced_household(town.billing)
    path = f"/families/{family.family_id}/organisation"
    reply = await town.billing.put(path, TILL, json=CCAS | {"siret": siret})
    assert reply.status == 422
    assert reply.json["errors"][0]["field"] == "siret"


@pytest.mark.parametrize("caller", [staff(AGENT)])
async def test_only_the_till_names_one(town: Town, caller: Any) -> None:
    family = await invoiced_household(town.billing)
    path = f"/families/{family.family_id}/organisation"
    assert (await town.billing.put(path, caller, json=CCAS)).status == 403

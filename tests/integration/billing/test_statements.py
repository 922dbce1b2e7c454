"""A family's account over a year, on paper."""

from typing import Any

import pytest

from contracts.roles import AGENT, LEADER
from services.chassis.testing import guardian, staff
from tests.integration.billing.conftest import Town
from tests.integration.billing.test_papers import paid, read
from tests.integration.billing.town import Household, invoiced_household, invoices_of


async def statement(town: Town, family: Household, year: int, caller: Any = None) -> Any:
    """What the family, or another caller, is answered."""
    path = f"/families/{family.family_id}/statement.pdf?year={year}"
    return await town.billing.get(path, caller or guardian(family.family_id))


async def test_a_year_tells_invoices_and_payments_down_to_the_balance(town: Town) -> None:
    family = await invoiced_household(town.billing)
    (invoice,) = await invoices_of(town.billing, family)
    text = read((await statement(town, family, 2026)).body)
    assert f"Facture n° {invoice['number']} 3,50 € 3,50 €" in text
    assert "Reste à payer au 23 novembre 2026 3,50 €" in text
    await paid(town, family)
    text = read((await statement(town, family, 2026, staff(AGENT))).body)
    assert "Paiement (carte bancaire)" in text
    assert "Compte soldé au 23 novembre 2026 0,00 €" in text


async def test_a_year_before_any_invoice_is_empty(town: Town) -> None:
    family = await invoiced_household(town.billing)
    text = read((await statement(town, family, 2025)).body)
    assert "Aucune opération dans l’année." in text
    assert "Compte soldé au 31 décembre 2025" in text


async def test_a_year_to_come_is_refused(town: Town) -> None:
    family = await invoiced_household(town.billing)
    reply = await statement(town, family, 2027)
    assert (reply.status, reply.json["type"]) == (422, "/problems/year-to-come")


async def test_another_family_has_no_statement_for_a_guardian(town: Town) -> None:
    family, neighbours = (
        await invoiced_household(town.billing),
        await invoiced_household(town.billing),
    )
    reply = await statement(town, neighbours, 2026, guardian(family.family_id))
    assert reply.status == 404


@pytest.mark.parametrize("caller", [staff(LEADER)])
async def test_leaders_see_no_statement(town: Town, caller: Any) -> None:
    family = await invoiced_household(town.billing)
    assert (await statement(town, family, 2026, caller)).status == 403

"""A parent puts the family record right in a browser, and the staff have a look at it."""

import re
from typing import Final

from playwright.async_api import Page, expect

from tests.e2e.visitors import PHONE, Visitors

REASON: Final = "L’école ne nous l’a pas confirmé."


async def test_a_change_waits_for_the_staff_and_comes_back_with_their_answer(
    visitors: Visitors,
) -> None:
    async with (
        visitors.visit("guardian", width=PHONE, script=False) as parent,
        visitors.visit("agent") as desk,
    ):
        for wanted, decision in (("CM1", "accepted"), ("CM2", "refused")):
            await ask_for_a_class(parent, wanted)
            await expect(parent.get_by_text("est en attente de validation")).to_be_visible()
            await desk.goto("/agents/modifications")
            line = desk.get_by_role("listitem").filter(has_text=wanted)
            if decision == "accepted":
                await line.get_by_role("button", name=re.compile("^Accepter")).click()
            else:
                await line.get_by_text(re.compile("^Refuser")).first.click()
                await line.get_by_label("Motif du refus").fill(REASON)
                await line.get_by_role("button", name="Refuser la modification").click()
            await expect(desk.get_by_role("status")).to_contain_text("La famille est prévenue")
        await parent.goto("/famille")
        await expect(parent.get_by_text(re.compile(REASON))).to_be_visible()
        await expect(parent.get_by_role("definition").filter(has_text="CM1")).to_be_visible()


async def ask_for_a_class(page: Page, wanted: str) -> None:
    """Fill in another class for the first child."""
    await page.goto("/famille")
    await page.get_by_role("link", name=re.compile("^Compléter ou modifier")).first.click()
    await page.get_by_label("Classe").fill(wanted)
    await page.get_by_role("button", name="Enregistrer", exact=True).click()


async def test_the_quotient_is_fetched_with_the_parent_s_agreement(visitors: Visitors) -> None:
    async with visitors.visit("guardian", width=PHONE) as page:
        await page.goto("/famille/quotient")
        await page.get_by_label("Nom de naissance").fill("Inconnu")
        await page.get_by_label("Prénoms").fill("Camille")
        await page.get_by_label("Date de naissance").fill("1988-02-03")
        await page.get_by_label("Sexe à l’état civil").select_option("F")
        await page.get_by_label("Code de la commune de naissance").fill("50502")
        fetch = page.get_by_role("button", name="Récupérer mon quotient")
        await page.get_by_label("J’accepte que la ville").check()
        await fetch.click()
        await expect(page.get_by_role("alert")).to_contain_text("Vérifiez l’identité saisie")
        await page.get_by_label("Nom de naissance").fill("Lefèvre")
        await page.get_by_label("J’accepte que la ville").check()
        await fetch.click()
        await expect(page.get_by_role("status")).to_contain_text("Votre quotient familial est de")
        await page.goto("/famille/quotient")
        await expect(page.get_by_text("transmis par la CAF ou la MSA")).to_be_visible()


async def test_a_requirement_of_the_town_leads_the_parent_to_what_is_missing(
    visitors: Visitors,
) -> None:
    async with (
        visitors.visit("admin") as desk,
        visitors.visit("guardian", width=PHONE) as parent,
    ):
        await set_required(desk, required=True)
        try:
            await parent.goto("/famille")
            await parent.get_by_role("link", name=re.compile("le médecin traitant$")).first.click()
            await parent.get_by_label("Médecin traitant").fill("Dr Morel")
            await parent.get_by_role("button", name="Enregistrer", exact=True).click()
            await expect(parent).to_have_url(re.compile("/famille$"))
        finally:
            await set_required(desk, required=False)


async def set_required(desk: Page, *, required: bool) -> None:
    """Ask for each child's doctor, or not."""
    await desk.goto("/agents/reglages")
    box = desk.get_by_label("Le médecin traitant de chaque enfant")
    await box.set_checked(required)
    await desk.get_by_role("button", name="Enregistrer les réglages").click()
    await expect(desk.get_by_text("Les réglages sont enregistrés")).to_be_visible()

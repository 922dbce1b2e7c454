"""Two browsers of two parents of one child in two homes: what each may see, and no more."""

import re
from typing import Any, Final

import pytest
from playwright.async_api import Page, expect

from tests.e2e.api_caller import ApiCaller
from tests.e2e.visitors import PHONE, Visitors

ALLERGY: Final = "Fruits à coque"


@pytest.fixture
def api(visitors: Visitors) -> ApiCaller:
    """The portal's JSON API, with everybody's login."""
    return ApiCaller(visitors.portal, visitors.town.logins)


async def test_each_parent_sees_the_child_and_nothing_of_the_other_home(
    visitors: Visitors, api: ApiCaller
) -> None:
    mother, father = families(api)
    child = mother["children"][0]
    async with (
        visitors.visit("admin") as desk,
        visitors.visit("guardian", width=PHONE) as one,
        visitors.visit("newcomer", width=PHONE) as other,
    ):
        await share(desk, mother, child, father)
        await other.goto("/famille")
        await expect(other.get_by_role("heading", name=child["first_name"])).to_be_visible()
        await expect(other.get_by_text("Chez vous les semaines impaires")).to_be_visible()
        await one.goto("/famille")
        await expect(one.get_by_text("Chez vous les semaines paires")).to_be_visible()
        await tell_of_an_allergy(other, child)
        await one.goto("/famille")
        await expect(one.get_by_text(ALLERGY)).to_be_visible()
        await sees_nothing_of(one, mother, father)
        await sees_nothing_of(other, father, mother)
        # Another family's child is not there at all, by page and by form.
        alone = father["children"][0]["child_id"]
        answer = await one.goto(f"/famille/enfants/{alone}")
        assert answer is not None
        assert answer.status == 404


def families(api: ApiCaller) -> tuple[dict[str, Any], dict[str, Any]]:
    """The records of the demo's two parents."""
    found = []
    for who in ("guardian", "newcomer"):
        reply = api.call("GET", "/family", api.token(who))
        assert reply.status_code == 200, reply.text
        found.append(reply.json())
    return found[0], found[1]


async def share(
    desk: Page, mother: dict[str, Any], child: dict[str, Any], father: dict[str, Any]
) -> None:
    """The office puts the child into the father's file, weeks by parity."""
    await desk.goto(f"/agents/familles/{mother['family_id']}/enfants/{child['child_id']}")
    await desk.get_by_label("Numéro du second dossier").fill(father["reference"])
    await desk.get_by_role("button", name="Rattacher").click()
    await desk.get_by_label("Dans ce foyer").select_option("paires")
    await desk.get_by_label("Jour de changement").select_option("5")
    await desk.get_by_role("button", name="Enregistrer le calendrier").click()
    await expect(desk.get_by_text("Le calendrier de garde est enregistré")).to_be_visible()


async def tell_of_an_allergy(page: Page, child: dict[str, Any]) -> None:
    """A parent completes the child's file."""
    name = f"Compléter ou modifier la fiche de {child['first_name']}"
    await page.get_by_role("link", name=name, exact=True).first.click()
    await page.get_by_label("Allergies").fill(ALLERGY)
    await page.get_by_role("button", name="Enregistrer", exact=True).click()
    await expect(page).to_have_url(re.compile(r"/famille$"))


async def sees_nothing_of(page: Page, own: dict[str, Any], other: dict[str, Any]) -> None:
    """No page of the record holds anything of the other home."""
    secrets = [other["family_id"], other["reference"], *other["address"]["lines"]]
    for guardian in other["guardians"]:
        secrets += [guardian["mail"] or other["reference"], guardian["phone"] or other["reference"]]
    shared = own["children"][0]["child_id"]
    for address in ("/famille", f"/famille/enfants/{shared}", "/documents", "/factures"):
        await page.goto(address)
        shown = await page.content()
        assert not [secret for secret in secrets if secret in shown], address

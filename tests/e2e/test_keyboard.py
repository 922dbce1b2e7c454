"""Every step of a parent, by keyboard alone."""

import re
from typing import Final

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.browser_journey import PASSWORD, BrowserJourney, NewFamilies
from tests.e2e.visitors import Visitors

MOST_TABS: Final = 300

HAS_FOCUS: Final = "element => element === document.activeElement"

# An outline around the element, or around the label that stands for it.
SHOWS_FOCUS: Final = """element => {
  const outlined = node => {
    const style = getComputedStyle(node);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const label = element.closest("label");
  return [element, label, ...(label ? label.children : [])].filter(Boolean).some(outlined);
}"""

# Some point of the element is not covered by a bar that sticks to the window.
IS_IN_SIGHT: Final = """element => {
  const box = element.getBoundingClientRect();
  const label = element.closest("label");
  return [0.1, 0.5, 0.9].some(part => {
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height * part);
    return top && (element.contains(top) || top.contains(element) || label?.contains(top));
  });
}"""


class KeyboardJourney(BrowserJourney):
    """The parent's steps with Tab, arrows, Space and Enter; the staff's as before."""

    async def first_sign_in(self, page: Page) -> None:
        """Type the code from the mail, then the new password."""
        code = await self.code_from_the_mail()
        await page.goto("/connexion")
        await type_into(page, page.get_by_label("Identifiant"), self.families.mail)
        await type_into(page, page.get_by_label("Mot de passe"), code)
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Mot de passe provisoire")).to_be_visible()
        await type_into(page, page.get_by_label("Mot de passe provisoire"), code)
        await type_into(page, page.get_by_label("Nouveau mot de passe", exact=True), PASSWORD)
        await type_into(page, page.get_by_label("une seconde fois"), PASSWORD)
        await press(page, page.get_by_role("button", name="Enregistrer le mot de passe"))
        await expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Romane")

    async def enrol(self, page: Page) -> None:
        """Choose, check, send."""
        await self.open_enrolment(page)
        canteen = page.get_by_role("checkbox", name=re.compile("Restaurant scolaire")).first
        await press(page, canteen, "Space")
        await expect(canteen).to_be_checked()
        await press(page, page.get_by_role("button", name="Continuer"))
        rules = page.get_by_label("J’ai lu et j’accepte le règlement intérieur")
        await press(page, rules, "Space")
        await press(page, page.get_by_role("button", name="Envoyer la demande"))
        await expect(page.get_by_role("status")).to_contain_text("Votre demande est envoyée")

    async def reserve(self, page: Page) -> None:
        """Tick a day in the calendar and save."""
        await press(page, await self.open_calendar(page), "Space")
        await expect(page.locator("#recapitulatif")).to_contain_text("1 à réserver")
        await press(page, page.get_by_role("button", name="Enregistrer"))
        await self.see_reservation(page)

    async def pay(self, page: Page) -> None:
        """Pay, and come back."""
        await press(page, page.get_by_role("button", name=re.compile("Payer")))
        await page.wait_for_url(re.compile("paiementws"))
        await press(page, page.get_by_role("button", name=re.compile("Payer")))
        await self.take_receipt(page)


@pytest.mark.timeout(400)
async def test_every_step_of_a_parent_can_be_done_by_keyboard_alone(visitors: Visitors) -> None:
    journey = KeyboardJourney(visitors, NewFamilies("LECOUTEUR", "Anselme", "VAUTIER"))
    await journey.whole_way()


async def test_the_first_tab_leads_past_the_menu(visitors: Visitors) -> None:
    async with visitors.visit("guardian") as page:
        await page.goto("/factures")
        await page.keyboard.press("Tab")
        assert await has_focus(page.get_by_role("link", name="Aller au contenu"))
        await page.keyboard.press("Enter")
        assert await has_focus(page.get_by_role("main"))


async def test_a_refused_form_puts_the_focus_on_its_summary(visitors: Visitors) -> None:
    async with visitors.visit("guardian") as page:
        await page.goto("/famille")
        await page.get_by_label("Code postal").fill("5")
        await page.get_by_role("button", name="Enregistrer").click()
        summary = page.get_by_role("alert")
        await expect(summary).to_be_focused()
        await tab_to(page, summary.get_by_role("link").first)
        await page.keyboard.press("Enter")
        field = page.get_by_label("Code postal")
        assert await has_focus(field)
        assert await field.input_value() == "5"
        assert await field.get_attribute("aria-invalid") == "true"


async def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, and see that it shows."""
    element = await target.element_handle()  # looked for once, not after every Tab
    for _ in range(MOST_TABS):
        if await element.evaluate(HAS_FOCUS):
            break
        await page.keyboard.press("Tab")
    assert await has_focus(target), f"{target} cannot be reached by keyboard"
    assert await target.evaluate(SHOWS_FOCUS), f"{target} does not show its focus"
    assert await target.evaluate(IS_IN_SIGHT), f"{target} is hidden while it has the focus"


async def press(page: Page, target: Locator, key: str = "Enter") -> None:
    await tab_to(page, target)
    await page.keyboard.press(key)


async def type_into(page: Page, target: Locator, text: str) -> None:
    await tab_to(page, target)
    await page.keyboard.type(text)


async def has_focus(target: Locator) -> bool:
    found: bool = await target.evaluate(HAS_FOCUS)
    return found

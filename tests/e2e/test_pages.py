"""Pages are light and still, and work before any script arrives."""

import re
from datetime import date, timedelta
from typing import Any, Final

import pytest
from playwright.async_api import Page, expect

from services.chassis.clock import paris_date, utc_now
from tests.e2e.visitors import DESK, PHONE, Visitors

MOST_BYTES: Final = 150_000
COUNT_SHIFTS: Final = """
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("", "/connexion"),
        ("guardian", "/"),
        ("guardian", "/reservations"),
        ("guardian", "/factures"),
        ("admin", "/agents/familles"),
    ],
)
async def test_a_page_weighs_little_and_does_not_move(
    visitors: Visitors, who: str, address: str, width: int
) -> None:
    async with visitors.visit(who, width=width) as page:
        # Evaluated by the browser's debugger, which our content policy does not bind.
        await page.add_init_script(COUNT_SHIFTS)
        weights = await weighed(page, address)
        assert sum(weights.values()) <= MOST_BYTES, weights
        assert await page.evaluate("window.shift") == 0


async def weighed(page: Page, address: str) -> dict[str, int]:
    """The bytes on the wire of everything that the page fetches, pictures apart."""
    names: dict[str, str] = {}
    weights: dict[str, int] = {}

    def begun(event: dict[str, Any]) -> None:
        if event["type"] != "Image":
            names[event["requestId"]] = event["response"]["url"]

    def ended(event: dict[str, Any]) -> None:
        if event["requestId"] in names:
            weights[names[event["requestId"]]] = int(event["encodedDataLength"])

    wire = await page.context.new_cdp_session(page)
    await wire.send("Network.enable")
    wire.on("Network.responseReceived", begun)
    wire.on("Network.loadingFinished", ended)
    await page.goto(address, wait_until="networkidle")
    return weights


async def test_a_parent_reserves_and_cancels_without_any_script(visitors: Visitors) -> None:
    async with visitors.visit("guardian", width=PHONE, script=False) as page:
        month = await a_month_with_a_free_day(page)
        day = page.locator(".toggle--free input").last
        value = await day.get_attribute("value")
        await day.check()
        await page.get_by_role("button", name="Enregistrer").click()
        await expect(page.get_by_role("main")).to_contain_text("Rien n’est encore enregistré")
        await expect(page.get_by_role("main")).to_contain_text("1 à réserver")
        await page.get_by_role("button", name="Confirmer").click()
        await expect(page.get_by_role("status")).to_contain_text("1 réservation enregistrée")
        await page.goto(f"/reservations?mois={month}")
        kept = page.locator(f"input[name=choix][value='{value}']")
        await expect(kept).to_be_checked()
        await kept.uncheck()
        await page.get_by_role("button", name="Enregistrer").click()
        await page.get_by_role("button", name="Confirmer").click()
        await expect(page.get_by_role("status")).to_contain_text("1 réservation annulée")


async def test_a_weekly_pattern_reserves_the_same_days_of_a_period(visitors: Visitors) -> None:
    async with visitors.visit("guardian") as page:
        await page.goto("/reservations")
        await page.get_by_role("button", name="Réserver ces jours").click()
        await expect(page.get_by_role("alert")).to_contain_text("au moins un jour")
        today = paris_date(utc_now())
        monday = today + timedelta(days=21 - today.weekday())
        await page.locator("input[name=qui]").first.check()
        await page.get_by_role("checkbox", name="lundi", exact=True).check()
        await page.get_by_label("Du", exact=True).fill(monday.isoformat())
        await page.get_by_label("Au", exact=True).fill((monday + timedelta(days=6)).isoformat())
        await page.get_by_role("button", name="Réserver ces jours").click()
        await expect(page.get_by_role("main")).to_contain_text("Rien n’est encore enregistré")
        outcome = page.get_by_role("main").get_by_text(
            re.compile(r"réservation enregistrée|séance")
        )
        await expect(outcome.first).to_be_visible()


async def a_month_with_a_free_day(page: Page) -> str:
    start = date.today() + timedelta(days=14)  # noqa: DTZ011 - a day more or less is no matter
    for ahead in range(0, 120, 30):
        month = f"{start + timedelta(days=ahead):%Y-%m}"
        await page.goto(f"/reservations?mois={month}")
        if await page.locator(".toggle--free input").count():
            return month
    raise AssertionError("no free day in the calendar of the next months")

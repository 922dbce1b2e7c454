"""A leader in a gym without a network: the roll goes on, and each mark arrives once."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from playwright.async_api import Locator, Page, expect

from services.chassis.clock import PARIS, paris_date, utc_now
from tests.e2e.visitors import PHONE, Visitors

CHILDREN: Final = 3
KEPT_SHEETS: Final = """async () =>
  (await caches.keys()).filter(name => name.startsWith("feuilles-")).length"""


async def a_session(page: Page) -> str:
    """A coming session at which some children are expected and nobody was marked."""
    today = paris_date(utc_now())
    period: dict[str, str | float | bool] = {
        "from": str(today),
        "to": str(today + timedelta(days=40)),
    }
    answer = await page.request.get("/api/v1/staff/sessions", params=period)
    fitting = [
        line["session_id"]
        for line in (await answer.json())["sessions"]
        if line["booked"] >= CHILDREN and not line["marked"]
    ]
    assert fitting, "no session of the demo town has so many children"
    return str(fitting[-1])


async def open_roll(page: Page, session_id: str) -> None:
    """The page, once it is kept for when there is no network."""
    await page.goto(f"/agents/seances/{session_id}")
    await expect(page.locator("form[data-roll][data-kept]")).to_be_attached()
    await says(page, "Tout est enregistré")


async def says(page: Page, words: str) -> None:
    await expect(page.locator("[data-sync-words]")).to_contain_text(words)


def child(page: Page, number: int) -> Locator:
    return page.locator("[data-child]").nth(number)


async def mark(page: Page, number: int, state: str) -> None:
    await child(page, number).get_by_label(state, exact=True).check()


async def roll_of(page: Page, session_id: str) -> dict[str, dict[str, Any]]:
    """What the service has, by child."""
    answer = await page.request.get(f"/api/v1/staff/sessions/{session_id}/attendance")
    return {line["child_id"]: line for line in (await answer.json())["lines"]}


@pytest.mark.timeout(300)
async def test_marks_made_without_a_network_arrive_once_with_their_times(
    visitors: Visitors,
) -> None:
    # A tablet set up wrongly shows the hours of Paris all the same.
    zone = "America/Martinique"
    async with visitors.visit("leader", width=PHONE, touch=True, zone=zone) as page:
        session_id = await a_session(page)
        await open_roll(page, session_id)
        started = utc_now()
        await page.context.set_offline(True)
        await mark(page, 0, "Présent")
        await mark(page, 1, "Absent")
        await says(page, "Hors ligne – 2 pointages en attente")

        await page.reload()
        await expect(child(page, 0).get_by_label("Présent", exact=True)).to_be_checked()
        await expect(child(page, 1).get_by_label("Absent", exact=True)).to_be_checked()
        await says(page, "2 pointages en attente")
        await mark(page, 2, "Présent")
        await mark(page, 1, "Justifié")
        await says(page, "4 pointages en attente")
        ended = utc_now()
        ids = [str(await child(page, n).get_attribute("data-child")) for n in range(CHILDREN)]

        await page.context.set_offline(False)
        await says(page, "Tout est enregistré")
        lines = await roll_of(page, session_id)
        assert [lines[one]["state"] for one in ids] == ["present", "excused", "present"]
        assert [[m["state"] for m in lines[one]["marks"]] for one in ids] == [
            ["present"],
            ["absent", "excused"],
            ["present"],
        ]
        at = datetime.fromisoformat(lines[ids[0]]["taken_at"]).astimezone(PARIS)
        said = child(page, 0).locator("[data-said]")
        await expect(said).to_contain_text(f"Pointé à {at:%H:%M} par ")
        await expect(page.locator("[data-present]")).to_have_text("2 pointés présents")
        first, wrong, right, last = (m for one in ids for m in lines[one]["marks"])
        taken = [datetime.fromisoformat(m["taken_at"]) for m in (first, wrong, last, right)]
        assert [started, *taken, ended] == sorted([started, *taken, ended])

        await page.reload()
        await expect(child(page, 1).get_by_label("Justifié", exact=True)).to_be_checked()
        await says(page, "Tout est enregistré")
        again = await roll_of(page, session_id)
        assert sum(len(line["marks"]) for line in again.values()) == 4


@pytest.mark.timeout(300)
async def test_what_a_tablet_kept_goes_at_sign_out_and_its_marks_wait_for_their_leader(
    visitors: Visitors,
) -> None:
    async with visitors.visit("admin", width=PHONE, touch=True) as page:
        session_id = await a_session(page)
        await open_roll(page, session_id)
        # The portal answers with a fault: the mark stays here.
        await page.route("**/api/v1/staff/sessions/*/attendance", lambda route: route.abort())
        await mark(page, 0, "Présent")
        await says(page, "1 pointage en attente")
        await page.unroute_all()
        await page.context.clear_cookies()
        await page.goto("/connexion")
        await expect(page.get_by_label("Identifiant")).to_be_visible()
        await page.wait_for_function(f"async () => await ({KEPT_SHEETS})() === 0")

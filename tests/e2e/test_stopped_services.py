"""With any one service stopped the portal stays usable, and one panel says what is missing."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.async_api import Page, expect

from contracts.topics import SERVICES
from deploy.trial import TrialTown
from services.chassis.testing import eventually
from tests.e2e.visitors import PHONE, Visitors

PARENTS: Final = (
    "/famille",
    "/inscriptions",
    "/inscriptions/nouvelle",
    "/reservations",
    "/agenda",
    "/documents",
    "/factures",
    "/demarches",
)
SAYS_SO: Final = "Ce service est momentanément indisponible"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("service", SERVICES)
async def test_a_stopped_service_costs_one_panel_and_no_page(
    visitors: Visitors, demo_town: TrialTown, service: str
) -> None:
    async with (
        visitors.visit("guardian", width=PHONE) as parent,
        visitors.visit("admin") as staff,
    ):
        await parent.goto("/")
        with stopped(demo_town.processes()[service]):
            await home_has_one_panel(parent, service)
            # Side by side, as people would: each page waits a little for what does not answer.
            tabs = [(await parent.context.new_page(), path) for path in PARENTS]
            tabs.append((staff, "/agents"))
            await asyncio.gather(*(stays_usable(tab, path) for tab, path in tabs))

        async def all_is_back() -> bool:
            await parent.goto("/")
            return await parent.get_by_text(SAYS_SO).count() == 0

        await eventually(all_is_back, what="the home page being whole again")


async def home_has_one_panel(page: Page, service: str) -> None:
    await page.goto("/")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
    panels = page.locator("[data-indisponible]")
    await expect(panels).to_have_count(1)
    assert await panels.get_attribute("data-indisponible") == service
    await expect(panels).to_contain_text(SAYS_SO)


async def stays_usable(page: Page, address: str) -> None:
    answer = await page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    assert await page.get_by_text(SAYS_SO).count() <= 1, address
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


@contextmanager
def stopped(process: int) -> Iterator[None]:
    """The process holds still: worse than gone, since connections to it are still taken."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)

"""A demo town that really runs, and a real browser that visits it."""

import shutil
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, async_playwright, expect

from deploy.trial import TrialTown, trial_town
from services.accounts.settings import LEAST_PASSWORD_MEMORY_KIB
from tests.e2e.visitors import Visitors

FAMILIES = 40
# A page may wait for a password to be hashed on a machine that is at work on something else.
expect.set_options(timeout=20_000)
NO_BROWSER = "NO CHROMIUM FOUND: the journeys in a browser were NOT run (apt-get install chromium)"


@asynccontextmanager
async def small_town(families: int, folder: Path, **settings: str) -> AsyncIterator[TrialTown]:
    """A town whose passwords cost no more than they must: people sign in all the time here."""
    lighter = {"PORTAIL_PASSWORD_MEMORY_KIB": str(LEAST_PASSWORD_MEMORY_KIB)}
    async with trial_town(families, folder, settings=lighter | settings) as (running, _seconds):
        yield running


@pytest.fixture(scope="session")
async def demo_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TrialTown]:
    """The demo town, started by the launcher in a folder of its own."""
    async with small_town(FAMILIES, tmp_path_factory.mktemp("town")) as running:
        yield running


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The machine's own Chromium, without a window."""
    # The shell has no windows to paint, and takes a quarter less of the processor.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    executable = next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        warnings.warn(NO_BROWSER, stacklevel=1)
        pytest.skip(NO_BROWSER)
    async with async_playwright() as playwright:
        # Containers seldom allow Chromium's own sandbox; it only visits our own pages here.
        # Pages live for a second: optimising their scripts takes longer than running them.
        arguments = ["--no-sandbox", "--js-flags=--no-maglev --no-turbofan"]
        browser = await playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def visitors(chromium: Browser, demo_town: TrialTown) -> AsyncIterator[Visitors]:
    """Whoever visits the portal: each person signs in once."""
    made = Visitors(chromium, demo_town)
    yield made
    await made.leave()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(20)) as made:
        yield made

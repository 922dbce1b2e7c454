"""The people of the demo town in front of a browser: parents at a phone, staff at a desk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Literal

import aiohttp
import pyotp
from playwright.async_api import Browser, BrowserContext, Page, StorageState, ViewportSize

from deploy.trial import TrialTown
from services.chassis.testing import eventually

AXE: Final = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
PHONE: Final = 375
DESK: Final = 1280
HEIGHTS: Final = {PHONE: 780, DESK: 900}

Scheme = Literal["light", "dark"]


def window(width: int) -> ViewportSize:
    """A window of this width, as high as those usually are."""
    return ViewportSize(width=width, height=HEIGHTS[width])


class Visitors:
    """Opens pages as one of the demo's persons, or as nobody."""

    def __init__(self, browser: Browser, town: TrialTown) -> None:
        self.browser = browser
        self.town = town
        self.complaints: list[str] = []  # what browsers held against our pages
        self._signed_in: dict[str, StorageState] = {}

    @property
    def portal(self) -> str:
        return self.town.ports.url("gateway")

    @asynccontextmanager
    async def visit(
        self,
        who: str = "",
        *,
        width: int = DESK,
        scheme: Scheme = "light",
        script: bool = True,
        with_axe: bool = False,
        touch: bool = False,
        zone: str = "Europe/Paris",
    ) -> AsyncIterator[Page]:
        """A page of a fresh browser context, signed in as `who` of `var/demo.json`.

        With `with_axe` every page it opens has axe-core at hand.
        """
        context = await self.browser.new_context(
            base_url=self.portal,
            viewport=window(width),
            color_scheme=scheme,
            reduced_motion="reduce",  # colours are looked at, not on their way
            java_script_enabled=script,
            has_touch=touch,
            locale="fr-FR",
            timezone_id=zone,
            storage_state=await self._state_of(who) if who else None,
        )
        try:
            if with_axe:
                # By the browser's debugger, which our content policy does not bind.
                await context.add_init_script(path=AXE)
            yield await self._watched(context)
        finally:
            await context.close()

    async def sign_in(self, page: Page, login: str, password: str, code: str = "") -> None:
        """Fill the sign-in form as anyone would."""
        await page.goto("/connexion")
        await page.get_by_label("Identifiant").fill(login)
        await page.get_by_label("Mot de passe").fill(password)
        if code:
            await page.get_by_text("Agent de la ville : code de sécurité").click()
            await page.get_by_label("Code à 6 chiffres").fill(code)
        await page.get_by_role("main").get_by_role("button", name="Se connecter").click()

    async def mails_to(self, address: str) -> list[dict[str, str]]:
        """What the town's mailbox caught for this address, newest first."""
        url = f"{self.town.ports.url('mailbox')}/messages.json"
        async with (
            aiohttp.ClientSession() as session,
            session.get(url, params={"to": address}) as answer,
        ):
            found: list[dict[str, str]] = (await answer.json())["messages"]
            return found

    async def leave(self) -> None:
        """Every context closed itself; nothing is left but the sessions."""
        self._signed_in.clear()

    async def _state_of(self, who: str) -> StorageState:
        # Signed in once: a one-time code is good for one sign-in only.
        if who not in self._signed_in:
            person = self.town.logins[who]
            secret = person.get("totp_secret")
            async with self.visit() as page:
                code = pyotp.TOTP(secret).now() if secret else ""
                await self.sign_in(page, person["login"], person["password"], code)
                await eventually(lambda: _is_in(page), what=f"{who} signed in")
                self._signed_in[who] = await page.context.storage_state()
        return self._signed_in[who]

    async def _watched(self, context: BrowserContext) -> Page:
        page = await context.new_page()
        page.on(
            "console",
            lambda message: (
                self.complaints.append(f"{page.url}: {message.text}")
                if "Content Security Policy" in message.text
                else None
            ),
        )
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page


async def _is_in(page: Page) -> bool:
    return "/connexion" not in page.url

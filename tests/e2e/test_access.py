"""Ways in, in a real browser through the real parts: parents at a phone, staff at a desk."""

import re
from dataclasses import dataclass
from typing import Final

import aiohttp
import pyotp
import pytest
from playwright.async_api import Page, expect

from services.chassis.testing import eventually
from tests.e2e.api_journey import PASSWORD, Journey
from tests.e2e.test_accessibility import violations
from tests.e2e.visitors import PHONE, Visitors

RESET: Final = r"/mot-de-passe/nouveau\?jeton=[\w-]+"
AGREE: Final = r"/compte/mail/repondre\?jeton=[\w-]+"
CONFIRM: Final = r"/compte/mail/confirmer\?jeton=[\w-]+"
OTHER_PASSWORD: Final = "Marée-Haute-Granville-50"
STAFF_PASSWORD: Final = "Bureau-Enfance-2026-Vire"
CODE_FIELD: Final = "Code à 6 chiffres"


# Each journey hashes passwords several times, on whatever machine this is.
pytestmark = pytest.mark.timeout(300)


@dataclass
class Parent:
    """A parent of the town whom no other test knows, and how they sign in just now."""

    login: str
    password: str


@pytest.fixture(scope="module")
async def parent(visitors: Visitors) -> Parent:
    """Alix Voyage, who has chosen a password."""
    async with aiohttp.ClientSession() as session:
        journey = Journey(visitors.town, session, number=9001)
        await journey.issue_code(await journey.import_family())
        await journey.sign_in()
    return Parent(journey.mail, PASSWORD)


async def link_in(visitors: Visitors, address: str, pattern: str) -> str:
    """The link of the mail that came to this address."""

    async def mailed() -> str:
        for mail in await visitors.mails_to(address):
            if found := re.search(pattern, mail["text"]):
                return found[0]
        return ""

    return str(await eventually(mailed, what=f"the mail to {address}", within=60))


async def press(page: Page, name: str | re.Pattern[str]) -> None:
    await page.get_by_role("main").get_by_role("button", name=name).first.click()


async def choose(page: Page, password: str) -> None:
    """Another password, typed twice."""
    await page.get_by_label("Nouveau mot de passe", exact=True).fill(password)
    await page.get_by_label("Nouveau mot de passe, une seconde fois").fill(password)
    await press(page, "Enregistrer le mot de passe")


async def is_in(page: Page) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Alix")


async def sign_out(page: Page) -> None:
    await page.goto("/deconnexion")
    await press(page, "Se déconnecter")
    await expect(page).to_have_url(re.compile("/connexion"))


async def test_a_forgotten_password_is_replaced_by_a_link_that_serves_once(
    visitors: Visitors, parent: Parent
) -> None:
    async with visitors.visit(width=PHONE, script=False) as page:
        await page.goto("/connexion")
        await page.get_by_role("link", name="Mot de passe oublié").click()
        await page.get_by_label("Identifiant ou adresse mail").fill(parent.login)
        await press(page, "Recevoir un lien")
        await expect(page.get_by_text("Votre demande est prise en compte")).to_be_visible()
        link = await link_in(visitors, parent.login, RESET)
        await page.goto(link)
        await choose(page, OTHER_PASSWORD)
        await expect(page.get_by_role("status")).to_contain_text("est enregistré")
        parent.password = OTHER_PASSWORD
        await visitors.sign_in(page, parent.login, parent.password)
        await is_in(page)
        await page.goto(link)
        await expect(page.get_by_role("main")).to_contain_text("a déjà servi")
        await expect(page.get_by_label("Nouveau mot de passe", exact=True)).to_have_count(0)


async def test_a_parent_sees_the_own_devices_and_signs_them_all_out(
    visitors: Visitors, parent: Parent
) -> None:
    async with visitors.visit(width=PHONE, script=False) as page, visitors.visit() as other:
        for each in (page, other):
            await visitors.sign_in(each, parent.login, parent.password)
            await is_in(each)
        await page.goto("/compte")
        devices = page.get_by_role("button", name=re.compile("^Déconnecter"))
        await expect(page.get_by_text("Cet appareil")).to_have_count(1)
        assert await devices.count() >= 2
        await press(page, "Me déconnecter partout")
        await expect(page.get_by_role("status")).to_contain_text("Tous vos appareils")
        await other.goto("/compte")
        await expect(other).to_have_url(re.compile("/connexion"))


async def test_another_mail_address_counts_once_both_ends_confirmed_it(
    visitors: Visitors, parent: Parent
) -> None:
    new, old = f"nouvelle.{parent.login}", parent.login
    async with visitors.visit(width=PHONE, script=False) as page:
        await visitors.sign_in(page, old, parent.password)
        await is_in(page)
        await page.goto("/compte")
        await page.get_by_label("Nouvelle adresse mail").fill(new)
        await page.get_by_label("Mot de passe actuel").fill(parent.password)
        await press(page, "Changer d’adresse")
        await expect(page.get_by_text(f"En attente de confirmation : {new}")).to_be_visible()
        await page.goto(await link_in(visitors, new, CONFIRM))
        await press(page, "Confirmer mon adresse")
        await expect(page.get_by_text("envoyé à l’adresse actuelle")).to_be_visible()
        await page.goto(await link_in(visitors, old, AGREE))
        await press(page, "Oui, confirmer le changement")
        await expect(page.get_by_text("Votre adresse est confirmée")).to_be_visible()
        await sign_out(page)
        parent.login = new
        await visitors.sign_in(page, parent.login, parent.password)
        await is_in(page)


async def test_franceconnect_signs_in_once_the_account_is_proved(
    visitors: Visitors, parent: Parent
) -> None:
    async with visitors.visit(width=PHONE, with_axe=True) as page:
        await identify(page)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Une dernière étape")
        assert not await violations(page)
        await page.get_by_label("Identifiant").fill(parent.login)
        await page.get_by_label("Mot de passe ou code d’accès").fill(parent.password)
        await press(page, "Associer et continuer")
        await is_in(page)
        await sign_out(page)
        await identify(page)
        await is_in(page)
        await page.goto("/compte/franceconnect")
        await page.get_by_label("Mot de passe actuel").fill(parent.password)
        await press(page, "Dissocier")
        await expect(page.get_by_role("status")).to_contain_text("n’est plus associé")
        await sign_out(page)
        await identify(page)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Une dernière étape")


async def identify(page: Page) -> None:
    """Out to FranceConnect and back, as Alix Voyage."""
    await page.goto("/connexion")
    await page.get_by_role("link", name="S’identifier avec FranceConnect").click()
    await page.get_by_label("Prénoms").fill("Alix")
    await page.get_by_label("Nom de naissance").fill("Voyage")
    await page.get_by_role("button", name="Continuer").click()


async def take_up(page: Page, password: str) -> list[str]:
    """Take up a second factor; the recovery codes."""
    await page.get_by_label("Mot de passe actuel").fill(password)
    await press(page, "Commencer")
    secret = (await page.locator("code.secret").inner_text()).replace(" ", "")
    await page.get_by_label(CODE_FIELD).fill(pyotp.TOTP(secret).now())
    await press(page, "Activer")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    codes = await page.locator("code.secret").all_inner_texts()
    assert len(codes) == 10
    return codes


async def test_a_lost_telephone_is_made_up_for_by_a_recovery_code_or_by_the_administrator(
    visitors: Visitors, parent: Parent
) -> None:
    async with visitors.visit(width=PHONE, script=False) as page:
        await visitors.sign_in(page, parent.login, parent.password)
        await is_in(page)
        await page.goto("/compte/double-authentification")
        codes = await take_up(page, parent.password)
        await sign_out(page)
        await visitors.sign_in(page, parent.login, parent.password)
        await expect(page.get_by_role("alert")).to_contain_text("code")
        for count, goes_in in ((0, True), (0, False), (1, True)):
            await visitors.sign_in(page, parent.login, parent.password, codes[count])
            if goes_in:
                await is_in(page)
                await sign_out(page)
            else:
                await expect(page.get_by_role("alert")).to_be_visible()
    async with visitors.visit("admin") as desk:
        await desk.goto("/agents/familles?recherche=VOYAGE-9001")
        await desk.get_by_role("main").get_by_role("link", name="VOYAGE").first.click()
        await desk.get_by_role("link", name="Modifier Alix").click()
        await press(desk, "Retirer la double authentification")
        await expect(desk.get_by_role("status")).to_contain_text("est retirée")
    async with visitors.visit(width=PHONE, script=False) as page:
        await visitors.sign_in(page, parent.login, parent.password)
        await is_in(page)


async def test_a_new_agent_comes_in_with_what_the_administrator_hands_over(
    visitors: Visitors,
) -> None:
    login = "nolwenn.bihan"
    async with visitors.visit("admin") as desk, visitors.visit(script=False) as page:
        await desk.goto("/agents/comptes")
        await desk.get_by_label("Identifiant").fill(login)
        await desk.get_by_label("Nom affiché").fill("Nolwenn Bihan")
        await desk.get_by_label("Agent du service enfance").check()
        await press(desk, "Créer le compte")
        handed = await desk.locator("code.secret").inner_text()
        await visitors.sign_in(page, login, handed)
        await page.get_by_label("Mot de passe provisoire").fill(handed)
        await choose(page, STAFF_PASSWORD)
        heading = page.get_by_role("heading", level=1)
        await expect(heading).to_have_text("Double authentification", timeout=30_000)
        # Nothing else opens before the second factor is there.
        await page.goto("/agents/familles")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Double authentification")
        codes = await take_up(page, STAFF_PASSWORD)
        await page.get_by_role("link", name="J’ai mis mes codes à l’abri").click()
        await page.goto("/agents/familles")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Familles")
        await page.goto("/agents/comptes")
        await expect(page.get_by_role("heading", level=1)).not_to_have_text("Comptes des agents")
        await desk.goto("/agents/comptes")
        await desk.get_by_role("link", name="Nolwenn Bihan").click()
        await desk.get_by_label("suspendu", exact=False).first.check()
        await press(desk, "Enregistrer")
        line = desk.get_by_role("row", name=re.compile("Nolwenn"))
        await expect(line).to_contain_text("Suspendu")
    async with visitors.visit(script=False) as page:
        await visitors.sign_in(page, login, STAFF_PASSWORD, codes[0])
        await expect(page.get_by_role("alert")).to_be_visible()

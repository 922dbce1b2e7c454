"""Two browsers of two parents of one child in two homes: what each may see, and no more."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any, Final

import pytest
import requests
from playwright.async_api import Page, expect

from services.chassis.clock import paris_date, utc_now
from tests.e2e.api_caller import ApiCaller
from tests.e2e.visitors import PHONE, Visitors

ALLERGY: Final = "Fruits à coque"
PAGES: Final = (
    "/",
    "/famille",
    "/reservations",
    "/inscriptions",
    "/inscriptions/nouvelle",
    "/demarches",
    "/documents",
    "/attestations",
    "/factures",
    "/mes-donnees",
)
ANSWERS: Final = (
    "/family",
    "/family/changes",
    "/children",
    "/enrolments",
    "/calendar",
    "/papers",
    "/documents",
    "/certificates",
    "/invoices",
    "/messages",
)


@pytest.fixture
def api(visitors: Visitors) -> ApiCaller:
    """The portal's JSON API, with everybody's login."""
    return ApiCaller(visitors.portal, visitors.town.logins)


@pytest.mark.timeout(180)
async def test_each_parent_sees_the_child_and_nothing_of_the_other_home(
    visitors: Visitors, api: ApiCaller
) -> None:
    tokens = {who: api.token(who) for who in ("guardian", "newcomer")}
    mother, father = (family_of(api, token) for token in tokens.values())
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
        await allows(one, other, child)
        of_mother = secrets_of(api, tokens["guardian"], mother)
        of_father = secrets_of(api, tokens["newcomer"], father)
        await pages_hold_nothing_of(one, child, of_father)
        await pages_hold_nothing_of(other, child, of_mother)
        programs_read_nothing_of(api, tokens["guardian"], of_father)
        programs_read_nothing_of(api, tokens["newcomer"], of_mother)
        # What the mother asked for the child is hers: the father has asked nothing for it.
        assert child["child_id"] in enrolled_children(api, tokens["guardian"])
        assert child["child_id"] not in enrolled_children(api, tokens["newcomer"])
        # Another family's child is not there at all, by page and by form.
        alone = father["children"][0]["child_id"]
        answer = await one.goto(f"/famille/enfants/{alone}")
        assert answer is not None
        assert answer.status == 404


def read(api: ApiCaller, token: str, path: str, **options: Any) -> requests.Response:
    """What a parent's program is answered."""
    reply = api.call("GET", path, token, **options)
    assert reply.status_code == 200, reply.text
    return reply


def family_of(api: ApiCaller, token: str) -> dict[str, Any]:
    """The parent's record."""
    found: dict[str, Any] = read(api, token, "/family").json()
    return found


def enrolled_children(api: ApiCaller, token: str) -> set[str]:
    """The children for whom this home has asked something."""
    return {e["child_id"] for e in read(api, token, "/enrolments").json()["enrolments"]}


def secrets_of(api: ApiCaller, token: str, home: dict[str, Any]) -> list[str]:
    """What no one outside this home may read: who they are, where, and what they asked and owe."""
    found = [home["family_id"], home["reference"], *home["address"]["lines"]]
    for guardian in home["guardians"]:
        found += [guardian["mail"], guardian["phone"], guardian["guardian_id"]]
    enrolments = read(api, token, "/enrolments").json()["enrolments"]
    invoices = read(api, token, "/invoices").json()["invoices"]
    documents = read(api, token, "/documents").json()["documents"]
    found += [enrolment["enrolment_id"] for enrolment in enrolments]
    found += [invoice["invoice_id"] for invoice in invoices]
    found += [document["document_id"] for document in documents]
    return [secret for secret in found if secret]


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


async def allows(one: Page, other: Page, child: dict[str, Any]) -> None:
    """One home allows something; the other reads no more than that it has itself to answer."""
    address = f"/famille/enfants/{child['child_id']}"
    await one.goto(address)
    await one.get_by_role("button", name=re.compile("^J’autorise")).first.click()
    consents = one.locator("#autorisations")
    await expect(consents.get_by_text("Autorisé", exact=True).first).to_be_visible()
    await other.goto(address)
    consents = other.locator("#autorisations")
    await expect(consents.get_by_text("Réponse attendue").first).to_be_visible()
    await expect(consents.get_by_text("Autorisé", exact=True)).to_have_count(0)
    await expect(consents.get_by_text("foyers")).to_have_count(0)


async def pages_hold_nothing_of(page: Page, child: dict[str, Any], secrets: list[str]) -> None:
    """No page that a parent opens, nor the archive of all data, holds anything of the other."""
    for address in (*PAGES, f"/famille/enfants/{child['child_id']}"):
        await page.goto(address)
        holds_nothing(address, await page.content(), secrets)
    await page.goto("/famille")
    await expect(page.get_by_role("heading", name=child["first_name"])).to_be_visible()
    answer = await page.request.get("/mes-donnees/archive.zip")
    with zipfile.ZipFile(io.BytesIO(await answer.body())) as archive:
        assert child["first_name"] in archive.read("resume.html").decode()
        for name in archive.namelist():
            if not name.startswith("documents/"):
                holds_nothing(name, archive.read(name).decode(), secrets)


def programs_read_nothing_of(api: ApiCaller, token: str, secrets: list[str]) -> None:
    """Nor does any answer of the JSON API."""
    today = paris_date(utc_now())
    days = {"from": f"{today}", "to": f"{today + timedelta(days=30)}"}
    for path in ANSWERS:
        reply = read(api, token, path, params=days if path == "/calendar" else {})
        holds_nothing(path, reply.text, secrets)


def holds_nothing(where: str, text: str, secrets: list[str]) -> None:
    assert not [secret for secret in secrets if secret in text], where

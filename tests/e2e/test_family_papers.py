"""A family's own papers: the vault, attestations, what the town publishes; without any script."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.test_accessibility import violations
from tests.e2e.visitors import DESK, PHONE, Visitors
from tests.unit.documents.builders import pdf

PASSPHRASE = "sept petits canards nagent vers une mare"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "Jugement.pdf"
    file.write_bytes(pdf(5000))
    return file


def same_content(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


async def main_button(page: Page, name: str) -> None:
    await page.get_by_role("main").get_by_role("button", name=name).first.click()


async def test_a_parent_keeps_a_paper_where_the_town_cannot_read_it(
    visitors: Visitors, letter: Path
) -> None:
    async with visitors.visit("guardian", width=PHONE, script=False) as page:
        await page.goto("/coffre-fort")
        await page.get_by_label("Choisissez une phrase secrète").fill(PASSPHRASE)
        await page.get_by_label("La phrase secrète, une seconde fois").fill(PASSPHRASE)
        await main_button(page, "Créer le coffre-fort")
        printed = await page.locator(".printed-key").inner_text()
        assert re.fullmatch(r"(\w{4}-){7}\w{4}", printed)
        await page.get_by_role("link", name="C’est noté").click()
        await page.get_by_label("Fichier").set_input_files(letter)
        await main_button(page, "Ajouter")
        await expect(page.get_by_role("status")).to_contain_text("Jugement.pdf")
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Jugement.pdf").click()
        assert same_content(await (await download.value).path(), letter)
        await main_button(page, "Fermer le coffre-fort")
        await expect(page.get_by_text("Jugement.pdf")).to_have_count(0)
        await page.get_by_label("Votre phrase secrète").fill("ce n’est pas elle")
        await main_button(page, "Ouvrir")
        await expect(page.get_by_role("alert")).to_contain_text("n’ouvre pas")
        await page.get_by_label("Votre phrase secrète").fill(PASSPHRASE)
        await main_button(page, "Ouvrir")
        await expect(page.get_by_role("link", name="Jugement.pdf")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_the_opened_vault_is_accessible(visitors: Visitors, width: int) -> None:
    async with visitors.visit("guardian", width=width, with_axe=True) as page:
        await page.goto("/coffre-fort")
        await page.get_by_label("Votre phrase secrète").fill(PASSPHRASE)
        await main_button(page, "Ouvrir")
        await expect(page.get_by_role("heading", name="Dans le coffre-fort")).to_be_visible()
        found = await violations(page)
        await page.goto("/coffre-fort/reglages")
        found += await violations(page)
        await main_button(page, "Obtenir un code d’invitation")
        found += await violations(page)
        await page.goto("/coffre-fort/reglages")
        await main_button(page, "Obtenir une nouvelle clé")
        found += await violations(page)
        assert not found, "\n".join(found)


async def test_what_the_office_publishes_is_read_by_anyone(
    visitors: Visitors, letter: Path
) -> None:
    async with visitors.visit("admin", script=False) as page:
        await page.goto("/agents/publications")
        await page.get_by_label("Titre").fill("Menus de décembre")
        await page.get_by_label("Sorte").select_option("menu")
        await page.get_by_label("Fichier").last.set_input_files(letter)
        await main_button(page, "Publier")
        await expect(page.get_by_role("status")).to_contain_text("Menus de décembre")
    async with visitors.visit(width=PHONE, script=False) as page:
        await page.goto("/documents-de-la-ville")
        async with page.expect_download() as download:
            await page.get_by_role("link", name="PDF : Menus de décembre").click()
        assert same_content(await (await download.value).path(), letter)


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_an_attestation_is_made_and_checked_by_whoever_receives_it(
    visitors: Visitors, width: int
) -> None:
    async with visitors.visit("guardian", width=width, with_axe=True) as page:
        await page.goto("/attestations")
        await main_button(page, "Établir : Inscription")
        await expect(page.get_by_role("status")).to_contain_text("Attestation d’inscription")
        assert not await violations(page)
        row = page.get_by_role("row").nth(1)
        code = re.search(r"\w{4}-\w{4}-\w{4}", await row.inner_text())
        assert code
        address = await row.get_by_role("link", name="PDF").get_attribute("href")
        paper = await page.request.get(f"{visitors.portal}{address}")
        assert (await paper.body()).startswith(b"%PDF-")
    async with visitors.visit(width=width, with_axe=True) as page:
        await page.goto("/verifier")
        await page.get_by_label("Code de l’attestation").fill(code[0].lower())
        await main_button(page, "Vérifier")
        await expect(page.get_by_role("main")).to_contain_text("vient bien de la ville")
        assert not await violations(page)
        await page.goto("/verifier?code=AAAA-BBBB-CCCC")
        await expect(page.get_by_role("alert")).to_contain_text("Aucune attestation")

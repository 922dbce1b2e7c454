"""One's own data: taken away as one file, asked to be forgotten, and thought better of."""

import zipfile
from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.visitors import PHONE, Visitors


async def test_a_parent_takes_the_familys_data_away_without_script(
    visitors: Visitors, tmp_path: Path
) -> None:
    async with visitors.visit("guardian", width=PHONE, script=False) as page:
        await page.goto("/mes-donnees")
        async with page.expect_download() as begun:
            await page.get_by_role("link", name="Télécharger mes données").click()
        await (await begun.value).save_as(tmp_path / "archive.zip")
    with zipfile.ZipFile(tmp_path / "archive.zip") as archive:
        assert archive.testzip() is None
        assert "donnees/billing.json" in archive.namelist()
        assert "Lefèvre" in archive.read("resume.html").decode()


async def test_a_request_for_erasure_reaches_the_office_and_can_be_withdrawn(
    visitors: Visitors,
) -> None:
    async with visitors.visit("guardian", width=PHONE, script=False) as parent:
        await _ask(parent, "pas le bon")
        await expect(parent.get_by_role("alert")).to_contain_text("mot de passe")
        await _ask(parent, visitors.town.logins["guardian"]["password"])
        await expect(parent.get_by_role("main")).to_contain_text("en cours d’examen")
        async with visitors.visit("agent") as agent:
            await agent.goto("/agents/effacements")
            await agent.get_by_role("link", name="Examiner LEFÈVRE").click()
            await expect(agent.get_by_role("main")).to_contain_text("La famille le demande")
            await agent.get_by_label("Recopiez le numéro du dossier").fill("un autre")
            await agent.get_by_role("button", name="Effacer définitivement").click()
            await expect(agent.get_by_role("alert")).to_contain_text("numéro")
        await parent.get_by_role("button", name="Retirer ma demande").click()
        await expect(parent.get_by_role("status")).to_contain_text("retirée")


async def test_the_administrator_reads_who_opened_a_file(visitors: Visitors) -> None:
    async with visitors.visit("admin") as page:
        await page.goto("/agents/familles?recherche=F0001")
        await page.get_by_role("main").get_by_role("link", name="LEFÈVRE").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Lefèvre")
        await page.goto("/agents/journal?dossier=F0001")
        await expect(page.get_by_role("table")).to_contain_text("Ouvrir une fiche famille")


async def _ask(page: Page, password: str) -> None:
    await page.goto("/mes-donnees")
    await page.get_by_label("Votre mot de passe").fill(password)
    await page.get_by_role("button", name="Demander l’effacement").click()

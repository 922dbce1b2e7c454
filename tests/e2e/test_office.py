"""What the office does for newcomers and for records that are there twice, in a real browser."""

import re
from typing import Final

import pytest
from playwright.async_api import FilePayload, Page, expect

from services.chassis.testing import eventually
from tests.e2e.api_journey import COLUMNS
from tests.e2e.test_accessibility import violations
from tests.e2e.visitors import PHONE, Visitors

MAIL: Final = "soizic.kermarrec@example.org"


async def ask(page: Page) -> None:
    """A newcomer at a phone fills the form, without any script."""
    await page.goto("/connexion")
    await page.get_by_role("link", name="Demandez un compte").click()
    for label, text in (
        ("Adresse mail", MAIL),
        ("Prénom", "Soizic"),
        ("Nom", "Kermarrec"),
        ("Téléphone", "07 11 22 33 44"),
    ):
        await page.get_by_label(label, exact=text != "07 11 22 33 44").first.fill(text)
    await page.get_by_label("Numéro et rue").fill("3 rue du Lavoir")
    await page.get_by_label("Code postal").fill("50860")
    await page.get_by_label("Commune").fill("Saint-Aubin")
    child = page.get_by_role("group", name="Votre enfant")
    await child.get_by_label("Prénom").fill("Maël")
    await child.get_by_label("Nom", exact=True).fill("Kermarrec")
    await page.get_by_role("button", name="Envoyer ma demande").click()
    await expect(page.get_by_role("alert")).to_contain_text("date")
    await child.get_by_label("Date de naissance").fill("2018-05-04")
    await page.get_by_role("button", name="Envoyer ma demande").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Plus qu’une étape")


async def link_in(visitors: Visitors) -> str:
    """The link of the mail that came."""

    async def mailed() -> str:
        for mail in await visitors.mails_to(MAIL):
            if found := re.search(r"/demande-de-compte/confirmer\?jeton=[\w-]+", str(mail)):
                return found[0]
        return ""

    found: str = await eventually(mailed, what="the mail with the link", within=60)
    return found


@pytest.mark.timeout(300)
async def test_a_newcomer_asks_confirms_and_gets_an_account(visitors: Visitors) -> None:
    async with visitors.visit(width=PHONE, script=False) as page:
        await ask(page)
        link = await link_in(visitors)
        await page.goto(link)
        await page.get_by_role("button", name="Confirmer mon adresse mail").click()
        await expect(page.get_by_text("votre adresse est confirmée")).to_be_visible()
        await page.goto(link)
        await page.get_by_role("button", name="Confirmer mon adresse mail").click()
        await expect(page.get_by_role("alert")).to_contain_text("déjà servi")
    async with visitors.visit("agent", with_axe=True) as page:
        await page.goto("/agents/demandes")
        await page.get_by_role("link", name="Soizic Kermarrec").click()
        assert not await violations(page)
        await page.get_by_role("button", name="Créer le dossier").click()
        await expect(page.get_by_role("status")).to_contain_text("Le code d’accès part par mail")

    async def code_mailed() -> bool:
        return any("provisoire" in str(mail) for mail in await visitors.mails_to(MAIL))

    await eventually(code_mailed, what="the mail with the access code", within=60)


@pytest.mark.timeout(300)
async def test_a_family_with_two_records_has_one_in_the_end(visitors: Visitors) -> None:
    common = "SAINT-AUBIN-SUR-VIRE;oui;500;2027-08-31"
    lines = [COLUMNS]
    for number, street in (("PREMIER", "LAVOIR"), ("SECOND", "MOULIN")):
        lines.append(
            f"DOUBLE-{number};3 RUE DU {street};;50860;{common};DUVAL;Odile;;0233000002;;;;;"
            "DUVAL;Lison;2019-02-11;;CE1;vegetarian;"
        )
    file = FilePayload(name="familles.csv", mimeType="text/csv", buffer="\n".join(lines).encode())
    async with visitors.visit("admin") as page:
        await page.goto("/agents/familles/import")
        await page.get_by_label("Vérifier seulement").uncheck()
        await page.get_by_label("Fichier CSV").set_input_files(file)
        await page.get_by_role("button", name="Envoyer le fichier").click()
        await expect(page.get_by_text("Import terminé")).to_be_visible()
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Télécharger le compte rendu").click()
        assert (await download.value).suggested_filename == "compte-rendu-import.csv"

        await page.goto("/agents/familles?recherche=DOUBLE-PREMIER")
        await page.get_by_role("link", name="DUVAL").click()
        await page.get_by_role("link", name="Réunir avec un autre dossier").click()
        await page.get_by_label("Nom ou numéro de l’autre dossier").fill("DOUBLE-SECOND")
        await page.get_by_role("main").get_by_role("button", name="Chercher").click()
        await page.get_by_role("link", name="Comparer").click()
        await page.get_by_label("3 RUE DU MOULIN").check()
        await page.get_by_role("button", name="Réunir les deux dossiers").click()
        await expect(page.get_by_role("alert")).to_contain_text("ne se séparent plus")
        await page.get_by_label("Je confirme que").check()
        await page.get_by_role("button", name="Réunir les deux dossiers").click()
        await expect(page.get_by_role("status")).to_contain_text("sont réunis")
        await expect(page.get_by_role("main")).to_contain_text("3 RUE DU MOULIN")
        await page.goto("/agents/familles?recherche=DOUBLE-SECOND")
        await expect(page.get_by_role("main")).to_contain_text("Aucune famille trouvée")

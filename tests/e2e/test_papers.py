"""A paper's way: a parent sends it, page by page; the office looks at it and decides."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.test_accessibility import violations
from tests.e2e.visitors import DESK, PHONE, Visitors
from tests.unit.documents.builders import pages, png

LABEL = "Livret de famille"
WIDTH = "image => image.decode().then(() => image.naturalWidth)"
A_DROPPED_FILE = """() => {
  const dropped = new DataTransfer();
  dropped.items.add(new File(["%PDF-1.7"], "glisse.pdf", {type: "application/pdf"}));
  return dropped;
}"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two files of three pages together, none like those of another test."""
    first, second = tmp_path / "recto.png", tmp_path / "suite.pdf"
    first.write_bytes(png(len(str(tmp_path)) + 700))
    second.write_bytes(pages(2, 300 + len(tmp_path.name)))
    return [first, second]


async def choose(page: Page, kind: str) -> None:
    await page.goto("/documents")
    await page.get_by_label("Sorte de document").select_option(kind)


async def send(page: Page) -> None:
    main = page.get_by_role("main")
    await main.get_by_role("button", name="Déposer", exact=True).click()


async def test_a_paper_goes_from_two_files_to_its_acceptance(
    visitors: Visitors, files: list[Path]
) -> None:
    async with visitors.visit("guardian", width=DESK) as page:
        await choose(page, "family_book")
        field = page.get_by_label("Fichier ou pages")
        # One after the other, as with a camera: the form gathers them.
        for file in files:
            await field.set_input_files(file)
        await expect(page.get_by_role("list", name="Pages choisies")).to_contain_text("suite.pdf")
        await send(page)
        await expect(page.get_by_role("status").first).to_contain_text("Votre document est déposé")
    async with visitors.visit("admin", width=DESK) as page:
        await page.goto("/agents/pieces/a-verifier?type=family_book")
        await page.get_by_role("link", name=f"Vérifier : {LABEL}").last.click()
        await expect(page.get_by_role("main")).to_contain_text("Page 1 sur 3")
        picture = page.get_by_role("img", name="Page 1 du document")
        assert await picture.evaluate(WIDTH) > 500
        await page.get_by_role("link", name="Page suivante").click()
        await expect(page.get_by_role("main")).to_contain_text("Page 2 sur 3")
        await page.get_by_role("button", name="Accepter la pièce").click()
        await expect(page.get_by_role("status")).to_contain_text("La famille est prévenue")
    async with visitors.visit("guardian", width=PHONE) as page:
        await page.goto("/documents")
        line = page.get_by_role("listitem").filter(has_text=LABEL).first
        await expect(line).to_contain_text("Acceptée")
    assert not visitors.complaints


async def test_a_paper_is_sent_refused_and_replaced_without_any_script(
    visitors: Visitors, files: list[Path]
) -> None:
    async with visitors.visit("guardian", width=PHONE, script=False) as page:
        await choose(page, "custody_ruling")
        await page.get_by_label("Fichier ou pages").set_input_files(files)
        await send(page)
        await expect(page.get_by_role("status").first).to_contain_text("Votre document est déposé")
    async with visitors.visit("admin", script=False) as page:
        await page.goto("/agents/pieces/a-verifier?type=custody_ruling")
        await page.get_by_role("link", name="Vérifier : Décision").last.click()
        await page.get_by_role("button", name="Refuser la pièce").click()
        await expect(page.get_by_role("alert")).to_contain_text("Indiquez le motif")
        await page.get_by_label("Motif du refus").fill("La page 2 manque.")
        await page.get_by_role("button", name="Refuser la pièce").click()
        await expect(page.get_by_role("status")).to_contain_text("est refusée")
    async with visitors.visit("guardian", width=PHONE, script=False) as page:
        await page.goto("/documents")
        line = page.get_by_role("listitem").filter(has_text="La page 2 manque.").first
        await line.get_by_role("link", name="Remplacer").click()
        await expect(page.get_by_role("main")).to_contain_text("Nouvelle version de Décision")
        await page.get_by_label("Fichier ou pages").set_input_files(files[1])
        await send(page)
        await expect(page.get_by_role("status").first).to_contain_text("Votre document est déposé")
        await expect(page.get_by_role("main")).to_contain_text("Versions précédentes (1)")


async def test_files_may_be_dropped_and_taken_out_again(visitors: Visitors) -> None:
    async with visitors.visit("guardian", width=DESK) as page:
        await choose(page, "insurance")
        dropped = await page.evaluate_handle(A_DROPPED_FILE)
        zone = page.locator("[data-depot-zone]")
        await zone.dispatch_event("drop", {"dataTransfer": dropped})
        chosen = page.get_by_role("list", name="Pages choisies")
        await expect(chosen).to_contain_text("glisse.pdf")
        await expect(page.get_by_role("status").last).to_have_text("1 fichier choisi.")
        await page.get_by_role("button", name="Retirer glisse.pdf").click()
        await expect(chosen).to_be_hidden()
        await expect(page.get_by_label("Fichier ou pages")).to_be_focused()


async def test_a_phone_offers_its_camera_and_gathers_the_photos(
    visitors: Visitors, files: list[Path]
) -> None:
    async with visitors.visit("guardian", width=PHONE, touch=True, with_axe=True) as page:
        await choose(page, "insurance")
        camera = page.get_by_label("Ou une photo")
        await expect(camera).to_be_visible()
        await expect(camera).to_have_attribute("capture", "environment")
        for _ in range(2):
            await camera.set_input_files(files[0])
        chosen = page.get_by_role("list", name="Pages choisies").get_by_role("listitem")
        await expect(chosen).to_have_count(2)
        assert not await violations(page)


async def test_a_form_that_is_refused_keeps_the_parent_on_the_page(visitors: Visitors) -> None:
    async with visitors.visit("guardian", width=PHONE) as page:
        await choose(page, "insurance")
        await send(page)
        await expect(page.get_by_role("alert")).to_contain_text("Choisissez un fichier")
        assert (await page.title()).startswith("Erreur")
        chosen = page.get_by_label("Sorte de document")
        await expect(chosen).to_have_value("insurance")

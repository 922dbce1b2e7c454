"""The whole way of one new family through the pages, step by step."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from playwright.async_api import FilePayload, Locator, Page, expect

from deploy.demo.portal import CODE
from services.chassis.clock import paris_date, utc_now
from services.chassis.testing import eventually
from tests.e2e.api_journey import COLUMNS
from tests.e2e.visitors import PHONE, Visitors

PASSWORD: Final = "Pomme-Cidre-Vire-2026"
PDF: Final = b"%PDF"
# Events travel between the services meanwhile; a cold machine takes its time.
PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class NewFamilies:
    """Two families that the town did not know: one with a mail address, one without."""

    name: str
    child: str
    name_without_mail: str

    @property
    def mail(self) -> str:
        return f"romane.{self.name.lower()}@example.org"

    @property
    def csv(self) -> bytes:
        """The file that the administrator imports."""
        common = "SAINT-AUBIN-SUR-VIRE;oui;500;2027-08-31"
        lines = (
            COLUMNS,
            f"{self.name}-1;3 RUE DU LAVOIR;;50860;{common};{self.name};Romane;{self.mail};"
            f"0600000001;;;;;{self.name};{self.child};2018-05-04;;CE2;standard;Arachides",
            f"{self.name}-2;5 RUE DU LAVOIR;;50860;{common};{self.name_without_mail};Odette;;"
            f"0233000002;;;;;{self.name_without_mail};Lison;2019-02-11;;CE1;vegetarian;",
        )
        return "\n".join(lines).encode()


@dataclass
class BrowserJourney:
    """The way of a family with a mail address; the other one's letter is printed on the way."""

    visitors: Visitors
    families: NewFamilies
    session_id: str = ""
    month: str = ""

    async def import_families(self, page: Page) -> None:
        """The administrator checks the file, then imports it."""
        file = FilePayload(name="familles.csv", mimeType="text/csv", buffer=self.families.csv)
        await page.goto("/agents/familles/import")
        await page.get_by_label("Fichier CSV").set_input_files(file)
        await page.get_by_role("button", name="Envoyer le fichier").click()
        await expect(page.get_by_text("rien n’a encore été importé")).to_be_visible()
        await page.get_by_role("button", name="Importer ce fichier").click()
        await expect(page.get_by_text("Import terminé")).to_be_visible()

    async def issue_codes(self, page: Page) -> None:
        """One family receives its codes by mail, the other by letter."""
        await page.goto("/agents/codes")
        await page.get_by_role("button", name=re.compile("Envoyer .* codes d’accès")).click()
        await expect(page.get_by_role("status")).to_contain_text("par courrier")

    async def print_letters(self, page: Page) -> None:
        """The letter waits in the print tray, and comes out as a PDF."""

        async def letter_waits() -> bool:
            await page.goto("/agents/courriers")
            name = re.compile(self.families.name_without_mail, re.I)
            return await page.get_by_role("rowheader", name=name).count() > 0

        await eventually(letter_waits, within=PATIENCE, what="the letter in the tray")
        form = page.locator("form[action='/agents/courriers']")
        tokens: dict[str, str | float | bool] = {
            name: await form.locator(f"input[name={name}]").input_value()
            for name in ("csrf_token", "form_key")
        }
        printed = await page.request.post("/agents/courriers", form=tokens | {"confirme": "oui"})
        assert (await printed.body()).startswith(PDF)
        await page.goto("/agents/courriers")
        await expect(page.get_by_text("Le bac est vide")).to_be_visible()

    async def code_from_the_mail(self) -> str:
        """The temporary password, as the family reads it."""

        async def the_mail() -> str | None:
            for mail in await self.visitors.mails_to(self.families.mail):
                if code := re.search(CODE, mail["text"]):
                    return code[0]
            return None

        return str(await eventually(the_mail, within=PATIENCE, what="the mail with the code"))

    async def first_sign_in(self, page: Page) -> None:
        """The newcomer signs in with the code from the mail, and chooses a password."""
        code = await self.code_from_the_mail()
        await self.visitors.sign_in(page, self.families.mail, code)
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            "Choisissez votre mot de passe"
        )
        await page.get_by_label("Mot de passe provisoire").fill(code)
        await page.get_by_label("Nouveau mot de passe", exact=True).fill(PASSWORD)
        await page.get_by_label("Nouveau mot de passe, une seconde fois").fill(PASSWORD)
        await page.get_by_role("button", name="Enregistrer le mot de passe").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Romane")

    async def open_enrolment(self, page: Page) -> None:
        """The form for a new enrolment, once it knows the child."""

        async def child_is_known() -> bool:
            await page.goto("/inscriptions/nouvelle")
            return await page.get_by_role("group", name=self.families.child).count() > 0

        await eventually(child_is_known, within=PATIENCE, what="the child in the enrolment form")

    async def enrol(self, page: Page) -> None:
        """The child is enrolled at the canteen: chosen, checked, sent."""
        await self.open_enrolment(page)
        child = page.get_by_role("group", name=self.families.child)
        await child.get_by_role("checkbox", name=re.compile("Restaurant scolaire")).first.check()
        await page.get_by_role("button", name="Continuer").click()
        await page.get_by_label("J’ai lu et j’accepte le règlement intérieur").check()
        await page.get_by_role("button", name="Envoyer la demande").click()
        await expect(page.get_by_role("status")).to_contain_text("Votre demande est envoyée")
        await expect(page.get_by_text("En attente")).to_be_visible()

    async def accept(self, page: Page) -> None:
        """The childcare office accepts."""
        await page.goto("/agents/inscriptions")
        await page.get_by_role(
            "button", name=re.compile(f"Accepter : {self.families.child}")
        ).click()
        await expect(page.get_by_role("status")).to_contain_text("Inscription acceptée")

    async def open_calendar(self, page: Page) -> Locator:
        """The last free day of a month far enough for every deadline."""
        start = paris_date(utc_now()) + timedelta(days=14)
        free = page.locator(".toggle--free input")

        async def a_day_is_free() -> bool:
            for ahead in (0, 31, 62, 93):
                await page.goto(f"/reservations?mois={start + timedelta(days=ahead):%Y-%m}")
                if await free.count():
                    return True
            return False

        await eventually(a_day_is_free, within=PATIENCE, what="a free session in the calendar")
        # The acceptance may have arrived while a later month was open: back to the nearest.
        await a_day_is_free()
        self.session_id = str(await free.last.get_attribute("value")).split(":")[1]
        self.month = await page.locator("#calendrier input[name=mois]").input_value()
        return free.last

    async def reserve(self, page: Page) -> None:
        """The parent ticks a day, reads what will change, and saves."""
        day = await self.open_calendar(page)
        await day.check()
        await expect(page.locator("#recapitulatif")).to_contain_text("1 à réserver")
        await page.get_by_role("button", name="Enregistrer").click()
        await self.see_reservation(page)

    async def see_reservation(self, page: Page) -> None:
        """The page says that it is saved, and shows it."""
        await expect(page.get_by_role("status")).to_contain_text("1 réservation enregistrée")
        await expect(page.locator(".toggle--reserved input:checked")).to_have_count(1)

    async def take_roll(self, page: Page) -> None:
        """The leader finds the child on the roll, with the allergy, and marks it present."""
        await page.goto(f"/agents/seances/{self.session_id}")
        await expect(page.get_by_role("main")).to_contain_text("Arachides")
        roll = page.get_by_role("radiogroup", name=re.compile(self.families.child))
        await roll.get_by_label("Présent").check()
        await page.get_by_role("button", name="Enregistrer", exact=True).click()
        await expect(page.get_by_role("status")).to_contain_text("Tout est enregistré")
        await page.reload()
        await expect(roll.get_by_label("Présent")).to_be_checked()

    async def bill(self, till: Page, parent: Page) -> None:
        """The till bills the month until the parent's invoice is there."""

        async def the_invoice() -> bool:
            # The charge may still be on its way: a rerun takes it in and changes nothing else.
            await till.goto("/agents/facturation")
            await till.get_by_label("Mois à facturer").fill(self.month)
            await till.get_by_role("button", name="Préparer la facturation").click()
            await till.get_by_label("Facturer un mois qui n’est pas terminé").check()
            await till.get_by_role("button", name="Lancer la facturation").click()
            await expect(till.get_by_role("main")).to_contain_text("Terminée", timeout=30_000)
            await parent.goto("/factures")
            return await parent.get_by_role("button", name="Payer la sélection").count() > 0

        await eventually(the_invoice, within=PATIENCE, what="the invoice")

    async def read_invoice(self, page: Page) -> None:
        """The lines say why; the PDF is there."""
        await page.get_by_role("link", name=re.compile("Détail")).click()
        await expect(page.get_by_role("row", name=re.compile(self.families.child))).to_be_visible()
        pdf = page.get_by_role("link", name="Télécharger le PDF")
        answer = await page.request.get(str(await pdf.get_attribute("href")))
        assert (await answer.body()).startswith(PDF)

    async def pay(self, page: Page) -> None:
        """Pay at the payment server, come back, take the receipt."""
        await page.get_by_role("button", name=re.compile("Payer")).click()
        await page.wait_for_url(re.compile("paiementws"))
        await page.get_by_role("button", name=re.compile("Payer")).click()
        await self.take_receipt(page)

    async def take_receipt(self, page: Page) -> None:
        """Back from the payment server: paid, with a receipt, and nothing left to pay."""
        await expect(page.get_by_role("heading", level=2)).to_have_text(
            "Merci, votre paiement est reçu", timeout=30_000
        )
        receipt = page.get_by_role("link", name="Télécharger le reçu")
        answer = await page.request.get(str(await receipt.get_attribute("href")))
        assert (await answer.body()).startswith(PDF)
        await page.goto("/factures")
        await expect(page.get_by_text("Vous êtes à jour")).to_be_visible()

    async def whole_way(self) -> None:
        """From the CSV file to the receipt; the parent holds a phone."""
        visit = self.visitors.visit
        async with visit("admin") as admin:
            await self.import_families(admin)
            await self.issue_codes(admin)
            await self.print_letters(admin)
        async with visit(width=PHONE) as parent:
            await self.first_sign_in(parent)
            await self.enrol(parent)
            async with visit("agent") as agent:
                await self.accept(agent)
            await self.reserve(parent)
            async with visit("leader") as leader:
                await self.take_roll(leader)
            async with visit("regisseur") as till:
                await self.bill(till, parent)
            await self.read_invoice(parent)
            await self.pay(parent)

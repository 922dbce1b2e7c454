"""axe-core finds nothing on any page, on a phone and on a desk, in light and in dark."""

import re
from typing import Any, Final
from urllib.parse import urlparse

import pytest
from playwright.async_api import Page, expect

from tests.e2e.visitors import DESK, PHONE, Visitors, window

# What is kept is told; without `resultTypes` axe names every node that passes, too.
RUN_AXE: Final = """async () => {
  const found = await axe.run(document, {
    rules: {"target-size": {enabled: true}}, resultTypes: ["violations"],
  });
  return found.violations.map(v => `${v.id}: ${v.help} — ${v.nodes.map(n => n.html).join(" | ")}`);
}"""
CONTRAST_ALONE: Final = """async () => {
  const found = await axe.run(document, {
    runOnly: ["color-contrast"], resultTypes: ["violations"],
  });
  return found.violations.flatMap(v => v.nodes.map(n => `dark: ${n.html} ${n.failureSummary}`));
}"""

PUBLIC: Final = (
    "/connexion",
    "/demande-de-compte",
    "/demande-de-compte/envoyee",
    "/demande-de-compte/confirmer?jeton=x",
    "/demande-de-compte/confirmer",
    "/styleguide",
    "/accessibilite",
    "/confidentialite",
    "/documents-de-la-ville",
    "/verifier",
    "/verifier?code=AAAA-BBBB-CCCC",
    "/mot-de-passe/oublie",
    "/mot-de-passe/nouveau?jeton=x",
    "/compte/mail/confirmer?jeton=x",
    "/compte/mail/refuser?jeton=x",
    "/compte/mail/repondre?jeton=x",
    "/nulle-part",
)
PARENTS: Final = (
    "/",
    "/famille",
    "/famille/quotient",
    "/famille/enfants/nouveau",
    "/famille/responsables/nouveau",
    "/inscriptions",
    "/inscriptions/nouvelle",
    "/inscriptions/reglements",
    "/reservations",
    "/agenda",
    "/agenda?vue=semaine",
    "/agenda?vue=liste",
    "/absences",
    "/documents",
    "/coffre-fort",
    "/coffre-fort/secours",
    "/coffre-fort/invitation",
    "/attestations",
    "/factures",
    "/factures/prelevement",
    "/demarches",
    "/demarches?etat=open",
    "/messages",
    "/mes-donnees",
    "/mot-de-passe",
    "/compte",
    "/compte/double-authentification",
    "/deconnexion",
    "/agents",  # refused: the page that says so
)
STAFF: Final = (
    "/agents",
    "/agents/familles",
    "/agents/familles?recherche=zzzz",
    "/agents/familles/import",
    "/agents/familles/nouvelle",
    "/agents/modifications",
    "/agents/reglages",
    "/agents/codes",
    "/agents/codes/destinataires",
    "/agents/codes/destinataires?sort=incomplete",
    "/agents/codes/destinataires?responsables=all",
    "/agents/demandes",
    "/agents/demandes?etat=approved",
    "/agents/passage-de-classe",
    "/agents/comptes",
    "/agents/activites",
    "/agents/activites?nouvelle=1",
    "/agents/calendrier",
    "/agents/calendrier?annee=2027",
    "/agents/demandes-tardives",
    "/agents/demandes-tardives?etat=refused",
    "/agents/inscriptions",
    "/agents/inscriptions?etat=accepted",
    "/agents/inscriptions?etat=returned",
    "/agents/inscriptions?etat=waiting",
    "/agents/attributions",
    "/agents/reglements",
    "/agents/seances",
    "/agents/seances/imprimer",
    "/agents/absences",
    "/agents/absences?etat=excused",
    "/agents/cuisine",
    "/agents/cuisine?vue=semaine",
    "/agents/tarifs",
    "/agents/tarifs/cantine",
    "/agents/tarifs/formules",
    "/agents/facturation",
    "/agents/facturation/regies",
    "/agents/facturation/regies?code=EJ",
    "/agents/facturation/apercu?mois=2026-10",
    "/agents/factures",
    "/agents/factures/impressions",
    "/agents/statistiques",
    "/agents/caisse",
    "/agents/caisse/cheques",
    "/agents/prelevements",
    "/agents/payeurs",
    "/agents/impayes",
    "/agents/tresorerie",
    "/agents/impayes/abandons",
    "/agents/prelevements/mandats",
    "/agents/prelevements/mandats?etat=revoked",
    "/agents/courriers",
    "/agents/messages",
    "/agents/pieces",
    "/agents/pieces?nouvelle=1",
    "/agents/pieces?code=insurance",
    "/agents/pieces/a-verifier",
    "/agents/pieces/a-verifier?type=insurance",
    "/agents/publications",
    "/agents/effacements",
    "/agents/journal",
    "/agents/journal?resultat=refused",
)

Addresses = dict[str, tuple[str, ...]]


@pytest.fixture(scope="module")
async def addresses(visitors: Visitors) -> Addresses:
    """Every page of the portal, with those that need something to show."""
    return {
        "": PUBLIC,
        "guardian": (*PARENTS, *await further_parents_pages(visitors)),
        "admin": (*STAFF, *await further_staff_pages(visitors)),
    }


@pytest.mark.timeout(900)
@pytest.mark.parametrize("who", ["", "guardian", "admin"])
async def test_axe_finds_nothing_on_any_page(
    visitors: Visitors, addresses: Addresses, who: str
) -> None:
    found: list[str] = []
    async with visitors.visit(who, width=PHONE, with_axe=True) as page:
        for address in addresses[who]:
            await page.goto(address)
            found += [f"{address} {violation}" for violation in await at_all_widths(page)]
    assert not found, "\n".join(found)


async def at_all_widths(page: Page) -> list[str]:
    """What is held against the page on a phone, and on a desk once the window has grown.

    It is loaded once: no page asks a script how wide the window is. Colours are the same at
    every width.
    """
    found: list[str] = []
    for width in (PHONE, DESK):
        await page.set_viewport_size(window(width))
        wider = await overflow(page)
        found += [f"is {wider} px wider than the window of {width} px"] * (wider > 0)
        found += [
            f"at {width} px: {violation}"
            for violation in await violations(page, in_the_dark=width == PHONE)
        ]
    return found


@pytest.mark.parametrize(
    ("address", "fill", "button"),
    [
        ("/mot-de-passe", {"Mot de passe actuel": "x"}, "Enregistrer le mot de passe"),
        ("/famille", {"Code postal": "5"}, "Enregistrer"),
        ("/famille/quotient", {"Nom de naissance": "x"}, "Récupérer mon quotient"),
        ("/compte", {"Nouvelle adresse mail": "pas une adresse"}, "Changer d’adresse"),
        ("/mot-de-passe/oublie", {}, "Recevoir un lien"),
        ("/documents", {}, "Déposer"),
        ("/inscriptions/nouvelle", {}, "Continuer"),
        ("/reservations", {}, "Réserver ces jours"),
        ("/absences", {"Premier jour": "2020-01-06"}, "Déclarer l’absence"),
        ("/demande-de-compte", {}, "Envoyer ma demande"),
    ],
)
async def test_axe_finds_nothing_on_a_refused_form(
    visitors: Visitors, address: str, fill: dict[str, str], button: str
) -> None:
    async with visitors.visit("guardian", width=PHONE, with_axe=True) as page:
        await page.goto(address)
        for label, text in fill.items():
            await page.get_by_label(label).fill(text)
        await page.get_by_role("main").get_by_role("button", name=button).click()
        await expect(page.get_by_role("alert")).to_be_visible()
        assert (await page.title()).startswith("Erreur")
        assert not await violations(page)


async def test_opened_menus_are_accessible_too(visitors: Visitors) -> None:
    async with visitors.visit("guardian", width=PHONE, with_axe=True) as page:
        await page.goto("/factures")
        await page.get_by_text("Plus", exact=True).click()
        assert not await violations(page)
        await page.get_by_role("link", name="Documents", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Documents")
    async with visitors.visit("admin", width=PHONE, with_axe=True) as page:
        await page.goto("/agents")
        await page.locator(".burger > summary").click()
        assert not await violations(page)
        await page.get_by_role("link", name="Tarifs").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Tarifs")


async def violations(page: Page, *, in_the_dark: bool = True) -> list[str]:
    """What axe holds against the page as it is, and against its colours in the dark."""
    await page.emulate_media(color_scheme="light")
    found: list[str] = await page.evaluate(RUN_AXE)
    if in_the_dark:
        await page.emulate_media(color_scheme="dark")
        found += await page.evaluate(CONTRAST_ALONE)
    return found


async def overflow(page: Page) -> int:
    wider: int = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wider


async def further_parents_pages(visitors: Visitors) -> list[str]:
    """A draft of an enrolment, what became of requests, a replaced document, an invoice."""
    await bill(visitors)
    async with visitors.visit("guardian") as page:
        await page.goto("/inscriptions")
        drafts = await links(page, r"^/inscriptions/(demandes/|nouvelle\?annee=.*demande=)")
        followed = await links(page, r"^/inscriptions/suivi/[0-9a-f-]{36}$")
        await page.goto("/documents")
        replacements = await links(page, r"^/documents\?remplace=")
        await page.goto("/famille")
        persons = await links(page, r"^/famille/(enfants|responsables)/[0-9a-f-]+$")
        await page.goto("/messages")
        said = await links(page, r"^/messages/[0-9a-f-]{36}$")
        await page.goto("/factures")
        return [
            *said[:1],
            *drafts[:2],
            *followed,
            *replacements[:1],
            *persons,
            *await links(page, r"^/factures/[0-9a-f-]+$"),
        ]


async def further_staff_pages(visitors: Visitors) -> list[str]:
    """A family and its persons, a roll, an activity's form, a billing run, a paper to review."""
    pages: list[str] = []
    async with visitors.visit("admin") as page:
        for address, pattern in (
            ("/agents/familles", r"^/agents/familles/[0-9a-f-]{36}$"),
            ("/agents/publications", r"^/agents/publications/[0-9a-f-]{36}$"),
            ("/agents/comptes", r"^/agents/comptes/[0-9a-f-]{36}$"),
            ("/agents/activites", r"^/agents/activites\?code="),
            ("/agents/attributions", r"^/agents/attributions/[0-9a-f-]{36}$"),
            ("/agents/facturation", r"^/agents/facturation/[0-9a-f-]{36}$"),
            ("/agents/factures", r"^/factures/[0-9a-f-]+$"),
            ("/agents/pieces/a-verifier", r"^/agents/pieces/a-verifier/[0-9a-f-]{36}$"),
        ):
            await page.goto(address)
            pages += (await links(page, pattern))[:1]
        pages += [
            address
            for f in pages
            if "/familles/" in f
            for address in (
                f.replace("familles", "effacements"),
                f.replace("familles", "caisse/familles"),
                f"{f}/organisme",
                f"{f}/repartition",
            )
        ]
        pages.append(await a_payer(page))
        pages.append(await a_refund(page, pages[0].replace("familles", "caisse/familles")))
        pages += [f"/agents{f}/avoir" for f in pages if f.startswith("/factures/")]
        await page.goto(pages[0])
        for part in ("enfants", "responsables"):
            pages += (await links(page, rf"^/agents/familles/[^/]+/{part}/[0-9a-f-]+$"))[:1]
        pages += [f"{pages[0]}/{part}/nouveau" for part in ("enfants", "responsables")]
        counter = ("quotient", "documents", "attestations", "inscrire")
        pages += [*(f"{pages[0]}/{part}" for part in counter), *await a_roll(page)]
        await page.goto("/agents/familles")
        one, other = (await links(page, r"^/agents/familles/[0-9a-f-]{36}$"))[:2]
        await page.goto(f"{pages[0]}/messages")
        said = await links(page, r"^/agents/familles/[0-9a-f-]{36}/messages/[0-9a-f-]{36}$")
        pages += [f"{pages[0]}/messages", *said[:1]]
        pages += [
            f"{one}/reunir",
            f"{one}/reunir?recherche=a",
            f"{one}/reunir?autre={other.rpartition('/')[2]}",
        ]
    return pages


async def a_refund(page: Page, till: str) -> str:
    """An advance that the till takes of a family and pays back: the refund's page."""
    await page.goto(till)
    for invoice in (
        await page.get_by_role("group", name="Factures réglées").get_by_role("checkbox").all()
    ):
        await invoice.uncheck()
    await page.get_by_label("Montant remis").fill("10")
    await page.get_by_role("button", name="Enregistrer le règlement").click()
    await page.wait_for_url("**/agents/caisse/reglements/*")
    await page.goto(till)
    await page.get_by_label("Montant à rembourser").fill("10")
    await page.get_by_label("Motif").fill("Départ de la famille")
    await page.get_by_role("button", name="Rembourser").click()
    await page.wait_for_url("**/agents/caisse/remboursements/*")
    return page.url[page.url.index("/agents/") :]


async def a_roll(page: Page) -> list[str]:
    """A session of the first day from today on that has any, on the screen and on paper."""
    await page.goto("/agents/seances")
    for _ in range(20):
        if found := await links(page, r"^/agents/seances/[0-9a-f-]{36}$"):
            return [found[0], f"{found[0]}/attente", f"{found[0]}/imprimer"]
        await page.get_by_role("link", name=re.compile("Jour suivant")).click()
    return []


async def a_payer(page: Page) -> str:
    """A payer who is no family, taken in for these tests unless there is one."""
    await page.goto("/agents/payeurs")
    if found := await links(page, r"^/agents/payeurs/[0-9a-f-]{36}$"):
        return found[0]
    await page.get_by_label("Qui paie").select_option("person")
    for label, text in (
        ("Nom", "Odile Martin"),
        ("Adresse", "4 impasse des Tilleuls"),
        ("Code postal", "50300"),
        ("Ville", "Avranches"),
    ):
        await page.get_by_label(label, exact=True).fill(text)
    await page.get_by_role("button", name="Enregistrer ce payeur").click()
    await expect(page.get_by_role("main")).to_contain_text("Parts payées")
    return urlparse(page.url).path


async def bill(visitors: Visitors) -> None:
    """Bill the present month, so that there are invoices to look at."""
    async with visitors.visit("regisseur") as page:
        await page.goto("/agents/facturation")
        month = re.sub(
            r"^(\d{4}-\d{2}).*", r"\1", str(await page.evaluate("new Date().toISOString()"))
        )
        await page.get_by_label("Mois à facturer").fill(month)
        await page.get_by_role("button", name="Préparer la facturation").click()
        await page.get_by_label("Facturer un mois qui n’est pas terminé").check()
        await page.get_by_role("button", name="Lancer la facturation").click()
        await expect(page.get_by_role("main")).to_contain_text("Terminée", timeout=30_000)


async def links(page: Page, pattern: str) -> list[str]:
    """Where the page's links lead, those that match."""
    found: list[Any] = await page.get_by_role("link").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    return [address for address in dict.fromkeys(found) if address and re.search(pattern, address)]

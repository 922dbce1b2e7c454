"""Payers who are no family: a grandmother, an employer, a CCAS, a foster care service."""

from typing import Any, Final
from uuid import UUID

from aiohttp import web

from contracts.roles import DESK, TILL
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceProblem, ServiceUnavailable

PATH: Final = "/agents/payeurs"
KINDS: Final = (("person", "Une personne"), ("organisation", "Un organisme"))
# What an organisation is: the public accountant codes each otherwise.
NATURES: Final = (
    ("company", "Entreprise, société"),
    ("sole_trader", "Artisan, commerçant, exploitant agricole"),
    ("association", "Association, comité d’entreprise"),
    ("ccas", "CCAS, CIAS"),
    ("school_fund", "Caisse des écoles"),
    ("municipality", "Commune"),
    ("grouping", "Communauté de communes, syndicat"),
    ("department", "Département (aide sociale à l’enfance)"),
    ("hospital", "Hôpital public"),
    ("state", "Service de l’État"),
    ("public_body", "Établissement public national"),
    ("family_fund", "Caisse d’allocations familiales"),
)
# Form fields by the names of billing.
FIELDS: Final = {
    "sorte": "kind",
    "nature": "nature",
    "nom": "name",
    "adresse": "lines.0",
    "complement": "lines.1",
    "code_postal": "postcode",
    "ville": "city",
    "mail": "mail",
    "siret": "siret",
}


async def payers(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """All of them, and the form for another one."""
    return page.render(
        "agents/payeurs.html",
        panels=await panels(payers=page.clients.payers.third_parties()),
        form=form or Form(),
        away=away,
        kinds=KINDS,
        natures=NATURES,
        may_amend=page.session.has(*TILL),
    )


async def add(page: Page) -> web.StreamResponse:
    """Take in a payer."""
    form = await page.form()
    try:
        added = await page.clients.payers.add_third_party(_told(form))
    except ServiceUnavailable as failure:
        return await payers(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await payers(page, form.refused(refusal, **FIELDS))
    told = f"{added.name} est enregistré sous la référence {added.reference}."
    return page.redirect(f"{PATH}/{added.payer_id}", flash=told)


async def payer(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """One of them: for whom it pays, its invoices, its address."""
    payer_id = page.id("payer_id")
    clients = page.clients
    found = await or_unavailable(clients.payers.third_party(payer_id))
    shown = await panels(
        sharings=clients.payers.sharings(payer_id),
        invoices=clients.billing.invoices(family_id=payer_id),
    )
    return page.render(
        "agents/payeur.html",
        payer=found,
        payer_id=payer_id,
        panels=shown,
        form=form or Form(),
        away=away,
        kinds=KINDS,
        natures=NATURES,
        may_amend=page.session.has(*TILL),
        year=page.today.year,
    )


async def correct(page: Page) -> web.StreamResponse:
    """Correct its name, address, mail or SIRET."""
    form, payer_id = await page.form(), page.id("payer_id")
    try:
        await page.clients.payers.correct_third_party(payer_id, _told(form))
    except ServiceUnavailable as failure:
        return await payer(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await payer(page, form.refused(refusal, **FIELDS))
    told = "Les prochaines factures iront à cette adresse."
    return page.redirect(f"{PATH}/{payer_id}", flash=told)


async def erase(page: Page) -> web.StreamResponse:
    """Forget a payer: its reference typed again is the confirmation."""
    form, payer_id = await page.form(), page.id("payer_id")
    try:
        await page.clients.payers.erase_third_party(payer_id, form.text("reference"))
    except ServiceUnavailable as failure:
        return await payer(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await payer(page, form.refused(refusal))
    told = "Le payeur est effacé\u00a0; ses factures sont gardées le temps que la loi demande."
    return page.redirect(PATH, flash=told)


async def is_third_party(page: Page, account_id: UUID | None) -> bool:
    """Whether an account that invoices name, and accounts does not know, is one of these."""
    if account_id is None:
        return False
    try:
        await page.clients.payers.third_party(account_id)
    except (ServiceProblem, ServiceUnavailable):
        return False
    return True


def _told(form: Form) -> dict[str, Any]:
    """What billing takes. The street counts even when it is empty: its error stands beside it."""
    more = form.text("complement")
    return {
        "kind": form.text("sorte"),
        "nature": form.text("nature") or None,
        "name": form.text("nom"),
        "lines": [form.text("adresse"), *([more] if more else [])],
        "postcode": form.text("code_postal"),
        "city": form.text("ville"),
        "mail": form.text("mail") or None,
        "siret": form.text("siret"),
    }


ROUTES = (
    get(PATH, payers, allow=DESK),
    post(PATH, add, allow=TILL),
    get(f"{PATH}/{{payer_id}}", payer, allow=DESK),
    post(f"{PATH}/{{payer_id}}", correct, allow=TILL),
    post(f"{PATH}/{{payer_id}}/effacement", erase, allow=TILL),
)

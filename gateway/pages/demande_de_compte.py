"""A newcomer asks for an account, and confirms the mail address."""

from typing import Final

from aiohttp import web

from gateway.forms import REFUSALS, Form
from gateway.page import PUBLIC, Page, get, post
from gateway.pages.foyer import ADDRESS_FIELDS, MOST_CHILDREN, household_of
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/demande-de-compte"
SENT_PATH: Final = f"{PATH}/envoyee"
CONFIRM_PATH: Final = f"{PATH}/confirmer"

NEEDED: Final = (
    "adulte1_prenom",
    "adulte1_nom",
    "adulte1_mail",
    "adresse",
    "code_postal",
    "commune",
    "enfant1_prenom",
    "enfant1_nom",
    "enfant1_naissance",
)
MESSAGES: Final = {
    "adulte1_mail": "Donnez votre adresse mail : nous y répondons.",
    "enfant1_naissance": "Donnez la date de naissance de votre enfant.",
}


async def ask_page(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The form: adults, children, address."""
    return page.render(
        "demande_de_compte.html", form=form or Form(), away=away, most_children=MOST_CHILDREN
    )


async def ask(page: Page) -> web.StreamResponse:
    """Send the request; the answer is the same whether or not the town knows the address."""
    form = await page.form()
    fields = dict(ADDRESS_FIELDS)
    if _incomplete(form):
        return await ask_page(page, form)
    try:
        household = household_of(form, fields)
        await page.clients.office.ask_for_account(household, page.network_address)
    except ServiceUnavailable as failure:
        return await ask_page(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await ask_page(page, form.refused(refusal, **fields))
    return page.redirect(SENT_PATH)


def _incomplete(form: Form) -> bool:
    """Whether something needed is empty; then the form says so beside each field."""
    for name in NEEDED:
        if not form.text(name):
            form.with_error(name, MESSAGES.get(name, "Ce champ est obligatoire."))
    return form.is_refused


async def sent_page(page: Page) -> web.StreamResponse:
    """What happens next."""
    return page.render("demande_envoyee.html")


async def confirm_page(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """A button, since mail programs follow links by themselves."""
    form = form or Form()
    token = form.text("jeton") or page.query.get("jeton")
    return page.render("demande_confirmer.html", form=form, away=away, token=token)


async def confirm(page: Page) -> web.StreamResponse:
    """Put the request before the staff."""
    form = await page.form()
    try:
        await page.clients.office.confirm_request(form.text("jeton") or "-")
    except ServiceUnavailable as failure:
        return await confirm_page(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await confirm_page(page, form.refused(refusal))
    return page.render("demande_confirmee.html")


ROUTES = (
    get(PATH, ask_page, allow=PUBLIC),
    post(PATH, ask, allow=PUBLIC),
    get(SENT_PATH, sent_page, allow=PUBLIC),
    get(CONFIRM_PATH, confirm_page, allow=PUBLIC),
    post(CONFIRM_PATH, confirm, allow=PUBLIC),
)

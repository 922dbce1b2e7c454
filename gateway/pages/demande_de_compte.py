"""A newcomer asks for an account, and confirms the mail address."""

from typing import Any, Final

from aiohttp import web

from gateway.forms import REFUSALS, Form
from gateway.page import PUBLIC, Page, get, post
from gateway.pages.famille import address_of
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/demande-de-compte"
SENT_PATH: Final = f"{PATH}/envoyee"
CONFIRM_PATH: Final = f"{PATH}/confirmer"
MOST_CHILDREN: Final = 5

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
ADULT_FIELDS: Final = {
    "prenom": "first_name",
    "nom": "last_name",
    "mail": "mail",
    "telephone": "phone",
}
CHILD_FIELDS: Final = {
    "prenom": "first_name",
    "nom": "last_name",
    "naissance": "birth_date",
    "classe": "school_class",
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
    fields = {
        "adresse": "address.lines",
        "code_postal": "address.postcode",
        "commune": "address.city",
    }
    if _incomplete(form):
        return await ask_page(page, form)
    try:
        household = _household(form, fields)
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


def _household(form: Form, fields: dict[str, str]) -> dict[str, Any]:
    """The request as accounts takes it; `fields` learns under which name each is refused."""
    adults = _people(form, fields, "adulte", 2, ADULT_FIELDS, "adults")
    children = _people(form, fields, "enfant", MOST_CHILDREN, CHILD_FIELDS, "children")
    return {"adults": adults, "children": children, "address": address_of(form)}


def _people(
    form: Form, fields: dict[str, str], kind: str, most: int, names: dict[str, str], theirs: str
) -> list[dict[str, Any]]:
    """The people of one kind whose block is filled in; the first one always is one."""
    found: list[dict[str, Any]] = []
    for number in range(1, most + 1):
        prefix = f"{kind}{number}_"
        if number > 1 and not any(form.text(prefix + name) for name in names):
            continue
        fields |= {prefix + our: f"{theirs}.{len(found)}.{name}" for our, name in names.items()}
        person: dict[str, Any] = {n: form.text(prefix + our) for our, n in names.items()}
        if "birth_date" in person:
            person["birth_date"] = form.date(f"{prefix}naissance").isoformat()
        found.append({name: value for name, value in person.items() if value})
    return found


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

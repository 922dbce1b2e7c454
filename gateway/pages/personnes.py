"""One more guardian or child of a family: at once for the office, to be reviewed for a parent."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE
from gateway.forms import REFUSALS, Form
from gateway.labels import LINKS
from gateway.page import Page, get, post
from gateway.pages import fiche
from gateway.panels import Unavailable
from gateway.readers import Family
from services.chassis.http_client import ServiceUnavailable

GUARDIAN_FIELDS: Final = {
    "prenom": "first_name",
    "nom": "last_name",
    "lien": "link",
    "telephone": "phone",
    "mail": "mail",
}
CHILD_FIELDS: Final = {
    "prenom": "first_name",
    "nom": "last_name",
    "naissance": "birth_date",
    "ecole": "school_code",
    "classe": "school_class",
}

Adding = Callable[[dict[str, Any], UUID | None], Awaitable[Family]]
Showing = Callable[[Page, Form, Unavailable | None], Awaitable[web.StreamResponse]]


async def new_guardian(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The form for one more adult."""
    return page.render(
        "nouveau_responsable.html",
        links=tuple(LINKS.items()),
        home=_home(page),
        form=form or Form(),
        away=away,
    )


async def new_child(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The form for one more child."""
    return page.render(
        "nouvel_enfant.html",
        schools=await fiche.school_choices(page),
        home=_home(page),
        form=form or Form(),
        away=away,
    )


async def add_guardian(page: Page) -> web.StreamResponse:
    """Add the adult, or ask for it."""
    form = await page.form()
    told = _told(form, GUARDIAN_FIELDS)
    return await _add(page, form, told, page.clients.record.add_guardian, new_guardian)


async def add_child(page: Page) -> web.StreamResponse:
    """Add the child, or ask for it."""
    form = await page.form()
    told = _told(form, CHILD_FIELDS)
    return await _add(page, form, told, page.clients.record.add_child, new_child)


async def _add(
    page: Page, form: Form, told: dict[str, Any], add: Adding, again: Showing
) -> web.StreamResponse:
    fields = CHILD_FIELDS | GUARDIAN_FIELDS
    try:
        if "birth_date" in told:
            told["birth_date"] = form.date("naissance").isoformat()
        family = await add(told, _family_id(page))
    except ServiceUnavailable as failure:
        return await again(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await again(page, form.refused(refusal, **fields), None)
    if page.session.is_staff:
        return page.redirect(_home(page), flash="La personne figure maintenant dans le dossier.")
    return fiche.saved(page, family)


def _told(form: Form, fields: dict[str, str]) -> dict[str, Any]:
    """What is typed; what is empty is nothing, but for the names, which are asked for."""
    typed = {theirs: form.text(ours) for ours, theirs in fields.items()}
    return {n: v if n in ("first_name", "last_name") else v or None for n, v in typed.items()}


def _family_id(page: Page) -> UUID | None:
    return page.id("family_id") if page.session.is_staff else None


def _home(page: Page) -> str:
    return f"/agents/familles/{page.id('family_id')}" if page.session.is_staff else "/famille"


ROUTES = tuple(
    route
    for start, who in (("/famille", {GUARDIAN}), ("/agents/familles/{family_id}", OFFICE))
    for kind, show, add in (
        ("responsables/nouveau", new_guardian, add_guardian),
        ("enfants/nouveau", new_child, add_child),
    )
    for route in (
        get(f"{start}/{kind}", show, allow=who),
        post(f"{start}/{kind}", add, allow=who),
    )
)

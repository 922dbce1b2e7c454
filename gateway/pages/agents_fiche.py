"""The whole family record in the hands of the staff, person by person, homes and quotient."""

from typing import Any

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.labels import LINKS, VACCINES
from gateway.page import Page, get, post
from gateway.pages import fiche
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable
from services.chassis.errors import NotFound
from services.chassis.http_client import ServiceUnavailable

PATH = "/agents/familles/{family_id}"
STAY_ROWS = 3
CUSTODY_FIELDS = {"dossier": "reference", "changement": "change_weekday", "sejours": "stays"}


async def child(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """A child's file, consents, second home and custody calendar."""
    family = await or_unavailable(page.clients.accounts.family(page.id("family_id")))
    found = None
    if not isinstance(family, Unavailable):
        found = fiche.child_in(family, page.id("child_id"))
        if found is None:
            raise NotFound
    stays = list(found.custody.stays) if found and found.custody else []
    return page.render(
        "agents/fiche_enfant.html",
        family=family,
        child=found,
        contacts=fiche.contact_rows(found) if found else (),
        stays=[*stays, *[None] * max(STAY_ROWS - len(stays), 1)],
        schools=await fiche.school_choices(page),
        diets=fiche.diet_choices(),
        vaccines=tuple(VACCINES.items()),
        form=form or Form(),
        away=away,
    )


async def amend_child(page: Page) -> web.StreamResponse:
    """Save the child's file at once."""
    form = await page.form()
    try:
        changes = fiche.child_changes(form)
        await page.clients.record.amend_child(page.id("child_id"), changes, page.id("family_id"))
    except ServiceUnavailable as failure:
        return await child(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await child(page, form.refused(refusal, **fiche.child_fields(form)))
    return _to_child(page, "La fiche est enregistrée.")


async def answer_consent(page: Page) -> web.StreamResponse:
    """Note the answer that a family gave on paper."""
    form = await page.form()
    try:
        await page.clients.record.answer_consent(
            page.id("child_id"),
            page.id("consent_id"),
            version=form.integer("version"),
            granted=form.text("reponse") == "oui",
            family_id=page.id("family_id"),
        )
    except ServiceUnavailable as failure:
        return await child(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await child(page, form.refused(refusal))
    return _to_child(page, "La réponse de la famille est enregistrée.", "#autorisations")


async def link_home(page: Page) -> web.StreamResponse:
    """Put the child into a second family's file."""
    form = await page.form()
    try:
        await page.clients.record.link_second_home(
            page.id("family_id"), page.id("child_id"), form.text("dossier")
        )
    except ServiceUnavailable as failure:
        return await child(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await child(page, form.refused(refusal, **CUSTODY_FIELDS))
    return _to_child(page, "L’enfant figure maintenant dans les deux dossiers.", "#garde")


async def unlink_home(page: Page) -> web.StreamResponse:
    """Leave the child in its first file alone."""
    form = await page.form()
    try:
        await page.clients.record.unlink_second_home(page.id("family_id"), page.id("child_id"))
    except ServiceUnavailable as failure:
        return await child(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await child(page, form.refused(refusal))
    return page.redirect(
        f"/agents/familles/{page.id('family_id')}", flash="L’enfant n’a plus qu’un foyer."
    )


async def set_custody(page: Page) -> web.StreamResponse:
    """Keep the calendar as seen from this family."""
    form = await page.form()
    try:
        await page.clients.record.set_custody(
            page.id("family_id"), page.id("child_id"), custody_of(form)
        )
    except ServiceUnavailable as failure:
        return await child(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await child(page, form.refused(refusal, **CUSTODY_FIELDS))
    return _to_child(page, "Le calendrier de garde est enregistré.", "#garde")


def custody_of(form: Form) -> dict[str, Any]:
    """The calendar that the form describes. Raises FieldRefused."""
    parity = {"paires": True, "impaires": False}.get(form.text("semaines"))
    return {
        "even_weeks_here": parity,
        "change_weekday": form.integer("changement", optional=True) or 1,
        "stays": [s for row in range(1, 61) if (s := _stay(form, row))],
    }


def _stay(form: Form, row: int) -> dict[str, Any] | None:
    first = form.date(f"sejour{row}_debut", optional=True)
    last = form.date(f"sejour{row}_fin", optional=True)
    if first is None and last is None:
        return None
    if first is None or last is None or last < first:
        raise FieldRefused(
            f"sejour{row}_fin", "Donnez le premier et le dernier jour de cette période."
        )
    return {
        "here": form.text(f"sejour{row}_foyer") != "autre",
        "first": first.isoformat(),
        "last": last.isoformat(),
    }


async def guardian(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """A guardian's details."""
    family = await or_unavailable(page.clients.accounts.family(page.id("family_id")))
    found = None
    if not isinstance(family, Unavailable):
        found = fiche.guardian_in(family, page.id("guardian_id"))
        if found is None:
            raise NotFound
    return page.render(
        "fiche_responsable.html",
        links=tuple(LINKS.items()),
        family=family,
        guardian=found,
        form=form or Form(),
        away=away,
    )


async def amend_guardian(page: Page) -> web.StreamResponse:
    """Save a guardian's details."""
    form = await page.form()
    try:
        await page.clients.record.amend_guardian(
            page.id("guardian_id"), fiche.guardian_changes(form), page.id("family_id")
        )
    except ServiceUnavailable as failure:
        return await guardian(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await guardian(page, form.refused(refusal, **fiche.GUARDIAN_FIELDS))
    return _to_family(page, "La fiche est enregistrée.")


async def quotient(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The family's quotient familial."""
    family = await or_unavailable(page.clients.accounts.family(page.id("family_id")))
    return page.render("quotient.html", family=family, form=form or Form(), away=away)


async def type_quotient(page: Page) -> web.StreamResponse:
    """Confirm a quotient that the staff have seen on paper."""
    form = await page.form()
    try:
        await page.clients.record.type_quotient(fiche.quotient_of(form), page.id("family_id"))
    except ServiceUnavailable as failure:
        return await quotient(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await quotient(page, form.refused(refusal, **fiche.QUOTIENT_FIELDS))
    return _to_family(page, "Le quotient familial est enregistré.")


async def fetch_quotient(page: Page) -> web.StreamResponse:
    """Ask the funds, with the family's agreement."""
    form = await page.form()
    try:
        family = await page.clients.record.fetch_quotient(
            fiche.identity_of(form), page.id("family_id")
        )
    except ServiceUnavailable as failure:
        return await quotient(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await quotient(page, form.refused(refusal, **fiche.IDENTITY_FIELDS))
    return _to_family(page, f"Le quotient familial est de {family.quotient} €.")


def _to_child(page: Page, flash: str, part: str = "") -> web.Response:
    path = f"/agents/familles/{page.id('family_id')}/enfants/{page.id('child_id')}{part}"
    return page.redirect(path, flash=flash)


def _to_family(page: Page, flash: str) -> web.Response:
    return page.redirect(f"/agents/familles/{page.id('family_id')}", flash=flash)


_CHILD = PATH + "/enfants/{child_id}"

ROUTES = (
    get(_CHILD, child, allow=OFFICE),
    post(_CHILD, amend_child, allow=OFFICE),
    post(_CHILD + "/autorisations/{consent_id}", answer_consent, allow=OFFICE),
    post(_CHILD + "/second-foyer", link_home, allow=OFFICE),
    post(_CHILD + "/second-foyer/retirer", unlink_home, allow=OFFICE),
    post(_CHILD + "/garde", set_custody, allow=OFFICE),
    get(PATH + "/responsables/{guardian_id}", guardian, allow=OFFICE),
    post(PATH + "/responsables/{guardian_id}", amend_guardian, allow=OFFICE),
    get(PATH + "/quotient", quotient, allow=OFFICE),
    post(PATH + "/quotient", type_quotient, allow=OFFICE),
    post(PATH + "/quotient/recuperer", fetch_quotient, allow=OFFICE),
)

"""The pages on which a parent puts the own family record right, person by person."""

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, Form
from gateway.labels import LINKS, VACCINES
from gateway.page import Page, get, post
from gateway.pages import fiche
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable


async def child(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """Everything about one child, to be put right, and what the parents allow."""
    family = await or_unavailable(page.clients.accounts.family())
    found = None
    if not isinstance(family, Unavailable):
        found = fiche.child_in(family, page.id("child_id"))
        if found is None:
            # The service refuses what is not this family's, and tells the trail.
            found = await page.clients.record.child(page.id("child_id"))
    return page.render(
        "fiche_enfant.html",
        family=family,
        child=found,
        contacts=fiche.contact_rows(found) if found else (),
        schools=await fiche.school_choices(page),
        diets=fiche.diet_choices(),
        vaccines=tuple(VACCINES.items()),
        form=form or Form(),
        away=away,
    )


async def amend_child(page: Page) -> web.StreamResponse:
    """Save what may be saved at once; the rest waits."""
    form, child_id = await page.form(), page.id("child_id")
    try:
        changes = fiche.child_changes(form)
        family = await page.clients.record.amend_child(child_id, changes)
    except ServiceUnavailable as failure:
        return await child(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await child(page, form.refused(refusal, **fiche.child_fields(form)))
    return fiche.saved(page, family)


async def answer_consent(page: Page) -> web.StreamResponse:
    """Yes or no to one text, for one child."""
    form, child_id = await page.form(), page.id("child_id")
    try:
        await page.clients.record.answer_consent(
            child_id,
            page.id("consent_id"),
            version=form.integer("version"),
            granted=form.text("reponse") == "oui",
        )
    except ServiceUnavailable as failure:
        return await child(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await child(page, form.refused(refusal))
    return page.redirect(
        f"/famille/enfants/{child_id}#autorisations", flash="Votre réponse est enregistrée."
    )


async def guardian(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """One guardian, to be put right."""
    family = await or_unavailable(page.clients.accounts.family())
    found = None
    if not isinstance(family, Unavailable):
        found = fiche.guardian_in(family, page.id("guardian_id"))
        if found is None:
            found = await page.clients.record.guardian(page.id("guardian_id"))
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
    form, guardian_id = await page.form(), page.id("guardian_id")
    try:
        family = await page.clients.record.amend_guardian(guardian_id, fiche.own_changes(form))
    except ServiceUnavailable as failure:
        return await guardian(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await guardian(page, form.refused(refusal, **fiche.GUARDIAN_FIELDS))
    return fiche.saved(page, family)


async def quotient(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The quotient familial: fetched from the funds, or typed."""
    family = await or_unavailable(page.clients.accounts.family())
    return page.render("quotient.html", family=family, form=form or Form(), away=away)


async def type_quotient(page: Page) -> web.StreamResponse:
    """Hand in a quotient; the staff confirm it."""
    form = await page.form()
    try:
        family = await page.clients.record.type_quotient(fiche.quotient_of(form))
    except ServiceUnavailable as failure:
        return await quotient(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await quotient(page, form.refused(refusal, **fiche.QUOTIENT_FIELDS))
    return fiche.saved(page, family)


async def fetch_quotient(page: Page) -> web.StreamResponse:
    """Ask the funds, with the parent's agreement."""
    form = await page.form()
    try:
        family = await page.clients.record.fetch_quotient(fiche.identity_of(form))
    except ServiceUnavailable as failure:
        return await quotient(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await quotient(page, form.refused(refusal, **fiche.IDENTITY_FIELDS))
    flash = f"Votre quotient familial est de {family.quotient} €."
    return page.redirect("/famille", flash=flash)


_CHILD = "/famille/enfants/{child_id}"

ROUTES = (
    get(_CHILD, child, allow={GUARDIAN}),
    post(_CHILD, amend_child, allow={GUARDIAN}),
    post(_CHILD + "/autorisations/{consent_id}", answer_consent, allow={GUARDIAN}),
    get("/famille/responsables/{guardian_id}", guardian, allow={GUARDIAN}),
    post("/famille/responsables/{guardian_id}", amend_guardian, allow={GUARDIAN}),
    get("/famille/quotient", quotient, allow={GUARDIAN}),
    post("/famille/quotient", type_quotient, allow={GUARDIAN}),
    post("/famille/quotient/recuperer", fetch_quotient, allow={GUARDIAN}),
)

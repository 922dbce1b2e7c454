"""Enrolments: where each stands, what to do next, completing and leaving."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from gateway.readers import Enrolment, EnrolmentChild
from services.chassis.http_client import ServiceUnavailable

ENROLMENTS_PATH: Final = "/inscriptions"
RULES_PATH: Final = "/inscriptions/reglements"
RULES_ACCEPTED: Final = "Le règlement est accepté, merci."


async def enrolments(page: Page) -> web.StreamResponse:
    """Every request of the family, by child, after what waits for the family itself."""
    clients = page.clients
    shown = await panels(
        enrolments=clients.enrolment.enrolments(),
        children=clients.enrolment.children(),
        renewals=clients.admissions.renewals(),
        rules=clients.admissions.owed_regulations(),
    )
    return page.render(
        "inscriptions.html",
        panels=shown,
        drafts=drafts(shown.enrolments),
        by_child=by_child(shown.enrolments, shown.children),
    )


async def enrolment(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """One request: its history, its papers, and what may be done with it."""
    found = await or_unavailable(page.clients.enrolment.enrolment(page.id("enrolment_id")))
    return page.render("inscription.html", found=found, form=form or Form(), away=away)


async def complete(page: Page) -> web.StreamResponse:
    """Send again what the office sent back."""
    form = await page.form()
    try:
        await page.clients.enrolment.complete(page.id("enrolment_id"), form.text("reponse"))
    except ServiceUnavailable as failure:
        return await enrolment(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await enrolment(page, form.refused(refusal, reponse="note"))
    return page.redirect(ENROLMENTS_PATH, flash="Votre demande est renvoyée, merci.")


async def withdraw(page: Page) -> web.StreamResponse:
    """Take a request back, or leave the activity after a day."""
    form = await page.form()
    try:
        if not form.checked("confirme"):
            raise FieldRefused("confirme", "Cochez la case pour confirmer.")
        gone = await page.clients.enrolment.withdraw(
            page.id("enrolment_id"), form.date("dernier_jour", optional=True)
        )
    except ServiceUnavailable as failure:
        return await enrolment(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await enrolment(page, form.refused(refusal, dernier_jour="ends_on"))
    return page.redirect(ENROLMENTS_PATH, flash=_farewell(gone, page.today))


async def rules(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The house rules that the family is asked to accept, whole."""
    owed = await or_unavailable(page.clients.admissions.owed_regulations())
    return page.render("inscriptions_reglements.html", owed=owed, form=form or Form(), away=away)


async def accept_rules(page: Page) -> web.StreamResponse:
    """Accept one text, in the version that was read."""
    form = await page.form()
    try:
        await page.clients.admissions.accept_regulations(
            form.text("annee"), form.id("activite", optional=True), form.integer("version")
        )
    except ServiceUnavailable as failure:
        return await rules(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await rules(page, form.refused(refusal))
    return page.redirect(ENROLMENTS_PATH, flash=RULES_ACCEPTED)


def by_child(
    found: Sequence[Enrolment] | Unavailable, children: Sequence[EnrolmentChild] | Unavailable
) -> dict[str, list[Enrolment]]:
    """The requests under each child's name, the children as on every page; drafts are none yet."""
    if isinstance(found, Unavailable):
        return {}
    known = () if isinstance(children, Unavailable) else children
    order = {child.child_id: number for number, child in enumerate(known)}
    grouped: dict[str, list[Enrolment]] = {}
    for one in sorted(found, key=lambda e: order.get(e.child_id, len(order))):
        if one.status != "draft":
            grouped.setdefault(one.child_name, []).append(one)
    return grouped


def drafts(found: Sequence[Enrolment] | Unavailable) -> dict[str, list[Enrolment]]:
    """What was begun and not sent, by application."""
    grouped: dict[str, list[Enrolment]] = {}
    if not isinstance(found, Unavailable):
        for one in found:
            if one.status == "draft" and one.application_id:
                grouped.setdefault(str(one.application_id), []).append(one)
    return grouped


def _farewell(gone: Enrolment, today: date) -> str:
    if gone.left_on is None:
        return "Votre demande est retirée."
    if gone.left_on <= today:
        return "L’inscription est terminée. Les réservations à venir sont annulées sans frais."
    return (
        f"L’inscription se terminera le {gone.left_on:%d/%m/%Y} au soir. "
        "Les réservations suivantes sont annulées sans frais."
    )


ROUTES = (
    get(ENROLMENTS_PATH, enrolments, allow={GUARDIAN}),
    get(RULES_PATH, rules, allow={GUARDIAN}),
    post(RULES_PATH, accept_rules, allow={GUARDIAN}),
    get("/inscriptions/suivi/{enrolment_id}", enrolment, allow={GUARDIAN}),
    post("/inscriptions/suivi/{enrolment_id}/completer", complete, allow={GUARDIAN}),
    post("/inscriptions/suivi/{enrolment_id}/retirer", withdraw, allow={GUARDIAN}),
)

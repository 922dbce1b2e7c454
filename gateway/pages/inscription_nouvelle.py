"""A new request: children and activities at once, kept as a draft, checked, then sent."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.inscriptions import ENROLMENTS_PATH
from gateway.pages.wishes import (
    Pair,
    asks_together,
    at_other_schools,
    choice,
    declared_in,
    details,
    drafts_of,
    pair_of,
    papers_of,
    question,
    questions,
    sent_words,
    wish,
)
from gateway.panels import Panels, Unavailable, is_unavailable, panels
from gateway.readers import Application, Enrolment, Regulations, WishOutcome
from services.chassis.errors import NotFound
from services.chassis.http_client import ServiceProblem, ServiceUnavailable

NEW_PATH: Final = "/inscriptions/nouvelle"
DRAFTS_PATH: Final = "/inscriptions/demandes"
NOTHING_CHOSEN: Final = "Cochez au moins une activité."
REGULATIONS_NOT_ACCEPTED: Final = "Acceptez le règlement intérieur pour envoyer la demande."


async def choose(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """Each child with the activities of its age; those of a draft, or of last year, are ticked."""
    form = form or Form()
    clients = page.clients
    year = form.text("annee") or page.query.get("annee") or None
    shown = await panels(
        choices=clients.admissions.choices(year),
        activities=clients.enrolment.activities(),
        admissions=clients.admissions.admissions(year),
        drafts=clients.enrolment.enrolments(status="draft"),
        schools=clients.enrolment.schools(),
    )
    draft_id = form.text("demande") or page.query.get("demande")
    return page.render(
        "inscription_nouvelle.html",
        panels=shown,
        form=form,
        away=away,
        draft_id=draft_id,
        ticked=_ticked(page, shown, form, draft_id),
        activities=_by_id(shown.activities, "activity_id"),
        elsewhere=_elsewhere(shown),
    )


def _elsewhere(shown: Panels) -> set[str]:
    if any(is_unavailable(part) for part in (shown.choices, shown.activities, shown.schools)):
        return set()
    places = {activity.activity_id: activity.place for activity in shown.activities}
    return at_other_schools(shown.choices, places, {school.name for school in shown.schools})


def _ticked(page: Page, shown: Panels, form: Form, draft_id: str) -> set[str]:
    if form.is_refused:
        return set(form.texts("choix"))
    if draft_id:
        return {choice(e.child_id, e.activity_id) for e in drafts_of(shown.drafts, draft_id)}
    if page.query.get("reprise") and not is_unavailable(shown.choices):
        return {
            choice(child.child_id, one.activity_id)
            for child in shown.choices.children
            for one in child.choices
            if one.proposed
        }
    return set()


async def keep(page: Page) -> web.StreamResponse:
    """Keep what was ticked as a draft, and go on to check it."""
    form = await page.form()
    try:
        pairs = [pair_of(text) for text in form.texts("choix")]
        if not pairs:
            raise FieldRefused("choix", NOTHING_CHOSEN)
        draft_id = form.id("demande", optional=True)
        kept = await _kept(page, pairs, draft_id)
    except ServiceUnavailable as failure:
        return await choose(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await choose(page, form.refused(refusal, choix="items"))
    if refused := [item for item in kept.items if item.reason]:
        return await choose(page, form.with_error("choix", details(refused)))
    return page.redirect(f"{DRAFTS_PATH}/{kept.application_id}")


async def _kept(page: Page, pairs: Sequence[Pair], draft_id: UUID | None) -> Application:
    """The draft with these pairs; what its questions were answered with stays."""
    before = await _own_drafts(page, str(draft_id)) if draft_id else []
    declared = {(e.child_id, e.activity_id): e.declared for e in before}
    wishes = [
        wish(child, activity, declared.get((child, activity), ())) for child, activity in pairs
    ]
    together = any(e.together for e in before)
    return await page.clients.admissions.keep_draft(
        wishes, together=together, application_id=draft_id if before else None
    )


async def check(
    page: Page,
    form: Form | None = None,
    away: Unavailable | None = None,
    outcomes: Sequence[WishOutcome] = (),
) -> web.StreamResponse:
    """The draft before it is sent: questions, house rules, papers."""
    draft_id = page.path_value("application_id")
    clients = page.clients
    shown = await panels(
        drafts=clients.enrolment.enrolments(status="draft"),
        admissions=clients.admissions.admissions(),
        activities=clients.enrolment.activities(),
    )
    drafts = drafts_of(shown.drafts, draft_id)
    if not drafts and not is_unavailable(shown.drafts):
        raise NotFound
    admissions = {} if is_unavailable(shown.admissions) else shown.admissions
    return page.render(
        "inscription_brouillon.html",
        panels=shown,
        drafts=drafts,
        draft_id=draft_id,
        form=form or Form(),
        away=away,
        admissions=admissions,
        activities=_by_id(shown.activities, "activity_id"),
        questions=questions(drafts, admissions),
        asks_together=asks_together(drafts, admissions),
        declared=declared_in(drafts),
        regulations=await _regulations(page, drafts),
        refused={o.enrolment_id: o.detail for o in outcomes if o.reason},
        papers=papers_of(drafts),
    )


async def send(page: Page) -> web.StreamResponse:
    """Keep the answers; then send the draft, unless it is to be kept for later."""
    form = await page.form()
    draft_id = page.id("application_id")
    try:
        await _keep_answers(page, form, draft_id)
        if form.text("faire") == "garder":
            return page.redirect(ENROLMENTS_PATH, flash="Votre brouillon est enregistré.")
        if not form.checked("reglement"):
            raise FieldRefused("reglement", REGULATIONS_NOT_ACCEPTED)
        sent = await page.clients.admissions.send_draft(draft_id, regulations_accepted=True)
    except ServiceUnavailable as failure:
        return await check(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await check(page, form.refused(refusal, reglement="regulations_accepted"))
    if any(item.reason for item in sent.items):
        return await check(page, form, outcomes=sent.items)
    return page.redirect(ENROLMENTS_PATH, flash=sent_words(sent.items))


async def _keep_answers(page: Page, form: Form, draft_id: UUID) -> None:
    drafts = await _own_drafts(page, str(draft_id))
    if not drafts:
        raise NotFound
    ticked = set(form.texts("declare"))
    admissions = await page.clients.admissions.admissions()
    wishes = []
    for draft in drafts:
        known = admissions.get(draft.activity_id)
        codes = [
            criterion.code
            for criterion in (known.declared if known else ())
            if question(criterion.code, draft.child_id if criterion.per_child else None) in ticked
        ]
        wishes.append(wish(draft.child_id, draft.activity_id, codes))
    await page.clients.admissions.keep_draft(
        wishes, together=form.checked("ensemble"), application_id=draft_id
    )


async def discard(page: Page) -> web.StreamResponse:
    """Forget the draft."""
    await page.form()
    await page.clients.admissions.discard_draft(page.id("application_id"))
    return page.redirect(ENROLMENTS_PATH, flash="Le brouillon est supprimé.")


async def _regulations(page: Page, drafts: Sequence[Enrolment]) -> list[Regulations]:
    """The texts that sending accepts: of each school year, and activities' own."""
    years = dict.fromkeys((d.school_year, None) for d in drafts)
    own = dict.fromkeys((d.school_year, d.activity_id) for d in drafts)
    found = await asyncio.gather(*(_text_of(page, *subject) for subject in (*years, *own)))
    return [text for text in found if text]


async def _text_of(page: Page, year: str, activity_id: UUID | None) -> Regulations | None:
    try:
        return await page.clients.admissions.regulations(year, activity_id)
    except (ServiceProblem, ServiceUnavailable):
        return None


async def _own_drafts(page: Page, draft_id: str) -> list[Enrolment]:
    return drafts_of(await page.clients.enrolment.enrolments(status="draft"), draft_id)


def _by_id(found: Any, name: str) -> dict[UUID, Any]:
    return {} if is_unavailable(found) else {getattr(one, name): one for one in found}


ROUTES = (
    get(NEW_PATH, choose, allow={GUARDIAN}),
    post(NEW_PATH, keep, allow={GUARDIAN}),
    get(DRAFTS_PATH + "/{application_id}", check, allow={GUARDIAN}),
    post(DRAFTS_PATH + "/{application_id}", send, allow={GUARDIAN}),
    post(DRAFTS_PATH + "/{application_id}/supprimer", discard, allow={GUARDIAN}),
)

"""The family's agenda: who goes where and when, and the links for calendar programs."""

from typing import Final, get_args
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.agenda_days import AgendaDay, Span, View, children_of, days_of, grid
from gateway.panels import Panels, Unavailable, is_unavailable, panels
from gateway.readers.agenda import AgendaSecret
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agenda"
VIEWS: Final = (("mois", "Mois"), ("semaine", "Semaine"), ("liste", "Liste"))
FEED: Final = "/api/v1/agenda.ics"


async def agenda(
    page: Page,
    form: Form | None = None,
    *,
    secret: AgendaSecret | None = None,
    away: Unavailable | None = None,
) -> web.StreamResponse:
    """A month, a week or a list of days, of all children or one."""
    span = Span.around(_view(page), page.query.day("date"))
    clients, child_id = page.clients, page.query.id("enfant")
    shown = await panels(
        calendar=clients.reservations.calendar(span.first, span.last),
        custody=clients.record.custody(span.first, span.last),
        links=clients.agenda.links(),
    )
    days = _days(shown, span, page, child_id)
    width, cells = grid(days)
    return page.render(
        "agenda.html",
        panels=shown,
        form=form or Form(),
        away=away,
        span=span,
        views=VIEWS,
        days=days,
        width=width,
        cells=cells,
        child_id=child_id,
        children=() if is_unavailable(shown.calendar) else children_of(shown.calendar),
        address=lambda **changes: _address(span, child_id, **changes),
        feed=_feed(page, secret),
    )


async def make_link(page: Page) -> web.StreamResponse:
    """A secret address for a calendar program, shown this once."""
    form = await page.form()
    try:
        label = form.text("libelle")
        if not label:
            raise FieldRefused("libelle", "Nommez ce lien, par exemple « Mon téléphone ».")
        secret = await page.clients.agenda.make_link(label, form.id("enfant", optional=True))
    except ServiceUnavailable as failure:
        return await agenda(page, form, away=Unavailable(failure.service))
    except REFUSALS as refusal:
        return await agenda(page, form.refused(refusal, libelle="label", enfant="child_id"))
    return await agenda(page, secret=secret)


async def renew_link(page: Page) -> web.StreamResponse:
    """Another secret for the address; the former is dead."""
    form = await page.form()
    try:
        secret = await page.clients.agenda.renew_link(page.id("link_id"))
    except ServiceUnavailable as failure:
        return await agenda(page, form, away=Unavailable(failure.service))
    return await agenda(page, secret=secret)


async def revoke_link(page: Page) -> web.StreamResponse:
    """The address opens nothing any more."""
    form = await page.form()
    try:
        await page.clients.agenda.revoke_link(page.id("link_id"))
    except ServiceUnavailable as failure:
        return await agenda(page, form, away=Unavailable(failure.service))
    return page.redirect(
        f"{PATH}#abonnements", flash="Ce lien est supprimé : il n’ouvre plus rien."
    )


def _view(page: Page) -> View:
    wanted = page.query.get("vue")
    return next((view for view in get_args(View) if view == wanted), "mois")


def _days(shown: Panels, span: Span, page: Page, child_id: UUID | None) -> tuple[AgendaDay, ...]:
    if is_unavailable(shown.calendar):
        return ()
    # Where the children live is an ornament: without it the agenda is still one.
    custody = () if is_unavailable(shown.custody) else shown.custody
    return days_of(shown.calendar, custody, span, page.today, child_id)


def _address(span: Span, child_id: UUID | None, **changes: object) -> str:
    """The page's address with some of its parts changed; what is None is left out."""
    parts = {"vue": span.view, "date": span.first, "enfant": child_id} | changes
    return f"{PATH}?{urlencode({k: str(v) for k, v in parts.items() if v is not None})}"


def _feed(page: Page, secret: AgendaSecret | None) -> str:
    if secret is None:
        return ""
    portal = page.portal.settings.portal_url.rstrip("/")
    return f"{portal}{FEED}?{urlencode({'token': secret.token})}"


ROUTES = (
    get(PATH, agenda, allow={GUARDIAN}),
    post(f"{PATH}/liens", make_link, allow={GUARDIAN}),
    post(f"{PATH}/liens/{{link_id}}/renouveler", renew_link, allow={GUARDIAN}),
    post(f"{PATH}/liens/{{link_id}}/supprimer", revoke_link, allow={GUARDIAN}),
)

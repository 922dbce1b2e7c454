"""The calendar of all children: reserve, exchange and cancel by day, after a recap with prices."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages.changes import (
    Change,
    Recap,
    change_of,
    pair,
    planned,
    recap_of,
    swaps_of,
    ticked_in,
    words_of,
)
from gateway.pages.late import priced
from gateway.pages.month import Month, last_of, month_of
from gateway.pages.reports import Report, report_of
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.readers import Activity, Calendar, Enrolment, Estimate
from gateway.readers.agenda import LateRequest
from gateway.readers.reservations import Changes
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/reservations"
MOST_AT_ONCE: Final = 200  # items that reservations takes in one command


async def calendar(
    page: Page,
    form: Form | None = None,
    *,
    report: Report | None = None,
    away: Unavailable | None = None,
    first_day: date | None = None,
) -> web.StreamResponse:
    """One month of all children, and what they wait for."""
    first_day = first_day or page.query.month("mois")
    clients = page.clients
    shown = await panels(
        calendar=clients.reservations.calendar(first_day, last_of(first_day)),
        enrolments=clients.enrolment.enrolments(status="accepted"),
        activities=clients.enrolment.activities(),
        waiting=clients.places.waiting(),
        asked=clients.agenda.late_requests(),
    )
    return page.render(
        "reservations.html",
        panels=shown,
        form=form or Form(),
        month=_month(page, await priced(page.clients, shown.calendar), first_day, form),
        report=report,
        away=away,
        waits=() if is_unavailable(shown.waiting) else shown.waiting,
        asks=() if is_unavailable(shown.asked) else unanswered(shown.asked, page.today),
        pattern_groups=pattern_groups(shown.enrolments, shown.activities),
        pattern_end=pattern_end(shown.enrolments, shown.activities, page.today),
        has_two_homes=has_two_homes(shown.calendar),
        first_day=first_day,
        last_day=last_of(first_day),
    )


async def recap(page: Page) -> web.StreamResponse:
    """What the ticked boxes would change and cost; asked at each tick, saves nothing."""
    form = await page.form()
    change, first_day = change_of(form), month_in(page, form)
    found = await _calendar(page, first_day)
    told = await _recap(page, change, found, first_day)
    return page.render("parties/recapitulatif.html", recap=told, seen=change.fingerprint)


async def save(page: Page) -> web.StreamResponse:
    """Make the change once its recap was seen, and say what became of each part of it."""
    form = await page.form()
    change, first_day = change_of(form), month_in(page, form)
    found = await _calendar(page, first_day)
    seen = change.fingerprint in form.texts("vu")
    if not isinstance(found, Unavailable) and not (seen or change.is_empty):
        return await _confirm(page, form, change, found, first_day)
    try:
        report = await carry_out(page, change, found)
    except ServiceUnavailable as failure:
        away = Unavailable(failure.service)
        return await calendar(page, form, away=away, first_day=first_day)
    except REFUSALS as refusal:
        return await calendar(page, form.refused(refusal), first_day=first_day)
    return await told(page, report, first_day)


async def exchange(page: Page) -> web.StreamResponse:
    """Give one place for another: the old one is given back only if the new one is kept."""
    form = await page.form()
    first_day = month_in(page, form)
    try:
        given, wanted = form.id("contre"), pair("choix", form.text("choix"))
        swap = {"cancel": str(given), "reserve": Change().item(wanted)}
        done = await page.clients.places.change(swap=[swap])
    except ServiceUnavailable as failure:
        return await calendar(page, away=Unavailable(failure.service), first_day=first_day)
    except REFUSALS as refusal:
        return await calendar(page, Form().refused(refusal), first_day=first_day)
    found = await _calendar(page, first_day)
    words = {} if isinstance(found, Unavailable) else words_of(found)
    return await told(page, report_of([done], words, {}), first_day)


async def told(page: Page, report: Report, first_day: date) -> web.StreamResponse:
    """The calendar with the report on it; a mere success is said on the next page."""
    if report.has_news:
        return await calendar(page, report=report, first_day=first_day)
    return page.redirect(f"{PATH}?mois={first_day:%Y-%m}", flash=report.sentence)


async def carry_out(page: Page, change: Change, found: Calendar | Unavailable) -> Report:
    """Send the change to reservations. Raises ServiceUnavailable, ServiceProblem."""
    known = None if isinstance(found, Unavailable) else found
    swaps = swaps_of(change, known) if known else {}
    swap = [
        {"cancel": str(change.removed[given]), "reserve": change.item(wanted)}
        for wanted, given in swaps.items()
    ]
    reserve = [change.item(p) for p in (*change.added, *change.waits) if p not in swaps]
    cancel = [kept for p, kept in change.removed.items() if p not in swaps.values()]
    done: list[Changes] = []
    for start in range(0, max(len(swap), len(reserve), len(cancel)), MOST_AT_ONCE):
        part = slice(start, start + MOST_AT_ONCE)
        done.append(await page.clients.places.change(reserve[part], cancel[part], swap[part]))
    given: dict[UUID, tuple[UUID, UUID]] = {kept: pick for pick, kept in change.removed.items()}
    return report_of(done, words_of(known) if known else {}, given)


def unanswered(asked: Sequence[LateRequest], today: date) -> list[LateRequest]:
    """What the staff have yet to answer, the next day first."""
    waiting = (one for one in asked if one.state == "pending" and one.date >= today)
    return sorted(waiting, key=lambda one: one.date)


def pattern_groups(
    enrolments: Sequence[Enrolment] | Unavailable, activities: Sequence[Activity] | Unavailable
) -> list[tuple[str, list[tuple[str, str]]]]:
    """What each child may go to, by child: its activities, or each slot of one that has several."""
    groups: dict[str, list[tuple[str, str]]] = {}
    if isinstance(enrolments, Unavailable):
        return []
    known = () if isinstance(activities, Unavailable) else activities
    slots = {a.activity_id: a.slots for a in known if len(a.slots) > 1}
    for e in enrolments:
        whole, choices = f"{e.child_id}:{e.activity_id}", groups.setdefault(e.child_name, [])
        parts = slots.get(e.activity_id)
        if parts is None:
            choices.append((whole, e.activity_name))
        else:
            choices += [(f"{whole}:{s.code}", f"{e.activity_name} – {s.name}") for s in parts]
    return list(groups.items())


def pattern_end(
    enrolments: Sequence[Enrolment] | Unavailable,
    activities: Sequence[Activity] | Unavailable,
    today: date,
) -> date | None:
    """The last day of the first activity to end: the school year's; None where nobody says."""
    if isinstance(enrolments, Unavailable) or isinstance(activities, Unavailable):
        return None
    own = {e.activity_id for e in enrolments}
    ends = (a.ends_on for a in activities if a.activity_id in own)
    return min((end for end in ends if end and end >= today), default=None)


def has_two_homes(found: Calendar | Unavailable) -> bool:
    """Whether a child spends some of these days in its other home."""
    if isinstance(found, Unavailable):
        return False
    return any(entry.other_home for day in found.days for entry in day.entries)


async def _confirm(
    page: Page, form: Form, change: Change, found: Calendar, first_day: date
) -> web.StreamResponse:
    """The recap as a page, for whoever has not seen it beside the calendar."""
    return page.render(
        "reservations_confirmer.html",
        recap=await _recap(page, change, found, first_day),
        seen=change.fingerprint,
        form=form,
        first_day=first_day,
        kept=[
            (name, text)
            for name in ("choix", "avant", "attente", "ailleurs")
            for text in form.texts(name)
        ],
    )


async def _recap(
    page: Page, change: Change, found: Calendar | Unavailable, first_day: date
) -> Recap:
    if isinstance(found, Unavailable) or change.is_empty:
        return Recap()
    period = f"{first_day:%Y-%m}"
    shown = await panels(
        estimate=_estimate(page, change, found),
        invoices=page.clients.billing.invoices(period=period),
    )
    is_invoiced = not is_unavailable(shown.invoices) and bool(shown.invoices)
    return recap_of(change, found, shown.estimate, period if is_invoiced else "")


async def _estimate(page: Page, change: Change, found: Calendar) -> Estimate | None:
    items = planned(change, found)
    return await page.clients.billing.estimate(items) if items else None


async def _calendar(page: Page, first_day: date) -> Calendar | Unavailable:
    asked = page.clients.reservations.calendar(first_day, last_of(first_day))
    found: Calendar | Unavailable = (await panels(calendar=asked)).calendar
    return found


def _month(
    page: Page, found: Calendar | Unavailable, first_day: date, form: Form | None
) -> Month | None:
    if isinstance(found, Unavailable):
        return None
    return month_of(found, first_day, page.now, page.today, ticked_in(form))


def month_in(page: Page, form: Form) -> date:
    """The month that a form was shown with; the present one when it does not say."""
    try:
        return date.fromisoformat(f"{form.text('mois')}-01")
    except ValueError:
        return page.today.replace(day=1)


ROUTES = (
    get(PATH, calendar, allow={GUARDIAN}),
    post(PATH, save, allow={GUARDIAN}),
    post("/reservations/recapitulatif", recap, allow={GUARDIAN}),
    post("/reservations/echange", exchange, allow={GUARDIAN}),
)

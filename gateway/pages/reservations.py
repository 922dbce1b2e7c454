"""The calendar of all children: reserve and cancel by day, or by a weekly pattern."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.changes import (
    Change,
    Line,
    Pick,
    Report,
    change_of,
    grouped_refusals,
    lines_of,
    pair,
    ticked_in,
    words_of,
)
from gateway.pages.late import priced
from gateway.pages.month import Month, last_of, month_of
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.readers import Calendar, Enrolment, ReservationOutcome
from services.chassis.http_client import ServiceProblem, ServiceUnavailable

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
    """One month of all children."""
    first_day = first_day or page.query.month("mois")
    clients = page.clients
    shown = await panels(
        calendar=clients.reservations.calendar(first_day, last_of(first_day)),
        enrolments=clients.enrolment.enrolments(status="accepted"),
    )
    return page.render(
        "reservations.html",
        panels=shown,
        form=form or Form(),
        month=_month(page, await priced(page.clients, shown.calendar), first_day, form),
        report=report,
        away=away,
        pattern_groups=pattern_groups(shown.enrolments),
        first_day=first_day,
        last_day=last_of(first_day),
    )


async def recap(page: Page) -> web.StreamResponse:
    """What the ticked boxes would change; asked at each tick, saves nothing."""
    form = await page.form()
    change, first_day = change_of(form), _month_of(page, form)
    found = await panels(calendar=page.clients.reservations.calendar(first_day, last_of(first_day)))
    lines = ((), ()) if is_unavailable(found.calendar) else lines_of(change, found.calendar)
    return page.render("parties/recapitulatif.html", added=lines[0], removed=lines[1])


async def save(page: Page) -> web.StreamResponse:
    """Reserve what was ticked, cancel what was unticked, and say what became of each."""
    form = await page.form()
    change, first_day = change_of(form), _month_of(page, form)
    try:
        report = await carry_out(page, change, first_day)
    except ServiceUnavailable as failure:
        away = Unavailable(failure.service)
        return await calendar(page, form, away=away, first_day=first_day)
    except REFUSALS as refusal:
        return await calendar(page, form.refused(refusal), first_day=first_day)
    if report.refused:
        return await calendar(page, report=report, first_day=first_day)
    return page.redirect(f"{PATH}?mois={first_day:%Y-%m}", flash=report.sentence)


async def save_pattern(page: Page) -> web.StreamResponse:
    """Reserve the same weekdays over a period."""
    form = await page.form()
    first_day = _month_of(page, form)
    try:
        child_id, activity_id = pair("qui", form.text("qui"))
        weekdays = [int(text) for text in form.texts("jours") if text.isdigit()]
        if not weekdays:
            raise FieldRefused("jours", "Choisissez au moins un jour de la semaine.")
        outcomes = await page.clients.reservations.reserve_pattern(
            child_id, activity_id, weekdays, form.date("du"), form.date("au")
        )
    except ServiceUnavailable as failure:
        away = Unavailable(failure.service)
        return await calendar(page, form, away=away, first_day=first_day)
    except REFUSALS as refusal:
        refused = form.refused(refusal, jours="weekdays", du="from", au="to", qui="activity_id")
        return await calendar(page, refused, first_day=first_day)
    refused_lines = grouped_refusals(outcomes.refused)
    report = Report(
        saved=len(outcomes.confirmed), refused=refused_lines, requested=len(outcomes.requested)
    )
    if report.refused:
        return await calendar(page, report=report, first_day=form.date("du").replace(day=1))
    return page.redirect(f"{PATH}?mois={form.date('du'):%Y-%m}", flash=report.sentence)


async def carry_out(page: Page, change: Change, first_day: date) -> Report:
    """Send the change to reservations. Raises ServiceUnavailable, ServiceProblem."""
    client = page.clients.reservations
    outcomes: list[ReservationOutcome] = []
    for start in range(0, len(change.added), MOST_AT_ONCE):
        answer = await client.reserve(change.added[start : start + MOST_AT_ONCE])
        outcomes.extend(answer.items)
    charged, cancelled, kept = 0, 0, []
    for pick, reservation_id in change.removed.items():
        try:
            charged += (await client.cancel(reservation_id)).charged
            cancelled += 1
        except ServiceProblem as problem:
            kept.append((pick, str(problem.problem.get("detail", ""))))
    refused = [((o.child_id, o.session_id), o.detail or "") for o in outcomes if _is_refused(o)]
    lines = await _refusals(page, [*refused, *kept], first_day) if refused or kept else ()
    saved = sum(outcome.outcome == "confirmed" for outcome in outcomes)
    requested = len(outcomes) - saved - len(refused)
    return Report(saved, cancelled, charged, lines, requested)


def pattern_groups(
    enrolments: Sequence[Enrolment] | Unavailable,
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The activities of each child, as groups of a select."""
    groups: dict[str, list[tuple[str, str]]] = {}
    if not isinstance(enrolments, Unavailable):
        for e in enrolments:
            choice = (f"{e.child_id}:{e.activity_id}", f"{e.child_name} – {e.activity_name}")
            groups.setdefault(e.child_name, []).append(choice)
    return list(groups.items())


async def _refusals(
    page: Page, refused: Iterable[tuple[Pick, str]], first_day: date
) -> tuple[Line, ...]:
    found = await panels(calendar=page.clients.reservations.calendar(first_day, last_of(first_day)))
    words = {} if is_unavailable(found.calendar) else words_of(found.calendar)
    return tuple(Line(words.get(pick, "Une séance"), detail) for pick, detail in refused)


def _month(
    page: Page, found: Calendar | Unavailable, first_day: date, form: Form | None
) -> Month | None:
    if isinstance(found, Unavailable):
        return None
    return month_of(found, first_day, page.now, page.today, ticked_in(form))


def _month_of(page: Page, form: Form) -> date:
    try:
        return date.fromisoformat(f"{form.text('mois')}-01")
    except ValueError:
        return page.today.replace(day=1)


def _is_refused(outcome: ReservationOutcome) -> bool:
    return outcome.outcome == "refused"


ROUTES = (
    get(PATH, calendar, allow={GUARDIAN}),
    post(PATH, save, allow={GUARDIAN}),
    post("/reservations/recapitulatif", recap, allow={GUARDIAN}),
    post("/reservations/semaine-type", save_pattern, allow={GUARDIAN}),
)

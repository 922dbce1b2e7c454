"""The town's year: holidays, public holidays, closures; close activities and open them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from contracts.roles import ADMIN, OFFICE, STAFF
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.readers.town import Consequence, TownDay, TownYear
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/calendrier"
SEPTEMBER: Final = 9
SERVICE_FIELDS: Final = {
    "du": "from",
    "au": "to",
    "activites": "activity_ids",
    "motif": "reason",
    "fichier": "file",
}
KINDS: Final = (
    ("class", "Classe"),
    ("holidays", "Vacances"),
    ("bridge", "Pont"),
    ("public_holiday", "Férié"),
    ("closed", "Fermeture"),
)


@dataclass(frozen=True, slots=True)
class Square:
    """One day in its month; `words` says what its colour says."""

    day: date
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class MonthOfYear:
    """A month as weeks from Monday; None is a day of another month."""

    first: date
    weeks: tuple[tuple[Square | None, ...], ...]


async def calendar(
    page: Page,
    form: Form | None = None,
    *,
    away: Unavailable | None = None,
    asked: Mapping[str, Any] | None = None,
    consequence: Consequence | None = None,
) -> web.StreamResponse:
    """A school year month by month, its closures, and the form that closes."""
    first = _first_of_year(page)
    last = date(first.year + 1, SEPTEMBER, 1) - timedelta(days=1)
    shown = await panels(
        year=page.clients.town.year(first, last), activities=page.clients.enrolment.activities()
    )
    year = shown.year
    return page.render(
        "agents/calendrier.html",
        panels=shown,
        form=form or Form(),
        away=away,
        first=first,
        last=last,
        months=() if is_unavailable(year) else months_of(year, first),
        kinds=KINDS,
        asked=asked,
        consequence=consequence,
        may_close=page.session.has(*OFFICE),
        may_put_in=page.session.has(ADMIN),
    )


async def close(page: Page) -> web.StreamResponse:
    """First what it would cancel; confirmed, it is done and the families are told."""
    form = await page.form()
    try:
        asked = closure_of(form)
        if not form.checked("confirmer"):
            foreseen = await page.clients.town.foresee(asked)
            return await calendar(page, form, asked=asked, consequence=foreseen)
        closed = await page.clients.town.close(asked)
    except ServiceUnavailable as failure:
        return await calendar(page, form, away=Unavailable(failure.service))
    except REFUSALS as refusal:
        return await calendar(page, form.refused(refusal, **SERVICE_FIELDS))
    many = closed.cancelled.reservations
    told = f"Fermeture enregistrée : {many} réservation{'s' if many > 1 else ''} annulée"
    return page.redirect(
        _of_day(closed.first),
        flash=f"{told}{'s' if many > 1 else ''}. Les familles concernées sont prévenues.",
    )


async def lift(page: Page) -> web.StreamResponse:
    """Open the sessions again."""
    form = await page.form()
    try:
        await page.clients.town.lift(page.id("closure_id"))
    except ServiceUnavailable as failure:
        return await calendar(page, form, away=Unavailable(failure.service))
    except REFUSALS as refusal:
        return await calendar(page, form.refused(refusal))
    return page.redirect(
        PATH, flash="Fermeture levée : les séances rouvrent, les familles réservent à nouveau."
    )


async def put_in(page: Page) -> web.StreamResponse:
    """Take the official calendar from the ministry's file."""
    async with page.upload() as upload:
        try:
            done = await page.clients.town.put_in_calendar(upload)
        except ServiceUnavailable as failure:
            return await calendar(page, upload.form, away=Unavailable(failure.service))
        except REFUSALS as refusal:
            return await calendar(page, upload.form.refused(refusal, **SERVICE_FIELDS))
    years = ", ".join(done.school_years)
    return page.redirect(PATH, flash=f"Calendrier officiel mis à jour : {years}.")


def closure_of(form: Form) -> dict[str, Any]:
    """The closure as reservations takes it. Raises FieldRefused."""
    everything = form.text("lesquelles") != "certaines"
    chosen = [str(activity) for activity in form.ids("activites")]
    if not everything and not chosen:
        raise FieldRefused("activites", "Choisissez au moins une activité.")
    return {
        "from": form.date("du").isoformat(),
        "to": (form.date("au", optional=True) or form.date("du")).isoformat(),
        "activity_ids": None if everything else chosen,
        "reason": form.text("motif"),
    }


def months_of(year: TownYear, first: date) -> tuple[MonthOfYear, ...]:
    """The twelve months from September on."""
    reasons = {closure.closure_id: closure.reason for closure in year.closures}
    squares = {day.date: _square(day, reasons) for day in year.days}
    starts = [
        date(first.year + (first.month + offset - 1) // 12, (first.month + offset - 1) % 12 + 1, 1)
        for offset in range(12)
    ]
    return tuple(MonthOfYear(start, tuple(_weeks(start, squares))) for start in starts)


def _square(day: TownDay, reasons: Mapping[UUID, str]) -> Square:
    closed = [reasons[closure] for closure in day.closures if closure in reasons]
    words = [text for text in (day.label, *closed) if text]
    kind = "closed" if closed and day.kind != "weekend" else day.kind
    return Square(day.date, kind, ", ".join(words))


def _weeks(start: date, squares: Mapping[date, Square]) -> Sequence[tuple[Square | None, ...]]:
    monday = start - timedelta(days=start.weekday())
    weeks = []
    while (monday.year, monday.month) <= (start.year, start.month):
        days = [monday + timedelta(days=offset) for offset in range(7)]
        weeks.append(tuple(squares.get(d) if d.month == start.month else None for d in days))
        monday += timedelta(days=7)
    return weeks


def _first_of_year(page: Page) -> date:
    today = page.today
    year = page.query.number("annee", today.year if today.month >= SEPTEMBER else today.year - 1)
    return date(min(max(year, 2000), 2098), SEPTEMBER, 1)


def _of_day(day: date) -> str:
    return f"{PATH}?annee={day.year if day.month >= SEPTEMBER else day.year - 1}"


ROUTES = (
    get(PATH, calendar, allow=STAFF),
    post(f"{PATH}/fermetures", close, allow=OFFICE),
    post(f"{PATH}/fermetures/{{closure_id}}/lever", lift, allow=OFFICE),
    post(f"{PATH}/officiel", put_in, allow={ADMIN}, upload=True),
)

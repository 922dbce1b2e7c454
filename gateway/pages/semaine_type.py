"""Weekly patterns: the same days over a period, shown day by day before they are asked for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, post
from gateway.pages.changes import Line, pair
from gateway.pages.reports import Report, grouped, grouped_refusals, ordinal
from gateway.pages.reservations import calendar, month_in, told
from gateway.panels import Unavailable, panels
from gateway.readers import Estimate
from gateway.readers.reservations import Preview, PreviewDay
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/reservations/semaine-type"
WEEKS: Final = {"toutes": "all", "paires": "even", "impaires": "odd"}
FIELDS: Final = ("qui", "jours", "du", "au", "semaines", "sauf", "ailleurs", "attendre", "annuler")
# The fields of the page by what reservations calls them.
NAMES: Final = {"jours": "weekdays", "du": "from", "au": "to", "qui": "lines", "sauf": "but_for"}
BAD_DAYS: Final = "Séparez les dates par des virgules, par exemple 24/12/2026, 31/12/2026."


@dataclass(frozen=True, slots=True)
class Series:
    """The days of one child in one activity."""

    title: str
    days: tuple[date, ...]
    charged: int


async def preview(page: Page) -> web.StreamResponse:
    """What the pattern would do, day by day and with the price; nothing is changed yet."""
    form = await page.form()
    first_day, cancels = month_in(page, form), form.checked("annuler")
    try:
        pattern = pattern_of(form)
        found = await page.clients.places.preview_pattern(pattern, cancel=cancels)
    except ServiceUnavailable as failure:
        away = Unavailable(failure.service)
        return await calendar(page, form, away=away, first_day=first_day)
    except REFUSALS as refusal:
        return await calendar(page, form.refused(refusal, **NAMES), first_day=first_day)
    wanted = [day for day in found.days if day.expected in ("confirmed", "cancelled")]
    return page.render(
        "semaine_type.html",
        cancels=cancels,
        series=series_of(wanted),
        waiting=series_of(day for day in found.days if day.expected == "full"),
        waits=form.checked("attendre"),
        skipped=skipped(found),
        estimate=None if cancels else await _estimate(page, wanted),
        kept=[(name, text) for name in FIELDS for text in form.texts(name)],
        first_day=form.date("du").replace(day=1),
    )


async def confirm(page: Page) -> web.StreamResponse:
    """Do what the preview showed, and say what became of it."""
    form = await page.form()
    first_day = month_in(page, form)
    try:
        pattern = pattern_of(form)
        if form.checked("annuler"):
            report = await _cancel(page, pattern)
        else:
            report = await _reserve(page, pattern)
    except ServiceUnavailable as failure:
        away = Unavailable(failure.service)
        return await calendar(page, form, away=away, first_day=first_day)
    except REFUSALS as refusal:
        return await calendar(page, form.refused(refusal, **NAMES), first_day=first_day)
    return await told(page, report, form.date("du").replace(day=1))


async def _reserve(page: Page, pattern: dict[str, Any]) -> Report:
    outcomes = await page.clients.places.reserve_pattern(pattern)
    return Report(
        saved=len(outcomes.confirmed),
        refused=grouped_refusals(outcomes.refused),
        waiting=tuple(
            Line("Une séance", f"En liste d’attente ({ordinal(outcome.rank or 1)})")
            for outcome in outcomes.waitlisted
        ),
    )


async def _cancel(page: Page, pattern: dict[str, Any]) -> Report:
    given = (await page.clients.places.cancel_pattern(pattern)).cancelled
    return Report(cancelled=len(given), charged=sum(back.charged for back in given))


async def _estimate(page: Page, days: Sequence[PreviewDay]) -> Estimate | Unavailable | None:
    if not days:
        return None
    asked = page.clients.billing.estimate(
        (day.child_id, day.activity_id, day.date, False) for day in days
    )
    found: Estimate | Unavailable = (await panels(estimate=asked)).estimate
    return found


def pattern_of(form: Form) -> dict[str, Any]:
    """The pattern as reservations is asked for it. Raises FieldRefused."""
    weekdays = [int(text) for text in form.texts("jours") if text.isdigit()]
    if not weekdays:
        raise FieldRefused("jours", "Choisissez au moins un jour de la semaine.")
    lines = [line_of(text, weekdays) for text in form.texts("qui")]
    if not lines:
        raise FieldRefused("qui", "Choisissez au moins un enfant et une activité.")
    return {
        "lines": lines,
        "from": form.date("du").isoformat(),
        "to": form.date("au").isoformat(),
        "weeks": WEEKS.get(form.text("semaines"), "all"),
        "but_for": [day.isoformat() for day in days_in(form.text("sauf"))],
        "other_home": form.checked("ailleurs"),
        "waitlist": form.checked("attendre"),
    }


def line_of(choice: str, weekdays: Sequence[int]) -> dict[str, Any]:
    """One line of the pattern: child, activity and, where there are several, the slot.

    Raises FieldRefused.
    """
    child, activity, slot = (*choice.split(":", 2), "", "")[:3]
    child_id, activity_id = pair("qui", f"{child}:{activity}")
    line = {"child_id": str(child_id), "activity_id": str(activity_id), "weekdays": weekdays}
    return {**line, "slot": slot} if slot else line


def days_in(text: str) -> list[date]:
    """The days that someone lists. Raises FieldRefused."""
    written = [part for part in re.split(r"[,;\s]+", text) if part]
    try:
        return [Form({"sauf": [part]}).date("sauf") for part in written]
    except FieldRefused:
        raise FieldRefused("sauf", BAD_DAYS) from None


def series_of(days: Iterable[PreviewDay]) -> tuple[Series, ...]:
    """The days by child and activity."""
    together: dict[str, list[PreviewDay]] = {}
    for day in days:
        together.setdefault(f"{day.first_name} – {day.activity_name}", []).append(day)
    return tuple(
        Series(title, tuple(day.date for day in found), sum(bool(day.charged) for day in found))
        for title, found in together.items()
    )


def skipped(found: Preview) -> tuple[Line, ...]:
    """The sessions that the pattern leaves alone, by reason."""
    reserved = ["Déjà réservées." for day in found.days if day.expected == "reserved"]
    refused = [day.detail or "" for day in found.days if day.expected == "refused"]
    return grouped([*reserved, *refused])


ROUTES = (
    post(PATH, preview, allow={GUARDIAN}),
    post(f"{PATH}/confirmer", confirm, allow={GUARDIAN}),
)

"""Pages about the portal itself: its accessibility, its styleguide."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from aiohttp import web

from gateway.flash import Flash
from gateway.forms import Form
from gateway.page import PUBLIC, Page, get
from gateway.pages.month import month_of
from gateway.panels import Unavailable
from gateway.readers import Calendar, CalendarChild, CalendarDay, CalendarEntry

SAMPLE_STATES: Final = (("free", None), ("reserved", 9), ("full", None), ("closed", None))


async def accessibility(page: Page) -> web.StreamResponse:
    """The accessibility statement (déclaration d’accessibilité)."""
    return page.render("accessibilite.html")


async def styleguide(page: Page) -> web.StreamResponse:
    """Every token and component, on samples."""
    typed = Form({"sample_mail": ["claire.martin@"], "sample_days": ["1", "4"]})
    return page.render(
        "styleguide.html",
        status=200,  # its samples of refused forms are no refusal
        typed=typed.with_error("sample_mail", "Saisissez une adresse comme nom@exemple.fr."),
        blank=Form(),
        away=Unavailable("billing"),
        tones=("success", "info", "warning", "danger"),
        sample_flash=Flash("3 réservations enregistrées."),
        week=month_of(sample_calendar(page), page.today, page.now, page.today).weeks[0],
    )


def sample_calendar(page: Page) -> Calendar:
    """One day with a child in each state."""
    names = ("Léa", "Tom", "Jade", "Noé")
    children = tuple(
        CalendarChild(child_id=UUID(int=number), first_name=name)
        for number, name in enumerate(names, start=1)
    )
    until = datetime.combine(page.today, datetime.min.time(), UTC) + timedelta(hours=22)
    entries = tuple(
        CalendarEntry(
            session_id=UUID(int=7),
            child_id=child.child_id,
            activity_id=UUID(int=8),
            activity_name="Restaurant scolaire",
            kind="canteen",
            starts_at="12:00",
            ends_at="13:30",
            remaining=3,
            state=state,
            reservation_id=UUID(int=reserved) if reserved else None,
            reserve_until=until,
            cancel_until=until,
        )
        for child, (state, reserved) in zip(children, SAMPLE_STATES, strict=True)
    )
    return Calendar(children=children, days=(CalendarDay(date=page.today, entries=entries),))


ROUTES = (
    get("/accessibilite", accessibility, allow=PUBLIC),
    get("/styleguide", styleguide, allow=PUBLIC),
)

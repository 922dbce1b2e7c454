"""The parents' home page: one panel per service, fetched in parallel."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from aiohttp import web

from gateway.page import Page, get
from gateway.panels import is_unavailable, panels
from gateway.readers import Calendar, CalendarEntry, Invoice, Paper, Papers
from gateway.readers.reservations import Wait

UPCOMING_DAYS: Final = 14
SHOWN_DAYS: Final = 5
SHOWN_MESSAGES: Final = 3


@dataclass(frozen=True, slots=True)
class Outing:
    """One activity of one day, and the children who go."""

    activity_name: str
    kind: str
    hours: str
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BusyDay:
    """A day on which at least one child is expected."""

    date: date
    outings: tuple[Outing, ...]


async def home(page: Page) -> web.StreamResponse:
    """What comes next, what is due, what is under way."""
    if page.session.is_staff:
        return page.redirect("/agents")
    clients = page.clients
    last = page.today + timedelta(days=UPCOMING_DAYS - 1)
    shown = await panels(
        family=clients.accounts.family(),
        calendar=clients.reservations.calendar(page.today, last),
        invoices=clients.billing.invoices(archived=False),
        enrolments=clients.enrolment.enrolments(),
        documents=clients.documents.documents(),
        papers=clients.enrolment.papers(),
        messages=clients.notifications.messages(),
        waiting=clients.places.waiting(),
    )
    calendar, invoices = shown.calendar, shown.invoices
    return page.render(
        "accueil.html",
        panels=shown,
        busy_days=() if is_unavailable(calendar) else busy_days(calendar)[:SHOWN_DAYS],
        balance_cents=0 if is_unavailable(invoices) else balance_cents(invoices),
        shown_messages=SHOWN_MESSAGES,
        offers=[] if is_unavailable(shown.waiting) else offers(shown.waiting),
        owed=[] if is_unavailable(shown.papers) else owed(shown.papers),
    )


def offers(waiting: Iterable[Wait]) -> list[Wait]:
    """The places that are held for the family's answer, the most pressing first."""
    held = ((wait.answer_until, wait) for wait in waiting if wait.state == "offered")
    dated = [(until, wait) for until, wait in held if until is not None]
    return [wait for _, wait in sorted(dated, key=lambda offer: offer[0])]


def owed(papers: Papers) -> list[Paper]:
    """The compulsory papers that the family has to send."""
    return [paper for paper in papers.papers if paper.compulsory and paper.is_owed]


def busy_days(calendar: Calendar) -> Sequence[BusyDay]:
    """The days with reservations, each activity once with all its children."""
    names = {child.child_id: child.first_name for child in calendar.children}
    days = []
    for day in calendar.days:
        reserved = [entry for entry in day.entries if entry.reservation_id is not None]
        if reserved:
            days.append(BusyDay(day.date, tuple(_outings(reserved, names))))
    return days


def balance_cents(invoices: Iterable[Invoice]) -> int:
    """What the family owes in all."""
    return sum(invoice.balance_cents for invoice in invoices)


def _outings(entries: Sequence[CalendarEntry], names: Mapping[UUID, str]) -> Iterable[Outing]:
    by_session: dict[UUID, list[CalendarEntry]] = {}
    for entry in entries:
        by_session.setdefault(entry.session_id, []).append(entry)
    for together in by_session.values():
        first = together[0]
        children = tuple(names.get(entry.child_id, "") for entry in together)
        hours = f"{first.starts_at} – {first.ends_at}" if first.starts_at else ""
        yield Outing(first.activity_name, first.kind, hours, children)


ROUTES = (get("/", home),)

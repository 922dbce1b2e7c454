"""A family's agenda as calendar programs read it (RFC 5545): who goes where and when, no more."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from services.chassis.clock import PARIS
from services.reservations.model.periods import Period

# How far back a feed reaches, and for how long it tells what was given back.
LOOK_BACK: Final = timedelta(days=60)
# From July on families reserve for the school year that begins in September.
NEXT_YEAR_FROM: Final = 7
TOKEN_BYTES: Final = 32
MOST_LINKS: Final = 12
# How often a program should look again; it may look less often, and most do.
REFRESH: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One child at one session, in its latest state."""

    session_id: UUID
    child_id: UUID
    first_name: str
    activity_name: str
    place: str
    starts_at: datetime
    ends_at: datetime
    confirmed: bool
    version: int
    changed_at: datetime

    @property
    def uid(self) -> str:
        """The same for the same child and session, however often the place changes hands."""
        return f"{self.session_id}.{self.child_id}@portail-famille"


def new_token() -> str:
    """A secret that nobody guesses, for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """What is kept of it. A plain hash will do: there is nothing to guess in 32 random bytes."""
    return hashlib.sha256(token.encode()).digest()


def feed_period(today: date) -> Period:
    """From 60 days back to the end of the school year, of the next one from July on."""
    year = today.year + (today.month >= NEXT_YEAR_FROM)
    return Period(today - LOOK_BACK, date(year, 8, 31))


def fingerprint(entries: Iterable[FeedEntry]) -> str:
    """The same for the same agenda, so that a program that has it already is told no more."""
    told = hashlib.sha256()
    for entry in entries:
        told.update(repr(entry).encode())
    return told.hexdigest()[:32]


def feed(entries: Iterable[FeedEntry]) -> bytes:
    """The agenda as a calendar file."""
    calendar = Calendar()
    calendar.add("prodid", "-//Portail famille//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", "Activités des enfants")
    calendar.add("x-wr-timezone", PARIS.key)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    calendar.add_component(_paris())
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: FeedEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("summary", f"{entry.first_name} – {entry.activity_name}")
    if entry.place:
        event.add("location", entry.place)
    event.add("dtstart", entry.starts_at.astimezone(PARIS))
    event.add("dtend", entry.ends_at.astimezone(PARIS))
    # Without a METHOD both say when the entry last changed; a fresh stamp at each reading would
    # make every reading another file.
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.version)
    event.add("status", "CONFIRMED" if entry.confirmed else "CANCELLED")
    # The child is busy, not the parent; and it is nobody else's business.
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _paris() -> Timezone:
    """Europe/Paris by the rule that has held since 1996."""
    zone = Timezone()
    zone.add("tzid", PARIS.key)
    hour = timedelta(hours=1)
    for observance, name, month, offset in (
        (TimezoneDaylight(), "CEST", 3, 2 * hour),
        (TimezoneStandard(), "CET", 10, hour),
    ):
        observance.add("tzname", name)
        observance.add("dtstart", _last_sunday_1996(month, 2 if month == 3 else 3))
        observance.add("tzoffsetfrom", 3 * hour - offset)
        observance.add("tzoffsetto", offset)
        observance.add("rrule", vRecur(freq="yearly", bymonth=month, byday="-1su"))
        zone.add_component(observance)
    return zone


def _last_sunday_1996(month: int, hour: int) -> datetime:
    last = date(1996, month, 31)
    day = last - timedelta(days=last.isoweekday() % 7)
    return datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - a wall time, as asked

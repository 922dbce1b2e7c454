"""The official school calendar as the ministry publishes it: an iCalendar file of breaks.

An event lasts from the day after whose class pupils leave to the morning on which they come back.
The file of all zones cuts a break at every day on which the set of zones in it changes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from unicodedata import normalize

from icalendar import Calendar

from services.chassis.errors import FieldError
from services.reservations.errors import BadCalendarFile
from services.reservations.model.school_calendar import Break, BreakKind, SchoolYear

SUMMER, BRIDGE, START = "ete", "pont", "rentree"
AUGUST_31 = (8, 31)
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Found:
    """An event of the file that concerns pupils of the zone; its end is None when it has none."""

    name: str
    first: date
    back: date | None

    @property
    def plain(self) -> str:
        """The name as it is compared: without accents, in small letters."""
        spaced = self.name.replace("’", " ")
        return normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()

    def speaks_of(self, word: str) -> bool:
        """Whether this word stands in its name."""
        return re.search(rf"\b{word}\b", self.plain) is not None


def read_official_file(content: bytes, zone: str) -> tuple[SchoolYear, ...]:
    """The school years that the file describes whole. Raises BadCalendarFile, saying why not."""
    found = _joined(_read(content, zone))
    if not found:
        raise _bad(f"Ce fichier ne contient aucune vacance de la zone {zone}.")
    years = tuple(_years(found))
    if not years:
        raise _bad(
            "Ce fichier ne décrit aucune année scolaire entière : il faut la rentrée (ou les "
            "vacances d’été qui la précèdent) et le début des vacances d’été suivantes."
        )
    return years


def _read(content: bytes, zone: str) -> list[Found]:
    try:
        read = Calendar.from_ical(content)
        return list(_events(read, zone))
    # What is no calendar fails in the library wherever its first oddity leads.
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _bad("Ce fichier n’est pas au format iCalendar (.ics).") from error


def _events(calendar: Calendar, zone: str) -> Iterator[Found]:
    for event in calendar.walk("VEVENT"):
        summary = str(event.get("SUMMARY", "")).replace("'", "’").strip()
        name, _, zones = summary.partition(" - ")
        if zones and not _holds(zones, zone):
            continue
        first, back = _day(event.get("DTSTART")), _day(event.get("DTEND"))
        if first is None or not EARLIEST <= first <= LATEST:
            continue
        found = Found(name.strip(), first, back if back and first < back <= LATEST else None)
        if not found.speaks_of("enseignants"):
            yield found


def _holds(zones: str, zone: str) -> bool:
    """« Zones A/B/C - Corse » holds zone B."""
    letters = re.findall(r"\b[ABC]\b", zones.replace("/", " "))
    return zone in letters


def _day(value: object) -> date | None:
    found = getattr(value, "dt", None)
    if isinstance(found, datetime):
        return found.date()
    return found if isinstance(found, date) else None


def _joined(events: Iterable[Found]) -> list[Found]:
    """The events in order of time, the parts of one break put together again."""
    joined: list[Found] = []
    for event in sorted(events, key=lambda e: (e.first, e.back or e.first)):
        last = joined[-1] if joined else None
        if last and last.plain == event.plain and last.back and event.first <= last.back:
            joined[-1] = replace(last, back=max(last.back, event.back or last.back))
        else:
            joined.append(event)
    return joined


def _years(found: Sequence[Found]) -> Iterator[SchoolYear]:
    summers = [event for event in found if event.speaks_of(SUMMER)]
    for summer in summers:
        start = _start_before(summer, found, summers)
        if start is None:
            continue
        label = f"{start.year}-{start.year + 1}"
        last_day = date(summer.first.year, *AUGUST_31)
        back = summer.back or last_day + timedelta(days=1)
        yield SchoolYear(
            label=label,
            starts_on=start,
            ends_on=summer.first,
            known_until=max(last_day, back - timedelta(days=1)),
            breaks=(
                *_breaks(found, start, summer.first),
                Break("Vacances d’été", "holidays", summer.first, back),
            ),
        )


def _start_before(summer: Found, found: Sequence[Found], summers: Sequence[Found]) -> date | None:
    """The first day of class of the year that ends with this summer."""
    wanted = summer.first.year - 1
    starts = [event.first for event in found if event.speaks_of(START)]
    starts += [event.back for event in summers if event.back]
    return min((day for day in starts if day.year == wanted and day.month >= 8), default=None)


def _breaks(found: Sequence[Found], start: date, end: date) -> Iterator[Break]:
    for event in found:
        if not start <= event.first < end or event.speaks_of(START) or event.speaks_of(SUMMER):
            continue
        kind: BreakKind = "bridge" if event.speaks_of(BRIDGE) else "holidays"
        if event.back is not None:
            yield Break(event.name, kind, event.first, event.back)


def _bad(message: str) -> BadCalendarFile:
    return BadCalendarFile(message, errors=[FieldError("file", message)])

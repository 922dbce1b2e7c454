"""A family's agenda as its page shows it: the days of a month, a week or a list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal
from uuid import UUID

from gateway.formats import day_month, long_date, moment, month_year
from gateway.pages.month import last_of
from gateway.readers import Calendar, CalendarDay, CalendarEntry
from gateway.readers.record import CustodySpan

View = Literal["mois", "semaine", "liste"]

LIST_DAYS: Final = 31
WORKING_WEEK: Final = 5
# No town's calendar reaches further.
FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)

# How a place stands in the agenda, and what to say of it.
HELD: Final = ("held", "")
ASKED: Final = ("waiting", "demande en cours d’étude")
OTHER_HOME: Final = ("other", "réservé par l’autre foyer")


@dataclass(frozen=True, slots=True)
class Visit:
    """One child at one session, with where to change it."""

    child_name: str
    child_number: int
    activity_name: str
    kind: str
    hours: str
    place: str
    standing: str  # held | waiting | offered | other
    remark: str
    address: str


@dataclass(frozen=True, slots=True)
class Home:
    """From this day on a child is here, or in its other home."""

    child_name: str
    here: bool


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """One day; `date` is None for a blank before the first of a month."""

    date: date | None
    label: str = ""
    is_today: bool = False
    is_past: bool = False
    visits: tuple[Visit, ...] = ()
    homes: tuple[Home, ...] = ()
    closures: tuple[str, ...] = ()

    @property
    def is_idle(self) -> bool:
        """Whether a list may leave it out."""
        return not (self.visits or self.homes or self.closures)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that one page of the agenda shows."""

    view: View
    first: date
    last: date

    @classmethod
    def around(cls, view: View, day: date) -> "Span":
        """The month or the week of this day, or the list that begins with it."""
        day = min(max(day, FIRST_DAY), LAST_DAY - timedelta(days=LIST_DAYS))
        if view == "mois":
            first = day.replace(day=1)
            return cls(view, first, last_of(first))
        if view == "semaine":
            first = max(day - timedelta(days=day.weekday()), FIRST_DAY)
            return cls(view, first, first + timedelta(days=6))
        return cls(view, day, day + timedelta(days=LIST_DAYS - 1))

    @property
    def previous(self) -> date:
        """A day of the page before."""
        days = LIST_DAYS if self.view == "liste" else 1
        return max(self.first - timedelta(days=days), FIRST_DAY)

    @property
    def next(self) -> date:
        """A day of the page after."""
        return self.last + timedelta(days=1)

    @property
    def title(self) -> str:
        """What the page shows: novembre 2026; du 23 au 29 novembre 2026."""
        if self.view == "mois":
            return month_year(self.first)
        end = long_date(self.last).partition(" ")[2]
        return f"du {day_month(self.first).partition(' ')[2]} au {end}"


def children_of(calendar: Calendar) -> list[tuple[UUID, str]]:
    """The children in the order of their births, as everywhere in the portal."""
    return [(child.child_id, child.first_name) for child in calendar.children]


def days_of(
    calendar: Calendar,
    custody: Iterable[CustodySpan],
    span: Span,
    today: date,
    child_id: UUID | None,
) -> tuple[AgendaDay, ...]:
    """Every day of the span, with what is planned for the family or one child."""
    numbers = {c: (n, name) for n, (c, name) in enumerate(children_of(calendar), start=1)}
    homes = _homes(custody, span, child_id)
    return tuple(
        AgendaDay(
            date=day.date,
            label=day.label or "",
            closures=tuple(dict.fromkeys(_closures(day, child_id))),
            is_today=day.date == today,
            is_past=day.date < today,
            visits=tuple(_visits(day, numbers, child_id)),
            homes=homes.get(day.date, ()),
        )
        for day in calendar.days
        if span.first <= day.date <= span.last
    )


def grid(days: Sequence[AgendaDay]) -> tuple[int, tuple[AgendaDay, ...]]:
    """How many days a week shows, and the days in whole weeks, with blanks before and after."""
    busy = [day.date.isoweekday() for day in days if day.date and not day.is_idle]
    width = max([WORKING_WEEK, *busy])
    shown = tuple(day for day in days if day.date and day.date.isoweekday() <= width)
    if not shown or shown[0].date is None:
        return width, ()
    before = [AgendaDay(None)] * (shown[0].date.isoweekday() - 1)
    after = [AgendaDay(None)] * (-(len(before) + len(shown)) % width)
    return width, (*before, *shown, *after)


def _visits(
    day: CalendarDay, numbers: Mapping[UUID, tuple[int, str]], child_id: UUID | None
) -> Iterator[Visit]:
    wanted = [e for e in day.entries if child_id in (None, e.child_id)]
    for entry in sorted(wanted, key=lambda e: (e.starts_at, numbers.get(e.child_id, (0, "")))):
        standing = _standing(entry)
        if standing is None:
            continue
        number, name = numbers.get(entry.child_id, (1, ""))
        yield Visit(
            child_name=name,
            child_number=number,
            activity_name=entry.activity_name,
            kind=entry.kind,
            hours=f"{entry.starts_at} – {entry.ends_at}" if entry.starts_at else "",
            place=entry.place,
            standing=standing[0],
            remark=standing[1],
            address=f"/reservations?mois={day.date:%Y-%m}",
        )


def _closures(day: CalendarDay, child_id: UUID | None) -> Iterator[str]:
    """What the town closes that day of what the children are enrolled in."""
    for entry in day.entries:
        if entry.closed_reason and child_id in (None, entry.child_id):
            yield f"{entry.activity_name}\u00a0: fermé ({entry.closed_reason})"


def _standing(entry: CalendarEntry) -> tuple[str, str] | None:
    """How the place stands; None when nothing was ever done about it."""
    if entry.reservation_id is not None:
        return HELD
    if entry.state == "reserved":
        return OTHER_HOME
    if entry.waiting_id is not None:
        return _waiting(entry)
    return ASKED if entry.asked == "pending" else None


def _waiting(entry: CalendarEntry) -> tuple[str, str]:
    if entry.answer_until is not None:
        return "offered", f"place proposée jusqu’au {moment(entry.answer_until)}"
    rank = f" ({entry.rank}{'er' if entry.rank == 1 else 'e'})" if entry.rank else ""
    return "waiting", f"en liste d’attente{rank}"


def _homes(
    custody: Iterable[CustodySpan], span: Span, child_id: UUID | None
) -> dict[date, tuple[Home, ...]]:
    """On the first day of each stay, so that the page says it once."""
    found: dict[date, tuple[Home, ...]] = {}
    for stay in custody:
        if child_id in (None, stay.child_id):
            day = max(stay.first, span.first)
            found[day] = (*found.get(day, ()), Home(stay.first_name, stay.here))
    return found

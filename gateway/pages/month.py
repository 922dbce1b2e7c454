"""The calendar of one month as the page shows it: weeks, days, activities, children."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from gateway.formats import day_month, time
from gateway.pages.late import LATE_WORDS, is_asked, is_early, is_over, late_remarks
from gateway.pages.reports import ordinal
from gateway.readers import Calendar, CalendarDay, CalendarEntry
from services.chassis.clock import paris_date

SATURDAY: Final = 5
FEW_PLACES: Final = 5  # from here on, the page says how many are left


@dataclass(frozen=True, slots=True)
class Place:
    """One child at one session: a box to tick."""

    child_name: str
    child_id: UUID
    session_id: UUID
    reservation_id: UUID | None
    state: str  # free | reserved | full | closed | waiting | offered
    is_ticked: bool
    can_change: bool
    late: str = ""  # late | ask | asked: how a free place is had after the limit
    can_wait: bool = False
    is_elsewhere: bool = False
    rank: int | None = None

    @property
    def value(self) -> str:
        return f"{self.child_id}:{self.session_id}"

    @property
    def is_reserved(self) -> bool:
        return self.reservation_id is not None

    @property
    def mark(self) -> str:
        """The sign in the box; the words beside it say the same."""
        if self.is_reserved:
            return "check"
        signs = {"closed": "lock", "waiting": "hourglass", "offered": "clock"}
        if self.state == "full":
            return "hourglass" if self.can_wait else "ban"
        return signs.get(self.state, "check")

    @property
    def more(self) -> str:
        """What a sighted reader sees beside the name, unless the place is simply free."""
        if self.state == "closed" and self.is_reserved:
            return "réservé"
        if self.late and not self.is_reserved:
            return LATE_WORDS[self.late]
        if self.state == "full":
            return "complet, attendre" if self.can_wait else "complet"
        if self.state == "waiting":
            return f"en liste d’attente ({ordinal(self.rank or 1)})"
        if self.state == "free" and self.is_elsewhere:
            return "autre foyer"
        return {"closed": "non réservé", "offered": "place proposée"}.get(self.state, "")


@dataclass(frozen=True, slots=True)
class Slot:
    """One activity of one day, with every child who may go."""

    name: str
    kind: str
    hours: str
    places: tuple[Place, ...]
    deadlines: tuple[tuple[str, datetime], ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day; `date` is None for a blank before the first or after the last of the month."""

    date: date | None
    label: str = ""
    is_today: bool = False
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Friday, or further when something happens at the weekend."""

    first_day: date
    last_day: date
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks of a month, those behind us apart."""

    first_day: date
    past_weeks: tuple[Week, ...]
    weeks: tuple[Week, ...]

    @property
    def previous(self) -> date:
        return (self.first_day - timedelta(days=1)).replace(day=1)

    @property
    def next(self) -> date:
        return last_of(self.first_day) + timedelta(days=1)


def last_of(first_day: date) -> date:
    """The last day of the month that begins on this day."""
    return (first_day + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def month_of(
    calendar: Calendar,
    first_day: date,
    now: datetime,
    today: date,
    ticked: AbstractSet[str] | None = None,
) -> Month:
    """The month as a page shows it; `ticked` are the boxes as a person left them, if known."""
    names = {child.child_id: child.first_name for child in calendar.children}
    days = {
        day.date: _day(day, names, now, today, ticked)
        for day in calendar.days
        if (day.date.year, day.date.month) == (first_day.year, first_day.month)
    }
    width = _width(days.values())
    weeks = tuple(_weeks(first_day, days, width))
    return Month(
        first_day,
        past_weeks=tuple(week for week in weeks if week.last_day < today),
        weeks=tuple(week for week in weeks if week.last_day >= today),
    )


def _width(days: Iterable[Day]) -> int:
    """How many days a week shows: weekends only where something happens on one."""
    busy = [day.date.weekday() for day in days if day.date and day.slots]
    return max([SATURDAY, *(weekday + 1 for weekday in busy)])


def _weeks(first_day: date, days: Mapping[date, Day], width: int) -> Iterator[Week]:
    monday = first_day - timedelta(days=first_day.weekday())
    while monday <= last_of(first_day):
        dates = [monday + timedelta(days=offset) for offset in range(width)]
        shown = [day for day in dates if day.month == first_day.month]
        if shown:
            cells = tuple(_cell(day, first_day, days) for day in dates)
            yield Week(shown[0], shown[-1], cells)
        monday += timedelta(days=7)


def _cell(day: date, first_day: date, days: Mapping[date, Day]) -> Day:
    return days.get(day, Day(day)) if day.month == first_day.month else Day(None)


def _day(
    day: CalendarDay,
    names: Mapping[UUID, str],
    now: datetime,
    today: date,
    ticked: AbstractSet[str] | None,
) -> Day:
    together: dict[UUID, list[CalendarEntry]] = defaultdict(list)
    for entry in day.entries:
        together[entry.session_id].append(entry)
    is_past = day.date < today
    in_order = sorted(together.values(), key=lambda e: (e[0].starts_at, e[0].activity_name))
    slots = tuple(_slot(entries, names, now, is_past, ticked) for entries in in_order)
    return Day(day.date, day.label or "", day.date == today, slots)


def _slot(
    entries: Sequence[CalendarEntry],
    names: Mapping[UUID, str],
    now: datetime,
    is_past: bool,
    ticked: AbstractSet[str] | None,
) -> Slot:
    first = entries[0]
    places = tuple(_place(entry, names, is_past, ticked) for entry in entries)
    return Slot(
        first.activity_name,
        first.kind,
        f"{first.starts_at} – {first.ends_at}" if first.starts_at else "",
        places,
        () if is_past else tuple(_deadlines(entries, now)),
        () if is_past else tuple(_remarks(entries, places)),
    )


def _place(
    entry: CalendarEntry,
    names: Mapping[UUID, str],
    is_past: bool,
    ticked: AbstractSet[str] | None,
) -> Place:
    is_reserved = entry.reservation_id is not None
    state = "closed" if is_past else _state(entry)
    is_free = state == "free" and not is_asked(entry)
    can_wait = state == "full" and entry.has_waiting_list and not entry.late
    can_change = not is_past and (is_reserved or is_free or can_wait)
    value = f"{entry.child_id}:{entry.session_id}"
    return Place(
        child_name=names.get(entry.child_id, ""),
        child_id=entry.child_id,
        session_id=entry.session_id,
        reservation_id=entry.reservation_id,
        state="reserved" if is_reserved and not is_past else state,
        is_ticked=is_reserved if ticked is None or not can_change else value in ticked,
        can_change=can_change,
        late=("asked" if is_asked(entry) else entry.late or "") if state == "free" else "",
        can_wait=can_wait,
        is_elsewhere=entry.other_home and not is_past,
        rank=entry.rank,
    )


def _state(entry: CalendarEntry) -> str:
    """What stands for the child; an offer and a wait come before a session's being full."""
    if entry.reservation_id is None and entry.waiting_id is not None:
        return "waiting" if entry.is_waiting else "offered"
    return entry.state


def _deadlines(entries: Sequence[CalendarEntry], now: datetime) -> Iterator[tuple[str, datetime]]:
    """Until when each thing that can still be done may be done, to the minute."""
    opens = {e.reserve_from for e in entries if is_early(e, now) and e.reserve_from}
    reserve = {
        e.reserve_until for e in entries if e.state == "free" and not e.late and e.reserve_until
    }
    cancel = {e.cancel_until for e in entries if e.reservation_id and e.cancel_until}
    closed = {e.reserve_until for e in entries if is_over(e, now) and e.reserve_until}
    passed = {instant for instant in cancel if instant <= now}
    if reserve and reserve == cancel:
        yield "Modifiable jusqu’au", max(reserve)
        return
    for instant in sorted(opens):
        yield "Réservation ouverte le", instant
    for instant in sorted(reserve):
        yield "À réserver avant le", instant
    for instant in sorted(cancel - passed):
        yield "Annulable jusqu’au", instant
    for instant in sorted(closed | passed):
        yield "Délai dépassé depuis le", instant


def _remarks(entries: Sequence[CalendarEntry], places: Sequence[Place]) -> Iterator[str]:
    yield from late_remarks(entries)
    for until in sorted({e.answer_until for e in entries if e.answer_until}):
        yield f"Place proposée jusqu’au {day_month(paris_date(until))} à {time(until)}"
    # Brothers and sisters may count in different age groups.
    left = min((e.remaining for e in entries if e.state == "free"), default=FEW_PLACES + 1)
    if any(place.state == "free" for place in places) and left <= FEW_PLACES:
        yield f"Plus que {left} place{'s' if left > 1 else ''}"
    if any(entry.late_cancel and entry.reservation_id for entry in entries):
        yield "Une annulation serait facturée."

"""What a parent changes by ticking boxes: read from the form, put into words, reported on."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from gateway.formats import day_month, euros
from gateway.forms import FieldRefused, Form
from gateway.panels import Unavailable
from gateway.readers import Calendar, CalendarEntry, Estimate

Pick = tuple[UUID, UUID]  # child, session


@dataclass(frozen=True, slots=True)
class Change:
    """What a person asks by ticking and unticking.

    `waits`: ticked although full. `elsewhere`: ticked on a day that the child spends in its other
    home, and shown as such.
    """

    added: tuple[Pick, ...] = ()
    removed: Mapping[Pick, UUID] = field(default_factory=dict)  # with their reservations
    waits: tuple[Pick, ...] = ()
    elsewhere: frozenset[Pick] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.waits)

    @property
    def fingerprint(self) -> str:
        """The same for the same change: what was shown in a recap is known again."""
        asked = [sorted(map(str, picks)) for picks in (self.added, self.removed, self.waits)]
        return hashlib.sha256(repr(asked).encode()).hexdigest()[:16]

    def item(self, pick: Pick) -> dict[str, Any]:
        """One place to reserve, as reservations is asked for it."""
        return {
            "child_id": str(pick[0]),
            "session_id": str(pick[1]),
            "waitlist": pick in self.waits,
            "other_home": pick in self.elsewhere,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One change, in words. `instead_of`: the reservation that could be given for `pick`."""

    text: str
    detail: str = ""
    is_late: bool = False
    price: str = ""
    pick: Pick | None = None
    instead_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Recap:
    """A change in words, before it is made; the estimate is billing's, or missing.

    `invoiced_period`: the month as "2026-11", when it has been invoiced to the family already.
    """

    added: tuple[Line, ...] = ()
    removed: tuple[Line, ...] = ()
    waits: tuple[Line, ...] = ()
    estimate: Estimate | Unavailable | None = None
    invoiced_period: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.waits)

    @property
    def total(self) -> str:
        """What the places to reserve would cost; nothing when that is not known."""
        if not isinstance(self.estimate, Estimate) or not any(line.price for line in self.added):
            return ""
        return euros(self.estimate.total_cents)


def change_of(form: Form) -> Change:
    """The difference between the boxes as shown and as they are now. Unreadable ones are left."""
    before: dict[Pick, UUID] = {}
    for text in form.texts("avant"):
        if parts := _ids(text, 3):
            before[parts[0], parts[1]] = parts[2]
    now = _picks(form, "choix")
    return Change(
        added=tuple(pick for pick in now if pick not in before),
        removed={pick: kept for pick, kept in before.items() if pick not in now},
        waits=tuple(_picks(form, "attente")),
        elsewhere=frozenset(_picks(form, "ailleurs")),
    )


def _picks(form: Form, name: str) -> dict[Pick, None]:
    return {(p[0], p[1]): None for text in form.texts(name) if (p := _ids(text, 2))}


def ticked_in(form: Form | None) -> frozenset[str] | None:
    """The boxes as a person left them; None when this form is not the calendar's."""
    names = ("choix", "avant", "attente")
    if form is None or not any(form.checked(name) for name in names):
        return None
    return frozenset([*form.texts("choix"), *form.texts("attente")])


def recap_of(
    change: Change,
    calendar: Calendar,
    estimate: Estimate | Unavailable | None = None,
    invoiced_period: str = "",
) -> Recap:
    """The change in words; prices are in the order of `planned`."""
    words, entries = words_of(calendar), entries_of(calendar)
    known = [pick for pick in change.added if pick in entries]
    prices = iter(estimate.items if isinstance(estimate, Estimate) else ())
    added = [Line(words[pick], price=_price(next(prices, None)), pick=pick) for pick in known]
    removed = [
        Line(words[pick], is_late=entries[pick][1].late_cancel)
        for pick in change.removed
        if pick in entries
    ]
    waits = [Line(words[pick]) for pick in change.waits if pick in entries]
    return Recap(tuple(added), tuple(removed), tuple(waits), estimate, invoiced_period)


def _price(item: Any) -> str:
    return "" if item is None or item.amount_cents is None else euros(item.amount_cents)


def planned(change: Change, calendar: Calendar) -> list[tuple[UUID, UUID, date, bool]]:
    """The places to reserve as billing prices them: child, activity, day, late or not."""
    entries = entries_of(calendar)
    return [
        (pick[0], entry.activity_id, day, entry.late == "late")
        for pick in change.added
        if pick in entries
        for day, entry in [entries[pick]]
    ]


def swaps_of(change: Change, calendar: Calendar) -> dict[Pick, Pick]:
    """What is given back for what: places of one child at the same hours, one for one."""
    entries = entries_of(calendar)
    swaps: dict[Pick, Pick] = {}
    for wanted in change.added:
        for given in change.removed:
            if given not in swaps.values() and _meet(given, wanted, entries):
                swaps[wanted] = given
                break
    return swaps


def _meet(given: Pick, wanted: Pick, entries: Mapping[Pick, tuple[date, CalendarEntry]]) -> bool:
    if given[0] != wanted[0] or given not in entries or wanted not in entries:
        return False
    (day, a), (other_day, b) = entries[given], entries[wanted]
    return day == other_day and a.starts_at < b.ends_at and b.starts_at < a.ends_at


def entries_of(calendar: Calendar) -> dict[Pick, tuple[date, CalendarEntry]]:
    """Each place of the calendar, with its day."""
    return {
        (entry.child_id, entry.session_id): (day.date, entry)
        for day in calendar.days
        for entry in day.entries
    }


def words_of(calendar: Calendar) -> dict[Pick, str]:
    """Each place of the calendar as people call it: Léa, lun. 23 nov. : Restaurant scolaire."""
    names = {child.child_id: child.first_name for child in calendar.children}
    return {
        pick: f"{names.get(pick[0], '')}, {day_month(day)} : {entry.activity_name}"
        for pick, (day, entry) in entries_of(calendar).items()
    }


def pair(name: str, text: str) -> Pick:
    """The two identifiers behind one choice. Raises FieldRefused."""
    parts = _ids(text, 2)
    if not parts:
        raise FieldRefused(name, "Choisissez un enfant et une activité.")
    return parts[0], parts[1]


def _ids(text: str, count: int) -> list[UUID]:
    try:
        parts = [UUID(part) for part in text.split(":")]
    except ValueError:
        return []
    return parts if len(parts) == count else []

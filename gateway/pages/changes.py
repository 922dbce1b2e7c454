"""What a parent changes by ticking boxes: read from the form, put into words, reported on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from gateway.formats import day_month
from gateway.forms import FieldRefused, Form
from gateway.readers import Calendar, ReservationOutcome

Pick = tuple[UUID, UUID]  # child, session


@dataclass(frozen=True, slots=True)
class Change:
    """What a person asks by ticking and unticking."""

    added: tuple[Pick, ...] = ()
    removed: Mapping[Pick, UUID] = field(default_factory=dict)  # with their reservations


@dataclass(frozen=True, slots=True)
class Line:
    """One change, in words."""

    text: str
    detail: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a command."""

    saved: int = 0
    cancelled: int = 0
    charged: int = 0
    refused: tuple[Line, ...] = ()
    requested: int = 0

    @property
    def sentence(self) -> str:
        """The outcome as one line for the next page."""
        parts = []
        if self.saved:
            parts.append(
                counted(self.saved, "réservation enregistrée", "réservations enregistrées")
            )
        if self.cancelled:
            parts.append(counted(self.cancelled, "réservation annulée", "réservations annulées"))
        if self.requested:
            parts.append(counted(self.requested, "demande transmise", "demandes transmises"))
        text = " et ".join(parts) or "Aucun changement"
        late = f" Hors délai, donc facturée : {self.charged}." if self.charged else ""
        return f"{text}.{late}"


def change_of(form: Form) -> Change:
    """The difference between the boxes as shown and as they are now. Unreadable ones are left."""
    before: dict[Pick, UUID] = {}
    for text in form.texts("avant"):
        if parts := _ids(text, 3):
            before[parts[0], parts[1]] = parts[2]
    now = {(p[0], p[1]): None for p in (_ids(text, 2) for text in form.texts("choix")) if p}
    return Change(
        added=tuple(pick for pick in now if pick not in before),
        removed={pick: kept for pick, kept in before.items() if pick not in now},
    )


def ticked_in(form: Form | None) -> frozenset[str] | None:
    """The boxes as a person left them; None when this form is not the calendar's."""
    if form is None or not (form.checked("choix") or form.checked("avant")):
        return None
    return frozenset(form.texts("choix"))


def lines_of(change: Change, calendar: Calendar) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The change in words: what is added, what is cancelled."""
    words = words_of(calendar)
    late = {
        (entry.child_id, entry.session_id)
        for day in calendar.days
        for entry in day.entries
        if entry.late_cancel
    }
    return (
        tuple(Line(words[pick]) for pick in change.added if pick in words),
        tuple(Line(words[p], is_late=p in late) for p in change.removed if p in words),
    )


def words_of(calendar: Calendar) -> dict[Pick, str]:
    """Each place of the calendar as people call it: Léa, lun. 23 nov. : Restaurant scolaire."""
    names = {child.child_id: child.first_name for child in calendar.children}
    return {
        (entry.child_id, entry.session_id): (
            f"{names.get(entry.child_id, '')}, {day_month(day.date)} : {entry.activity_name}"
        )
        for day in calendar.days
        for entry in day.entries
    }


def grouped_refusals(refused: Iterable[ReservationOutcome]) -> tuple[Line, ...]:
    """A pattern over months may be refused often for one reason: each reason once."""
    counts: dict[str, int] = {}
    for outcome in refused:
        reason = outcome.detail or outcome.reason or ""
        counts[reason] = counts.get(reason, 0) + 1
    return tuple(Line(counted(n, "séance", "séances"), reason) for reason, n in counts.items())


def pair(name: str, text: str) -> Pick:
    """The two identifiers behind one choice. Raises FieldRefused."""
    parts = _ids(text, 2)
    if not parts:
        raise FieldRefused(name, "Choisissez un enfant et une activité.")
    return parts[0], parts[1]


def counted(number: int, one: str, several: str) -> str:
    """1 séance, 2 séances; none is singular in French."""
    return f"{number} {several if number > 1 else one}"


def _ids(text: str, count: int) -> list[UUID]:
    try:
        parts = [UUID(part) for part in text.split(":")]
    except ValueError:
        return []
    return parts if len(parts) == count else []

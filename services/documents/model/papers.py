"""The life of a supporting document: what may become of it, and until when it holds."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from services.chassis.clock import paris_date
from services.documents.errors import BadDocumentType, BadValidity, NotToBeReviewed
from services.documents.model import EXTENSIONS, Document, DocumentType, State

# What may follow what. The staff may take a decision back; what was replaced stays so.
NEXT: Final[dict[State, frozenset[State]]] = {
    "quarantined": frozenset({"submitted", "infected"}),
    "submitted": frozenset({"accepted", "rejected", "replaced"}),
    "accepted": frozenset({"accepted", "rejected", "expiring", "expired", "replaced"}),
    "expiring": frozenset({"accepted", "rejected", "expired", "replaced"}),
    "rejected": frozenset({"accepted", "replaced"}),
    "expired": frozenset({"replaced"}),
    "infected": frozenset(),
    "replaced": frozenset(),
}
# Nobody opens what was not found clean.
SEALED_OFF: Final[frozenset[State]] = frozenset({"quarantined", "infected"})
HOLDS: Final[frozenset[State]] = frozenset({"accepted", "expiring"})
# A school year ends with its summer; papers handed in from July on are for the next one.
SCHOOL_YEAR_END: Final = (8, 31)
NEXT_YEAR_FROM_MONTH: Final = 7


@dataclass(frozen=True, slots=True)
class Step:
    """One dated step of a document's life; `by` is the account that took it."""

    version: int
    at: datetime
    state: State
    note: str | None = None
    by: UUID | None = None


def check_type(kind: DocumentType) -> None:
    """Raises BadDocumentType when what the town settles of a type contradicts itself."""
    if (kind.validity == "months") != (kind.validity_months is not None):
        raise BadDocumentType.because(
            "validity_months", "Indiquez un nombre de mois pour une validité en mois, et là seul."
        )
    if not kind.accepts or not set(kind.accepts) <= set(EXTENSIONS):
        raise BadDocumentType.because("accepts", "Choisissez au moins un format de la liste.")


def end_of_validity(kind: DocumentType, start: date) -> date | None:
    """The last day on which such a paper holds when it begins to hold on this day."""
    if kind.validity == "months" and kind.validity_months:
        return months_later(start, kind.validity_months) - timedelta(days=1)
    if kind.validity == "school_year":
        return date(start.year + (start.month >= NEXT_YEAR_FROM_MONTH), *SCHOOL_YEAR_END)
    return None


def months_later(start: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def accepted(
    document: Document,
    kind: DocumentType,
    *,
    valid_from: date | None,
    valid_until: date | None,
    now: datetime,
) -> Document:
    """The document accepted over these days, or over those that its type proposes.

    Twice is once; with other dates it is a correction. Raises BadValidity, NotToBeReviewed.
    """
    today = paris_date(now)
    start = valid_from or today
    end = valid_until or end_of_validity(kind, start)
    if document.state in HOLDS and valid_from is None and valid_until is None:
        return document
    if end is not None and end < start:
        raise BadValidity.because("valid_until", "La fin de validité précède son début.")
    if end is not None and end < today:
        raise BadValidity.because("valid_until", "Cette date est passée : la pièce est périmée.")
    same = (document.valid_from, document.valid_until) == (start, end)
    if document.state in HOLDS and same:
        return document
    moved = _moved(document, "accepted", reviewing=True)
    return replace(moved, valid_from=start, valid_until=end, reason=None)


def rejected(document: Document, reason: str) -> Document:
    """The document refused, with the reason that the family reads; twice keeps the first reason.

    Raises NotToBeReviewed.
    """
    if document.state == "rejected":
        return document
    moved = _moved(document, "rejected", reviewing=True)
    return replace(moved, reason=reason, valid_from=None, valid_until=None)


def moved(document: Document, state: State, note: str | None = None) -> Document:
    """The document in its next state; itself where that state does not follow."""
    if state == document.state or state not in NEXT[document.state]:
        return document
    return replace(_moved(document, state), reason=note or document.reason)


def _moved(document: Document, state: State, *, reviewing: bool = False) -> Document:
    if reviewing and state not in NEXT[document.state]:
        raise NotToBeReviewed(NOT_NOW.get(document.state, ""))
    return replace(document, state=state, version=document.version + 1)


NOT_NOW: Final[dict[State, str]] = {
    "quarantined": "L’analyse antivirus n’est pas terminée.",
    "infected": "Le fichier était infecté ; il a été supprimé.",
    "replaced": "La famille a déposé une version plus récente.",
    "expired": "La pièce est périmée ; il en faut une nouvelle.",
}


def has_come_to(document: Document, today: date, reminder: timedelta) -> State:
    """The state that the passing of time alone gives an accepted document."""
    if document.state not in HOLDS or document.valid_until is None:
        return document.state
    if document.valid_until < today:
        return "expired"
    return "expiring" if document.valid_until - reminder <= today else document.state


def gives_way(document: Document, newer: State) -> bool:
    """Whether a document is replaced by one for the same purpose that comes to this state.

    A paper that holds is replaced only by one that was accepted: no gap opens meanwhile. One
    in quarantine stays there: what is replaced can still be opened.
    """
    if newer == "accepted":
        return document.state in ("submitted", "accepted", "expiring", "expired")
    return document.state in ("submitted", "rejected", "expired")

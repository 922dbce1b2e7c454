"""What became of a change: counted, in words, part by part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from gateway.pages.changes import Line, Pick
from gateway.readers.reservations import Changes, ReservationOutcome


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a command."""

    saved: int = 0
    cancelled: int = 0
    charged: int = 0
    swapped: int = 0
    refused: tuple[Line, ...] = ()
    waiting: tuple[Line, ...] = ()
    requested: int = 0

    @property
    def has_news(self) -> bool:
        """Whether there is more to say than that all was done."""
        return bool(self.refused or self.waiting)

    @property
    def sentence(self) -> str:
        """The outcome as one line for the next page."""
        said = (
            (self.saved, "réservation enregistrée", "réservations enregistrées"),
            (self.swapped, "réservation échangée", "réservations échangées"),
            (self.cancelled, "réservation annulée", "réservations annulées"),
            (self.requested, "demande transmise", "demandes transmises"),
            (len(self.waiting), "demande en liste d’attente", "demandes en liste d’attente"),
        )
        parts = [counted(number, one, several) for number, one, several in said if number]
        text = " et ".join(", ".join(parts).rsplit(", ", 1)) or "Aucun changement"
        late = f" Hors délai, donc facturée : {self.charged}." if self.charged else ""
        return f"{text}.{late}"


def report_of(
    done: Iterable[Changes], words: Mapping[Pick, str], given: Mapping[UUID, Pick]
) -> Report:
    """What became of each part; `given` tells which place a reservation to cancel was."""
    parts = list(done)
    reserved = [outcome for part in parts for outcome in part.reserved]
    cancelled = [back for part in parts for back in part.cancelled]
    swapped = [swap for part in parts for swap in part.swapped]
    refused = [_refused(o, words) for o in reserved if o.outcome == "refused"]
    kept = [
        Line(words.get(given[back.reservation_id], "Une réservation"), back.detail or "")
        for back in cancelled
        if back.outcome == "refused"
    ]
    held = [
        Line(_words(swap.reserve, words), f"{swap.detail} La place d’avant est gardée.")
        for swap in swapped
        if swap.outcome == "refused"
    ]
    late = [back.charged for back in (*cancelled, *(s.cancel for s in swapped))]
    return Report(
        saved=sum(outcome.outcome == "confirmed" for outcome in reserved),
        cancelled=sum(back.outcome == "cancelled" for back in cancelled),
        charged=sum(late),
        swapped=sum(swap.outcome == "swapped" for swap in swapped),
        requested=sum(outcome.outcome == "requested" for outcome in reserved),
        refused=(*refused, *kept, *held),
        waiting=tuple(_waiting(o, words) for o in reserved if o.outcome == "waitlisted"),
    )


def _refused(outcome: ReservationOutcome, words: Mapping[Pick, str]) -> Line:
    return Line(
        _words(outcome, words),
        outcome.detail or "",
        pick=(outcome.child_id, outcome.session_id),
        instead_of=outcome.instead_of,
    )


def _waiting(outcome: ReservationOutcome, words: Mapping[Pick, str]) -> Line:
    return Line(_words(outcome, words), f"En liste d’attente ({ordinal(outcome.rank or 1)})")


def _words(outcome: ReservationOutcome | None, words: Mapping[Pick, str]) -> str:
    pick = (outcome.child_id, outcome.session_id) if outcome else None
    return words.get(pick, "Une séance") if pick else "Une séance"


def grouped_refusals(refused: Iterable[ReservationOutcome]) -> tuple[Line, ...]:
    """A pattern over months may be refused often for one reason: each reason once."""
    return grouped([outcome.detail or outcome.reason or "" for outcome in refused])


def grouped(reasons: Sequence[str]) -> tuple[Line, ...]:
    """How many sessions have each reason."""
    counts: dict[str, int] = {}
    for reason in reasons:
        counts[reason] = counts.get(reason, 0) + 1
    return tuple(Line(counted(n, "séance", "séances"), reason) for reason, n in counts.items())


def counted(number: int, one: str, several: str) -> str:
    """1 séance, 2 séances; none is singular in French."""
    return f"{number} {several if number > 1 else one}"


def ordinal(rank: int) -> str:
    """1re, 2e: a place in a line."""
    return "1re" if rank == 1 else f"{rank}e"

"""Which papers a family owes: for itself, for each child, and for which activities."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

Standing = Literal["missing", "waiting", "held", "expiring", "expired", "rejected", "infected"]

HOLDS: Final = frozenset({"accepted", "expiring"})
WAITS: Final = frozenset({"quarantined", "submitted"})
# States that say nothing of what the family holds.
PAST: Final = frozenset({"replaced", "erased"})
ENOUGH: Final[frozenset[Standing]] = frozenset({"held", "expiring"})


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A kind of document that the town asks for, as documents tells it."""

    code: str
    label: str
    per_child: bool
    asked_of: str
    compulsory: bool
    help: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of a family, as documents tells it; never its content or its name."""

    document_id: UUID
    version: int
    family_id: UUID
    child_id: UUID | None
    document_type: str
    state: str
    deposited_at: datetime
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Asking:
    """An activity that asks papers of a child, or of the child's family."""

    child_id: UUID
    activity_id: UUID
    activity_name: str
    document_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A paper that is asked of a family or of one child, and where the family stands with it.

    One deposit serves every activity listed.
    """

    kind: DocumentType
    child_id: UUID | None
    activities: tuple[Asking, ...]
    standing: Standing
    paper: Paper | None = None

    @property
    def is_met(self) -> bool:
        """Whether nothing more is asked of the family here."""
        return self.standing in ENOUGH

    @property
    def is_handed_in(self) -> bool:
        """Whether the family has nothing to send now."""
        return self.is_met or self.standing == "waiting"

    @property
    def valid_until(self) -> date | None:
        """The last day on which the paper holds, or held."""
        return self.paper.valid_until if self.paper else None


def needs(
    kinds: Iterable[DocumentType],
    papers: Sequence[Paper],
    *,
    children: Sequence[UUID],
    asking: Sequence[Asking],
    today: date,
) -> list[Need]:
    """Everything that is asked of a family, in the town's order, child by child."""
    found = []
    for kind in kinds:
        if kind.retired:
            continue
        for child_id, askers in _asked(kind, children, asking).items():
            same = [p for p in papers if (p.document_type, p.child_id) == (kind.code, child_id)]
            standing, paper = stands(same, today)
            found.append(Need(kind, child_id, askers, standing, paper))
    return found


def _asked(
    kind: DocumentType, children: Sequence[UUID], asking: Sequence[Asking]
) -> Mapping[UUID | None, tuple[Asking, ...]]:
    """Of whom such a paper is asked, each with the activities that ask it."""
    everyone: Sequence[UUID | None] = children if kind.per_child else [None]
    asked: dict[UUID | None, tuple[Asking, ...]] = (
        dict.fromkeys(everyone, ()) if kind.asked_of == "everyone" else {}
    )
    for one in asking:
        if kind.code in one.document_types:
            child_id = one.child_id if kind.per_child else None
            others = asked.get(child_id, ())
            if one.activity_id not in {other.activity_id for other in others}:
                asked[child_id] = (*others, one)
    return asked


def stands(papers: Sequence[Paper], today: date) -> tuple[Standing, Paper | None]:
    """Where a family stands with the documents that it has handed in for one purpose."""
    newest_first = sorted(papers, key=lambda paper: paper.deposited_at, reverse=True)
    told = [paper for paper in newest_first if paper.state not in PAST]
    for paper in told:
        if paper.state in HOLDS and not is_over(paper, today):
            return "expiring" if paper.state == "expiring" else "held", paper
    for paper in told:
        if paper.state in WAITS:
            return "waiting", paper
    if not told:
        return "missing", None
    last = told[0]
    if last.state == "rejected":
        return "rejected", last
    return "infected" if last.state == "infected" else "expired", last


def is_over(paper: Paper, today: date) -> bool:
    """Whether its last day is past; the event that says so may be on its way still."""
    return paper.valid_until is not None and paper.valid_until < today


def is_complete(found: Iterable[Need]) -> bool:
    """Whether every compulsory paper is there and holds."""
    return all(need.is_met for need in found if need.kind.compulsory)


def missing(
    kinds: Iterable[DocumentType], papers: Sequence[Paper], asking: Asking, today: date
) -> list[str]:
    """The compulsory papers of one activity that the family has not handed in.

    One that waits to be looked at is handed in.
    """
    found = needs(kinds, papers, children=[], asking=[asking], today=today)
    owed = (n for n in found if n.activities and n.kind.compulsory and not n.is_handed_in)
    return [need.kind.label for need in owed]

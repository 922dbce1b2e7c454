"""Who gets a place when more ask than there are: weighted criteria, and a draw anyone can check."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple
from uuid import UUID

Source = Literal["declared", "resident", "sibling", "school"]
Outcome = Literal["placed", "short", "group_too_large"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """What counts, and how it is known.

    `declared` by the family (once, or for each child); `resident`: the file says that it lives in
    town; `sibling`: a brother or sister is enrolled already in an activity of this kind;
    `school`: the child attends one of `schools`.
    """

    code: str
    label: str
    weight: int
    source: Source
    per_child: bool = False
    schools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a child when points are counted."""

    declared: Collection[str] = ()
    resident: bool = False
    has_sibling: bool = False
    school_code: str | None = None


class Reason(NamedTuple):
    """A criterion that the child meets, and its points."""

    label: str
    points: int


def reasons(criteria: Iterable[Criterion], known: Known) -> tuple[Reason, ...]:
    """The criteria that the child meets, in the town's order."""
    return tuple(Reason(c.label, c.weight) for c in criteria if _meets(c, known))


def _meets(criterion: Criterion, known: Known) -> bool:
    match criterion.source:
        case "declared":
            return criterion.code in known.declared
        case "resident":
            return known.resident
        case "sibling":
            return known.has_sibling
        case "school":
            return known.school_code in criterion.schools


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request that takes part; those of one `group` are placed together or not at all."""

    enrolment_id: UUID
    reasons: tuple[Reason, ...] = ()
    group: UUID | None = None

    @property
    def points(self) -> int:
        """The sum of what it meets."""
        return sum(reason.points for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Line:
    """What the allocation gives one request. `position` is its rank among all, from 1."""

    enrolment_id: UUID
    position: int
    points: int
    draw: str
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()

    @property
    def is_placed(self) -> bool:
        """Whether it has a place."""
        return self.outcome == "placed"


def draw(seed: str, enrolment_id: UUID) -> str:
    """The number that decides between equals, the smallest first.

    SHA-256 of "seed:request", of which the first sixteen hexadecimal digits: anyone can check it.
    """
    return hashlib.sha256(f"{seed}:{enrolment_id}".encode()).hexdigest()[:16]


def allocate(candidates: Collection[Candidate], places: int, seed: str) -> list[Line]:
    """Who gets one of these places, in the order of rank.

    More points come first, then the draw. A group ranks with the fewest points of its members,
    lest one of them carry the others past somebody with more. One that no longer fits leaves its
    places to those who follow.
    """
    units: dict[UUID, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        units[candidate.group or candidate.enrolment_id].append(candidate)
    lines: list[Line] = []
    left = places
    for unit in sorted(units.values(), key=lambda unit: _rank(unit, seed)):
        outcome: Outcome = "placed"
        if len(unit) > left:
            outcome = "group_too_large" if left else "short"
        else:
            left -= len(unit)
        for member in sorted(unit, key=lambda member: _rank([member], seed)):
            lines.append(_line(member, len(lines) + 1, seed, outcome))
    return lines


def _rank(unit: Sequence[Candidate], seed: str) -> tuple[int, str]:
    fewest = min(member.points for member in unit)
    return -fewest, min(draw(seed, member.enrolment_id) for member in unit)


def _line(candidate: Candidate, position: int, seed: str, outcome: Outcome) -> Line:
    return Line(
        enrolment_id=candidate.enrolment_id,
        position=position,
        points=candidate.points,
        draw=draw(seed, candidate.enrolment_id),
        outcome=outcome,
        reasons=candidate.reasons,
    )


def ranks_of_waiting(lines: Iterable[Line]) -> dict[UUID, int]:
    """Those without a place, each with its rank on the waiting list."""
    waiting = (line for line in lines if not line.is_placed)
    return {line.enrolment_id: rank for rank, line in enumerate(waiting, start=1)}


def explanation(line: Line, lines: Sequence[Line], seed: str) -> str:
    """Why this child has a place or waits, in words for its family."""
    counted = " ; ".join(f"{r.label} : {_points(r.points)}" for r in line.reasons)
    told = f"{_points(line.points).capitalize()} ({counted or 'aucun critère rempli'})."
    if line.outcome == "group_too_large":
        return f"{told} La fratrie demandait des places ensemble : il n’en restait pas assez."
    placed = [other for other in lines if other.is_placed]
    if line.is_placed:
        return f"{told} Une place est attribuée (rang {line.position})."
    if not placed:
        return f"{told} Aucune place n’était disponible."
    fewest = min(other.points for other in placed)
    if fewest == line.points:
        return (
            f"{told} À égalité de points, le tirage a départagé "
            f"(graine « {seed} », numéro {line.draw})."
        )
    if fewest < line.points:
        return f"{told} La fratrie est classée avec le plus petit nombre de points de ses enfants."
    return f"{told} Le dernier enfant retenu avait {_points(fewest)}."


def _points(points: int) -> str:
    return _counted(points, "point")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count > 1 else ''}"

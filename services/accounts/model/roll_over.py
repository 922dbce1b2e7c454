"""The end of a school year: which class each child goes to, and who leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from services.accounts.model.family import Child, FamilyRecord, folded

Outcome = Literal["moves", "changes_school", "leaves", "unknown"]
# A school year begins on 1 September; it is prepared from May on.
BEGINS: Final = 9
PREPARED_FROM: Final = 5


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of the children of a class; `to` is nothing for those who leave or stay."""

    outcome: Outcome
    to: str | None = None


@dataclass(frozen=True, slots=True)
class ClassMove:
    """A class of a school, and what becomes of its children."""

    school_code: str | None
    school_class: str
    children: int
    step: Step


@dataclass(frozen=True, slots=True)
class Ladder:
    """The town's classes in order."""

    steps: tuple[str, ...]

    def after(self, school_class: str) -> Step:
        """The step after this class: « CP », « cp B » and « CP-CE1 » are all of the CP."""
        place = self.place_of(school_class)
        if place is None:
            return Step("unknown")
        if place + 1 == len(self.steps):
            return Step("leaves")
        return Step("moves", self.steps[place + 1])

    def within(self, school_class: str, last_place: int | None) -> Step:
        """The same, in a school whose highest class is there: a child who outgrows it leaves it."""
        step = self.after(school_class)
        place = self.place_of(school_class)
        if step.outcome != "moves" or last_place is None or place is None or place < last_place:
            return step
        return Step("changes_school", step.to)

    def last_places(self, classes: Iterable[tuple[str | None, str]]) -> dict[str, int]:
        """The highest class of each school, from the (school, class) pairs that have children."""
        last: dict[str, int] = {}
        for school_code, school_class in classes:
            place = self.place_of(school_class)
            if school_code and place is not None:
                last[school_code] = max(place, last.get(school_code, 0))
        return last

    def place_of(self, school_class: str) -> int | None:
        """Where the class stands; None when the ladder lacks it."""
        name = folded(school_class)
        fitting = [
            place
            for place, step in enumerate(self.steps)
            if name == folded(step) or name.startswith(f"{folded(step)} ")
        ]
        # Of « Petite section » and « Petite » the longer name says more.
        return max(fitting, key=lambda place: len(self.steps[place]), default=None)


def is_due(school_year: str, today: date) -> bool:
    """Whether children change class for that school year now: from May to the end of August.

    A year under way would move them a second time; a later one, months too early.
    """
    first = int(school_year[:4])
    return date(first, PREPARED_FROM, 1) <= today < date(first, BEGINS, 1)


def rolled_over(
    record: FamilyRecord, ladder: Ladder, last_places: Mapping[str, int]
) -> FamilyRecord:
    """The record with its own children in their next class; this very record when none changes.

    Who outgrows the school has no school until the family or the office says which.

    A child in two homes moves with the one that registered it, once.
    """
    return record.with_children({c.child_id: _next(c, ladder, last_places) for c in _own(record)})


def count(record: FamilyRecord, ladder: Ladder, outcome: Outcome) -> int:
    """How many of its own children move (to any school), leave, or are in an unknown class."""
    classes = [child.school_class for child in _own(record) if child.school_class]
    return sum(ladder.after(name).outcome == outcome for name in classes)


def _own(record: FamilyRecord) -> list[Child]:
    return [child for child in record.children if child.homes[:1] in ((), (record.family_id,))]


def _next(child: Child, ladder: Ladder, last_places: Mapping[str, int]) -> Child:
    if not child.school_class:
        return child
    step = ladder.within(child.school_class, last_places.get(child.school_code or ""))
    if step.outcome == "unknown":
        return child
    if step.outcome == "leaves":
        return replace(child, school_code=None, school_class=None)
    if step.outcome == "changes_school":
        return replace(child, school_code=None, school_class=step.to)
    return replace(child, school_class=step.to)

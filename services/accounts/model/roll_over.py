"""The end of a school year: which class each child goes to, and who leaves."""

from dataclasses import dataclass, replace
from typing import Literal

from services.accounts.model.family import Child, FamilyRecord, folded

Outcome = Literal["moves", "leaves", "unknown"]


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


def rolled_over(record: FamilyRecord, ladder: Ladder) -> FamilyRecord:
    """The record with its own children in their next class; this very record when none changes.

    A child in two homes moves with the one that registered it, once.
    """
    return record.with_children({c.child_id: _next(c, ladder) for c in _own(record)})


def count(record: FamilyRecord, ladder: Ladder, outcome: Outcome) -> int:
    """How many of its own children move, leave, or are in a class that the ladder lacks."""
    classes = [child.school_class for child in _own(record) if child.school_class]
    return sum(ladder.after(name).outcome == outcome for name in classes)


def _own(record: FamilyRecord) -> list[Child]:
    return [child for child in record.children if child.homes[:1] in ((), (record.family_id,))]


def _next(child: Child, ladder: Ladder) -> Child:
    if not child.school_class:
        return child
    step = ladder.after(child.school_class)
    if step.outcome == "unknown":
        return child
    if step.outcome == "leaves":
        return replace(child, school_code=None, school_class=None)
    return replace(child, school_class=step.to)

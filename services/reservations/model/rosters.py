"""A session's list of children: which are shown, in which order, and how many adults they need."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from contracts.events.enrolment import AgeGroup
from services.reservations.model.staffing import adults_for

Row = Mapping[str, Any]
SortBy = Literal["name", "class", "school", "age"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which children to show: of one school, one class, some ages; None: of all."""

    school_code: str | None = None
    school_class: str | None = None
    min_age: int | None = None
    max_age: int | None = None
    sort: SortBy = "name"

    def shows(self, child: Row) -> bool:
        """Whether this child is among them; a child of unknown age is of every age."""
        age = child["age"]
        return (
            self.school_code in (None, child["school_code"])
            and self.school_class in (None, child["school_class"])
            and (self.min_age is None or age is None or age >= self.min_age)
            and (self.max_age is None or age is None or age <= self.max_age)
        )

    def of(self, children: Iterable[Row]) -> list[Row]:
        """Those to show, in order; what is not known of a child comes last."""
        shown = [child for child in children if self.shows(child)]
        key = {"class": "school_class", "school": "school_code", "age": "age"}.get(self.sort)
        if key is None:
            return shown
        return sorted(shown, key=lambda child: (child[key] is None, child[key] or 0))


@dataclass(frozen=True, slots=True)
class Staffing:
    """How many children of an age group are expected, and how many adults that takes."""

    name: str
    expected: int
    adults: int | None


def staffing(ages: Sequence[int | None], groups: Sequence[AgeGroup]) -> list[Staffing]:
    """One line a group, and one for those in none: the last name is empty then."""
    lines = [
        Staffing(
            group.name,
            count := sum(1 for age in ages if _holds(group, age)),
            adults_for(count, group.children_per_adult),
        )
        for group in groups
    ]
    others = sum(1 for age in ages if not any(_holds(group, age) for group in groups))
    return [*lines, Staffing("", others, None)] if others or not groups else lines


def _holds(group: AgeGroup, age: int | None) -> bool:
    return age is not None and group.min_age <= age <= group.max_age


def expected(child: Row) -> bool:
    """Whether the child is counted on: it is there, or it is awaited and nobody said otherwise."""
    if child["state"] is not None:
        return bool(child["state"] == "present")
    return child["reservation_id"] is not None and not child["announced_absent"]

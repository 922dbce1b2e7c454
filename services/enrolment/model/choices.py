"""What a family may ask for: each child with the activities of its age and class."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.chassis.clock import paris_date
from services.enrolment.model.admission import Admission
from services.enrolment.model.classes import admits
from services.enrolment.model.years import SchoolYear

ChoiceState = Literal["open", "not_yet", "closed", "asked"]


@dataclass(frozen=True, slots=True)
class Offered:
    """An activity as far as choosing it goes, and how one gets in."""

    activity_id: UUID
    min_age: int
    max_age: int
    classes: tuple[str, ...]
    admission: Admission


@dataclass(frozen=True, slots=True)
class Choice:
    """One activity for one child. `status`: where the request that is there already stands.

    `proposed`: the child had the same activity the year before.
    """

    activity_id: UUID
    state: ChoiceState
    status: str | None
    proposed: bool


def choices(
    birth_date: date,
    school_class: str | None,
    year: SchoolYear,
    offered: Iterable[Offered],
    *,
    asked: Mapping[UUID, str],
    before: Collection[UUID],
    now: datetime,
) -> list[Choice]:
    """The activities that the child is of age for, and of a class for once the year has begun.

    `asked`: those it has a request for, each with its state. `before`: those that go on from an
    activity in which it is enrolled the year before.
    """
    age, has_class = year.age_of(birth_date), year.has_begun(paris_date(now))
    return [
        Choice(
            activity_id=one.activity_id,
            state="asked" if one.activity_id in asked else one.admission.window(now),
            status=asked.get(one.activity_id),
            proposed=one.activity_id in before and one.activity_id not in asked,
        )
        for one in offered
        if one.min_age <= age <= one.max_age
        and not (has_class and not admits(one.classes, school_class))
    ]

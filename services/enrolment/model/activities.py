"""School years, activities, children: what there is to ask for, and who may."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from uuid import UUID

from services.chassis.errors import FieldError
from services.enrolment.errors import (
    ActivityOver,
    AgeOutOfRange,
    ClassNotAdmitted,
    PeriodInUse,
)
from services.enrolment.model.classes import admits
from services.enrolment.model.offers import Offer
from services.enrolment.model.years import SchoolYear


@dataclass(frozen=True, slots=True)
class School:
    """A school of the town; `code` is the one that family files carry."""

    code: str
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """An offer as published; `version` grows with each change that was told."""

    activity_id: UUID
    version: int
    offer: Offer

    def published_as(self, offer: Offer, *, in_use: bool) -> Self:
        """The activity with this offer; itself when nothing changed.

        Raises PeriodInUse when enrolled children were promised the present period.
        """
        if offer == self.offer:
            return self
        period = (self.offer.starts_on, self.offer.ends_on)
        if in_use and (offer.starts_on, offer.ends_on) != period:
            raise PeriodInUse
        return replace(self, version=self.version + 1, offer=offer)

    def check_open_to(self, child: "Child", year: SchoolYear, today: date) -> None:
        """Raises ActivityOver, AgeOutOfRange or ClassNotAdmitted when it does not take the child.

        Classes are judged once the school year has begun: children change class at its start.
        """
        if today > self.offer.ends_on:
            raise ActivityOver(f"Elle s’est achevée le {self.offer.ends_on:%d/%m/%Y}.")
        age = year.age_of(child.birth_date)
        if not self.offer.min_age <= age <= self.offer.max_age:
            message = (
                f"{child.first_name} a {age} ans dans l’année {year.starts_on.year} ; l’activité "
                f"est ouverte de {self.offer.min_age} à {self.offer.max_age} ans."
            )
            raise AgeOutOfRange(message, errors=[FieldError("child_id", message)])
        if year.has_begun(today) and not admits(self.offer.classes, child.school_class):
            message = (
                f"{child.first_name} est en {child.school_class} ; classes admises : "
                f"{', '.join(self.offer.classes)}."
            )
            raise ClassNotAdmitted(message, errors=[FieldError("child_id", message)])


@dataclass(frozen=True, slots=True)
class Child:
    """A child as its family's file has it."""

    child_id: UUID
    first_name: str
    last_name: str
    birth_date: date
    school_code: str | None = None
    school_class: str | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """Our copy of a family's file, as far as enrolments need it."""

    family_id: UUID
    record_version: int
    reference: str
    label: str
    children: tuple[Child, ...]
    resident: bool | None = None


def family_label(last_names: Iterable[str]) -> str:
    """How the staff find a family: its adults' last names, each once, in capitals."""
    return " – ".join(dict.fromkeys(name.upper() for name in last_names))

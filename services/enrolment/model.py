"""School years, activities, children: what there is to ask for, and who may."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self
from uuid import UUID

from services.chassis.errors import FieldError
from services.enrolment.errors import (
    ActivityOver,
    AgeOutOfRange,
    BadActivity,
    BadSchoolYear,
    PeriodInUse,
)

ActivityKind = Literal["canteen", "wednesday", "holiday", "morning_care", "evening_care"]
SessionDays = Literal["school_days", "wednesdays", "holidays"]
RuleKind = Literal["working_days_before", "none"]


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """An official school year; its label names both calendar years: "2026-2027"."""

    label: str
    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        expected = f"{self.starts_on.year}-{self.starts_on.year + 1}"
        errors = []
        if self.label != expected:
            errors.append(FieldError("label", f"Le libellé attendu est « {expected} »."))
        if self.ends_on.year != self.starts_on.year + 1:
            errors.append(FieldError("ends_on", f"La fin doit être en {self.starts_on.year + 1}."))
        if errors:
            raise BadSchoolYear(errors=errors)

    @property
    def last_day(self) -> date:
        """The summer holidays still belong to the year: centres enrol for both together."""
        return max(self.ends_on, date(self.ends_on.year, 8, 31))

    def age_of(self, birth_date: date) -> int:
        """The age that the child reaches in the calendar year in which the school year begins.

        As the schools count it: a child enters in the September of the year of its three years.
        """
        return self.starts_on.year - birth_date.year


@dataclass(frozen=True, slots=True)
class School:
    """A school of the town; `code` is the one that family files carry."""

    code: str
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """Until when: `days` working days before at `at` (Europe/Paris), or the session's start."""

    kind: RuleKind
    days: int = 0
    at: str = "23:59"


@dataclass(frozen=True, slots=True)
class Offer:
    """What the staff describe of an activity. Raises BadActivity when it contradicts itself."""

    code: str
    name: str
    kind: ActivityKind
    school_year: str
    place: str
    starts_on: date
    ends_on: date
    days: SessionDays
    weekdays: tuple[int, ...]
    starts_at: str
    ends_at: str
    capacity: int
    reserve_rule: DeadlineRule
    cancel_rule: DeadlineRule
    min_age: int
    max_age: int
    description: str = ""
    document_types: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        errors = [
            FieldError(name, message)
            for name, message, wrong in (
                ("max_age", "L’âge maximal précède l’âge minimal.", self.max_age < self.min_age),
                ("ends_at", "La fin précède le début.", self.ends_at <= self.starts_at),
                ("ends_on", "La fin précède le début.", self.ends_on < self.starts_on),
                ("weekdays", "Un jour est répété.", len({*self.weekdays}) != len(self.weekdays)),
                ("weekdays", "Choisissez au moins un jour.", not self.weekdays),
            )
            if wrong
        ]
        if errors:
            raise BadActivity(errors=errors)

    def check_year(self, year: SchoolYear) -> None:
        """Raises BadActivity when a part of the activity lies outside its school year."""
        limits = f"du {year.starts_on:%d/%m/%Y} au {year.last_day:%d/%m/%Y}"
        errors = [
            FieldError(name, f"L’année scolaire {year.label} va {limits}.")
            for name, day in (("starts_on", self.starts_on), ("ends_on", self.ends_on))
            if not year.starts_on <= day <= year.last_day
        ]
        if errors:
            raise BadActivity(errors=errors)


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
        """Raises ActivityOver or AgeOutOfRange when the child cannot be enrolled any more."""
        if today > self.offer.ends_on:
            raise ActivityOver(f"Elle s’est achevée le {self.offer.ends_on:%d/%m/%Y}.")
        age = year.age_of(child.birth_date)
        if not self.offer.min_age <= age <= self.offer.max_age:
            message = (
                f"{child.first_name} a {age} ans dans l’année {year.starts_on.year} ; l’activité "
                f"est ouverte de {self.offer.min_age} à {self.offer.max_age} ans."
            )
            raise AgeOutOfRange(message, errors=[FieldError("child_id", message)])


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

"""School years, activities and enrolments: who may ask for what, and what becomes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from services.chassis.clock import paris_date
from services.chassis.errors import FieldError
from services.enrolment.errors import (
    ActivityOver,
    AgeOutOfRange,
    AlreadyDecided,
    PeriodInUse,
)
from services.enrolment.offers_model import Offer as Offer
from services.enrolment.years_model import SchoolYear as SchoolYear


@dataclass(frozen=True, slots=True)
class School:
    """A school of the town; `code` is the one that family files carry."""

    code: str
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Regulations:
    """The house rules of a school year; each version stays on record as it was accepted."""

    school_year: str
    version: int
    title: str
    text: str
    published_at: datetime


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


def family_label(last_names: Iterable[str]) -> str:
    """How the staff find a family: its adults' last names, each once, in capitals."""
    return " – ".join(dict.fromkeys(name.upper() for name in last_names))


class Status(StrEnum):
    """Where a request stands."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"


# What may follow what. A refused child asks anew: a refusal is not taken back.
NEXT: dict[Status, frozenset[Status]] = {
    Status.SUBMITTED: frozenset({Status.ACCEPTED, Status.REFUSED}),
    Status.ACCEPTED: frozenset(),
    Status.REFUSED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One dated entry of an enrolment's history; `by` is the account that acted."""

    version: int
    at: datetime
    status: Status
    note: str | None = None
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A child's enrolment in an activity of one school year, with its whole history.

    `regulations_version` is the version accepted with the request; None when there was none.
    """

    enrolment_id: UUID
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    school_year: str
    regulations_version: int | None
    starts_on: date
    ends_on: date
    history: tuple[Step, ...] = field(default=())

    @property
    def last(self) -> Step:
        """The newest entry of the history."""
        return self.history[-1]

    @property
    def status(self) -> Status:
        """Where it stands."""
        return self.last.status

    @property
    def version(self) -> int:
        """Grows by one with each step."""
        return self.last.version

    @classmethod
    def request(
        cls,
        enrolment_id: UUID,
        *,
        family_id: UUID,
        child_id: UUID,
        activity: Activity,
        regulations_version: int | None,
        now: datetime,
        by: UUID | None,
    ) -> Self:
        """A request as it is handed in, over the activity's whole period."""
        return cls(
            enrolment_id=enrolment_id,
            family_id=family_id,
            child_id=child_id,
            activity_id=activity.activity_id,
            school_year=activity.offer.school_year,
            regulations_version=regulations_version,
            starts_on=activity.offer.starts_on,
            ends_on=activity.offer.ends_on,
            history=(Step(1, now, Status.SUBMITTED, by=by),),
        )

    def accept(self, activity: Activity, now: datetime, by: UUID | None) -> Self:
        """The staff take the child in, over the activity's period; twice is once."""
        accepted = self._decided(Status.ACCEPTED, now, None, by)
        return replace(accepted, starts_on=activity.offer.starts_on, ends_on=activity.offer.ends_on)

    def refuse(self, reason: str, now: datetime, by: UUID | None) -> Self:
        """The staff refuse, and say why; refusing twice keeps the first reason."""
        return self._decided(Status.REFUSED, now, reason, by)

    def _decided(self, status: Status, now: datetime, note: str | None, by: UUID | None) -> Self:
        if self.status is status:
            return self
        if status not in NEXT[self.status]:
            decided_on = paris_date(self.last.at)
            raise AlreadyDecided(f"Elle a été traitée le {decided_on:%d/%m/%Y}.")
        step = Step(self.version + 1, now, status, note, by)
        return replace(self, history=(*self.history, step))

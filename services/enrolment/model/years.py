"""The school years of the town."""

from dataclasses import dataclass
from datetime import date

from services.chassis.errors import FieldError
from services.enrolment.errors import BadSchoolYear


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

    def has_begun(self, day: date) -> bool:
        """Whether children are in this year's classes by then."""
        return day >= self.starts_on

    def age_of(self, birth_date: date) -> int:
        """The age that the child reaches in the calendar year in which the school year begins.

        As the schools count it: a child enters in the September of the year of its three years.
        """
        return self.starts_on.year - birth_date.year

"""When a family has left, and what becomes of its wish to be forgotten."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

ErasureStatus = Literal["asked", "withdrawn", "refused", "done"]

LAST_MONTH_OF_SCHOOL_YEAR = 8


@dataclass(frozen=True, slots=True)
class ErasureRequest:
    """A wish to have the family's data erased, and the answer to it."""

    request_id: UUID
    family_id: UUID
    asked_at: datetime
    asked_by: UUID | None
    status: ErasureStatus = "asked"
    decided_at: datetime | None = None
    decided_by: UUID | None = None
    reason: str | None = None


def end_of_school_year(label: str) -> date | None:
    """31 August of the second year of "2026-2027"; None when it is no such label."""
    first, _, second = label.partition("-")
    if not (first.isdecimal() and second.isdecimal() and len(second) == 4):
        return None
    return date(int(second), LAST_MONTH_OF_SCHOOL_YEAR, 31)


def months_before(day: date, months: int) -> date:
    """The first of the month so many months earlier: families leave by the month."""
    whole = day.year * 12 + day.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)

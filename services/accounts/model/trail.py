"""The audit trail: one line an act, and what it can be searched by."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

Outcome = Literal["done", "refused", "not_theirs"]


@dataclass(frozen=True, slots=True)
class AuditAct:
    """Who did what to whose data, or tried to."""

    act_id: UUID
    at: datetime
    service: str
    action: str
    label: str
    account_id: UUID | None
    roles: tuple[str, ...]
    family_id: UUID | None
    child_id: UUID | None
    object_id: UUID | None
    own_family_id: UUID | None
    outcome: Outcome
    refusal: str | None
    correlation_id: str
    # Of the operation: it only opens something.
    reads: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the trail; what is None does not matter. `action` is `service.action`."""

    account_id: UUID | None = None
    family_id: UUID | None = None
    reference: str | None = None
    action: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    before: datetime | None = None


def start_of(day: date) -> datetime:
    """The instant at which a day begins in the town."""
    return datetime.combine(day, time.min, PARIS)


def end_of(day: date) -> datetime:
    """The instant at which it is over, on the days of clock changes too."""
    return start_of(day + timedelta(days=1))

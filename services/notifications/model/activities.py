"""Our copy of who is enrolled and expected, and what closures took from families."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid5

from services.notifications.model.messages import NAMESPACE, Draft


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A child's enrolment as messages need it; `ends_on` None: it never began."""

    enrolment_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Expected:
    """Whether a child is expected at a session."""

    session_id: UUID
    child_id: UUID
    version: int
    family_id: UUID
    activity_id: UUID
    day: date
    held: bool


@dataclass(frozen=True, slots=True)
class ClosedPlace:
    """A place that a closure took from a family; `reason` is the town's word for the closure."""

    reservation_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    session_id: UUID
    day: date
    reason: str | None = None


# The closure of a week comes as an event a place: those of one family are told together, once
# nothing more has come for some seconds; whatever still comes, it does not wait for ever.
CLOSURES_SILENCE: Final = timedelta(seconds=15)
CLOSURES_LONGEST_WAIT: Final = timedelta(minutes=2)


def closures_draft(family_id: UUID, places: Sequence[ClosedPlace]) -> Draft:
    """The one message about the places that closures took from a family."""
    told = sorted(f"{place.reservation_id}:{place.version}" for place in places)
    cause = uuid5(NAMESPACE, " ".join(told))
    return Draft(
        cause=f"sessions-closed:{cause}",
        family_id=family_id,
        kind="sessions_closed",
        concerns=cause,
        facts={
            "first": min(place.day for place in places).isoformat(),
            "last": max(place.day for place in places).isoformat(),
            "closed": [
                {
                    "day": place.day.isoformat(),
                    "child_id": str(place.child_id),
                    "activity_id": str(place.activity_id),
                    "reason": place.reason,
                }
                for place in places
            ],
        },
    )

"""The waiting list of a full session: who is next for a free place, and until when to answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from services.reservations.model.places import Booking, Item

WaitingMode = Literal["none", "give", "offer"]
WaitingState = Literal["waiting", "offered", "placed", "given_up", "unanswered", "over"]
LeavingCause = Literal["placed", "given_up", "unanswered", "over"]


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """Ages, both ends included, with places of their own within the session's if they have any."""

    name: str
    min_age: int
    max_age: int
    capacity: int | None = None
    children_per_adult: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """How an activity shares out its places, at one version of it."""

    activity_id: UUID
    version: int
    waiting_mode: WaitingMode = "offer"
    answer_hours: int = 24
    notice_hours: int = 24
    age_groups: tuple[AgeGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiter:
    """A child in the line. `group_room`: places left to its age group, None when unlimited.

    `has_place`: it came by a place in another way.
    """

    waiting_id: UUID
    item: Item
    family_id: UUID
    birth_date: date | None = None
    age_group: int | None = None
    group_room: int | None = None
    has_place: bool = False
    is_enrolled: bool = True

    @property
    def leaves_for(self) -> "LeavingCause | None":
        """Why the child waits no more, whatever is free."""
        if self.has_place:
            return "placed"
        return None if self.is_enrolled else "over"


@dataclass(frozen=True, slots=True)
class Line:
    """Those who wait for one session, in the order of their arrival, and what is free for them."""

    session_id: UUID
    free: int
    starts_at: datetime
    mode: WaitingMode
    answer_hours: int
    notice_hours: int
    waiters: tuple[Waiter, ...]

    def is_served_at(self, now: datetime) -> bool:
        """Whether freed places still go to the line: not at short notice."""
        return self.mode != "none" and now < self.last_call

    @property
    def last_call(self) -> datetime:
        """From here on the line gets nothing more."""
        return self.starts_at - timedelta(hours=self.notice_hours)

    def answer_until(self, now: datetime) -> datetime:
        """Until when an offer made now may be answered: never later than the last call."""
        return min(now + timedelta(hours=self.answer_hours), self.last_call)

    def next_ones(self) -> list[Waiter]:
        """Who is given or offered the free places: the first in line who fit, in their order."""
        chosen: list[Waiter] = []
        room = {w.age_group: w.group_room for w in self.waiters}
        for waiter in self.waiters:
            left = room[waiter.age_group]
            if len(chosen) >= self.free:
                break
            if waiter.leaves_for or (left is not None and left <= 0):
                continue
            chosen.append(waiter)
            room[waiter.age_group] = None if left is None else left - 1
        return chosen


@dataclass(frozen=True, slots=True)
class Wait:
    """A child's wait at one version: what is told of it."""

    waiting_id: UUID
    version: int
    item: Item
    family_id: UUID
    activity_id: UUID
    day: date
    state: WaitingState
    answer_until: datetime | None = None

    @property
    def is_live(self) -> bool:
        """Whether the child still waits, or still has an offer."""
        return self.state in ("waiting", "offered")


def bookings_of(waiters: Sequence[Waiter]) -> list[Booking]:
    """The places of those who are given one without being asked."""
    return [
        Booking(w.item, w.family_id, past_deadline=False, birth_date=w.birth_date) for w in waiters
    ]

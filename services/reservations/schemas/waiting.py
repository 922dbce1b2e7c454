"""Bodies of the requests and answers about waiting lists."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.chassis.web import Answer, Body
from services.reservations.model.waiting import WaitingState
from services.reservations.schemas import WallTime


class WaitingQuery(Body):
    """`family_id` is for the staff; `ended` adds what is not waited for any more."""

    ended: bool = False
    family_id: UUID | None = None


class WaitAnswer(Answer):
    """`rank` counts those of the child's age group; `offered`: to be answered by `answer_until`."""

    waiting_id: UUID
    session_id: UUID
    child_id: UUID
    first_name: str
    activity_id: UUID
    activity_name: str
    kind: str
    date: date
    starts_at: WallTime
    ends_at: WallTime
    state: WaitingState
    rank: int | None
    answer_until: datetime | None
    joined_at: datetime
    changed_at: datetime


class Waits(Answer):
    waiting: list[WaitAnswer]


class WaitState(Answer):
    waiting_id: UUID
    state: WaitingState


class AcceptedOffer(Answer):
    waiting_id: UUID
    reservation_id: UUID


class Waiting(Answer):
    """One child in the line of a session."""

    waiting_id: UUID
    child_id: UUID
    family_id: UUID
    first_name: str
    last_name: str
    age_group: str | None
    rank: int
    state: Literal["waiting", "offered"]
    answer_until: datetime | None
    joined_at: datetime


class GroupAnswer(Answer):
    """`adults`: how many must look after the children booked in it (R. 227-12 and R. 227-15)."""

    name: str
    min_age: int
    max_age: int
    capacity: int | None
    booked: int
    children_per_adult: int | None
    adults: int | None


class SessionLine(Answer):
    """A session's places, its line in order, and its age groups."""

    session_id: UUID
    activity_id: UUID
    activity_name: str
    date: date
    starts_at: WallTime
    ends_at: WallTime
    capacity: int
    booked: int
    offered: int
    waiting: int
    line: list[Waiting]
    groups: list[GroupAnswer]

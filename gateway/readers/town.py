"""What the portal reads of the town's calendar, its closures and late requests."""

from datetime import date as day
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from gateway.readers.reader import Reader


class Consequence(Reader):
    sessions: int
    reservations: int
    families: int


class Closure(Reader):
    closure_id: UUID
    first: Annotated[day, Field(alias="from")]
    last: Annotated[day, Field(alias="to")]
    activity_ids: tuple[UUID, ...] | None = None
    activities: tuple[str, ...] = ()
    reason: str
    lifted_at: datetime | None = None


class Closed(Closure):
    cancelled: Consequence


class Closures(Reader):
    closures: tuple[Closure, ...] = ()


class TownDay(Reader):
    date: day
    kind: str  # class | weekend | holidays | bridge | public_holiday | unknown
    label: str | None = None
    closures: tuple[UUID, ...] = ()


class OfficialYear(Reader):
    label: str
    starts_on: day
    ends_on: day
    put_in_at: datetime | None = None


class TownYear(Reader):
    zone: str
    alsace_moselle: bool = False
    years: tuple[OfficialYear, ...] = ()
    days: tuple[TownDay, ...] = ()
    closures: tuple[Closure, ...] = ()


class PutIn(Reader):
    school_years: tuple[str, ...]
    activities: int


class LateRequest(Reader):
    ask_id: UUID
    state: str  # pending | accepted | refused | withdrawn
    reason: str | None = None
    family_id: UUID
    child_id: UUID
    first_name: str = ""
    last_name: str = ""
    session_id: UUID
    activity_name: str
    date: day
    starts_at: datetime
    remaining: int = 0
    asked_at: datetime
    answered_at: datetime | None = None
    refused_before: str | None = None


class LateRequests(Reader):
    asks: tuple[LateRequest, ...] = ()

"""Bodies about the town's calendar and its closures."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from services.chassis.web import Answer, Body
from services.reservations.model.late_asks import AskState
from services.reservations.schemas import Day, From, To

Reason = Annotated[str, StringConstraints(min_length=3, max_length=120)]


class ClosureBody(Body):
    """Both days inclusive; `activity_ids` null: all activities. `reason` is public."""

    from_day: From
    to_day: To
    activity_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)] | None = None
    reason: Reason


class ConsequenceAnswer(Answer):
    """Sessions that do not take place, the reservations in them, and their families."""

    sessions: int
    reservations: int
    families: int


class ClosureAnswer(Answer):
    """`lifted_at`: the town opened again; null while the closure is in force."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    closure_id: UUID
    from_day: Annotated[date, Field(alias="from")]
    to_day: Annotated[date, Field(alias="to")]
    activity_ids: list[UUID] | None
    activities: list[str]
    reason: str
    created_at: datetime
    lifted_at: datetime | None


class ClosedAnswer(ClosureAnswer):
    """A closure as it was just put in force, and what it cancelled."""

    cancelled: ConsequenceAnswer


class PeriodQuery(Body):
    from_day: From
    to_day: To


class Closures(Answer):
    closures: list[ClosureAnswer]


class TownDay(Answer):
    """`class`: pupils have class. `unknown`: the official calendar does not reach so far."""

    date: date
    kind: Literal["class", "weekend", "holidays", "bridge", "public_holiday", "unknown"]
    label: str | None
    closures: list[UUID]


class OfficialYear(Answer):
    """A school year as far as it is known; `put_in_at`: from a file, and when."""

    label: str
    starts_on: date
    ends_on: date
    put_in_at: datetime | None


class TownYear(Answer):
    zone: str
    alsace_moselle: bool
    years: list[OfficialYear]
    days: list[TownDay]
    closures: list[ClosureAnswer]


class PutInAnswer(Answer):
    """The school years that were read, and how many activities' sessions were made anew."""

    school_years: list[str]
    activities: int


class AskQuery(Body):
    """Those that wait for an answer, or of sessions since this day."""

    state: AskState = "pending"
    since: Day | None = None


class AskAnswer(Answer):
    """`refused_before`: why the same was refused when the family asked for it before."""

    ask_id: UUID
    state: AskState
    reason: str | None
    family_id: UUID
    child_id: UUID
    first_name: str
    last_name: str
    session_id: UUID
    activity_id: UUID
    activity_name: str
    date: date
    starts_at: datetime
    remaining: int
    asked_at: datetime
    answered_at: datetime | None
    refused_before: str | None


class Asks(Answer):
    asks: list[AskAnswer]


class AskRefusal(Body):
    reason: Annotated[str, StringConstraints(min_length=3, max_length=500)]

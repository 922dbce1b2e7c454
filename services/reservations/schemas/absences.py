"""Bodies of the requests and answers about absences."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from services.chassis.web import Answer, Body
from services.reservations.model.absences import AbsenceState, ReasonKind
from services.reservations.schemas import Day, From, To


class AbsencesQuery(Body):
    """The staff name a family, or see everybody's; of one state, or of any."""

    family_id: UUID | None = None
    state: AbsenceState | None = None


class AbsenceBody(Body):
    """Both days inclusive; `family_id` is for the staff."""

    child_id: UUID
    from_day: From
    to_day: To
    reason_kind: ReasonKind
    family_id: UUID | None = None


class ConfirmationBody(Body):
    """`override`: though it came too late; that is noted."""

    certificate_on: Day | None = None
    override: bool = False


class RefusalBody(Body):
    """For the family to read."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class MissedAnswer(Answer):
    """A session on a day of the absence. `waiting`: for the certificate; `came`: it came."""

    session_id: UUID
    activity_id: UUID
    activity_name: str
    date: date
    outcome: Literal["waiting", "excused", "charged", "came"]


class AbsenceAnswer(Answer):
    """`certificate_due`: the last day on which a certificate excuses anything.

    `certificate_prompt`: the last day on which it spares the first days as well, where one does.

    `under_review`: one is handed in and the staff have not looked at it yet.
    """

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    absence_id: UUID
    family_id: UUID
    child_id: UUID
    first_name: str
    last_name: str
    first_day: Annotated[date, Field(alias="from")]
    last_day: Annotated[date, Field(alias="to")]
    reason_kind: ReasonKind
    state: AbsenceState
    certificate_due: date
    certificate_prompt: date | None
    certificate_on: date | None
    under_review: bool
    refusal: str
    overridden: bool
    by_staff: bool
    declared_at: datetime
    decided_at: datetime | None
    sessions: list[MissedAnswer]


class Absences(Answer):
    absences: list[AbsenceAnswer]


class AbsenceStated(Answer):
    """Where an absence now stands."""

    absence_id: UUID
    family_id: UUID
    child_id: UUID
    state: AbsenceState
    refusal: str

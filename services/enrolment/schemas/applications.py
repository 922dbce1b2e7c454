"""Bodies of drafts for several children and activities, and of what there is to choose from."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.chassis.web import Answer, Body
from services.enrolment.model.choices import ChoiceState
from services.enrolment.model.enrolments import Status
from services.enrolment.schemas import Code, SchoolYearAnswer, YearLabel

# A family of many children, and all that a town offers.
MOST_WISHES = 100


class WishBody(Body):
    """One child in one activity; `declared` are the codes of criteria that hold for it."""

    child_id: UUID
    activity_id: UUID
    declared: Annotated[tuple[Code, ...], Field(max_length=50)] = ()


class ApplicationBody(Body):
    """Several children and activities at once, kept as a draft.

    `together`: siblings who ask for the same activity want places all or none.
    """

    items: Annotated[tuple[WishBody, ...], Field(min_length=1, max_length=MOST_WISHES)]
    together: bool = False


class SendingBody(Body):
    regulations_accepted: bool


class WishOutcome(Answer):
    """What became of one wish; `reason` and `detail` when it was refused."""

    child_id: UUID
    activity_id: UUID
    enrolment_id: UUID | None
    status: Status | None
    reason: str | None
    detail: str | None


class Application(Answer):
    application_id: UUID
    items: list[WishOutcome]


class ChoicesQuery(Body):
    school_year: YearLabel | None = None


class ChoiceAnswer(Answer):
    """An activity for one child; `status` is that of the request that is there already."""

    activity_id: UUID
    state: ChoiceState
    status: Status | None
    proposed: bool


class ChildChoices(Answer):
    child_id: UUID
    first_name: str
    last_name: str
    school_name: str | None
    school_class: str | None
    choices: list[ChoiceAnswer]


class Choices(Answer):
    """`school_year` is the one that is chosen from; None when nothing is on offer."""

    school_year: str | None
    school_years: list[SchoolYearAnswer]
    children: list[ChildChoices]


class Renewal(Answer):
    child_id: UUID
    child_name: str
    activity_id: UUID
    activity_name: str
    school_year: str


class Renewals(Answer):
    renewals: list[Renewal]

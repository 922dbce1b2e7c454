"""Bodies of what the staff writes to the families of an activity."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from services.chassis.web import Answer, Body

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
SchoolClass = Annotated[str, StringConstraints(min_length=1, max_length=40)]
# One line: it is a mail's subject.
Subject = Annotated[
    str, StringConstraints(min_length=3, max_length=120, pattern=r"^[^\x00-\x1f\x7f\u2028\u2029]+$")
]
Text = Annotated[str, StringConstraints(min_length=3, max_length=4000)]


class AudienceQuery(Body):
    """The families of an activity: of one day, of one class, or all."""

    activity_id: UUID
    day: Day | None = None
    school_class: SchoolClass | None = None


class BroadcastBody(AudienceQuery):
    """What to write to them; a line of the text is a paragraph."""

    subject: Subject
    body: Text


class ReachAnswer(Answer):
    """How many families, by which way; `unknown`: as soon as their file is here."""

    families: int
    mails: int
    letters: int
    unknown: int
    classes: Sequence[str]


class BroadcastAnswer(Answer):
    model_config = ConfigDict(from_attributes=True)

    broadcast_id: UUID
    activity_id: UUID
    activity_name: str
    day: date | None
    school_class: str | None
    subject: str
    body: str
    families: int
    left: int
    created_at: datetime


class BroadcastsAnswer(Answer):
    """Newest first; `left` messages are not made yet."""

    broadcasts: Sequence[BroadcastAnswer]


class SentAnswer(Answer):
    broadcast_id: UUID
    families: int
    mails: int
    letters: int
    unknown: int

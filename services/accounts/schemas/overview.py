"""Bodies of what accounts adds to a family's agenda and to the history of its requests."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.chassis.endpoints import Answer, Body

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


class CustodyQuery(Body):
    """Both days inclusive."""

    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to")]


class CustodySpanAnswer(Answer):
    """Days on which a child is in this home (`here`) or in its other one."""

    child_id: UUID
    first_name: str
    here: bool
    first: date
    last: date


class CustodySpansAnswer(Answer):
    """The children in two homes whose calendar says where they are."""

    spans: tuple[CustodySpanAnswer, ...]


class OwnAccountRequestAnswer(Answer):
    """The request by which a family came to its account."""

    request_id: UUID
    status: Literal["waiting", "approved", "refused"]
    asked_at: datetime
    confirmed_at: datetime | None
    decided_at: datetime | None
    reason: str | None


class OwnAccountRequestsAnswer(Answer):
    """Newest first."""

    requests: tuple[OwnAccountRequestAnswer, ...]

"""Bodies of what a family asks before it reserves, and of the answer."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.chassis.web import Answer, Body

# As many as one basket or one weekly pattern holds.
MOST_ITEMS = 400
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]


class PlannedBody(Body):
    """One child at one session; `late`: it would be reserved after the limit."""

    child_id: UUID
    activity_id: UUID
    date: Day
    late: bool = False


class EstimateBody(Body):
    """`family_id` is for the staff."""

    items: tuple[PlannedBody, ...] = Field(min_length=1, max_length=MOST_ITEMS)
    family_id: UUID | None = None


class EstimatedItem(Answer):
    """`reason` says why it is so much; without a tariff for the day yet there is no amount."""

    child_id: UUID
    activity_id: UUID
    date: date
    late: bool
    amount_cents: int | None
    reason: str


class EstimatedMonth(Answer):
    """What the items change of a child's month: by a cap, fee, formula or aid, or as a sibling."""

    child_id: UUID
    child_name: str | None
    period: str
    activity_name: str | None
    amount_cents: int
    reason: str


class EstimateAnswer(Answer):
    """The items in the order asked. `complete`: every item has an amount.

    The total is what the invoices will ask for more, when nothing else changes; `own_cents`: those
    of the family itself, where others pay a part.
    """

    items: Sequence[EstimatedItem]
    months: Sequence[EstimatedMonth]
    total_cents: int
    own_cents: int
    complete: bool

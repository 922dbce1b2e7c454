"""What statistics take and give over HTTP."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field

from services.billing.schemas import PERIOD
from services.chassis.web import Answer, Body


class StatisticsQuery(Body):
    """From one month to another, both counted; five years at most."""

    first: str = Field(pattern=PERIOD)
    last: str = Field(pattern=PERIOD)


class InvoicedAnswer(Answer):
    """A month of an activity: days charged, and what they brought; credit notes are taken off."""

    month: str
    activity_id: UUID
    activity_name: str
    units: int
    amount_cents: int


class StatisticsAnswer(Answer):
    """By month, then activity."""

    invoiced: Sequence[InvoicedAnswer]
    units: int
    amount_cents: int

"""What printing takes and gives over HTTP."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import Field

from services.billing.schemas import PERIOD
from services.chassis.web import Answer, Body


class PrintsQuery(Body):
    """Of one month, or of all."""

    month: str | None = Field(default=None, pattern=PERIOD)


class PrintBody(Body):
    """Which invoices: those of families without a mail address, or all."""

    month: str = Field(pattern=PERIOD)
    without_mail: bool = True


class PrintBatchAnswer(Answer):
    """A file of invoices; `kept`: it can be had, being finished and not erased yet."""

    batch_id: UUID
    month: str
    without_mail: bool
    volume: int
    volumes: int
    invoices: int
    done: int
    pages: int | None
    asked_at: datetime
    finished_at: datetime | None
    kept: bool


class PrintBatchesAnswer(Answer):
    """Newest first."""

    print_batches: Sequence[PrintBatchAnswer]

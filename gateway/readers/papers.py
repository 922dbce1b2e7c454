"""What the portal reads of billing's papers."""

from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class PrintBatch(Reader):
    """Invoices of a month in one file; `kept`: it can be had."""

    batch_id: UUID
    month: str
    without_mail: bool = True
    volume: int = 1
    volumes: int = 1
    invoices: int
    done: int = 0
    pages: int | None = None
    asked_at: datetime
    finished_at: datetime | None = None
    kept: bool = False


class PrintBatches(Reader):
    print_batches: tuple[PrintBatch, ...] = ()

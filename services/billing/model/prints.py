"""Invoices for the post: one file for the printer, in the order of the postman's round."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.billing.model.months import Month

# Set in one go by one process: more of them keep it busy, and take memory by the page.
SLICE = 25
# In one file: what is bound in memory at once, and what a printer takes.
VOLUME = 2500
# For a printer that jammed; the invoices themselves can be had for ten years.
KEEP_PRINTS = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class PrintBatch:
    """Invoices of a month that are printed together; `done` of them are set."""

    batch_id: UUID
    month: Month
    without_mail: bool
    volume: int
    volumes: int
    invoices: int
    done: int

    @property
    def is_set(self) -> bool:
        """Whether all its invoices are set, and only the binding is left."""
        return self.done >= self.invoices

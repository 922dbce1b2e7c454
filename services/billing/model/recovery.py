"""What is overdue, and when a family is reminded of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from services.billing.model.ledger import Account, Entry, Posting
from services.chassis.clock import PARIS

STEPS: Final = 3
# Between two reminders of one debt, however late the first one went out.
PAUSE: Final = timedelta(days=8)
# The last day of each age of a debt, counted from the day after it was due.
AGES: Final = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class Step:
    """A reminder's place in the row, from 1; `days` after the due date.

    `automatic`: it goes out by itself when its day has come.
    """

    step: int
    days: int
    subject: str
    text: str
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Overdue:
    """What of an invoice a reminder speaks of."""

    invoice_id: UUID
    number: str
    due_on: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message to a family about the invoices that are at the same step."""

    reminder_id: UUID
    family_id: UUID
    step: Step
    invoices: tuple[Overdue, ...]

    @property
    def amount_cents(self) -> int:
        """What is asked for."""
        return sum(invoice.amount_cents for invoice in self.invoices)


def is_time(now: datetime, hour: int) -> bool:
    """Whether the day's automatic reminders may go out: from that hour on, in Paris."""
    return now.astimezone(PARIS).hour >= hour


@dataclass(frozen=True, slots=True)
class WriteOff:
    """A debt given up."""

    write_off_id: UUID
    invoice_id: UUID
    family_id: UUID
    register: str
    amount_cents: int
    reason: str

    @property
    def posting(self) -> Posting:
        """The loss is the town's; nothing more is asked of the family."""
        return Posting(
            "write_off",
            self.write_off_id,
            (
                Entry(Account.WRITE_OFF, self.amount_cents, self.family_id, None, self.register),
                Entry(
                    Account.RECEIVABLE,
                    -self.amount_cents,
                    self.family_id,
                    self.invoice_id,
                    self.register,
                ),
            ),
        )

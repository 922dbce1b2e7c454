"""What a payment paid of each line of an invoice."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from uuid import UUID

from services.billing.model.months import Month


@dataclass(frozen=True, slots=True)
class InvoicedLine:
    """A line of an invoice, as far as it matters for what paid it."""

    invoice_id: UUID
    invoice_number: str
    child_id: UUID
    activity_id: UUID
    month: Month
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Portion:
    """What a payment paid of one line."""

    line: InvoicedLine
    amount_cents: int


def portions(
    lines: Sequence[InvoicedLine], paid_before: int, paid_after: int
) -> tuple[Portion, ...]:
    """How the money between these two sums falls on the lines of one invoice, to the cent.

    Each line is paid in proportion. Whatever parts an invoice is paid in, the parts of a line add
    up to the line; corrections, which are below zero, count as they stand.
    """
    before, after = (_shared_out(lines, paid) for paid in (paid_before, paid_after))
    return tuple(
        Portion(line, late - early)
        for line, early, late in zip(lines, before, after, strict=True)
        if late != early
    )


def paid_portions(
    lines: Sequence[InvoicedLine], unpaid_cents: int, amount_cents: int
) -> tuple[Portion, ...]:
    """What this money pays of an invoice of which this is unpaid; below zero: takes back.

    What is owed beyond the lines, a refund of money that never came, is no charge that is paid.
    """
    paid = sum(line.amount_cents for line in lines) - unpaid_cents
    return portions(lines, max(paid, 0), max(paid + amount_cents, 0))


def spread_anew(
    before: Sequence[InvoicedLine],
    unpaid_before: int,
    after: Sequence[InvoicedLine],
    unpaid_after: int,
) -> tuple[Portion, ...]:
    """What changes of each line's part in what was paid once the lines are worth less."""
    was, is_now = (
        _shared_out(lines, max(sum(line.amount_cents for line in lines) - unpaid, 0))
        for lines, unpaid in ((before, unpaid_before), (after, unpaid_after))
    )
    return tuple(
        Portion(line, late - early)
        for line, early, late in zip(after, was, is_now, strict=True)
        if late != early
    )


def _shared_out(lines: Sequence[InvoicedLine], paid: int) -> list[int]:
    total = sum(line.amount_cents for line in lines)
    if total == 0:  # corrected down to nothing
        return [0] * len(lines)
    sums = accumulate((line.amount_cents for line in lines), initial=0)
    # Sums are rounded, not shares: their differences add up to what was paid.
    return [late - early for early, late in pairwise(s * paid // total for s in sums)]

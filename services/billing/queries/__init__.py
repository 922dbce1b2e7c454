"""What billing shows: invoices, payments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from services.billing.errors import UnknownInvoice, UnknownPayment
from services.billing.model.months import Month
from services.billing.model.units import Basis
from services.billing.model.wording import Grounds
from services.chassis.database import Connection

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a long list."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many come before."""
        return (self.number - 1) * self.size


INVOICE = """
SELECT i.invoice_id, i.number, i.family_id, i.family_reference, f.label AS family_label,
       to_char(i.month, 'YYYY-MM') AS period, i.issued_on, i.due_on, i.total_cents,
       n.credited_cents, c.claimed_cents, w.written_off_cents, a.paid_cents, b.balance_cents,
       CASE WHEN b.balance_cents <= 0 AND w.written_off_cents > 0 THEN 'written_off'
            WHEN b.balance_cents <= 0 THEN 'paid'
            WHEN a.paid_cents > 0 THEN 'partly_paid'
            ELSE 'due' END AS status,
       (SELECT t.collected_on FROM debit d JOIN debit_batch t USING (batch_id)
        WHERE d.invoice_id = i.invoice_id AND d.collected_at IS NULL
          AND d.returned_at IS NULL) AS debited_on,
       EXISTS (SELECT FROM pes_piece e WHERE e.invoice_id = i.invoice_id) AS transmitted
FROM invoice i
JOIN family f USING (family_id)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(c.total_cents), 0)::integer AS credited_cents
    FROM credit_note c WHERE c.invoice_id = i.invoice_id) n
CROSS JOIN LATERAL (
    SELECT coalesce(sum(e.amount_cents), 0)::integer AS balance_cents
    FROM ledger_entry e WHERE e.invoice_id = i.invoice_id AND e.account = 'receivable') b
CROSS JOIN LATERAL (
    SELECT coalesce(sum(e.amount_cents), 0)::integer AS claimed_cents
    FROM ledger_entry e JOIN posting p USING (posting_id)
    WHERE e.invoice_id = i.invoice_id AND e.account = 'receivable'
      AND p.kind = 'refund_claim') c
CROSS JOIN LATERAL (
    SELECT coalesce(sum(w.amount_cents), 0)::integer AS written_off_cents
    FROM write_off w
    WHERE w.family_id = i.family_id AND w.invoice_id = i.invoice_id AND w.reversed_at IS NULL) w
CROSS JOIN LATERAL (
    SELECT i.total_cents - n.credited_cents + c.claimed_cents - w.written_off_cents
           - b.balance_cents AS paid_cents) a
"""
INVOICE_PAGE = (
    INVOICE
    + """
WHERE ($1::uuid IS NULL OR i.family_id = $1)
  AND ($2::date IS NULL OR i.month = $2)
  AND ($3::boolean IS NULL OR $3 = (b.balance_cents <= 0))
ORDER BY i.month DESC, i.number DESC LIMIT $4 OFFSET $5
"""
)
INVOICE_COUNT = """
SELECT count(*) FROM invoice i
CROSS JOIN LATERAL (
    SELECT coalesce(sum(e.amount_cents), 0)::integer AS balance_cents
    FROM ledger_entry e WHERE e.invoice_id = i.invoice_id AND e.account = 'receivable') b
WHERE ($1::uuid IS NULL OR i.family_id = $1)
  AND ($2::date IS NULL OR i.month = $2)
  AND ($3::boolean IS NULL OR $3 = (b.balance_cents <= 0))
"""
ONE_INVOICE = INVOICE + "WHERE i.invoice_id = $1 AND ($2::uuid IS NULL OR i.family_id = $2)"

CREDIT_NOTES = """
SELECT invoice_id, credit_note_id, number, reason, total_cents, credited_cents, issued_on
FROM credit_note WHERE invoice_id = ANY($1) ORDER BY issued_at, number
"""

LINES = """
SELECT invoice_id, position, child_id, child_name, activity_name,
       to_char(month, 'YYYY-MM') AS period, basis, corrects,
       quotient, quotient_until, quotient_state, band_from, band_to, surcharge_cents, quantity,
       unit_cents, amount_cents, amount_cents - (
           SELECT coalesce(sum(n.amount_cents), 0)::integer FROM credit_note_line n
           WHERE n.invoice_id = l.invoice_id AND n.position = l.position) AS left_cents, dates,
       rule, t.valid_from AS tariff_from
FROM invoice_line l LEFT JOIN tariff t USING (tariff_id)
WHERE invoice_id = ANY($1) ORDER BY invoice_id, position
"""

PAYMENTS = """
SELECT p.payment_id, p.family_id, p.status, p.method, p.amount_cents, p.reference, p.started_at,
       p.received_at, r.reversed_at, r.reason AS reversal_reason,
       CASE WHEN r.payment_id IS NOT NULL THEN (
           SELECT coalesce(sum(e.amount_cents), 0)::integer
           FROM posting t JOIN ledger_entry e USING (posting_id)
           WHERE t.kind IN ('payment_reversal', 'refund_claim') AND t.source_id = p.payment_id
             AND e.account = 'receivable') END AS owed_again_cents,
       (SELECT -coalesce(sum(e.amount_cents), 0)::integer
        FROM posting t JOIN ledger_entry e USING (posting_id)
        WHERE t.kind = 'payment' AND t.source_id = p.payment_id
          AND e.account = 'family_credit') AS credit_cents,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('invoice_id', i.invoice_id, 'number', i.number,
                   'period', to_char(i.month, 'YYYY-MM'), 'amount_cents', s.amount_cents)
                   ORDER BY i.number), '[]')
        FROM payment_invoice s JOIN invoice i USING (invoice_id)
        WHERE s.payment_id = p.payment_id) AS invoices
FROM payment p LEFT JOIN payment_reversal r USING (payment_id)
WHERE ($1::uuid IS NULL OR p.family_id = $1) AND ($2::uuid IS NULL OR p.payment_id = $2)
ORDER BY p.started_at DESC, p.payment_id LIMIT $3 OFFSET $4
"""


async def invoices(
    connection: Connection,
    *,
    family_id: UUID | None,
    month: Month | None,
    archived: bool | None,
    page: Page,
) -> tuple[list[Row], int]:
    """Invoices of one family or of all, newest first, and how many there are in all."""
    wanted = (family_id, month.first if month else None, archived)
    rows = await connection.fetch(INVOICE_PAGE, *wanted, page.size, page.offset)
    total: int = await connection.fetchval(INVOICE_COUNT, *wanted)
    return [dict(row) for row in rows], total


async def invoice(connection: Connection, invoice_id: UUID, family_scope: UUID | None) -> Row:
    """One invoice with its lines. Raises UnknownInvoice, also for another family's."""
    row = await connection.fetchrow(ONE_INVOICE, invoice_id, family_scope)
    if row is None:
        raise UnknownInvoice
    (found,) = await with_details(connection, [dict(row)])
    return found


async def with_details(connection: Connection, invoices: Sequence[Row]) -> list[Row]:
    """The invoices with their lines, and with the credit notes that corrected them."""
    ids = [row["invoice_id"] for row in invoices]
    lines = _by_invoice(await connection.fetch(LINES, ids))
    notes = _by_invoice(await connection.fetch(CREDIT_NOTES, ids))
    return [
        row
        | {
            "lines": [with_reason(line) for line in lines[row["invoice_id"]]],
            "credit_notes": notes[row["invoice_id"]],
        }
        for row in invoices
    ]


def _by_invoice(rows: Iterable[asyncpg.Record]) -> dict[UUID, list[Row]]:
    found = defaultdict[UUID, list[Row]](list)
    for row in rows:
        found[row["invoice_id"]].append({k: v for k, v in row.items() if k != "invoice_id"})
    return found


def with_reason(row: Row) -> Row:
    """The row of a line or charge, and why it costs what it costs."""
    grounds = Grounds(
        basis=Basis(row["basis"]),
        corrects=row["corrects"],
        quotient=row["quotient"],
        quotient_until=row["quotient_until"],
        quotient_state=row["quotient_state"],
        band_from=row["band_from"],
        band_to=row["band_to"],
        surcharge_cents=row["surcharge_cents"],
        # What a month adds to an estimate has no amount of its own here.
        amount_cents=row.get("amount_cents"),
        rule=row["rule"],
        tariff_from=row["tariff_from"],
    )
    return {**row, "reason": grounds.reason}


async def addressee(connection: Connection, family_id: UUID) -> list[str]:
    """Whom a receipt is for, line by line, as the family's file stands."""
    lines: list[str] | None = await connection.fetchval(
        "SELECT addressee FROM family WHERE family_id = $1", family_id
    )
    return lines or []


async def payments(connection: Connection, family_id: UUID | None, page: Page) -> list[Row]:
    """Payments of one family or of all, newest first."""
    rows = await connection.fetch(PAYMENTS, family_id, None, page.size, page.offset)
    return [dict(row) for row in rows]


async def payment(connection: Connection, payment_id: UUID, family_scope: UUID | None) -> Row:
    """One payment. Raises UnknownPayment, also for another family's."""
    row = await connection.fetchrow(PAYMENTS, family_scope, payment_id, 1, 0)
    if row is None:
        raise UnknownPayment
    return dict(row)

"""Reads what a payment is spread over."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.billing.model.months import Month
from services.billing.model.portions import InvoicedLine
from services.chassis.database import Connection


async def lines_of(
    connection: Connection, invoice_ids: Collection[UUID]
) -> dict[UUID, Sequence[InvoicedLine]]:
    """The lines of these invoices, less what credit notes took off, in the order of the paper."""
    rows = await connection.fetch(
        """SELECT l.invoice_id, i.number AS invoice_number, l.child_id, l.activity_id, l.month,
                  (l.amount_cents - coalesce(
                      (SELECT sum(c.amount_cents) FROM credit_note_line c
                       WHERE c.invoice_id = l.invoice_id AND c.position = l.position), 0)
                  )::integer AS amount_cents
           FROM invoice_line l JOIN invoice i USING (invoice_id)
           WHERE l.invoice_id = ANY($1) ORDER BY l.invoice_id, l.position""",
        list(invoice_ids),
    )
    lines: dict[UUID, list[InvoicedLine]] = {}
    for row in rows:
        values = dict(row) | {"month": Month(row["month"])}
        lines.setdefault(row["invoice_id"], []).append(InvoicedLine(**values))
    return dict(lines)

"""Writes credit notes, and reads what they have left of an invoice."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.billing.errors import UnknownInvoice
from services.billing.model.credit_notes import Credited, CreditNote, Remaining
from services.chassis.database import Connection


async def family_of(connection: Connection, invoice_id: UUID) -> UUID:
    """Whose invoice it is. Raises UnknownInvoice."""
    family_id: UUID | None = await connection.fetchval(
        "SELECT family_id FROM invoice WHERE invoice_id = $1", invoice_id
    )
    if family_id is None:
        raise UnknownInvoice
    return family_id


async def remaining(connection: Connection, invoice_id: UUID) -> list[Remaining]:
    """What earlier credit notes have left of each line, in the order of the paper."""
    rows = await connection.fetch(
        """SELECT l.position, l.amount_cents - coalesce(
                      (SELECT sum(c.amount_cents) FROM credit_note_line c
                       WHERE c.invoice_id = l.invoice_id AND c.position = l.position), 0)
                  AS amount_cents
           FROM invoice_line l WHERE l.invoice_id = $1 ORDER BY l.position""",
        invoice_id,
    )
    return [Remaining(row["position"], int(row["amount_cents"])) for row in rows]


async def insert(
    connection: Connection,
    note: CreditNote,
    lines: Sequence[Credited],
    *,
    now: datetime,
    by: UUID | None,
) -> None:
    """Keep a credit note with its lines."""
    await connection.execute(
        """INSERT INTO credit_note (credit_note_id, invoice_id, register, number, reason,
               total_cents, credited_cents, issued_on, issued_at, issued_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        note.credit_note_id,
        note.invoice_id,
        note.register,
        note.number,
        note.reason,
        note.total_cents,
        note.credited_cents,
        note.issued_on,
        now,
        by,
    )
    await connection.execute(
        """INSERT INTO credit_note_line (credit_note_id, invoice_id, position, amount_cents)
           SELECT $1, $2, * FROM unnest($3::integer[], $4::integer[])""",
        note.credit_note_id,
        note.invoice_id,
        [line.position for line in lines],
        [line.amount_cents for line in lines],
    )

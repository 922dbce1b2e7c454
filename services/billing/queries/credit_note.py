"""What billing shows of credit notes."""

from uuid import UUID

from services.billing.errors.till import UnknownCreditNote
from services.billing.queries import Row
from services.chassis.database import Connection

NOTE = """
SELECT n.credit_note_id, n.number, n.reason, n.total_cents, n.credited_cents, n.issued_on,
       i.invoice_id, i.number AS invoice_number, i.issued_on AS invoice_issued_on, i.family_id,
       i.family_reference, i.addressee
FROM credit_note n JOIN invoice i USING (invoice_id)
WHERE n.credit_note_id = $1 AND ($2::uuid IS NULL OR i.family_id = $2)
"""

LINES = """
SELECT c.position, l.child_name, l.activity_name, to_char(l.month, 'YYYY-MM') AS period,
       c.amount_cents
FROM credit_note_line c JOIN invoice_line l USING (invoice_id, position)
WHERE c.credit_note_id = $1 ORDER BY c.position
"""


async def credit_note(
    connection: Connection, credit_note_id: UUID, family_scope: UUID | None
) -> Row:
    """One credit note with its lines. Raises UnknownCreditNote, also for another family's."""
    row = await connection.fetchrow(NOTE, credit_note_id, family_scope)
    if row is None:
        raise UnknownCreditNote
    lines = await connection.fetch(LINES, credit_note_id)
    return {**row, "lines": [dict(line) for line in lines]}

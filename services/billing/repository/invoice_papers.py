"""Keeps invoices on paper, by invoice and by where it stood."""

from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection

KEPT = "SELECT pdf FROM invoice_paper WHERE invoice_id = $1 AND standing = $2"


async def find(connection: Connection, invoice_id: UUID, standing: bytes) -> bytes | None:
    """The paper that was handed out with this standing, if there is one."""
    pdf: bytes | None = await connection.fetchval(KEPT, invoice_id, standing)
    return pdf


async def keep(
    connection: Connection, invoice_id: UUID, standing: bytes, pdf: bytes, *, now: datetime
) -> bytes:
    """Keep the paper; where two were set at once, the first one, which is returned."""
    await connection.execute(
        """INSERT INTO invoice_paper (invoice_id, standing, drawn_at, pdf)
           VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING""",
        invoice_id,
        standing,
        now,
        pdf,
    )
    # A statement of its own: it must see what another one kept meanwhile.
    return await find(connection, invoice_id, standing) or pdf

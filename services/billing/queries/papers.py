"""What papers say of invoices: what the portal shows, for whom, and what else is owed."""

from collections.abc import Sequence
from uuid import UUID

from services.billing import queries
from services.billing.errors import UnknownInvoice
from services.billing.queries import Row
from services.chassis.database import Connection

# `siret`: of who pays in the family's place. `others`: what was issued before, or with it, and is
# still to be paid.
BILLS = """
SELECT i.invoice_id, i.addressee, y.name AS payer, y.siret, y.service_code, y.engagement,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                            'number', o.number, 'period', to_char(o.month, 'YYYY-MM'),
                            'balance_cents', b.balance_cents) ORDER BY o.month, o.number)
        FROM invoice o CROSS JOIN LATERAL (
            SELECT sum(e.amount_cents) AS balance_cents FROM ledger_entry e
            WHERE e.invoice_id = o.invoice_id AND e.account = 'receivable') b
        WHERE o.family_id = i.family_id AND o.invoice_id <> i.invoice_id
          AND o.issued_on <= i.issued_on AND b.balance_cents > 0), '[]') AS others
FROM invoice i LEFT JOIN LATERAL (
    SELECT name, siret, service_code, engagement FROM organisation_payer
    WHERE family_id = i.family_id AND since <= i.issued_on ORDER BY since DESC LIMIT 1) y ON true
WHERE i.invoice_id = ANY($1)
"""
INVOICES = queries.INVOICE + "WHERE i.invoice_id = ANY($1)"


async def bill(connection: Connection, invoice_id: UUID, family_scope: UUID | None) -> Row:
    """What one invoice's paper says. Raises UnknownInvoice, also for another family's."""
    found = await bills(connection, [invoice_id])
    if not found or family_scope not in (None, found[0]["invoice"]["family_id"]):
        raise UnknownInvoice
    return found[0]


async def bills(connection: Connection, invoice_ids: Sequence[UUID]) -> list[Row]:
    """What the papers of these invoices say, in this order; unknown ones are passed over."""
    rows = await connection.fetch(INVOICES, invoice_ids)
    details = await queries.with_details(connection, [dict(row) for row in rows])
    by_id = {row["invoice_id"]: row for row in details}
    around = {row["invoice_id"]: row for row in await connection.fetch(BILLS, invoice_ids)}
    return [
        {
            "invoice": by_id[i],
            "addressee": around[i]["addressee"],
            "others": around[i]["others"],
            "payer": around[i]["payer"],
            "siret": around[i]["siret"],
            "quoted": (around[i]["service_code"], around[i]["engagement"]),
        }
        for i in invoice_ids
        if i in by_id
    ]

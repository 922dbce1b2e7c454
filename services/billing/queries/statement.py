"""A family's account over a year, as the ledger has it."""

from datetime import date, datetime, time
from uuid import UUID

from services.billing.model.statement import Movement, Payer, Statement
from services.chassis.clock import PARIS
from services.chassis.database import Connection
from services.chassis.errors import NotFound

# What a family owes is its receivables and, below zero, its credit; what moves from one to the
# other changes nothing.
MOVEMENTS = """
SELECT (p.posted_at AT TIME ZONE 'Europe/Paris')::date AS day, p.kind,
       sum(e.amount_cents)::bigint AS amount_cents, max(y.method) AS method,
       coalesce(array_agg(DISTINCT i.number) FILTER (WHERE i.number IS NOT NULL), '{}')
           AS invoices, max(n.number) AS credit_note, max(y.reference) AS payment
FROM ledger_entry e JOIN posting p USING (posting_id)
LEFT JOIN invoice i ON i.invoice_id = e.invoice_id
LEFT JOIN payment y ON y.payment_id = p.source_id
LEFT JOIN credit_note n ON n.credit_note_id = p.source_id
WHERE e.family_id = $1 AND e.account IN ('receivable', 'family_credit')
  AND p.posted_at >= $2 AND p.posted_at < $3
GROUP BY p.posting_id HAVING sum(e.amount_cents) <> 0
ORDER BY p.posted_at, p.posting_id
"""
OPENING = """
SELECT coalesce(sum(e.amount_cents), 0)::bigint
FROM ledger_entry e JOIN posting p USING (posting_id)
WHERE e.family_id = $1 AND e.account IN ('receivable', 'family_credit') AND p.posted_at < $2
"""


async def payer(connection: Connection, family_id: UUID) -> Payer:
    """Whose account it is. Raises NotFound for a family that billing does not know."""
    row = await connection.fetchrow(
        "SELECT reference, addressee FROM family WHERE family_id = $1", family_id
    )
    if row is None:
        raise NotFound
    return Payer(row["reference"], tuple(row["addressee"]))


async def statement(connection: Connection, family_id: UUID, year: int) -> Statement:
    """The family's account in that year, days being those of Paris."""
    since, before = (datetime.combine(date(y, 1, 1), time.min, PARIS) for y in (year, year + 1))
    opening: int = await connection.fetchval(OPENING, family_id, since)
    rows = await connection.fetch(MOVEMENTS, family_id, since, before)
    movements = (
        Movement(
            day=row["day"],
            kind=row["kind"],
            amount_cents=row["amount_cents"],
            references=_references(row["credit_note"], row["payment"], row["invoices"]),
            method=row["method"],
        )
        for row in rows
    )
    return Statement.of(year, opening, tuple(movements))


def _references(note: str | None, payment: str | None, invoices: list[str]) -> tuple[str, ...]:
    own = note or payment
    return (own,) if own else tuple(invoices)

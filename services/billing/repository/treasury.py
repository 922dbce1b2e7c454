"""Writes what the public accountant is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.billing.model.mandates import UNUSED_MONTHS
from services.billing.model.payers import Nature
from services.chassis.database import Connection

# $1: the register; $2: up to which day the invoices were due; $3: how many; $4: how long a
# mandate lives unused. What is with the bank, or may be paid online just now, waits ($5). The
# accountant collects by mandates that go on: of one collection, or of an end, it is told nothing.
UNPAID = """
SELECT i.invoice_id, i.number, i.family_id, i.family_reference, i.addressee, i.month, i.due_on,
       i.total_cents, o.cents AS balance_cents,
       coalesce(t.kind = 'organisation', false) AS is_organisation, t.nature, t.siret,
       m.mandate_id, m.iban, m.bic, m.holder, m.rum,
       m.signed_on,
       NOT EXISTS (SELECT FROM debit d
                   WHERE d.mandate_id = m.mandate_id AND d.returned_at IS NULL) AS is_first
FROM invoice_owed o
JOIN invoice i USING (invoice_id)
LEFT JOIN third_party t ON t.payer_id = i.family_id
LEFT JOIN mandate m ON m.family_id = i.family_id AND m.revoked_at IS NULL AND m.bic <> ''
    AND NOT m.one_off AND m.ends_on IS NULL
    AND (coalesce(m.last_used_on, m.signed_on) + make_interval(months => $4))::date >= $2::date
WHERE i.register = $1 AND i.due_on <= $2::date
  AND NOT EXISTS (SELECT FROM pes_piece p WHERE p.invoice_id = i.invoice_id)
  AND NOT EXISTS (SELECT FROM debit d WHERE d.invoice_id = i.invoice_id
                  AND d.collected_at IS NULL AND d.returned_at IS NULL)
  AND NOT EXISTS (SELECT FROM payment_invoice s JOIN payment p USING (payment_id)
                  WHERE s.invoice_id = i.invoice_id
                    AND (p.status = 'pending' OR (p.status = 'cancelled' AND p.started_at > $5)))
ORDER BY i.number LIMIT $3
"""

KINDS = """
SELECT l.invoice_id, l.position, coalesce(a.kind, '') AS kind
FROM invoice_line l LEFT JOIN activity a USING (activity_id)
WHERE l.invoice_id = ANY($1) ORDER BY l.invoice_id, l.position
"""


@dataclass(frozen=True, slots=True)
class Unpaid:
    """An invoice that can be sent; the account still sealed, None without a mandate.

    `is_organisation`: it is of a third party that is an organisation, of that nature and SIRET.
    """

    invoice_id: UUID
    number: str
    family_id: UUID
    family_reference: str
    addressee: list[str]
    month: date
    due_on: date
    total_cents: int
    balance_cents: int
    is_organisation: bool
    nature: Nature | None
    siret: str | None
    mandate_id: UUID | None
    iban: bytes | None
    bic: str | None
    holder: str | None
    rum: str | None
    signed_on: date | None
    is_first: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A bordereau as it is kept."""

    batch_id: UUID
    fiscal_year: int
    number: int
    register: str
    filename: str
    total_cents: int
    with_papers: bool
    debited_on: date | None


async def unpaid(
    connection: Connection, register: str, due_by: date, *, most: int, since: datetime
) -> list[Unpaid]:
    """What can be sent, by number; since: when a payment page may still take money."""
    rows = await connection.fetch(UNPAID, register, due_by, most, UNUSED_MONTHS, since)
    return [Unpaid(**dict(row)) for row in rows]


async def lock_invoices(connection: Connection, invoice_ids: Sequence[UUID]) -> None:
    """Hold these invoices until the transaction ends."""
    await connection.execute(
        "SELECT FROM invoice WHERE invoice_id = ANY($1) ORDER BY invoice_id FOR UPDATE",
        invoice_ids,
    )


async def kinds_of_lines(
    connection: Connection, invoice_ids: Sequence[UUID]
) -> dict[UUID, list[str]]:
    """The kind of activity of each line of these invoices, in the order of the paper."""
    found: dict[UUID, list[str]] = {}
    for row in await connection.fetch(KINDS, invoice_ids):
        found.setdefault(row["invoice_id"], []).append(row["kind"])
    return found


async def insert(
    connection: Connection,
    sent: Sent,
    pieces: Sequence[tuple[UUID, int]],
    *,
    sealed_file: bytes,
    now: datetime,
    by: UUID | None,
) -> None:
    """Keep a bordereau with its file: (invoice, cents) of each piece, in order."""
    await connection.execute(
        """INSERT INTO pes_batch (batch_id, fiscal_year, number, register, filename, created_at,
               created_by, pieces, total_cents, with_papers, debited_on, file)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
        sent.batch_id,
        sent.fiscal_year,
        sent.number,
        sent.register,
        sent.filename,
        now,
        by,
        len(pieces),
        sent.total_cents,
        sent.with_papers,
        sent.debited_on,
        sealed_file,
    )
    await connection.execute(
        """INSERT INTO pes_piece (invoice_id, batch_id, position, amount_cents)
           SELECT t.invoice_id, $1, t.position, t.amount_cents
           FROM unnest($2::uuid[], $3::integer[]) WITH ORDINALITY
               AS t (invoice_id, amount_cents, position)""",
        sent.batch_id,
        [invoice_id for invoice_id, _ in pieces],
        [cents for _, cents in pieces],
    )


async def is_transmitted(connection: Connection, invoice_ids: Sequence[UUID]) -> bool:
    """Whether the accountant collects one of these invoices."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM pes_piece WHERE invoice_id = ANY($1))", list(invoice_ids)
    )
    return found


async def use_mandates(
    connection: Connection, mandate_ids: Sequence[UUID], collected_on: date
) -> None:
    """Note that the accountant collects by these mandates on that day."""
    await connection.execute(
        "UPDATE mandate SET last_used_on = $2 WHERE mandate_id = ANY($1)",
        mandate_ids,
        collected_on,
    )

"""Which invoices can be collected by which mandates. Lock order: invoices by id, then mandates."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

import asyncpg

from services.billing.model.debits import Debit, Sequence, Use, end_to_end_id, sequences
from services.billing.model.mandates import UNUSED_MONTHS
from services.billing.model.payments import SETTLED_AFTER
from services.chassis.database import Connection

# $1: the day of the collection; $2: how long a mandate lives unused; $3: since when a payment
# page may still take money; $4: of these invoices, or of all.
CANDIDATES = """
SELECT i.invoice_id, i.number, i.family_id, f.label AS family_label,
       i.family_reference, i.due_on, o.cents AS balance_cents, m.mandate_id, m.rum, m.holder,
       m.masked, m.bic, m.iban, m.signed_on, m.one_off, m.ends_on,
       EXISTS (SELECT FROM debit d
               WHERE d.mandate_id = m.mandate_id AND d.returned_at IS NULL) AS used
FROM mandate m
JOIN family f USING (family_id)
JOIN invoice i USING (family_id)
JOIN invoice_owed o USING (invoice_id)
WHERE m.revoked_at IS NULL
  AND (coalesce(m.last_used_on, m.signed_on) + make_interval(months => $2))::date >= $1::date
  AND (m.ends_on IS NULL OR m.ends_on >= $1::date)
  AND ($4::uuid[] IS NULL OR i.invoice_id = ANY($4))
  AND NOT EXISTS (SELECT FROM debit d WHERE d.mandate_id = m.mandate_id
                  AND d.sequence_type IN ('OOFF', 'FNAL') AND d.returned_at IS NULL)
  AND NOT EXISTS (SELECT FROM debit d WHERE d.invoice_id = i.invoice_id
                  AND d.collected_at IS NULL AND d.returned_at IS NULL)
  AND NOT EXISTS (SELECT FROM pes_piece p WHERE p.invoice_id = i.invoice_id)
  AND NOT EXISTS (SELECT FROM payment_invoice s JOIN payment p USING (payment_id)
                  WHERE s.invoice_id = i.invoice_id
                    AND (p.status = 'pending' OR (p.status = 'cancelled' AND p.started_at > $3)))
ORDER BY i.number
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An invoice that can be collected by a mandate; the account still sealed."""

    debit: Debit
    holder: str
    bic: str
    sealed_iban: bytes
    signed_on: date


async def lock_chosen(
    connection: Connection, chosen: Collection[UUID] | None, collected_on: date, now: datetime
) -> None:
    """Hold the invoices that can be collected, then their families' mandates."""
    rows = await connection.fetch(
        CANDIDATES,
        collected_on,
        UNUSED_MONTHS,
        now - SETTLED_AFTER,
        list(chosen) if chosen is not None else None,
    )
    await connection.execute(
        "SELECT FROM invoice WHERE invoice_id = ANY($1) ORDER BY invoice_id FOR UPDATE",
        [row["invoice_id"] for row in rows],
    )
    await connection.execute(
        "SELECT FROM mandate WHERE mandate_id = ANY($1) ORDER BY mandate_id FOR NO KEY UPDATE",
        [row["mandate_id"] for row in rows],
    )


async def candidates(
    connection: Connection,
    chosen: Collection[UUID] | None,
    collected_on: date,
    now: datetime,
    batch_number: int,
) -> list[Candidate]:
    """Of the chosen invoices (None: of all) those that can be collected, in their order."""
    rows = await collectable(connection, chosen, collected_on, now)
    return [_candidate(row, sequence, batch_number) for row, sequence in rows]


async def collectable(
    connection: Connection, chosen: Collection[UUID] | None, collected_on: date, now: datetime
) -> list[tuple[asyncpg.Record, Sequence]]:
    """The same as rows, each with its place among the debits of its mandate."""
    rows = await connection.fetch(
        CANDIDATES,
        collected_on,
        UNUSED_MONTHS,
        now - SETTLED_AFTER,
        list(chosen) if chosen is not None else None,
    )
    of_mandate: dict[UUID, list[asyncpg.Record]] = {}
    for row in rows:
        of_mandate.setdefault(row["mandate_id"], []).append(row)
    places: dict[UUID, Sequence] = {}
    for found in of_mandate.values():
        use = Use(found[0]["one_off"], found[0]["used"], found[0]["ends_on"])
        row_of_debits = sequences(use, collected_on, len(found))
        # A mandate may collect fewer: one of a single collection, or with an end.
        collected = zip(found, row_of_debits, strict=False)
        places |= {row["invoice_id"]: place for row, place in collected}
    return [(row, places[row["invoice_id"]]) for row in rows if row["invoice_id"] in places]


def _candidate(row: asyncpg.Record, sequence: Sequence, batch_number: int) -> Candidate:
    debit = Debit(
        debit_id=uuid4(),
        end_to_end_id=end_to_end_id(row["number"], batch_number),
        family_id=row["family_id"],
        invoice_id=row["invoice_id"],
        number=row["number"],
        mandate_id=row["mandate_id"],
        rum=row["rum"],
        sequence=sequence,
        amount_cents=row["balance_cents"],
    )
    return Candidate(debit, row["holder"], row["bic"], row["iban"], row["signed_on"])

"""Invoices that are printed together, the parts of their file, and the file."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.billing.model.months import Month
from services.billing.model.prints import SLICE, VOLUME, PrintBatch
from services.chassis.database import Connection

# Third parties read no portal: theirs goes by post, whether or not a mail announces it.
# By postcode and town, then street, then number; without an address last. `addressee` ends with
# the town, and what stands before it is the street.
ADD = """
WITH wanted AS MATERIALIZED (
    SELECT i.invoice_id, row_number() OVER (
        ORDER BY a.town NULLS LAST, a.street, a.number NULLS FIRST, i.number) - 1 AS place
    FROM invoice i JOIN family f USING (family_id)
    CROSS JOIN LATERAL (SELECT cardinality(i.addressee) AS lines) n
    CROSS JOIN LATERAL (
        SELECT i.addressee[n.lines] AS town,
               lower(regexp_replace(i.addressee[n.lines - 1],
                                    '^[0-9]+ *((bis|ter|quater) +)?', '', 'i')) AS street,
               substring(i.addressee[n.lines - 1] FROM '^[0-9]{1,6}')::integer AS number) a
    WHERE i.month = $1
      AND (NOT $2 OR coalesce(f.mail, '') = ''
           OR i.family_id IN (SELECT payer_id FROM third_party))
), volume AS MATERIALIZED (
    SELECT number, gen_random_uuid() AS batch_id, count(*) OVER () AS volumes
    FROM generate_series(1, (SELECT (count(*) + $3 - 1) / $3 FROM wanted)) number
), batch AS (
    INSERT INTO print_batch (batch_id, month, without_mail, volume, volumes, invoices,
                             asked_at, asked_by)
    SELECT v.batch_id, $1, $2, v.number, v.volumes,
           (SELECT count(*) FROM wanted w WHERE w.place / $3 + 1 = v.number), $4, $5
    FROM volume v
), placed AS (
    INSERT INTO print_batch_invoice (batch_id, position, invoice_id)
    SELECT v.batch_id, w.place % $3 + 1, w.invoice_id
    FROM wanted w JOIN volume v ON v.number = w.place / $3 + 1
)
SELECT count(*) FROM volume
"""
UNFINISHED = """
SELECT EXISTS (SELECT FROM print_batch
               WHERE month = $1 AND without_mail = $2 AND finished_at IS NULL)
"""
NEXT = """
SELECT batch_id, month, without_mail, volume, volumes, invoices, done
FROM print_batch WHERE finished_at IS NULL ORDER BY asked_at, volume LIMIT 1
"""
SLICE_OF = """
SELECT invoice_id FROM print_batch_invoice
WHERE batch_id = $1 AND position > $2 ORDER BY position LIMIT $3
"""
TOWNS = """
SELECT coalesce(i.addressee[cardinality(i.addressee)], '') AS town, count(*) AS letters
FROM print_batch_invoice p JOIN invoice i USING (invoice_id)
WHERE p.batch_id = $1 GROUP BY town ORDER BY min(p.position)
"""
FINISH = """
UPDATE print_batch SET pdf = $2, pages = $3, finished_at = $4 WHERE batch_id = $1
"""
ERASE = """
WITH old AS (UPDATE print_batch SET pdf = NULL WHERE finished_at < $1 AND pdf IS NOT NULL
             RETURNING batch_id)
DELETE FROM print_batch_invoice p USING old WHERE p.batch_id = old.batch_id
"""


async def is_under_way(connection: Connection, month: Month, *, without_mail: bool) -> bool:
    """Whether the same was asked for and is not finished; asked for one after the other."""
    await connection.execute("LOCK TABLE print_batch IN SHARE ROW EXCLUSIVE MODE")
    found: bool = await connection.fetchval(UNFINISHED, month.first, without_mail)
    return found


async def add(
    connection: Connection, month: Month, *, without_mail: bool, now: datetime, by: UUID | None
) -> int:
    """Put the month's invoices in postal order into volumes, and tell how many these are."""
    volumes: int = await connection.fetchval(ADD, month.first, without_mail, VOLUME, now, by)
    return volumes


async def next_batch(connection: Connection) -> PrintBatch | None:
    """The batch that is to be gone on with."""
    row = await connection.fetchrow(NEXT)
    if row is None:
        return None
    return PrintBatch(**{**row, "month": Month(row["month"])})


async def next_slice(connection: Connection, batch: PrintBatch) -> list[UUID]:
    """The invoices that are to be set now."""
    rows = await connection.fetch(SLICE_OF, batch.batch_id, batch.done, SLICE)
    return [row["invoice_id"] for row in rows]


async def keep_part(connection: Connection, batch: PrintBatch, pdf: bytes, count: int) -> None:
    """Keep what was set of the batch."""
    await connection.execute(
        "INSERT INTO print_part (batch_id, first_position, pdf) VALUES ($1, $2, $3)",
        batch.batch_id,
        batch.done + 1,
        pdf,
    )
    await connection.execute(
        "UPDATE print_batch SET done = done + $2 WHERE batch_id = $1", batch.batch_id, count
    )


async def parts(connection: Connection, batch_id: UUID) -> list[bytes]:
    """The parts in their order."""
    rows = await connection.fetch(
        "SELECT pdf FROM print_part WHERE batch_id = $1 ORDER BY first_position", batch_id
    )
    return [row["pdf"] for row in rows]


async def towns(connection: Connection, batch_id: UUID) -> Sequence[tuple[str, int]]:
    """How many letters go to each town, in the order of the file; "": without an address."""
    return [(row["town"], row["letters"]) for row in await connection.fetch(TOWNS, batch_id)]


async def finish(
    connection: Connection, batch_id: UUID, *, pdf: bytes, pages: int, now: datetime
) -> None:
    """Keep the file instead of its parts."""
    await connection.execute(FINISH, batch_id, pdf, pages, now)
    await connection.execute("DELETE FROM print_part WHERE batch_id = $1", batch_id)


async def erase(connection: Connection, before: datetime) -> None:
    """Erase the files that were finished before then."""
    await connection.execute(ERASE, before)

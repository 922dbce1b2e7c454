"""Whether billing's books hold, whatever a test did to them."""

from services.billing.repository.proofs import PROOFS, disagreements
from services.chassis.database import Connection, Database

# What was told as paid of an invoice, beside what it holds less what it still asks for and what
# the town has given up. What is claimed of a refund is paid before the lines are.
CERTIFIED_OTHERWISE = """
SELECT format('invoice %s: %s cents told as paid, %s by the ledger', i.number, t.cents,
              greatest(i.total_cents - n.cents - b.cents, 0))
FROM invoice i
CROSS JOIN LATERAL (SELECT coalesce(sum((p ->> 'amount_cents')::integer), 0) AS cents
    FROM outbox o CROSS JOIN jsonb_array_elements(o.body::jsonb -> 'portions') p
    WHERE o.type = 'portail.billing.charges-paid.v2'
      AND p ->> 'invoice_id' = i.invoice_id::text) t
CROSS JOIN LATERAL (SELECT coalesce(sum(total_cents), 0) AS cents
    FROM credit_note c WHERE c.invoice_id = i.invoice_id) n
CROSS JOIN LATERAL (SELECT coalesce(sum(e.amount_cents), 0) AS cents
    FROM ledger_entry e JOIN posting p USING (posting_id)
    WHERE e.invoice_id = i.invoice_id AND e.account = 'receivable'
      AND p.kind NOT IN ('write_off', 'write_off_reversal')) b
WHERE t.cents <> greatest(i.total_cents - n.cents - b.cents, 0)
"""


async def faults(database: Database) -> list[str]:
    """What disagrees in the books, as `portail audit billing` finds it."""
    async with (
        database.connection() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        return await disagreeing(connection)


async def disagreeing(connection: Connection) -> list[str]:
    """The same, as this connection sees it."""
    return [line for proof in PROOFS for line in await disagreements(connection, proof)]


async def books_balance(database: Database) -> bool:
    """Whether ledger, invoices, payments and events agree; AssertionError names what does not."""
    found = await faults(database)
    assert not found, "\n".join(found)
    return True


async def told_otherwise(connection: Connection) -> list[str]:
    """Invoices of which something else was told as paid than the ledger says."""
    return [row[0] for row in await connection.fetch(CERTIFIED_OTHERWISE)]

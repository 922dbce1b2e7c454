"""Whether billing's books hold, whatever a test did to them."""

from services.billing.repository.proofs import PROOFS, disagreements
from services.chassis.database import Database


async def faults(database: Database) -> list[str]:
    """What disagrees in the books, as `portail audit billing` finds it."""
    async with (
        database.connection() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        return [line for proof in PROOFS for line in await disagreements(connection, proof)]


async def books_balance(database: Database) -> bool:
    """Whether ledger, invoices, payments and events agree; AssertionError names what does not."""
    found = await faults(database)
    assert not found, "\n".join(found)
    return True

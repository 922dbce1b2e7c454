"""What a month adds to the uses of its children or takes off them, set-based.

Caps and fees of a month, days at one price, aids, parts of other payers: rows beside the charges
of uses, reckoned anew each time from all that is open and from what invoices hold, so that a late
charge is capped too.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from services.billing.model.months import Month
from services.billing.repository import sharing
from services.billing.repository.account import BOOKS, Account
from services.billing.repository.adjustments.aids import AIDS
from services.billing.repository.adjustments.formulas import FORMULAS
from services.billing.repository.adjustments.monthly import MONTHLY
from services.billing.repository.adjustments.uses import OPEN
from services.billing.repository.pricing import OF_MONTH
from services.chassis.database import Connection

# What reckons a whole town's month.
SETTLE_SECONDS = 600

FORGET = f"DELETE FROM open_charge c WHERE {OF_MONTH} AND {OPEN}"  # noqa: S608 - constants

WANTED = """
SELECT EXISTS (SELECT FROM tariff WHERE monthly IS NOT NULL AND replaced_at IS NULL) AS monthly,
       EXISTS (SELECT FROM formula) AS formulas,
       EXISTS (SELECT FROM aid WHERE ended_at IS NULL) AS aids,
       EXISTS (SELECT FROM sharing) AS sharings
"""


async def wanted(connection: Connection) -> Mapping[str, bool]:
    """Which rules of a month there are in the town: `monthly`, `formulas`, `aids`, `sharings`."""
    found = await connection.fetchrow(WANTED)
    assert found is not None  # noqa: S101 - a query of constants always has a row
    return dict(found)


async def settle_month(
    connection: Connection,
    month: Month,
    family_ids: Collection[UUID] | None,
    account: Account = BOOKS,
) -> None:
    """Reckon what the months up to this one add to the uses that are open, or take off them.

    For these families, whose accounts the caller has, or with the books for all. Doing it again
    gives the same. What an invoice holds is never changed: a difference is a further row.
    """
    values = (month.after, list(family_ids) if family_ids is not None else None)
    rules = await wanted(connection)
    # A draft of a month tells what children cost, whoever pays.
    divided = rules["sharings"] and account.divided
    shared = await sharing.open_accounts(connection, *values, account) if divided else []
    await connection.execute(account.on(FORGET), *values, timeout=SETTLE_SECONDS)
    # Aids come last: they help with what is left to pay.
    for name, statement in (("monthly", MONTHLY), ("formulas", FORMULAS), ("aids", AIDS)):
        if rules[name]:
            await connection.execute(account.on(statement), *values, timeout=SETTLE_SECONDS)
    # What is left in the end is divided.
    await sharing.divide_accounts(connection, shared, values[1], account)

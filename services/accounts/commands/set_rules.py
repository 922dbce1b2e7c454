"""The town's rules for family records: what they need, what the staff look at first."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.accounts.model import amending, completeness
from services.accounts.repository import changes, families
from services.accounts.repository.changes import Rules
from services.chassis.database import Connection, Database
from services.chassis.errors import FieldError, Invalid

# A school year's quotients end on one day; nobody should wait for all of them to be locked.
RUN_OUT_AT_ONCE: Final = 500


async def set_rules(
    connection: Connection,
    *,
    required: Sequence[str] | None,
    reviewed: Sequence[str] | None,
    by: UUID | None,
    now: datetime,
) -> Rules:
    """Put the rules in force; every record is complete or not by them at once. Raises Invalid.

    What waits already goes on waiting: the staff decide what was asked under the old rules.
    """
    present = await changes.rules(connection)
    rules = Rules(
        required=_known("required", required, completeness.BY_CODE, present.required),
        reviewed=_known("reviewed", reviewed, amending.BY_CODE, present.reviewed),
    )
    await changes.keep_rules(connection, rules, by=by, now=now)
    if rules.required != present.required:
        await families.refresh_lacks(connection)
    return rules


async def note_run_out(database: Database, today: date) -> int:
    """Say of some records in which something is no longer valid that they lack it; how many."""
    async with database.transaction() as connection:
        found = await families.run_out(connection, today, RUN_OUT_AT_ONCE)
        kin = await families.lock_kin(connection, found)
        await families.renew_lacks(connection, list(kin.values()), today)
    return len(found)


def _known(
    field: str, given: Sequence[str] | None, known: Collection[str], present: tuple[str, ...]
) -> tuple[str, ...]:
    if given is None:
        return present
    for code in given:
        if code not in known:
            message = f"« {code} » n’est pas un choix possible : {', '.join(known)}."
            raise Invalid(errors=[FieldError(field, message)])
    return tuple(code for code in known if code in given)

"""The town's rules for family records: what they need, what the staff look at first."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.accounts.model import amending, completeness
from services.accounts.repository import changes, families
from services.accounts.repository.changes import Rules
from services.chassis.database import Connection
from services.chassis.errors import FieldError, Invalid


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

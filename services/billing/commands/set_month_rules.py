"""Decide days at one price, and take in what a third party pays for a family."""

from datetime import datetime
from uuid import UUID

from services.billing.errors import BillingUnderWay, UnknownChild
from services.billing.model.aids import Aid
from services.billing.model.formulas import Formula
from services.billing.repository import charges, copies, formulas, plans
from services.chassis.database import Connection


async def publish_formula(
    connection: Connection, formula: Formula, *, now: datetime, by: UUID | None
) -> UUID:
    """Publish a formula; one of the same name and first day gives way.

    It counts for every month that is invoiced from now on, like all that a month adds. Raises
    BadFormula, BillingUnderWay.
    """
    formula.check()
    await _between_months(connection)
    return await formulas.publish(connection, formula, now=now, by=by)


async def retire_formula(connection: Connection, formula_id: UUID, *, now: datetime) -> None:
    """The formula holds no longer. Raises BillingUnderWay, UnknownFormula."""
    await _between_months(connection)
    await formulas.retire(connection, formula_id, now)


async def end_aid(connection: Connection, aid_id: UUID, *, now: datetime) -> None:
    """The aid helps no longer. Raises BillingUnderWay, UnknownAid."""
    await _between_months(connection)
    await formulas.end(connection, aid_id, now)


async def _between_months(connection: Connection) -> None:
    """Have the books alone, as for a tariff. Raises BillingUnderWay: a month has used the rule."""
    await charges.take_books(connection)
    if await plans.under_way(connection):
        raise BillingUnderWay


async def grant_aid(connection: Connection, aid: Aid, *, now: datetime, by: UUID | None) -> UUID:
    """Take in an aid; it counts from the next invoice.

    Raises BadAid, UnknownFamily, UnknownChild.
    """
    aid.check()
    await charges.share_books(connection)
    await copies.require_family(connection, aid.family_id)
    if aid.child_id and not await copies.has_child(connection, aid.family_id, aid.child_id):
        raise UnknownChild
    return await formulas.grant(connection, aid, now=now, by=by)

"""Decide days at one price, and take in what a third party pays for a family."""

from datetime import datetime
from uuid import UUID

from services.billing.errors import UnknownChild
from services.billing.model.aids import Aid
from services.billing.model.formulas import Formula
from services.billing.repository import charges, copies, formulas
from services.chassis.database import Connection


async def publish_formula(
    connection: Connection, formula: Formula, *, now: datetime, by: UUID | None
) -> UUID:
    """Publish a formula; one of the same name and first day gives way. Raises BadFormula.

    It counts for every month that is invoiced from now on, like all that a month adds.
    """
    formula.check()
    await charges.take_books(connection)
    return await formulas.publish(connection, formula, now=now, by=by)


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

"""The till says that an organisation pays for a family, or no longer does."""

from datetime import datetime
from uuid import UUID

from services.billing.model.organisations import Organisation
from services.billing.repository import copies, organisations
from services.chassis.clock import paris_date
from services.chassis.database import Connection


async def keep_organisation(
    connection: Connection,
    family_id: UUID,
    organisation: Organisation | None,
    *,
    now: datetime,
    by: UUID | None,
) -> None:
    """From today this organisation pays the family's invoices; None: the family itself.

    Earlier invoices stay as they are. Raises UnknownFamily.
    """
    await copies.require_family(connection, family_id)
    await organisations.put(
        connection, family_id, organisation, since=paris_date(now), now=now, by=by
    )

"""Keep the audit trail: every service's acts in one place."""

from datetime import datetime, timedelta

from services.accounts.model.trail import AuditAct
from services.accounts.repository import trail
from services.chassis.database import Connection


async def keep_act(connection: Connection, act: AuditAct) -> None:
    """Add the act to the trail; told twice, it stands there once."""
    await trail.add(connection, act)


async def purge_trail(connection: Connection, now: datetime, retention: timedelta) -> int:
    """Drop the lines past their retention; returns how many."""
    return await trail.purge(connection, now - retention)

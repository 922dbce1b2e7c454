"""Forgets what the chassis' own tables need no longer keep."""

from datetime import datetime, timedelta

from services.chassis.database import Connection

IDEMPOTENCY_RETENTION = timedelta(days=2)


async def forget(connection: Connection, now: datetime, outbox_retention: timedelta) -> None:
    """Delete published events past their retention, and inbox rows that none of them can repeat."""
    # By creation: a replay makes a row as good as unpublished, but not younger.
    await connection.execute(
        "DELETE FROM outbox WHERE published_at IS NOT NULL AND created_at < $1",
        now - outbox_retention,
    )
    # Twice as long, so that an event replayed on its last day still finds its inbox row.
    await connection.execute("DELETE FROM inbox WHERE received_at < $1", now - 2 * outbox_retention)
    await connection.execute(
        "DELETE FROM idempotency_key WHERE created_at < $1", now - IDEMPOTENCY_RETENTION
    )

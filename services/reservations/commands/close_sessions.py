"""Give back what families hold in sessions that the town closes; nobody is charged for them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.chassis import outbox
from services.chassis.database import Connection
from services.reservations import publishing
from services.reservations.commands.serve_lines import end_lines
from services.reservations.repository import closing


async def close_sessions(
    connection: Connection, reasons: Mapping[UUID, str], now: datetime
) -> None:
    """Tell that these sessions, which are locked, do not take place, and free their places.

    What was given back too late to go without charge goes without charge as well.
    """
    if not reasons:
        return
    closed = await closing.sessions(connection, list(reasons))
    await outbox.append_all(
        connection, [publishing.closed(session, reasons[session.session_id]) for session in closed]
    )
    await end_lines(connection, list(reasons), now)
    freed = await closing.free(connection, list(reasons), now)
    await outbox.append_all(connection, map(publishing.freed, freed))
    refused = await closing.refuse_asks(connection, reasons, now)
    await outbox.append_all(connection, map(publishing.answered, refused))

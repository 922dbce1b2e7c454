"""Events written in the transaction that causes them, and kept until the bus has them."""

from collections.abc import Iterable
from uuid import uuid4

from structlog.contextvars import get_contextvars

from contracts.envelope import Event
from services.chassis.database import Connection

INSERT = """
INSERT INTO outbox (id, topic, key, type, body, correlation_id)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
"""


async def append(connection: Connection, *events: Event) -> None:
    """Tell these events once the caller's transaction commits, in this order."""
    await append_all(connection, events)


async def append_all(
    connection: Connection, events: Iterable[Event], *, topic: str | None = None
) -> None:
    """The same for many events, in one statement; `topic` replaces each event's own."""
    rows = list(events)
    if not rows:
        return
    correlation_id = str(get_contextvars().get("correlation_id", ""))
    await connection.execute(
        INSERT,
        [uuid4() for _ in rows],
        [topic or event.topic() for event in rows],
        [str(event.key) for event in rows],
        [event.type_name() for event in rows],
        [event.model_dump_json() for event in rows],
        [correlation_id] * len(rows),
    )

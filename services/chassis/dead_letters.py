"""Events that could not be taken in: set aside whole, listed, tried again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from contracts.dead_letter import EventSetAside
from contracts.topics import dead_letter_topic
from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.errors import NotFound


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it came from the bus."""

    topic: str
    key: str
    headers: tuple[tuple[str, bytes], ...]
    body: bytes

    @property
    def header_texts(self) -> dict[str, str]:
        """The headers as text, whatever bytes they hold."""
        return {name: printable(value) for name, value in self.headers}


def printable(raw: bytes | str | None) -> str:
    """Any bytes as text that PostgreSQL can hold: it has no NUL character."""
    text = raw.decode(errors="replace") if isinstance(raw, bytes) else raw or ""
    return text.replace("\0", "\ufffd")


class DeadLetterNotFound(NotFound):
    """No waiting dead letter has this id."""

    slug, title = "dead-letter-not-found", "Aucun événement en attente ne porte cet identifiant"


async def set_aside(
    connection: Connection,
    consumer: str,
    record: Record,
    event_id: UUID | None,
    reason: str,
    attempts: int,
) -> UUID:
    """Keep the record in the database, and announce it on the consumer's dead-letter topic."""
    dead_letter_id = uuid4()
    await connection.execute(
        """INSERT INTO dead_letter (id, event_id, topic, key, headers, body, reason, attempts)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        dead_letter_id,
        event_id,
        record.topic,
        record.key,
        record.header_texts,
        record.body,
        reason,
        attempts,
    )
    announcement = EventSetAside(
        dead_letter_id=dead_letter_id,
        consumer=consumer,
        original_topic=record.topic,
        original_type=record.header_texts.get("ce_type", ""),
        original_id=event_id,
        reason=reason,
        attempts=attempts,
    )
    await outbox.append_all(connection, [announcement], topic=dead_letter_topic(consumer))
    return dead_letter_id


async def waiting(connection: Connection, limit: int = 200) -> Sequence[asyncpg.Record]:
    """Dead letters that were not replayed, oldest first, without their bodies."""
    rows: Sequence[asyncpg.Record] = await connection.fetch(
        """SELECT id, event_id, topic, key, headers, reason, attempts, created_at FROM dead_letter
           WHERE replayed_at IS NULL ORDER BY created_at LIMIT $1""",
        limit,
    )
    return rows


async def waiting_one(connection: Connection, dead_letter_id: UUID) -> asyncpg.Record:
    """One waiting dead letter, whole. Raises DeadLetterNotFound."""
    row: asyncpg.Record | None = await connection.fetchrow(
        """SELECT id, event_id, topic, key, headers, body, reason, attempts, created_at
           FROM dead_letter WHERE id = $1 AND replayed_at IS NULL""",
        dead_letter_id,
    )
    if row is None:
        raise DeadLetterNotFound
    return row


async def take_back(connection: Connection, dead_letter_id: UUID, now: datetime) -> Record:
    """Mark a waiting dead letter as replayed and return its record. Raises DeadLetterNotFound."""
    row: Any = await connection.fetchrow(
        """UPDATE dead_letter SET replayed_at = $2 WHERE id = $1 AND replayed_at IS NULL
           RETURNING topic, key, headers, body""",
        dead_letter_id,
        now,
    )
    if row is None:
        raise DeadLetterNotFound
    headers = tuple((name, text.encode()) for name, text in row["headers"].items())
    return Record(row["topic"], row["key"], headers, row["body"])

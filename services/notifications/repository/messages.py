"""Messages: kept once a cause, locked while they are worked on, marked with what became of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.notifications.model import Channel, Draft, Guardian, Message, Status

COLUMNS = """message_id, family_id, kind, concerns, facts, guardian_id, activity_id,
             wished_channel, sealed_password, expires_at, channel, status, attempts, created_at,
             newcomer, mail_to"""

INSERT_MESSAGE = """
INSERT INTO message (message_id, cause, family_id, guardian_id, activity_id, kind, concerns,
                     facts, wished_channel, sealed_password, expires_at, newcomer, mail_to)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT DO NOTHING RETURNING true
"""

SELECT_MESSAGE = f"SELECT {COLUMNS} FROM message WHERE message_id = $1"  # noqa: S608 - a constant

LOCK_MESSAGE = f"SELECT {COLUMNS} FROM message WHERE message_id = $1 FOR UPDATE"  # noqa: S608 - a constant

# Skipped when locked: another hand is on it just now.
LOCK_QUEUED = f"""
SELECT {COLUMNS} FROM message WHERE message_id = $1 AND status = 'queued'
FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - a constant

LOCK_WAITING = f"""
SELECT {COLUMNS} FROM message m WHERE status = 'waiting'
  AND EXISTS (SELECT FROM family f WHERE f.family_id = m.family_id)
  AND (activity_id IS NULL OR created_at <= $1
       OR EXISTS (SELECT FROM activity a WHERE a.activity_id = m.activity_id))
ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - a constant

# The code of the newest message is the one that works, in whatever order they came.
RETIRE_OLDER_CODES = """
UPDATE message SET status = 'failed', reason = $3, sealed_password = NULL
WHERE kind = 'access_code' AND concerns = $1 AND status NOT IN ('sent', 'printed')
  AND expires_at < (SELECT max(expires_at) FROM message
                    WHERE kind = 'access_code' AND concerns = $1)
  AND family_id = $2
"""


async def add(connection: Connection, draft: Draft) -> bool:
    """Keep a new message; False when its cause has made one already."""
    added = await connection.fetchval(
        INSERT_MESSAGE,
        draft.message_id,
        draft.cause,
        draft.family_id,
        draft.guardian_id,
        draft.activity_id,
        draft.kind,
        draft.concerns,
        dict(draft.facts),
        draft.wished_channel,
        draft.sealed_password,
        draft.expires_at,
        _newcomer_file(draft.newcomer),
        draft.mail_to,
    )
    return bool(added)


async def retire_older_codes(
    connection: Connection, account_id: UUID, family_id: UUID, reason: str
) -> None:
    """Take out of use the messages whose code a newer one has replaced."""
    await connection.execute(RETIRE_OLDER_CODES, account_id, family_id, reason)


async def retire_expired_codes(connection: Connection, now: datetime, reason: str) -> None:
    """Erase the passwords of codes that expired before they could leave."""
    await connection.execute(
        """UPDATE message SET status = 'failed', reason = $2, sealed_password = NULL,
                  mail_to = NULL
           WHERE expires_at <= $1 AND sealed_password IS NOT NULL""",
        now,
        reason,
    )


async def find(connection: Connection, message_id: UUID) -> Message | None:
    """The message as it stands."""
    return message_or_none(await connection.fetchrow(SELECT_MESSAGE, message_id))


async def lock(connection: Connection, message_id: UUID) -> Message | None:
    """The message, held until the transaction ends."""
    return message_or_none(await connection.fetchrow(LOCK_MESSAGE, message_id))


async def lock_queued(connection: Connection, message_id: UUID) -> Message | None:
    """The message if it is still to be sent by mail and no other hand is on it."""
    return message_or_none(await connection.fetchrow(LOCK_QUEUED, message_id))


async def lock_ready_to_address(
    connection: Connection, activity_needed_since: datetime, limit: int
) -> Sequence[Message]:
    """Waiting messages whose family is known by now; older ones may do without the activity."""
    rows = await connection.fetch(LOCK_WAITING, activity_needed_since, limit)
    return [message_of(row) for row in rows]


async def address(
    connection: Connection, message_id: UUID, channel: Channel, status: Status, recipient: str
) -> None:
    """Settle how and to whom the message goes."""
    await connection.execute(
        "UPDATE message SET channel = $2, status = $3, recipient = $4 WHERE message_id = $1",
        message_id,
        channel,
        status,
        recipient,
    )


async def due_mails(connection: Connection, now: datetime, limit: int) -> Sequence[UUID]:
    """The mails whose time has come, oldest first."""
    rows = await connection.fetch(
        """SELECT message_id FROM message WHERE status = 'queued' AND next_attempt_at <= $1
           ORDER BY next_attempt_at, created_at LIMIT $2""",
        now,
        limit,
    )
    return [row["message_id"] for row in rows]


async def postpone(connection: Connection, until: Mapping[UUID, datetime], reason: str) -> None:
    """Try these mails again later."""
    await connection.execute(
        """UPDATE message m SET attempts = attempts + 1, next_attempt_at = t.at, reason = $3
           FROM unnest($1::uuid[], $2::timestamptz[]) AS t (id, at)
           WHERE m.message_id = t.id AND m.status = 'queued'""",
        list(until),
        list(until.values()),
        reason,
    )


async def attempts_of(connection: Connection, ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How often each of the mails still queued was tried."""
    rows = await connection.fetch(
        """SELECT message_id, attempts FROM message
           WHERE message_id = ANY($1::uuid[]) AND status = 'queued'""",
        list(ids),
    )
    return {row["message_id"]: row["attempts"] for row in rows}


async def mark_sent(connection: Connection, message_id: UUID, now: datetime) -> None:
    """The mail left: its password is erased."""
    await connection.execute(
        """UPDATE message SET status = 'sent', sent_at = $2, attempts = attempts + 1,
                  reason = NULL, sealed_password = NULL, mail_to = NULL
           WHERE message_id = $1""",
        message_id,
        now,
    )


async def mark_failed(
    connection: Connection, message_id: UUID, reason: str, *, keep_password: bool
) -> None:
    """The message cannot leave; the password stays only while a letter may still carry it."""
    await connection.execute(
        """UPDATE message SET status = 'failed', reason = $2,
                  sealed_password = CASE WHEN $3 THEN sealed_password END
           WHERE message_id = $1""",
        message_id,
        reason,
        keep_password,
    )


def message_or_none(row: Any) -> Message | None:
    """The message in a row, if there is one."""
    return message_of(row) if row else None


def message_of(row: Any) -> Message:
    """The message in a row."""
    return Message(**{**dict(row), "newcomer": _newcomer(row["newcomer"])})


def _newcomer_file(newcomer: Guardian | None) -> list[str | None] | None:
    if newcomer is None:
        return None
    return [str(newcomer.guardian_id), newcomer.first_name, newcomer.last_name, newcomer.mail]


def _newcomer(file: Any) -> Guardian | None:
    return Guardian(UUID(file[0]), file[1], file[2], file[3]) if file else None

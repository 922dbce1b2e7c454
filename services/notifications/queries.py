"""What can be read about messages and letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.notifications.model import SECRET_KINDS, Channel, Kind, Status, may_be_posted

LONGEST_LIST = 500

# A message that waits for its family's file is, to its readers, one about to leave.
LISTED = """
SELECT message_id, m.family_id, kind, facts, coalesce(channel, 'mail') AS channel,
       CASE status WHEN 'waiting' THEN 'queued' ELSE status END AS status,
       recipient, reason, created_at, sent_at, expires_at,
       sealed_password IS NOT NULL AS holds_secret,
       newcomer IS NOT NULL OR mail_to IS NOT NULL AS by_mail_alone,
       coalesce(f.file -> 'children' ->> (facts ->> 'child_id'), '') AS child_name,
       coalesce(a.name, '') AS activity_name
FROM message m LEFT JOIN family f USING (family_id) LEFT JOIN activity a USING (activity_id)
"""

SELECT_MESSAGES = f"""{LISTED}
WHERE ($1::uuid IS NULL OR m.family_id = $1) AND ($2::text IS NULL OR status = $2
                                                           OR status = 'waiting' AND $2 = 'queued')
ORDER BY created_at DESC, message_id DESC LIMIT $3
"""

SELECT_MESSAGE = f"""{LISTED} WHERE message_id = $1"""

SELECT_LETTERS = """
SELECT message_id AS letter_id, family_id, kind, facts, recipient, status, created_at,
       sent_at AS printed_at, batch_id
FROM message WHERE channel = 'letter' AND status IN ('to_print', 'printed')
  AND ($1::text IS NULL OR status = $1)
ORDER BY created_at DESC, message_id DESC LIMIT $2 OFFSET $3
"""

COUNT_TRAY = """
SELECT kind, count(*) AS letters FROM message WHERE status = 'to_print' GROUP BY kind ORDER BY kind
"""

SELECT_BATCHES = """
SELECT batch_id, letters, pages, created_at AS printed_at,
       sealed_pdf IS NOT NULL AS can_be_reprinted,
       CASE WHEN letters = 1 THEN coalesce((SELECT min(recipient) FROM message m
                                            WHERE m.batch_id = b.batch_id), '')
            ELSE '' END AS recipient
FROM print_batch b ORDER BY b.created_at DESC, batch_id LIMIT $1
"""


SELECT_BROADCASTS = """
SELECT b.broadcast_id, b.activity_id, coalesce(a.name, '') AS activity_name, b.day, b.school_class,
       b.subject, b.body, b.families, b.created_at,
       (SELECT count(*) FROM broadcast_recipient r WHERE r.broadcast_id = b.broadcast_id) AS "left"
FROM broadcast b LEFT JOIN activity a USING (activity_id)
ORDER BY b.created_at DESC, b.broadcast_id LIMIT $1
"""


@dataclass(frozen=True, slots=True)
class ListedMessage:
    """A message as lists show it."""

    message_id: UUID
    family_id: UUID
    kind: Kind
    facts: Mapping[str, Any]
    channel: Channel
    status: Status
    recipient: str | None
    reason: str | None
    created_at: datetime
    sent_at: datetime | None
    expires_at: datetime | None
    holds_secret: bool
    by_mail_alone: bool
    child_name: str
    activity_name: str

    def may_be_posted(self, now: datetime) -> bool:
        """Whether a letter may still say what the mail could not."""
        return may_be_posted(
            self.status,
            by_mail_alone=self.by_mail_alone,
            lacks_its_secret=self.kind in SECRET_KINDS and not self.holds_secret,
            is_out_of_date=self.expires_at is not None and self.expires_at <= now,
        )


@dataclass(frozen=True, slots=True)
class ListedLetter:
    """A letter as the print tray shows it."""

    letter_id: UUID
    family_id: UUID
    kind: Kind
    facts: Mapping[str, Any]
    recipient: str
    status: Status
    created_at: datetime
    printed_at: datetime | None
    batch_id: UUID | None


@dataclass(frozen=True, slots=True)
class ListedBatch:
    """A print batch as lists show it; whom it is for where it is one letter."""

    batch_id: UUID
    letters: int
    pages: int
    printed_at: datetime
    can_be_reprinted: bool
    recipient: str


async def messages(
    connection: Connection, family_id: UUID | None, status: Status | None
) -> Sequence[ListedMessage]:
    """The newest messages, of one family or of all, that stand so or anyhow."""
    rows = await connection.fetch(SELECT_MESSAGES, family_id, status, LONGEST_LIST)
    return [ListedMessage(**dict(row)) for row in rows]


async def message(connection: Connection, message_id: UUID) -> ListedMessage | None:
    """One message, as lists show it."""
    row = await connection.fetchrow(SELECT_MESSAGE, message_id)
    return ListedMessage(**dict(row)) if row else None


async def letters(
    connection: Connection, status: Status | None, *, page: int = 1, size: int = LONGEST_LIST
) -> Sequence[ListedLetter]:
    """One page of the letters, in the tray or printed, the newest first."""
    rows = await connection.fetch(SELECT_LETTERS, status, size, (page - 1) * size)
    return [ListedLetter(**dict(row)) for row in rows]


async def letters_to_print(connection: Connection) -> Mapping[Kind, int]:
    """How many letters of each kind wait in the tray."""
    return {row["kind"]: row["letters"] for row in await connection.fetch(COUNT_TRAY)}


async def print_batches(connection: Connection) -> Sequence[ListedBatch]:
    """The newest print batches."""
    rows = await connection.fetch(SELECT_BATCHES, LONGEST_LIST)
    return [ListedBatch(**dict(row)) for row in rows]


async def family_of(connection: Connection, message_id: UUID) -> UUID | None:
    """Whom the message is for; None when there is no such message."""
    family_id: UUID | None = await connection.fetchval(
        "SELECT family_id FROM message WHERE message_id = $1", message_id
    )
    return family_id


async def broadcasts(connection: Connection) -> Sequence[dict[str, Any]]:
    """What the staff wrote to many families, newest first."""
    return [dict(row) for row in await connection.fetch(SELECT_BROADCASTS, LONGEST_LIST)]

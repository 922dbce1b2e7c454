"""The write SQL of a document's life, of the kinds of document, and of families' names."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.documents.model import Document, DocumentType
from services.documents.model.papers import Step
from services.documents.repository import COLUMNS, TYPE_COLUMNS, type_of_row

LOCK_DOCUMENT = f"""
SELECT {COLUMNS}, sealed_for FROM document WHERE document_id = $1 FOR NO KEY UPDATE
"""  # noqa: S608 - a constant

LOCK_EARLIER = f"""
SELECT {COLUMNS}, sealed_for FROM document
WHERE family_id = $1 AND document_type = $2 AND child_id IS NOT DISTINCT FROM $3
  AND document_id <> $4 AND deposited_at <= $5 AND absence_id IS NOT DISTINCT FROM $6
ORDER BY document_id FOR NO KEY UPDATE
"""  # noqa: S608 - a constant

# Skipped when locked: the office is deciding on it just now; the next run looks again.
LOCK_ENDING = f"""
SELECT {COLUMNS}, sealed_for FROM document
WHERE (state = 'accepted' AND valid_until <= $1::date + $2::integer)
   OR (state = 'expiring' AND valid_until < $1::date)
ORDER BY valid_until LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608 - a constant

LOCK_OVER = f"""
SELECT {COLUMNS}, sealed_for FROM document
WHERE state IN ('expired', 'rejected', 'infected', 'replaced') AND state_since < $1
ORDER BY state_since LIMIT $2 FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - a constant

LOCK_UNTOLD = f"""
SELECT {COLUMNS}, sealed_for FROM document WHERE NOT standing_told
ORDER BY document_id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608 - a constant

LOCK_TO_SCAN = f"""
SELECT {COLUMNS}, sealed_for FROM document
WHERE state = 'quarantined' AND (scan_after IS NULL OR scan_after <= $1)
ORDER BY scan_after NULLS FIRST, deposited_at LIMIT $2
"""  # noqa: S608 - a constant


async def lock(connection: Connection, document_id: UUID) -> Document | None:
    """The document, nobody else deciding on it meanwhile."""
    row = await connection.fetchrow(LOCK_DOCUMENT, document_id)
    return Document(**dict(row)) if row else None


async def lock_earlier(connection: Connection, document: Document) -> list[Document]:
    """The documents handed in before for the same purpose."""
    rows = await connection.fetch(
        LOCK_EARLIER,
        document.family_id,
        document.document_type,
        document.child_id,
        document.document_id,
        document.deposited_at,
        document.absence_id,
    )
    return [Document(**dict(row)) for row in rows]


async def lock_ending(
    connection: Connection, today: date, reminder: timedelta, limit: int
) -> list[Document]:
    """Accepted documents whose end is near or over, the nearest first."""
    rows = await connection.fetch(LOCK_ENDING, today, reminder.days, limit)
    return [Document(**dict(row)) for row in rows]


async def lock_over(connection: Connection, before: datetime, limit: int) -> list[Document]:
    """Documents of no more use whose last state is older than that."""
    rows = await connection.fetch(LOCK_OVER, before, limit)
    return [Document(**dict(row)) for row in rows]


async def lock_untold(connection: Connection, limit: int) -> list[Document]:
    """Documents of whose standing nobody was told yet."""
    rows = await connection.fetch(LOCK_UNTOLD, limit)
    return [Document(**dict(row)) for row in rows]


async def to_scan(connection: Connection, now: datetime, limit: int) -> list[Document]:
    """Documents in quarantine whose turn has come."""
    rows = await connection.fetch(LOCK_TO_SCAN, now, limit)
    return [Document(**dict(row)) for row in rows]


async def has_newer_waiting(connection: Connection, document: Document) -> bool:
    """Whether the family has handed in a newer one for the same purpose, not reviewed yet."""
    found: bool = await connection.fetchval(
        """SELECT EXISTS (SELECT FROM document
           WHERE family_id = $1 AND document_type = $2 AND child_id IS NOT DISTINCT FROM $3
             AND absence_id IS NOT DISTINCT FROM $5
             AND deposited_at > $4 AND state IN ('quarantined', 'submitted'))""",
        document.family_id,
        document.document_type,
        document.child_id,
        document.deposited_at,
        document.absence_id,
    )
    return found


async def is_replaced(connection: Connection, document_id: UUID) -> bool:
    """Whether the family has put another document in its place."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM document WHERE replaces = $1)", document_id
    )
    return found


async def save_step(connection: Connection, document: Document, step: Step) -> None:
    """Store the document's new state and the step that led there."""
    is_review = step.state in ("accepted", "rejected")
    await connection.execute(
        """UPDATE document SET version = $2, state = $3, state_since = $4, valid_from = $5,
                  valid_until = $6, reason = $7,
                  reviewed_by = CASE WHEN $8 THEN $9::uuid ELSE reviewed_by END,
                  reviewed_at = CASE WHEN $8 THEN $4 ELSE reviewed_at END
           WHERE document_id = $1""",
        document.document_id,
        document.version,
        document.state,
        step.at,
        document.valid_from,
        document.valid_until,
        document.reason,
        is_review,
        step.by,
    )
    await insert_step(connection, document.document_id, step)


async def insert_step(connection: Connection, document_id: UUID, step: Step) -> None:
    """Add a step to a document's life."""
    await connection.execute(
        """INSERT INTO document_step (document_id, version, at, state, note, by)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        document_id,
        step.version,
        step.at,
        step.state,
        step.note,
        step.by,
    )


async def mark_told(connection: Connection, document_ids: Sequence[UUID]) -> None:
    """Where these documents stand was told."""
    await connection.execute(
        "UPDATE document SET standing_told = true WHERE document_id = ANY($1::uuid[])",
        list(document_ids),
    )


async def put_off_scan(connection: Connection, document_id: UUID, until: datetime) -> None:
    """The scanner could not judge this document: try again later."""
    await connection.execute(
        """UPDATE document SET scan_attempts = scan_attempts + 1, scan_after = $2
           WHERE document_id = $1 AND state = 'quarantined'""",
        document_id,
        until,
    )


async def scan_attempts(connection: Connection, document_id: UUID) -> int:
    """How often the scanner failed to judge this document."""
    found = await connection.fetchval(
        "SELECT scan_attempts FROM document WHERE document_id = $1", document_id
    )
    return int(found or 0)


async def erase(connection: Connection, document_ids: Sequence[UUID]) -> None:
    """Delete documents and their steps; who opened them stays on record."""
    await connection.execute(
        "DELETE FROM document WHERE document_id = ANY($1::uuid[])", list(document_ids)
    )


async def types(connection: Connection) -> dict[str, DocumentType]:
    """Every type by its code, those given up included, in the town's order."""
    rows = await connection.fetch(
        f"SELECT {TYPE_COLUMNS} FROM document_type ORDER BY position, code"  # noqa: S608 - a constant
    )
    return {row["code"]: type_of_row(row) for row in rows}


async def save_type(connection: Connection, kind: DocumentType) -> None:
    """Insert the type at the end of the list, or replace what is settled of it."""
    await connection.execute(
        """INSERT INTO document_type (code, label, per_child, asked_of, compulsory, validity,
               validity_months, help, accepts, discreet, retired, position)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
                  (SELECT coalesce(max(position), 0) + 1 FROM document_type))
           ON CONFLICT (code) DO UPDATE SET label = $2, per_child = $3, asked_of = $4,
               compulsory = $5, validity = $6, validity_months = $7, help = $8, accepts = $9,
               discreet = $10, retired = $11""",
        kind.code,
        kind.label,
        kind.per_child,
        kind.asked_of,
        kind.compulsory,
        kind.validity,
        kind.validity_months,
        kind.help,
        list(kind.accepts),
        kind.discreet,
        kind.retired,
    )


async def is_used(connection: Connection, code: str) -> bool:
    """Whether a document of this type was handed in."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM document WHERE document_type = $1)", code
    )
    return found


async def lock_catalogue(connection: Connection) -> Any:
    """The list of types as a whole: its id, its version and the version that was told."""
    return await connection.fetchrow(
        "SELECT catalogue_id, version, told_version FROM catalogue FOR UPDATE"
    )


async def save_catalogue(connection: Connection, version: int, told_version: int) -> None:
    """The list of types stands at this version, and that one was told."""
    await connection.execute(
        "UPDATE catalogue SET version = $1, told_version = $2", version, told_version
    )


async def keep_name(
    connection: Connection,
    family_id: UUID,
    record_version: int,
    *,
    reference: str,
    label: str,
    children: dict[str, str],
) -> None:
    """Keep what a family is called, unless ours is as new already."""
    await connection.execute(
        """INSERT INTO family_name (family_id, record_version, reference, label, children)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (family_id) DO UPDATE
           SET record_version = $2, reference = $3, label = $4, children = $5
           WHERE family_name.record_version < $2""",
        family_id,
        record_version,
        reference,
        label,
        children,
    )

"""What people asked to change in records, and the town's rules for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_type_hints
from uuid import UUID

from pydantic import TypeAdapter

from services.accounts.model.amending import BY_CODE, Change, RecordField, Status, Values
from services.accounts.model.completeness import Scope
from services.accounts.model.family import Child, FamilyRecord, Guardian
from services.chassis.database import Connection

HOLDERS: dict[Scope, type] = {"family": FamilyRecord, "guardian": Guardian, "child": Child}

LATEST = """
SELECT * FROM record_change WHERE family_id = $1 AND status <> 'replaced'
ORDER BY asked_at DESC, change_id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """The town's choices: what a complete record needs, which changes of parents wait."""

    required: tuple[str, ...]
    reviewed: tuple[str, ...]


async def rules(connection: Connection) -> Rules:
    """The rules in force."""
    row = await connection.fetchrow("SELECT required, reviewed FROM record_rules")
    return Rules(tuple(row["required"]), tuple(row["reviewed"])) if row else Rules((), ())


async def keep_rules(
    connection: Connection, rules: Rules, *, by: UUID | None, now: datetime
) -> None:
    """Put these rules in force."""
    await connection.execute(
        "UPDATE record_rules SET required = $1, reviewed = $2, updated_at = $3, updated_by = $4",
        list(rules.required),
        list(rules.reviewed),
        now,
        by,
    )


async def add(connection: Connection, changes: Sequence[Change]) -> None:
    """Note these changes; each takes the place of one of the same field that still waited."""
    for change in changes:
        await connection.execute(
            """UPDATE record_change SET status = 'replaced', decided_at = $4, decided_by = $5
               WHERE family_id = $1 AND person_id IS NOT DISTINCT FROM $2 AND field = $3
                 AND status = 'pending'""",
            change.family_id,
            change.person_id,
            change.field.code,
            change.asked_at,
            change.asked_by,
        )
        await connection.execute(
            """INSERT INTO record_change (change_id, family_id, person_id, field, before, after,
                                          status, asked_by, by_staff, asked_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
            change.change_id,
            change.family_id,
            change.person_id,
            change.field.code,
            _plain(change.field, change.before),
            _plain(change.field, change.after),
            change.status,
            change.asked_by,
            change.by_staff,
            change.asked_at,
        )


async def family_of(connection: Connection, change_id: UUID) -> UUID | None:
    """The family whose record the change is of."""
    family_id: UUID | None = await connection.fetchval(
        "SELECT family_id FROM record_change WHERE change_id = $1", change_id
    )
    return family_id


async def guardian_of(connection: Connection, account_id: UUID | None) -> UUID | None:
    """The guardian behind an account, who is told what became of the request."""
    guardian_id: UUID | None = await connection.fetchval(
        "SELECT guardian_id FROM account WHERE account_id = $1", account_id
    )
    return guardian_id


async def lock(connection: Connection, change_id: UUID) -> Change | None:
    """The change, locked."""
    row = await connection.fetchrow(
        "SELECT * FROM record_change WHERE change_id = $1 FOR UPDATE", change_id
    )
    return change_of(row) if row else None


async def decide(
    connection: Connection,
    change_id: UUID,
    status: Status,
    *,
    by: UUID | None,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Note what the staff decided."""
    await connection.execute(
        """UPDATE record_change SET status = $2, decided_by = $3, decided_at = $4, reason = $5
           WHERE change_id = $1""",
        change_id,
        status,
        by,
        now,
        reason,
    )


async def pending(connection: Connection, family_id: UUID) -> list[Change]:
    """What of a family's record waits for the staff, the oldest first."""
    rows = await connection.fetch(
        """SELECT * FROM record_change WHERE family_id = $1 AND status = 'pending'
           ORDER BY asked_at, change_id""",
        family_id,
    )
    return [change_of(row) for row in rows]


async def queue(connection: Connection, *, page: int, size: int) -> list[Change]:
    """A page of all that waits, the oldest first."""
    rows = await connection.fetch(
        """SELECT * FROM record_change WHERE status = 'pending'
           ORDER BY asked_at, change_id LIMIT $1 OFFSET $2""",
        size,
        (page - 1) * size,
    )
    return [change_of(row) for row in rows]


async def queue_length(connection: Connection) -> int:
    """How many changes wait."""
    count: int = await connection.fetchval(
        "SELECT count(*) FROM record_change WHERE status = 'pending'"
    )
    return count


async def latest(connection: Connection, family_id: UUID, limit: int) -> list[Change]:
    """A family's last changes, the newest first."""
    return [change_of(row) for row in await connection.fetch(LATEST, family_id, limit)]


def _plain(field: RecordField, values: Values) -> dict[str, Any]:
    return {name: _adapter(field, name).dump_python(v, mode="json") for name, v in values.items()}


def _values(field: RecordField, plain: dict[str, Any]) -> dict[str, Any]:
    # The database keeps no order of names; people read first name, last name, birth.
    return {
        name: _adapter(field, name).validate_python(plain[name])
        for name in field.attributes
        if name in plain
    }


def _adapter(field: RecordField, attribute: str) -> TypeAdapter[Any]:
    return TypeAdapter(get_type_hints(HOLDERS[field.scope])[attribute])


def change_of(row: Any) -> Change:
    """The change in a row."""
    field = BY_CODE[row["field"]]
    return Change(
        change_id=row["change_id"],
        family_id=row["family_id"],
        person_id=row["person_id"],
        field=field,
        before=_values(field, row["before"]),
        after=_values(field, row["after"]),
        status=row["status"],
        asked_by=row["asked_by"],
        by_staff=row["by_staff"],
        asked_at=row["asked_at"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        reason=row["reason"],
    )

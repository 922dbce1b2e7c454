"""The whole family record for looking at: what it lacks, what waits, consents, other homes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.accounts.model.amending import Change
from services.accounts.model.completeness import CONSENTS, Lack, lacking
from services.accounts.model.consents import ConsentAnswer, ConsentText
from services.accounts.model.family import FamilyRecord
from services.accounts.repository import changes, consents, families
from services.accounts.repository.changes import Rules
from services.chassis.database import Connection


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record and what stands beside it."""

    record: FamilyRecord
    lacks: tuple[Lack, ...]
    pending: Sequence[Change]
    texts: Sequence[ConsentText]
    answers: Mapping[tuple[UUID, UUID, UUID], ConsentAnswer]
    homes: Mapping[UUID, Any]


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of what waits, with the families' names."""

    changes: Sequence[Change]
    records: Mapping[UUID, FamilyRecord]
    total: int


async def view(connection: Connection, record: FamilyRecord, today: date) -> RecordView:
    """The record with all that its page shows."""
    family_id = record.family_id
    answers = await consents.answers(connection, [c.child_id for c in record.children])
    homes = {home for child in record.children for home in child.homes}
    return RecordView(
        record=record,
        lacks=await _asked_for(connection, record, today),
        pending=await changes.pending(connection, family_id),
        texts=await consents.texts(connection),
        answers={(a.family_id, a.child_id, a.consent_id): a for a in answers},
        homes=await _families(connection, homes - {family_id}),
    )


async def queue(connection: Connection, *, page: int, size: int) -> Queue:
    """What waits for the staff, the oldest first."""
    found = await changes.queue(connection, page=page, size=size)
    records = await families.read_all(connection, {change.family_id for change in found})
    return Queue(found, records, await changes.queue_length(connection))


async def consent_texts(connection: Connection) -> list[ConsentText]:
    """The texts that are asked, in the town's order."""
    return await consents.texts(connection)


async def rules(connection: Connection) -> Rules:
    """The town's rules for records."""
    return await changes.rules(connection)


async def history(connection: Connection, family_id: UUID, size: int) -> list[Change]:
    """A family's last changes, the newest first."""
    return await changes.latest(connection, family_id, size)


async def _asked_for(connection: Connection, record: FamilyRecord, today: date) -> tuple[Lack, ...]:
    missing = await connection.fetchval(
        "SELECT missing FROM family WHERE family_id = $1", record.family_id
    )
    of_record = tuple(lack for lack in lacking(record, today) if lack.code in missing)
    if CONSENTS not in missing:
        return of_record
    children = await consents.unanswered(connection, record.family_id)
    return (*of_record, *(Lack(CONSENTS, child_id) for child_id in children))


async def _families(connection: Connection, family_ids: set[UUID]) -> dict[UUID, Any]:
    rows = await connection.fetch(
        "SELECT family_id, reference, label FROM family WHERE family_id = ANY($1)",
        sorted(family_ids),
    )
    return {row["family_id"]: row for row in rows}

"""Writes activities as they are offered."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel, TypeAdapter

from contracts.events.deadlines import Deadline
from contracts.events.enrolment import AbsenceRule, AfterDeadline, AgeGroup, Slot, WaitingList
from services.chassis.database import Connection
from services.enrolment.errors import UnknownActivity
from services.enrolment.model.activities import Activity
from services.enrolment.model.offers import Offer

RULE: Final[TypeAdapter[Deadline]] = TypeAdapter(Deadline)
# The version of ActivityPublished in which an activity was last told.
TOLD_IN: Final = 2

SAVE = """
INSERT INTO activity (activity_id, version, school_year, code, name, kind, place, description,
    starts_on, ends_on, days, weekdays, starts_at, ends_at, capacity, min_age, max_age,
    document_types, reserve_rule, cancel_rule, slots, age_groups, classes, after_deadline,
    waiting_list, absence_rule, told_in)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $21, $22, $23, $24, $25, $26, $27)
ON CONFLICT (activity_id) DO UPDATE SET version = $2, name = $5, kind = $6, place = $7,
    description = $8, starts_on = $9, ends_on = $10, days = $11, weekdays = $12, starts_at = $13,
    ends_at = $14, capacity = $15, min_age = $16, max_age = $17, document_types = $18,
    reserve_rule = $19, cancel_rule = $20, slots = $21, age_groups = $22, classes = $23,
    after_deadline = $24, waiting_list = $25, absence_rule = $26, told_in = $27
"""


async def activity_by_code(connection: Connection, label: str, code: str) -> Activity | None:
    """The activity of this code in this year, locked against decisions that read its period."""
    row = await connection.fetchrow(
        "SELECT * FROM activity WHERE school_year = $1 AND code = $2 FOR NO KEY UPDATE", label, code
    )
    return _activity(row) if row else None


async def activity(connection: Connection, activity_id: UUID) -> Activity:
    """The activity, held as it is until the transaction ends. Raises UnknownActivity."""
    row = await connection.fetchrow(
        "SELECT * FROM activity WHERE activity_id = $1 FOR SHARE", activity_id
    )
    if row is None:
        raise UnknownActivity
    return _activity(row)


async def lock_activity(connection: Connection, activity_id: UUID) -> Activity:
    """The activity, nobody asking for it or changing it meanwhile. Raises UnknownActivity."""
    row = await connection.fetchrow(
        "SELECT * FROM activity WHERE activity_id = $1 FOR NO KEY UPDATE", activity_id
    )
    if row is None:
        raise UnknownActivity
    return _activity(row)


async def told_in_version_one(connection: Connection) -> list[Activity]:
    """The activities whose present description was told in version 1 alone, locked."""
    rows = await connection.fetch(
        "SELECT * FROM activity WHERE told_in < $1 ORDER BY activity_id FOR NO KEY UPDATE", TOLD_IN
    )
    return [_activity(row) for row in rows]


async def save_activity(connection: Connection, activity: Activity) -> None:
    """Insert the activity, or replace its description."""
    offer = activity.offer
    await connection.execute(
        SAVE,
        activity.activity_id,
        activity.version,
        offer.school_year,
        offer.code,
        offer.name,
        offer.kind,
        offer.place,
        offer.description,
        offer.starts_on,
        offer.ends_on,
        offer.days,
        offer.weekdays,
        offer.starts_at,
        offer.ends_at,
        offer.capacity,
        offer.min_age,
        offer.max_age,
        offer.document_types,
        *_rules(offer),
        TOLD_IN,
    )


def _rules(offer: Offer) -> list[Any]:
    return [
        offer.reserve_rule.model_dump(mode="json"),
        offer.cancel_rule.model_dump(mode="json"),
        _written(offer.slots),
        _written(offer.age_groups),
        offer.classes,
        offer.after_deadline.model_dump(mode="json"),
        offer.waiting_list.model_dump(mode="json"),
        offer.absence_rule.model_dump(mode="json"),
    ]


def _written(facts: Sequence[BaseModel]) -> list[dict[str, Any]]:
    return [fact.model_dump(mode="json") for fact in facts]


def _activity(row: asyncpg.Record) -> Activity:
    return Activity(
        row["activity_id"],
        row["version"],
        Offer(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            school_year=row["school_year"],
            place=row["place"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            days=row["days"],
            weekdays=tuple(row["weekdays"]),
            slots=tuple(Slot.model_validate(slot) for slot in row["slots"]),
            capacity=row["capacity"],
            reserve_rule=RULE.validate_python(row["reserve_rule"]),
            cancel_rule=RULE.validate_python(row["cancel_rule"]),
            min_age=row["min_age"],
            max_age=row["max_age"],
            after_deadline=AfterDeadline.model_validate(row["after_deadline"]),
            waiting_list=WaitingList.model_validate(row["waiting_list"]),
            absence_rule=AbsenceRule.model_validate(row["absence_rule"]),
            age_groups=tuple(AgeGroup.model_validate(group) for group in row["age_groups"]),
            classes=tuple(row["classes"]),
            description=row["description"],
            document_types=tuple(row["document_types"]),
        ),
    )

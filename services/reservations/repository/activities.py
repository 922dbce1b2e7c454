"""Our copies of the activities: the highest version holds."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from asyncpg import Record
from pydantic import BaseModel, TypeAdapter

from contracts.events.deadlines import Deadline
from contracts.events.enrolment import AbsenceRule, AfterDeadline, AgeGroup, Slot
from services.chassis.database import Connection
from services.reservations.model.activities import Activity

RULE: Final[TypeAdapter[Deadline]] = TypeAdapter(Deadline)

KEEP = """
INSERT INTO activity (activity_id, version, name, kind, school_year, place, starts_on, ends_on,
    days, weekdays, slots, capacity, age_groups, reserve_rule, cancel_rule,
    after_deadline, absence_rule)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (activity_id) DO UPDATE SET version = $2, name = $3, kind = $4, school_year = $5,
    place = $6, starts_on = $7, ends_on = $8, days = $9, weekdays = $10, slots = $11,
    capacity = $12, age_groups = $13, reserve_rule = $14, cancel_rule = $15,
    after_deadline = $16, absence_rule = $17
WHERE activity.version < $2
RETURNING true
"""


async def keep(connection: Connection, activity: Activity) -> bool:
    """Take this state of an activity unless ours is as new; tells whether it was taken."""
    taken = await connection.fetchval(
        KEEP,
        activity.activity_id,
        activity.version,
        activity.name,
        activity.kind,
        activity.school_year,
        activity.place,
        activity.starts_on,
        activity.ends_on,
        activity.days,
        sorted(activity.weekdays),
        _written(activity.slots),
        activity.capacity,
        _written(activity.age_groups),
        activity.reserve_rule.model_dump(mode="json"),
        activity.cancel_rule.model_dump(mode="json"),
        activity.after_deadline.model_dump(mode="json"),
        activity.absence_rule.model_dump(mode="json"),
    )
    return bool(taken)


def _written(facts: Sequence[BaseModel]) -> list[dict[str, Any]]:
    return [fact.model_dump(mode="json") for fact in facts]


async def lock_coming(connection: Connection, today: date) -> list[tuple[Activity, str]]:
    """The activities that are not over, locked in the order of their ids.

    Each with the fingerprint of the calendar from which its sessions were last made.
    """
    rows = await connection.fetch(
        "SELECT * FROM activity WHERE ends_on >= $1 ORDER BY activity_id FOR NO KEY UPDATE", today
    )
    return [(_activity(row), row["planned_with"]) for row in rows]


async def planned(connection: Connection, activity_id: UUID, fingerprint: str) -> None:
    """Remember from which calendar the sessions are made."""
    await connection.execute(
        "UPDATE activity SET planned_with = $2 WHERE activity_id = $1", activity_id, fingerprint
    )


def _activity(row: Record) -> Activity:
    return Activity(
        activity_id=row["activity_id"],
        version=row["version"],
        name=row["name"],
        kind=row["kind"],
        school_year=row["school_year"],
        place=row["place"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        days=row["days"],
        weekdays=frozenset(row["weekdays"]),
        slots=tuple(Slot.model_validate(slot) for slot in row["slots"]),
        capacity=row["capacity"],
        age_groups=tuple(AgeGroup.model_validate(group) for group in row["age_groups"]),
        reserve_rule=RULE.validate_python(row["reserve_rule"]),
        cancel_rule=RULE.validate_python(row["cancel_rule"]),
        after_deadline=AfterDeadline.model_validate(row["after_deadline"]),
        absence_rule=AbsenceRule.model_validate(row["absence_rule"]),
    )

"""A family's calendar and its list of reservations."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from services.chassis.database import Connection
from services.reservations.errors import UnknownChild
from services.reservations.model.custody import Custody
from services.reservations.model.periods import Period
from services.reservations.model.places import late_state, place_state

Row = dict[str, Any]

# One row an entry; a child with nothing in the period still has a row, without a session.
CALENDAR = """
SELECT c.child_id, c.first_name, c.last_name, c.birth_date, c.custody, entry.*
FROM child c
LEFT JOIN LATERAL (
    SELECT DISTINCT ON (s.session_id)
           s.session_id, s.date, s.slot, s.starts_at, s.ends_at, s.open, s.reserve_from,
           s.reserve_until, s.cancel_until, s.late_policy, s.late_until, s.closed_reason,
           greatest(least(s.capacity - s.booked - s.offered,
                          s.group_capacity[g.age_group] - s.group_taken[g.age_group]), 0)
               AS remaining,
           coalesce(p.waiting_mode, 'offer') <> 'none' AND s.starts_at
               - make_interval(hours => coalesce(p.notice_hours, 24)) > $5 AS has_waiting_list,
           a.activity_id, session_name(a.name, s.slot_name) AS activity_name,
           a.kind, a.place, r.family_id AS held_by, r.reservation_id,
           q.state AS asked, q.reason AS asked_reason, w.waiting_id, w.answer_until,
           (SELECT count(*) FROM waiting b WHERE b.session_id = w.session_id
            AND b.state IN ('waiting', 'offered') AND b.position <= w.position
            AND b.age_group IS NOT DISTINCT FROM w.age_group) AS rank
    FROM enrolment e
    JOIN session s ON s.activity_id = e.activity_id
        AND s.date BETWEEN $2::date AND $3::date AND s.date BETWEEN e.starts_on AND e.ends_on
    JOIN activity a ON a.activity_id = s.activity_id
    LEFT JOIN reservation r
        ON r.session_id = s.session_id AND r.child_id = c.child_id AND r.confirmed
    LEFT JOIN LATERAL (
        SELECT l.state, l.reason FROM late_ask l
        WHERE l.session_id = s.session_id AND l.child_id = c.child_id
          AND l.family_id = c.family_id
        ORDER BY l.asked_at DESC, l.ask_id LIMIT 1
    ) q ON true
    LEFT JOIN waiting w ON w.session_id = s.session_id AND w.child_id = c.child_id
        AND w.family_id = c.family_id AND w.state IN ('waiting', 'offered')
    LEFT JOIN place_rule p ON p.activity_id = s.activity_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN s.group_min IS NOT NULL
                    THEN age_group(c.birth_date, s.date, s.group_min, s.group_max) END AS age_group
    ) g
    WHERE e.family_id = c.family_id AND e.child_id = c.child_id
      AND (s.open OR s.closed_reason IS NOT NULL OR r.reservation_id IS NOT NULL)
) entry ON true
WHERE c.family_id = $1 AND c.in_file AND ($4::uuid IS NULL OR c.child_id = $4)
ORDER BY entry.starts_at, c.birth_date, c.child_id, entry.session_id
"""

RESERVATIONS = """
SELECT r.reservation_id, r.session_id, r.child_id, coalesce(c.first_name, '') AS first_name,
       a.activity_id, session_name(a.name, s.slot_name) AS activity_name,
       a.kind, a.place, s.date, s.starts_at, s.ends_at,
       CASE WHEN r.confirmed THEN 'confirmed' ELSE 'cancelled' END AS state, r.late AS charged,
       r.past_deadline, r.past_line, r.by_staff, s.cancel_until, r.changed_at
FROM reservation r
JOIN session s USING (session_id)
JOIN activity a USING (activity_id)
LEFT JOIN child c ON c.family_id = r.family_id AND c.child_id = r.child_id
WHERE r.family_id = $1 AND s.date BETWEEN $2 AND $3 AND (r.confirmed OR $4)
ORDER BY s.date, s.starts_at, first_name, r.reservation_id
"""


@dataclass(frozen=True, slots=True)
class FamilyCalendar:
    """The children, and their entries on each day that has any."""

    children: list[Row]
    entries: dict[date, list[Row]]


async def calendar(
    connection: Connection, family_id: UUID, period: Period, child_id: UUID | None, now: datetime
) -> FamilyCalendar:
    """What the family's children (or one of them) may reserve, and hold, over a period.

    Raises UnknownChild when the child asked for is not the family's.
    """
    rows = await connection.fetch(CALENDAR, family_id, period.first, period.last, child_id, now)
    if child_id and not rows:
        raise UnknownChild
    children = {row["child_id"]: row for row in rows}
    custodies = {
        c: Custody.from_data(row["custody"]) for c, row in children.items() if row["custody"]
    }
    entries: dict[date, list[Row]] = {}
    for row in rows:
        if row["session_id"]:
            custody = custodies.get(row["child_id"])
            entry = _entry(row, family_id, now)
            entry["other_home"] = bool(custody and custody.is_elsewhere(family_id, row["date"]))
            entries.setdefault(row["date"], []).append(entry)
    by_birth = sorted(children.values(), key=lambda row: (row["birth_date"], row["child_id"]))
    return FamilyCalendar([dict(row) for row in by_birth], entries)


def _entry(row: Record, family_id: UUID, now: datetime) -> Row:
    # A place that the child's other home holds is shown taken, and cannot be given back here.
    own = row["held_by"] == family_id
    late = late_state(
        reserve_until=row["reserve_until"],
        policy=row["late_policy"],
        late_until=row["late_until"],
        now=now,
    )
    state = place_state(
        reserved=row["held_by"] is not None,
        is_open=row["open"],
        remaining=row["remaining"],
        reserve_from=row["reserve_from"],
        reserve_until=row["reserve_until"],
        now=now,
        late=late is not None,
    )
    entry = dict(row)
    entry["late"] = late
    entry["state"] = state
    entry["reservation_id"] = row["reservation_id"] if own else None
    entry["late_cancel"] = own and now > row["cancel_until"]
    entry["rank"] = row["rank"] if row["waiting_id"] else None
    return entry


async def reservations(
    connection: Connection, family_id: UUID, period: Period, *, with_cancelled: bool
) -> list[Row]:
    """The family's reservations of a period; those given back as well when asked for."""
    rows = await connection.fetch(
        RESERVATIONS, family_id, period.first, period.last, with_cancelled
    )
    return [dict(row) for row in rows]


async def strangers(
    connection: Connection, family_id: UUID, child_ids: Collection[UUID]
) -> set[UUID]:
    """Those of these children whom the family's file does not name."""
    rows = await connection.fetch(
        "SELECT child_id FROM child WHERE family_id = $1 AND child_id = ANY($2)",
        family_id,
        list(child_ids),
    )
    return set(child_ids) - {row["child_id"] for row in rows}


async def whose(connection: Connection, reservation_id: UUID) -> dict[str, UUID]:
    """The `family_id` and `child_id` of a reservation; nothing when there is none."""
    row = await connection.fetchrow(
        "SELECT family_id, child_id FROM reservation WHERE reservation_id = $1", reservation_id
    )
    return dict(row) if row else {}

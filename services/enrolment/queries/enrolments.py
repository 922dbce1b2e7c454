"""Requests and enrolments as they are shown, each with its dated history."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.enrolment.errors import UnknownEnrolment

Row = dict[str, Any]

# A rank counts those who wait before; the words are those of the last allocation that holds.
ENROLMENT = """
SELECT e.enrolment_id, e.version, e.status, e.child_id, e.family_id, e.activity_id, e.school_year,
       e.starts_on, e.ends_on, e.left_on, e.regulations_version, e.submitted_at, e.application_id,
       e.together, e.declared,
       coalesce(c.first_name || ' ' || c.last_name, '') AS child_name,
       c.birth_date, c.school_class, s.name AS school_name,
       coalesce(f.label, '') AS family_label, coalesce(f.reference, '') AS family_reference,
       a.name AS activity_name, a.weekdays, history.steps AS history,
       CASE WHEN e.status IN ('waiting', 'accepted', 'refused', 'withdrawn')
            THEN history.last_at END AS decided_at,
       history.last_note AS reason,
       CASE WHEN e.status = 'waiting' THEN (
           SELECT count(*) FROM enrolment w
           WHERE w.activity_id = e.activity_id AND w.status = 'waiting'
             AND (coalesce(w.waiting_rank, 2147483647), w.arrival)
                 <= (coalesce(e.waiting_rank, 2147483647), e.arrival)) END AS rank,
       allocated.explanation, allocated.seed, allocated.draw
FROM enrolment e
JOIN activity a USING (activity_id)
LEFT JOIN family f USING (family_id)
LEFT JOIN family_child c USING (family_id, child_id)
LEFT JOIN school s ON s.code = c.school_code
LEFT JOIN LATERAL (
    SELECT l.explanation, o.seed, l.draw
    FROM allocation_line l JOIN allocation o USING (allocation_id)
    WHERE l.enrolment_id = e.enrolment_id AND o.confirmed_at IS NOT NULL
    ORDER BY o.confirmed_at DESC LIMIT 1
) allocated ON true
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('at', s.at, 'status', s.status, 'note', s.note,
                                        'actor', s.actor) ORDER BY s.version) AS steps,
           max(s.at) AS last_at,
           max(s.note) FILTER (WHERE s.version = e.version) AS last_note
    FROM enrolment_step s WHERE s.enrolment_id = e.enrolment_id
) history
"""
# Drafts are shown to their family alone.
PAGE = (
    ENROLMENT
    + """
WHERE ($1::uuid IS NULL OR e.family_id = $1) AND ($2::text IS NULL OR e.status = $2)
  AND ($3::uuid IS NULL OR e.child_id = $3) AND ($4::uuid IS NULL OR e.activity_id = $4)
  AND ($5::text IS NULL OR e.school_year = $5) AND ($6 OR e.status <> 'draft')
ORDER BY e.submitted_at DESC, e.enrolment_id LIMIT $7 OFFSET $8
"""
)
COUNT = """
SELECT count(*) FROM enrolment
WHERE ($1::uuid IS NULL OR family_id = $1) AND ($2::text IS NULL OR status = $2)
  AND ($3::uuid IS NULL OR child_id = $3) AND ($4::uuid IS NULL OR activity_id = $4)
  AND ($5::text IS NULL OR school_year = $5) AND ($6 OR status <> 'draft')
"""
ONE = ENROLMENT + "WHERE e.enrolment_id = $1 AND ($2::uuid IS NULL OR e.family_id = $2)"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which enrolments; what is None does not matter."""

    family_id: UUID | None
    status: str | None = None
    child_id: UUID | None = None
    activity_id: UUID | None = None
    school_year: str | None = None
    with_drafts: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and how long the whole list is."""

    rows: list[Row]
    total: int


async def enrolments(connection: Connection, wanted: Wanted, *, page: int, size: int) -> Page:
    """Requests and enrolments with their history, the newest first; drafts before them."""
    matching = (
        wanted.family_id,
        wanted.status,
        wanted.child_id,
        wanted.activity_id,
        wanted.school_year,
        wanted.with_drafts,
    )
    rows = await connection.fetch(PAGE, *matching, size, (page - 1) * size)
    total = await connection.fetchval(COUNT, *matching)
    return Page([dict(row) for row in rows], total)


async def enrolment(
    connection: Connection, enrolment_id: UUID, family_id: UUID | None = None
) -> Row:
    """One enrolment with its history, of this family or any. Raises UnknownEnrolment."""
    row = await connection.fetchrow(ONE, enrolment_id, family_id)
    if row is None or (family_id is None and row["status"] == "draft"):
        raise UnknownEnrolment
    return dict(row)

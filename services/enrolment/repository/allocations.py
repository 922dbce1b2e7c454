"""Reads who takes part in an allocation; writes what it was made with, and what came of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.chassis.database import Connection
from services.enrolment.errors import UnknownAllocation
from services.enrolment.model.allocation import Candidate, Criterion, Known, Line, Reason, reasons

# A request that was sent back takes part once the family has completed it.
CANDIDATES = """
SELECT e.enrolment_id, e.declared, coalesce(f.resident, false) AS resident, c.school_code,
       CASE WHEN e.together THEN e.application_id END AS application_id,
       EXISTS (SELECT FROM enrolment s JOIN activity o ON o.activity_id = s.activity_id
               WHERE s.family_id = e.family_id AND s.child_id <> e.child_id
                 AND s.status = 'accepted' AND o.kind = a.kind
                 AND o.school_year = a.school_year) AS has_sibling
FROM enrolment e
JOIN activity a USING (activity_id)
LEFT JOIN family f USING (family_id)
LEFT JOIN family_child c USING (family_id, child_id)
WHERE e.activity_id = $1 AND e.status IN ('submitted', 'waiting')
"""
SAVE_LINES = """
INSERT INTO allocation_line (allocation_id, enrolment_id, position, points, draw, outcome, reasons,
                             explanation)
SELECT $1, l.enrolment_id, l.position, l.points, l.draw, l.outcome, l.reasons::jsonb, l.explanation
FROM unnest($2::uuid[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[],
            $8::text[])
    AS l (enrolment_id, position, points, draw, outcome, reasons, explanation)
"""


@dataclass(frozen=True, slots=True)
class Allocation:
    """One distribution of places: what it was made with, and its result."""

    allocation_id: UUID
    activity_id: UUID
    seed: str
    places: int
    made_at: datetime
    made_by: UUID | None
    confirmed_at: datetime | None
    lines: tuple[Line, ...]


async def candidates(
    connection: Connection, activity_id: UUID, criteria: Sequence[Criterion]
) -> list[Candidate]:
    """The requests that take part, each with the criteria that it meets now."""
    rows = await connection.fetch(CANDIDATES, activity_id)
    return [
        Candidate(
            enrolment_id=row["enrolment_id"],
            reasons=reasons(
                criteria,
                Known(row["declared"], row["resident"], row["has_sibling"], row["school_code"]),
            ),
            group=row["application_id"],
        )
        for row in rows
    ]


async def save(
    connection: Connection, allocation: Allocation, explanations: Mapping[UUID, str]
) -> None:
    """Keep a preview."""
    await connection.execute(
        """INSERT INTO allocation (allocation_id, activity_id, seed, places, made_at, made_by)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        allocation.allocation_id,
        allocation.activity_id,
        allocation.seed,
        allocation.places,
        allocation.made_at,
        allocation.made_by,
    )
    lines = allocation.lines
    await connection.execute(
        SAVE_LINES,
        allocation.allocation_id,
        [line.enrolment_id for line in lines],
        [line.position for line in lines],
        [line.points for line in lines],
        [line.draw for line in lines],
        [line.outcome for line in lines],
        [json.dumps([reason._asdict() for reason in line.reasons]) for line in lines],
        [explanations[line.enrolment_id] for line in lines],
    )


async def lock(connection: Connection, allocation_id: UUID) -> Allocation:
    """The allocation, nobody else confirming it meanwhile. Raises UnknownAllocation."""
    row = await connection.fetchrow(
        "SELECT * FROM allocation WHERE allocation_id = $1 FOR UPDATE", allocation_id
    )
    if row is None:
        raise UnknownAllocation
    lines = await connection.fetch(
        "SELECT * FROM allocation_line WHERE allocation_id = $1 ORDER BY position", allocation_id
    )
    return Allocation(
        allocation_id=allocation_id,
        activity_id=row["activity_id"],
        seed=row["seed"],
        places=row["places"],
        made_at=row["made_at"],
        made_by=row["made_by"],
        confirmed_at=row["confirmed_at"],
        lines=tuple(_line(line) for line in lines),
    )


async def confirm(
    connection: Connection, allocation_id: UUID, now: datetime, by: UUID | None
) -> None:
    """Note that the allocation holds from now on."""
    await connection.execute(
        "UPDATE allocation SET confirmed_at = $2, confirmed_by = $3 WHERE allocation_id = $1",
        allocation_id,
        now,
        by,
    )


def _line(row: asyncpg.Record) -> Line:
    met: list[dict[str, Any]] = row["reasons"]
    return Line(
        enrolment_id=row["enrolment_id"],
        position=row["position"],
        points=row["points"],
        draw=row["draw"],
        outcome=row["outcome"],
        reasons=tuple(Reason(**reason) for reason in met),
    )

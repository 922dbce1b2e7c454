"""What is asked of a family in papers, and where it stands."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.enrolment.model.papers import Asking, DocumentType, Need, Paper, needs
from services.enrolment.repository import papers

# Whoever asks for an activity or is in it, as long as it goes on.
ASKING = """
SELECT e.child_id, a.activity_id, a.name AS activity_name, a.document_types
FROM enrolment e JOIN activity a USING (activity_id)
WHERE e.family_id = $1 AND e.status NOT IN ('draft', 'refused', 'withdrawn') AND a.ends_on >= $2
ORDER BY a.name, a.activity_id
"""
ASKING_OF_ENROLMENTS = """
SELECT e.enrolment_id, e.family_id, e.child_id, a.activity_id, a.name AS activity_name,
       a.document_types
FROM enrolment e JOIN activity a USING (activity_id)
WHERE e.enrolment_id = ANY($1::uuid[]) AND e.status NOT IN ('refused', 'withdrawn')
  AND a.ends_on >= $2
"""


async def papers_of_family(connection: Connection, family_id: UUID, today: date) -> list[Need]:
    """Everything that is asked of the family, for all its children and their activities."""
    children = await _children(connection, family_id)
    rows = await connection.fetch(ASKING, family_id, today)
    return needs(
        await papers.document_types(connection),
        (await papers.papers(connection, [family_id]))[family_id],
        children=children,
        asking=[_asking(row) for row in rows if row["child_id"] in children],
        today=today,
    )


async def papers_for_activity(
    connection: Connection, family_id: UUID, child_id: UUID, activity_id: UUID, today: date
) -> list[Need]:
    """What one activity asks for one child, enrolled already or about to be."""
    row = await connection.fetchrow(
        """SELECT $2::uuid AS child_id, activity_id, name AS activity_name, document_types
           FROM activity WHERE activity_id = $1""",
        activity_id,
        child_id,
    )
    if row is None or child_id not in await _children(connection, family_id):
        return []
    held = (await papers.papers(connection, [family_id]))[family_id]
    return _asked_by(_asking(row), await papers.document_types(connection), held, today)


async def papers_of_enrolments(
    connection: Connection, enrolment_ids: Sequence[UUID], today: date
) -> dict[UUID, list[Need]]:
    """What each of these enrolments' activity asks for its child."""
    rows = await connection.fetch(ASKING_OF_ENROLMENTS, list(enrolment_ids), today)
    kinds = await papers.document_types(connection)
    held = await papers.papers(connection, {row["family_id"] for row in rows})
    return {
        row["enrolment_id"]: _asked_by(_asking(row), kinds, held[row["family_id"]], today)
        for row in rows
    }


def _asked_by(
    activity: Asking, kinds: Sequence[DocumentType], held: Sequence[Paper], today: date
) -> list[Need]:
    """What this activity asks; what the town asks of everyone is left to the family's own list."""
    found = needs(kinds, held, children=[], asking=[activity], today=today)
    return [need for need in found if need.activities]


async def _children(connection: Connection, family_id: UUID) -> list[UUID]:
    rows = await connection.fetch(
        """SELECT child_id FROM family_child WHERE family_id = $1 AND in_file
           ORDER BY birth_date, child_id""",
        family_id,
    )
    return [row["child_id"] for row in rows]


def _asking(row: Any) -> Asking:
    return Asking(
        row["child_id"], row["activity_id"], row["activity_name"], tuple(row["document_types"])
    )

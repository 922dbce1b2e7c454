"""Moves what is one family's under another's."""

from collections.abc import Mapping
from uuid import UUID

from services.chassis.database import Connection

MOVE_CHILDREN = """
INSERT INTO family_child (family_id, child_id)
SELECT $1, child_id FROM family_child WHERE family_id = $2 AND child_id <> ALL ($3)
ON CONFLICT DO NOTHING
"""

# The same paper handed in by both is there twice under two keys; both stay.
MOVE_DOCUMENTS = """
UPDATE document d SET family_id = $1, sealed_for = coalesce(d.sealed_for, d.family_id),
    child_id = coalesce((SELECT j.kept FROM unnest($3::uuid[], $4::uuid[]) AS j (gone, kept)
                         WHERE j.gone = d.child_id), d.child_id)
WHERE d.family_id = $2
"""

# What certificates say. Those that were issued stay as they are, and can still be checked.
CERTIFIED = tuple(
    f"""UPDATE {table} t SET family_id = $1,
        child_id = coalesce((SELECT j.kept FROM unnest($3::uuid[], $4::uuid[]) AS j (gone, kept)
                             WHERE j.gone = t.child_id), t.child_id)
        WHERE family_id = $2"""  # noqa: S608 - our own names
    for table in ("certified_enrolment", "certified_attendance", "certified_payment")
)


async def move_family(
    connection: Connection, family_id: UUID, gone: UUID, children: Mapping[UUID, UUID]
) -> None:
    """Move the children and papers of the family that is gone.

    `children` maps the ids that its children had to those they bear with the other's.
    """
    joined = (list(children), list(children.values()))
    await connection.execute(
        "INSERT INTO family (family_id, record_version) VALUES ($1, 0) ON CONFLICT DO NOTHING",
        family_id,
    )
    await connection.execute(MOVE_CHILDREN, family_id, gone, joined[0])
    await connection.execute("DELETE FROM family WHERE family_id = $1", gone)
    await connection.execute(MOVE_DOCUMENTS, family_id, gone, *joined)
    for table in CERTIFIED:
        await connection.execute(table, family_id, gone, *joined)
    await connection.execute("DELETE FROM certified_family WHERE family_id = $1", gone)
    await connection.execute(
        "UPDATE opening SET family_id = $1 WHERE family_id = $2", family_id, gone
    )

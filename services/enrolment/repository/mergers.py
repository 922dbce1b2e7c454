"""Moves what is one family's under another's."""

from collections.abc import Mapping
from uuid import UUID

from services.chassis.database import Connection

# The survivor's file may come later; its children need a family to stand in.
STAND_IN = """
INSERT INTO family (family_id, record_version, reference, label)
SELECT $1, 0, '', label FROM family WHERE family_id = $2 ON CONFLICT DO NOTHING
"""

MOVE_CHILDREN = """
INSERT INTO family_child (family_id, child_id, first_name, last_name, birth_date, school_code,
                          school_class, in_file)
SELECT $1, child_id, first_name, last_name, birth_date, school_code, school_class, in_file
FROM family_child WHERE family_id = $2 AND child_id <> ALL ($3)
ON CONFLICT DO NOTHING
"""

# Of two live enrolments of one child in one activity one stays: the accepted one, else the first.
# Drafts are the family's to sort out.
DROP_DOUBLES = """
WITH live AS (
    SELECT e.enrolment_id,
           row_number() OVER (
               PARTITION BY coalesce(j.kept, e.child_id), e.activity_id
               ORDER BY e.status <> 'accepted', e.submitted_at, e.enrolment_id) AS rank
    FROM enrolment e
    LEFT JOIN unnest($3::uuid[], $4::uuid[]) AS j (gone, kept) ON j.gone = e.child_id
    WHERE e.family_id IN ($1, $2) AND e.status NOT IN ('draft', 'refused', 'withdrawn')
)
DELETE FROM enrolment e USING live l WHERE l.enrolment_id = e.enrolment_id AND l.rank > 1
"""

MOVE_ENROLMENTS = """
UPDATE enrolment e SET family_id = $1, child_id = coalesce(
    (SELECT j.kept FROM unnest($3::uuid[], $4::uuid[]) AS j (gone, kept)
     WHERE j.gone = e.child_id), e.child_id)
WHERE e.family_id = $2
"""

# Of two acceptances of one text one stays.
MOVE_ACCEPTANCES = """
INSERT INTO regulations_acceptance (family_id, school_year, activity_id, version, accepted_at,
                                    accepted_by)
SELECT $1, school_year, activity_id, version, accepted_at, accepted_by
FROM regulations_acceptance WHERE family_id = $2
ON CONFLICT DO NOTHING
"""


async def move_family(
    connection: Connection, family_id: UUID, gone: UUID, children: Mapping[UUID, UUID]
) -> None:
    """Move children, enrolments and acceptances of the family that is gone.

    `children` maps the ids that its children had to those they bear with the other's.
    """
    joined = (list(children), list(children.values()))
    await connection.execute(STAND_IN, family_id, gone)
    await connection.execute(MOVE_CHILDREN, family_id, gone, joined[0])
    await connection.execute("DELETE FROM family WHERE family_id = $1", gone)
    await connection.execute(DROP_DOUBLES, family_id, gone, *joined)
    await connection.execute(MOVE_ENROLMENTS, family_id, gone, *joined)
    await connection.execute(MOVE_ACCEPTANCES, family_id, gone)
    await connection.execute("DELETE FROM regulations_acceptance WHERE family_id = $1", gone)

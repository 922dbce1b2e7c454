"""Moves what is kept of one family to another, and of one child to another."""

from collections.abc import Mapping
from uuid import UUID

from services.chassis.database import Connection

MOVE_CHILDREN = """
INSERT INTO child (family_id, child_id, first_name, last_name, birth_date, school_class, diet,
                   allergies, custody, in_file)
SELECT $1, child_id, first_name, last_name, birth_date, school_class, diet, allergies, custody,
       in_file
FROM child WHERE family_id = $2 AND child_id <> ALL ($3)
ON CONFLICT DO NOTHING
"""

MOVE_NOTES = """
INSERT INTO child_notes (family_id, child_id, school_code, pick_ups, care_instructions,
                         care_valid_until, consents)
SELECT $1, child_id, school_code, pick_ups, care_instructions, care_valid_until, consents
FROM child_notes WHERE family_id = $2 AND child_id <> ALL ($3)
ON CONFLICT DO NOTHING
"""

MOVE_ENROLMENTS = """
UPDATE enrolment e SET family_id = $1, child_id = coalesce(
    (SELECT j.kept FROM unnest($3::uuid[], $4::uuid[]) AS j (gone, kept)
     WHERE j.gone = e.child_id), e.child_id)
WHERE e.family_id = $2
"""

# Sessions first and in the order of their ids, as whoever reserves locks them.
LOCK_SESSIONS = """
SELECT session_id FROM session WHERE session_id IN (
    SELECT session_id FROM reservation WHERE child_id = $1
    UNION ALL SELECT session_id FROM waiting WHERE child_id = $1)
ORDER BY session_id FOR NO KEY UPDATE
"""

# One child holds one place: of two confirmed ones the second is free again.
FREE_DOUBLES = """
UPDATE session s SET booked = s.booked - 1,
    group_taken = CASE WHEN s.group_taken IS NOT NULL THEN groups_after(s.group_taken,
        ARRAY[CASE WHEN (k.changed_at >= g.changed_at) THEN g.age_group ELSE k.age_group END],
        -1) END
FROM reservation g JOIN reservation k ON k.session_id = g.session_id AND k.child_id = $2
WHERE g.child_id = $1 AND g.confirmed AND k.confirmed AND s.session_id = g.session_id
"""

# The confirmed place holds, else the one that was changed last; a version above both, so that
# what is told of it later is news to everyone.
DROP_LESSER_PLACES = """
WITH both_have AS (
    SELECT g.session_id, greatest(g.version, k.version) + 1 AS version,
           (k.confirmed, k.changed_at) >= (g.confirmed, g.changed_at) AS keeps
    FROM reservation g JOIN reservation k ON k.session_id = g.session_id AND k.child_id = $2
    WHERE g.child_id = $1
), dropped AS (
    DELETE FROM reservation r USING both_have b
    WHERE r.session_id = b.session_id AND r.child_id = CASE WHEN b.keeps THEN $1 ELSE $2 END
)
UPDATE reservation r SET version = b.version FROM both_have b
WHERE r.session_id = b.session_id AND r.child_id = CASE WHEN b.keeps THEN $2 ELSE $1 END
"""

# One child waits once: it keeps the rank of whoever came first, and an offer before a mere wait.
DROP_LESSER_WAITS = """
WITH both_wait AS (
    SELECT g.waiting_id AS gone, k.waiting_id AS kept,
           (g.state = 'offered', -g.position) > (k.state = 'offered', -k.position) AS gone_leads
    FROM waiting g JOIN waiting k ON k.session_id = g.session_id AND k.child_id = $2
    WHERE g.child_id = $1 AND g.state IN ('waiting', 'offered')
      AND k.state IN ('waiting', 'offered')
), dropped AS (
    DELETE FROM waiting w USING both_wait b
    WHERE w.waiting_id = CASE WHEN b.gone_leads THEN b.kept ELSE b.gone END
    RETURNING w.session_id, w.age_group, w.state = 'offered' AS had_offer
)
UPDATE session s SET waiting = s.waiting - (NOT d.had_offer)::integer,
    offered = s.offered - d.had_offer::integer,
    group_taken = CASE WHEN s.group_taken IS NOT NULL AND d.had_offer
                       THEN groups_after(s.group_taken, ARRAY[d.age_group], -1)
                       ELSE s.group_taken END
FROM dropped d WHERE s.session_id = d.session_id
"""

DROP_LESSER_MARKS = """
WITH both_have AS (
    SELECT g.session_id, greatest(g.version, k.version) + 1 AS version,
           k.marked_at >= g.marked_at AS keeps
    FROM attendance g JOIN attendance k ON k.session_id = g.session_id AND k.child_id = $2
    WHERE g.child_id = $1
), dropped AS (
    DELETE FROM attendance r USING both_have b
    WHERE r.session_id = b.session_id AND r.child_id = CASE WHEN b.keeps THEN $1 ELSE $2 END
)
UPDATE attendance r SET version = b.version FROM both_have b
WHERE r.session_id = b.session_id AND r.child_id = CASE WHEN b.keeps THEN $2 ELSE $1 END
"""

RENAME_CHILD = (
    "UPDATE attendance SET child_id = $2 WHERE child_id = $1",
    "UPDATE roll_mark SET child_id = $2 WHERE child_id = $1",
    "UPDATE absence SET child_id = $2 WHERE child_id = $1",
    "UPDATE certificate SET child_id = $2 WHERE child_id = $1",
)

RENAME_FAMILY = (
    "UPDATE attendance SET family_id = $1 WHERE family_id = $2",
    "UPDATE roll_mark SET family_id = $1 WHERE family_id = $2",
    "UPDATE absence SET family_id = $1 WHERE family_id = $2",
    "UPDATE certificate SET family_id = $1 WHERE family_id = $2",
)
# Of two asks for one child at one session that wait for an answer the family's own stays.
DROP_LESSER_ASKS = """
WITH renamed AS (
    SELECT q.ask_id, q.session_id, q.family_id,
           coalesce((SELECT j.kept FROM unnest($3::uuid[], $4::uuid[]) AS j (gone, kept)
                     WHERE j.gone = q.child_id), q.child_id) AS child_id
    FROM late_ask q WHERE q.family_id = ANY (ARRAY[$1, $2]::uuid[]) AND q.state = 'pending'
), ranked AS (
    SELECT ask_id, row_number() OVER (
        PARTITION BY session_id, child_id ORDER BY family_id = $1 DESC, ask_id) AS place
    FROM renamed
)
DELETE FROM late_ask WHERE ask_id IN (SELECT ask_id FROM ranked WHERE place > 1)
"""
MOVE_ASKS = """
UPDATE late_ask q SET family_id = $1, child_id = coalesce(
    (SELECT j.kept FROM unnest($3::uuid[], $4::uuid[]) AS j (gone, kept)
     WHERE j.gone = q.child_id), q.child_id)
WHERE q.family_id = ANY (ARRAY[$1, $2]::uuid[])
"""


async def move_copies(
    connection: Connection, family_id: UUID, gone: UUID, children: Mapping[UUID, UUID]
) -> None:
    """Put the children and enrolments of the family that goes under the other one."""
    # The survivor's file may come later; its children need a family to stand in.
    await connection.execute(
        "INSERT INTO family (family_id, record_version) VALUES ($1, 0) ON CONFLICT DO NOTHING",
        family_id,
    )
    await connection.execute(MOVE_CHILDREN, family_id, gone, list(children))
    await connection.execute(MOVE_NOTES, family_id, gone, list(children))
    await connection.execute("DELETE FROM family WHERE family_id = $1", gone)
    await connection.execute(
        MOVE_ENROLMENTS, family_id, gone, list(children), list(children.values())
    )


async def join_places(connection: Connection, gone: UUID, kept: UUID) -> None:
    """Make the places of one child the other's; where both hold one, one stays."""
    await connection.fetch(LOCK_SESSIONS, gone)
    await connection.execute(FREE_DOUBLES, gone, kept)
    await connection.execute(DROP_LESSER_PLACES, gone, kept)
    await connection.execute("UPDATE reservation SET child_id = $2 WHERE child_id = $1", gone, kept)
    await connection.execute(DROP_LESSER_WAITS, gone, kept)
    await connection.execute("UPDATE waiting SET child_id = $2 WHERE child_id = $1", gone, kept)


async def join_marks(connection: Connection, gone: UUID, kept: UUID) -> None:
    """Make what is said of one child the other's; of two lines of a roll the later one holds."""
    await connection.execute(DROP_LESSER_MARKS, gone, kept)
    for statement in RENAME_CHILD:
        await connection.execute(statement, gone, kept)


async def move_places(connection: Connection, family_id: UUID, gone: UUID) -> None:
    """Make the places, waits, marks and absences of one family the other's."""
    await connection.execute(
        "UPDATE reservation SET family_id = $1 WHERE family_id = $2", family_id, gone
    )
    await connection.execute(
        "UPDATE waiting SET family_id = $1 WHERE family_id = $2", family_id, gone
    )
    for statement in RENAME_FAMILY:
        await connection.execute(statement, family_id, gone)


async def move_asks(
    connection: Connection, family_id: UUID, gone: UUID, children: Mapping[UUID, UUID]
) -> None:
    """Make what the one family asked of the staff the other's."""
    names = (family_id, gone, list(children), list(children.values()))
    await connection.execute(DROP_LESSER_ASKS, *names)
    await connection.execute(MOVE_ASKS, *names)

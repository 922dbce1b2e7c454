"""Two families made one: their papers under the one that stays."""

from contracts.events.accounts import FamiliesMerged
from services.chassis import renamed
from services.chassis.database import Connection

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


async def families_merged(connection: Connection, event: FamiliesMerged) -> None:
    """What was the one family's is the other's from now on."""
    children = {c.merged_child_id: c.child_id for c in event.children}
    newest = await renamed.rename(connection, {event.merged_family_id: event.family_id, **children})
    gone = event.merged_family_id
    family_id = newest.pop(gone, event.family_id)
    await connection.execute(
        "INSERT INTO family (family_id, record_version) VALUES ($1, 0) ON CONFLICT DO NOTHING",
        family_id,
    )
    await connection.execute(
        """INSERT INTO family_child (family_id, child_id)
           SELECT $1, child_id FROM family_child WHERE family_id = $2 AND child_id <> ALL ($3)
           ON CONFLICT DO NOTHING""",
        family_id,
        gone,
        list(newest),
    )
    await connection.execute("DELETE FROM family WHERE family_id = $1", gone)
    await connection.execute(MOVE_DOCUMENTS, family_id, gone, list(newest), list(newest.values()))
    for table in CERTIFIED:
        await connection.execute(table, family_id, gone, list(newest), list(newest.values()))
    await connection.execute("DELETE FROM certified_family WHERE family_id = $1", gone)
    await connection.execute(
        "UPDATE opening SET family_id = $1 WHERE family_id = $2", family_id, gone
    )

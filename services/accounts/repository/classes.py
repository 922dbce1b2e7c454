"""The class ladder, and the school years that children changed class for."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

from services.accounts.model.family import FamilyRecord
from services.accounts.model.roll_over import Ladder
from services.accounts.repository import families
from services.chassis.database import Connection

CHUNK = 500


async def ladder(connection: Connection) -> Ladder:
    """The classes in order."""
    rows = await connection.fetch("SELECT name FROM class_step ORDER BY position")
    return Ladder(tuple(row["name"] for row in rows))


async def keep_ladder(connection: Connection, steps: Sequence[str]) -> None:
    """Put these classes in the place of the present ones."""
    await connection.execute("DELETE FROM class_step")
    await connection.execute(
        """INSERT INTO class_step (position, name)
           SELECT number - 1, name FROM unnest($1::text[]) WITH ORDINALITY AS s (name, number)""",
        steps,
    )


async def held(connection: Connection) -> list[tuple[str | None, str]]:
    """The classes that have children, each with its school."""
    rows = await connection.fetch(
        "SELECT DISTINCT school_code, school_class FROM child WHERE school_class IS NOT NULL"
    )
    return [(row["school_code"], row["school_class"]) for row in rows]


async def begin(
    connection: Connection, school_year: str, *, by: UUID | None, now: datetime
) -> bool:
    """Claim the school year; False when it was rolled over before."""
    claimed = await connection.fetchval(
        """INSERT INTO roll_over (school_year, applied_at, applied_by) VALUES ($1, $2, $3)
           ON CONFLICT DO NOTHING RETURNING true""",
        school_year,
        now,
        by,
    )
    return bool(claimed)


async def finish(connection: Connection, school_year: str, *, moved: int, leaving: int) -> None:
    """Note how many children moved and left."""
    await connection.execute(
        "UPDATE roll_over SET moved = $2, leaving = $3 WHERE school_year = $1",
        school_year,
        moved,
        leaving,
    )


async def lock_pupils(connection: Connection) -> AsyncIterator[list[FamilyRecord]]:
    """Every family that has a child in a class, locked, a chunk at a time."""
    last = ""
    while True:
        rows = await connection.fetch(
            """SELECT reference FROM family f WHERE reference > $1
               AND EXISTS (SELECT FROM child c
                           WHERE c.family_id = f.family_id AND c.school_class IS NOT NULL)
               ORDER BY reference LIMIT $2""",
            last,
            CHUNK,
        )
        if not rows:
            return
        last = rows[-1]["reference"]
        found = await families.lock_by_reference(connection, [row["reference"] for row in rows])
        # Not the other homes of their children, whose turn is another.
        yield [found[row["reference"]] for row in rows]

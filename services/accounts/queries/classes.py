"""What can be asked of classes: who would go where, and the years done."""

from typing import Any

from services.accounts.model.roll_over import ClassMove, Ladder
from services.accounts.repository import classes
from services.chassis.database import Connection


async def ladder(connection: Connection) -> Ladder:
    """The classes in order."""
    return await classes.ladder(connection)


async def moves(connection: Connection, steps: Ladder) -> list[ClassMove]:
    """Each class of each school with what would become of its children."""
    rows = await connection.fetch(
        """SELECT school_code, school_class, count(*) AS children FROM child
           WHERE school_class IS NOT NULL
           GROUP BY school_code, school_class ORDER BY school_code, school_class"""
    )
    last_places = steps.last_places((row["school_code"], row["school_class"]) for row in rows)
    found = [
        ClassMove(
            row["school_code"],
            row["school_class"],
            row["children"],
            steps.within(row["school_class"], last_places.get(row["school_code"] or "")),
        )
        for row in rows
    ]
    # By school, then from the youngest class to the eldest, those not recognised last.
    last = len(steps.steps)
    places = {move: steps.place_of(move.school_class) for move in found}
    return sorted(
        found,
        key=lambda m: (m.school_code or "", last if places[m] is None else places[m] or 0),
    )


async def done(connection: Connection) -> list[dict[str, Any]]:
    """The school years that were rolled over, newest first."""
    rows = await connection.fetch(
        """SELECT school_year, applied_at, moved, leaving FROM roll_over
           ORDER BY school_year DESC"""
    )
    return [dict(row) for row in rows]

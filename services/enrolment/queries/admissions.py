"""How children get into activities, and how many have asked, are in, wait."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.chassis.database import Connection
from services.enrolment.model.admission import Admission, Stay, places_left
from services.enrolment.model.allocation import Criterion
from services.enrolment.repository import admissions

COUNTS = """
SELECT e.activity_id, e.status, count(*) AS count
FROM enrolment e JOIN activity a USING (activity_id)
WHERE e.status <> 'draft' AND ($1::text IS NULL OR a.school_year = $1)
GROUP BY e.activity_id, e.status
"""
STAYS = """
SELECT e.activity_id, e.starts_on AS first, coalesce(e.left_on, e.ends_on) AS last
FROM enrolment e JOIN admission m USING (activity_id)
WHERE m.places IS NOT NULL AND (e.status = 'accepted' OR e.left_on >= $1)
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many requests of an activity stand where, and the places that are left."""

    by_status: Mapping[str, int]
    left: int | None


async def by_activity(connection: Connection, school_year: str | None) -> dict[UUID, Admission]:
    """How children get into each activity, of one school year or all."""
    ids = await connection.fetch(
        """SELECT activity_id FROM activity WHERE $1::text IS NULL OR school_year = $1
           ORDER BY school_year DESC, name, activity_id""",
        school_year,
    )
    rows = await connection.fetch("SELECT * FROM admission")
    criteria: defaultdict[UUID, list[Criterion]] = defaultdict(list)
    for row in await connection.fetch("SELECT * FROM criterion ORDER BY activity_id, position"):
        criteria[row["activity_id"]].append(admissions.criterion(row))
    settled = {
        row["activity_id"]: admissions.admission(row, criteria[row["activity_id"]]) for row in rows
    }
    return {
        row["activity_id"]: settled.get(row["activity_id"], Admission(row["activity_id"]))
        for row in ids
    }


async def figures(
    connection: Connection, settled: Mapping[UUID, Admission], school_year: str | None, today: date
) -> dict[UUID, Figures]:
    """The same activities in figures."""
    counts: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    for row in await connection.fetch(COUNTS, school_year):
        counts[row["activity_id"]][row["status"]] = row["count"]
    stays: defaultdict[UUID, list[Stay]] = defaultdict(list)
    for row in await connection.fetch(STAYS, today):
        stays[row["activity_id"]].append(Stay(row["first"], row["last"]))
    return {
        activity_id: Figures(counts[activity_id], places_left(admission, stays[activity_id], today))
        for activity_id, admission in settled.items()
    }

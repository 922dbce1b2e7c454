"""What a family may ask for in a school year, and what it could simply go on with."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.enrolment.errors import UnknownSchoolYear
from services.enrolment.model.choices import Choice, Offered, choices
from services.enrolment.model.classes import admits
from services.enrolment.model.years import SchoolYear
from services.enrolment.queries import admissions, town

# The same code in the year after: for children still of age, with nothing asked for yet.
RENEWALS = """
SELECT e.child_id, c.first_name AS child_name, a.activity_id, a.name AS activity_name,
       a.school_year, a.classes, c.school_class, y.starts_on <= $2 AS has_begun
FROM enrolment e
JOIN activity past ON past.activity_id = e.activity_id
JOIN activity a ON a.code = past.code
    AND left(a.school_year, 4)::integer = left(past.school_year, 4)::integer + 1
JOIN school_year y ON y.label = a.school_year
JOIN family_child c ON c.family_id = e.family_id AND c.child_id = e.child_id AND c.in_file
WHERE e.family_id = $1 AND e.status = 'accepted' AND a.ends_on >= $2
  AND left(a.school_year, 4)::integer - extract(year FROM c.birth_date)
      BETWEEN a.min_age AND a.max_age
  AND NOT EXISTS (SELECT FROM enrolment n
                  WHERE n.child_id = e.child_id AND n.family_id = e.family_id
                    AND n.activity_id = a.activity_id)
ORDER BY a.school_year, c.birth_date, c.child_id, a.name
"""
ASKED = """
SELECT child_id, activity_id, status FROM enrolment
WHERE family_id = $1 AND school_year = $2 AND status NOT IN ('draft', 'refused', 'withdrawn')
"""
OPEN_YEARS = """
SELECT y.* FROM school_year y
WHERE EXISTS (SELECT FROM activity a WHERE a.school_year = y.label AND a.ends_on >= $1)
ORDER BY y.label
"""


@dataclass(frozen=True, slots=True)
class Choosing:
    """The year that is chosen from, all years that have something, and each child's choices."""

    year: SchoolYear | None
    years: list[SchoolYear]
    children: list[dict[str, Any]]
    by_child: dict[UUID, list[Choice]]


async def renewals(connection: Connection, family_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """What the family's children could go on with in the school year after theirs."""
    rows = await connection.fetch(RENEWALS, family_id, paris_date(now))
    return [
        dict(row)
        for row in rows
        if not row["has_begun"] or admits(row["classes"], row["school_class"])
    ]


async def choosing(
    connection: Connection, family_id: UUID, label: str | None, now: datetime
) -> Choosing:
    """What there is to choose in a school year, the first that is not over unless given.

    Raises UnknownSchoolYear.
    """
    years = [SchoolYear(**dict(row)) for row in await connection.fetch(OPEN_YEARS, paris_date(now))]
    year = next((y for y in years if label in (None, y.label)), None)
    if label and year is None:
        raise UnknownSchoolYear
    children = await town.children(connection, family_id)
    if year is None:
        return Choosing(None, years, children, {})
    offered = await _offered(connection, year, now)
    asked = await _asked(connection, family_id, year)
    before = {(r["child_id"], r["activity_id"]) for r in await renewals(connection, family_id, now)}
    return Choosing(
        year=year,
        years=years,
        children=children,
        by_child={
            child["child_id"]: choices(
                child["birth_date"],
                child["school_class"],
                year,
                offered,
                asked=asked[child["child_id"]],
                before={a for c, a in before if c == child["child_id"]},
                now=now,
            )
            for child in children
        },
    )


async def _offered(connection: Connection, year: SchoolYear, now: datetime) -> list[Offered]:
    settled = await admissions.by_activity(connection, year.label)
    rows = await town.activities(connection, year.label)
    return [
        Offered(
            activity_id=row["activity_id"],
            min_age=row["min_age"],
            max_age=row["max_age"],
            classes=tuple(row["classes"]),
            admission=settled[row["activity_id"]],
        )
        for row in rows
        if row["ends_on"] >= paris_date(now)
    ]


async def _asked(
    connection: Connection, family_id: UUID, year: SchoolYear
) -> defaultdict[UUID, dict[UUID, str]]:
    found: defaultdict[UUID, dict[UUID, str]] = defaultdict(dict)
    for row in await connection.fetch(ASKED, family_id, year.label):
        found[row["child_id"]][row["activity_id"]] = row["status"]
    return found

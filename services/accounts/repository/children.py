"""Children of family records, each in one file or, in two homes, in both."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.accounts.model.care import CarePlan, Contact, Doctor, Vaccination
from services.accounts.model.custody import Custody
from services.accounts.model.family import Child, FamilyRecord
from services.chassis.database import Connection


@dataclass(frozen=True, slots=True)
class Care:
    """What of a child stands in the column `care`."""

    pai: CarePlan | None = None
    vaccinations: tuple[Vaccination, ...] = ()
    doctor: Doctor | None = None
    contacts: tuple[Contact, ...] = ()


CARE = TypeAdapter(Care)
CUSTODY = TypeAdapter(Custody)

SAVE = """
INSERT INTO child (child_id, family_id, position, first_name, last_name, birth_date,
                   school_code, school_class, diet, allergies, care)
SELECT child_id, family_id, position, first_name, last_name, birth_date,
       school_code, school_class, diet, allergies, care::jsonb
FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::date[],
            $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
     AS c (child_id, family_id, position, first_name, last_name, birth_date,
           school_code, school_class, diet, allergies, care)
ON CONFLICT (child_id) DO UPDATE SET
    position = CASE child.family_id WHEN excluded.family_id THEN excluded.position
                                    ELSE child.position END,
    first_name = excluded.first_name, last_name = excluded.last_name,
    birth_date = excluded.birth_date, school_code = excluded.school_code,
    school_class = excluded.school_class, diet = excluded.diet,
    allergies = excluded.allergies, care = excluded.care
"""

SAVE_PLACES = """
UPDATE second_home SET position = place.position
FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS place (child_id, family_id, position)
WHERE second_home.child_id = place.child_id AND second_home.family_id = place.family_id
  AND second_home.position <> place.position
"""

OF_FAMILIES = """
SELECT c.*, s.family_id AS second_family_id, s.custody, c.family_id AS listed_in,
       c.position AS place
FROM child c LEFT JOIN second_home s USING (child_id) WHERE c.family_id = ANY($1)
UNION ALL
SELECT c.*, s.family_id, s.custody, s.family_id, s.position
FROM second_home s JOIN child c USING (child_id) WHERE s.family_id = ANY($1)
ORDER BY place
"""


async def of_families(
    connection: Connection, family_ids: Sequence[UUID]
) -> dict[UUID, tuple[Child, ...]]:
    """The children in each of these families' files, in their order."""
    children: dict[UUID, list[Child]] = defaultdict(list)
    for row in await connection.fetch(OF_FAMILIES, family_ids):
        children[row["listed_in"]].append(_child(row))
    return {family_id: tuple(found) for family_id, found in children.items()}


async def save(connection: Connection, records: Sequence[FamilyRecord]) -> None:
    """Write the children of these records; who is in two of them is written once."""
    rows: dict[UUID, tuple[Any, ...]] = {}
    places = []
    for record in records:
        for position, child in enumerate(record.children):
            if child.homes[1:2] == (record.family_id,):
                places.append((child.child_id, record.family_id, position))
            rows.setdefault(child.child_id, _row(record.family_id, position, child))
            if child.homes[:1] == (record.family_id,):
                rows[child.child_id] = _row(record.family_id, position, child)
    if rows:
        await connection.execute(SAVE, *_columns(list(rows.values())))
    if places:
        await connection.execute(SAVE_PLACES, *_columns(places))


async def link(
    connection: Connection, child_id: UUID, family_id: UUID, *, by: UUID | None, now: datetime
) -> None:
    """Put the child into a second family's file as well, at its end."""
    await connection.execute(
        """INSERT INTO second_home (child_id, family_id, position, linked_at, linked_by)
           SELECT $1, $2, coalesce(greatest(
                      (SELECT max(position) FROM child WHERE family_id = $2),
                      (SELECT max(position) FROM second_home WHERE family_id = $2)), -1) + 1,
                  $3, $4""",
        child_id,
        family_id,
        now,
        by,
    )


async def unlink(connection: Connection, child_id: UUID) -> None:
    """Leave the child in the file of the family that registered it alone."""
    await connection.execute("DELETE FROM second_home WHERE child_id = $1", child_id)


async def keep_custody(connection: Connection, child_id: UUID, custody: Custody) -> None:
    """Write the custody calendar of a child in two homes."""
    await connection.execute(
        "UPDATE second_home SET custody = $2 WHERE child_id = $1",
        child_id,
        CUSTODY.dump_python(custody, mode="json"),
    )


def _row(family_id: UUID, position: int, child: Child) -> tuple[Any, ...]:
    care = Care(child.pai, child.vaccinations, child.doctor, child.contacts)
    return (
        child.child_id,
        family_id,
        position,
        child.first_name,
        child.last_name,
        child.birth_date,
        child.school_code,
        child.school_class,
        child.diet,
        child.allergies,
        CARE.dump_json(care, exclude_defaults=True).decode(),
    )


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _child(row: Any) -> Child:
    care = CARE.validate_python(row["care"])
    second = row["second_family_id"]
    return Child(
        child_id=row["child_id"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        birth_date=row["birth_date"],
        school_code=row["school_code"],
        school_class=row["school_class"],
        diet=row["diet"],
        allergies=row["allergies"],
        pai=care.pai,
        vaccinations=care.vaccinations,
        doctor=care.doctor,
        contacts=care.contacts,
        homes=(row["family_id"], second) if second else (),
        custody=CUSTODY.validate_python(row["custody"]) if row["custody"] else None,
    )

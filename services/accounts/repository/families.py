"""Family records: read to be changed, and written many at a time."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.accounts.model.family import Address, Child, FamilyRecord, Guardian
from services.chassis.database import Connection

# Imports take turns: two at once would each make a family that the other has just made.
IMPORT_LOCK = 0x696D7074

SAVE_FAMILIES = r"""
INSERT INTO family (family_id, reference, record_version, resident, quotient,
                    quotient_valid_until, address_lines, postcode, city, label, search_text,
                    missing)
SELECT f.family_id, f.reference, f.record_version, f.resident, f.quotient, f.valid_until,
       string_to_array(f.address, E'\n'), f.postcode, f.city, f.label, f.search_text,
       string_to_array(f.missing, ',')
FROM unnest($1::uuid[], $2::text[], $3::int[], $4::bool[], $5::int[], $6::date[], $7::text[],
            $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
     AS f (family_id, reference, record_version, resident, quotient, valid_until, address,
           postcode, city, label, search_text, missing)
ON CONFLICT (family_id) DO UPDATE SET
    record_version = excluded.record_version, resident = excluded.resident,
    quotient = excluded.quotient, quotient_valid_until = excluded.quotient_valid_until,
    address_lines = excluded.address_lines, postcode = excluded.postcode, city = excluded.city,
    label = excluded.label, search_text = excluded.search_text, missing = excluded.missing,
    updated_at = now()
"""

SAVE_GUARDIANS = """
INSERT INTO guardian (guardian_id, family_id, position, first_name, last_name, mail, phone)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[],
                     $7::text[])
ON CONFLICT (guardian_id) DO UPDATE SET
    position = excluded.position, first_name = excluded.first_name,
    last_name = excluded.last_name, mail = excluded.mail, phone = excluded.phone
"""

SAVE_CHILDREN = """
INSERT INTO child (child_id, family_id, position, first_name, last_name, birth_date,
                   school_code, school_class, diet, allergies)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::date[],
                     $7::text[], $8::text[], $9::text[], $10::text[])
ON CONFLICT (child_id) DO UPDATE SET
    position = excluded.position, first_name = excluded.first_name,
    last_name = excluded.last_name, birth_date = excluded.birth_date,
    school_code = excluded.school_code, school_class = excluded.school_class,
    diet = excluded.diet, allergies = excluded.allergies
"""


async def one_import_at_a_time(connection: Connection) -> None:
    """Wait for an import in progress to commit; held until the end of the transaction."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", IMPORT_LOCK)


async def lock_by_reference(
    connection: Connection, references: Sequence[str]
) -> dict[str, FamilyRecord]:
    """The records with these references, locked, by reference."""
    rows = await connection.fetch(
        "SELECT * FROM family WHERE reference = ANY($1) ORDER BY family_id FOR UPDATE", references
    )
    return {record.reference: record for record in await _whole(connection, rows)}


async def lock(connection: Connection, family_id: UUID) -> FamilyRecord | None:
    """The record with this id, locked."""
    rows = await connection.fetch("SELECT * FROM family WHERE family_id = $1 FOR UPDATE", family_id)
    return next(iter(await _whole(connection, rows)), None)


async def read(connection: Connection, family_id: UUID) -> FamilyRecord | None:
    """The record with this id, for looking at."""
    rows = await connection.fetch("SELECT * FROM family WHERE family_id = $1", family_id)
    return next(iter(await _whole(connection, rows)), None)


async def exists(connection: Connection, family_id: UUID) -> bool:
    """Whether there is a record with this id."""
    sql = "SELECT EXISTS (SELECT FROM family WHERE family_id = $1)"
    return bool(await connection.fetchval(sql, family_id))


async def unknown(connection: Connection, family_ids: Sequence[UUID]) -> list[UUID]:
    """Those of these ids that no record has."""
    rows = await connection.fetch(
        """SELECT id FROM unnest($1::uuid[]) AS id
           WHERE NOT EXISTS (SELECT FROM family WHERE family_id = id)""",
        family_ids,
    )
    return [row["id"] for row in rows]


async def save(connection: Connection, records: Sequence[FamilyRecord]) -> None:
    """Write these records whole: three statements, however many they are."""
    if not records:
        return
    await connection.execute(SAVE_FAMILIES, *_columns([_family_row(r) for r in records]))
    guardians = [_guardian_row(r, i, g) for r in records for i, g in enumerate(r.guardians)]
    if guardians:
        await connection.execute(SAVE_GUARDIANS, *_columns(guardians))
    children = [_child_row(r, i, c) for r in records for i, c in enumerate(r.children)]
    if children:
        await connection.execute(SAVE_CHILDREN, *_columns(children))


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _family_row(record: FamilyRecord) -> tuple[Any, ...]:
    return (
        record.family_id,
        record.reference,
        record.record_version,
        record.resident,
        record.quotient,
        record.quotient_valid_until,
        "\n".join(record.address.lines),
        record.address.postcode,
        record.address.city,
        record.label,
        record.search_text,
        ",".join(record.missing),
    )


def _guardian_row(record: FamilyRecord, position: int, guardian: Guardian) -> tuple[Any, ...]:
    return (
        guardian.guardian_id,
        record.family_id,
        position,
        guardian.first_name,
        guardian.last_name,
        guardian.mail,
        guardian.phone,
    )


def _child_row(record: FamilyRecord, position: int, child: Child) -> tuple[Any, ...]:
    return (
        child.child_id,
        record.family_id,
        position,
        child.first_name,
        child.last_name,
        child.birth_date,
        child.school_code,
        child.school_class,
        child.diet,
        child.allergies,
    )


async def _whole(connection: Connection, families: Sequence[Any]) -> list[FamilyRecord]:
    ids = [row["family_id"] for row in families]
    guardians: dict[UUID, list[Guardian]] = defaultdict(list)
    for row in await connection.fetch(
        "SELECT * FROM guardian WHERE family_id = ANY($1) ORDER BY position", ids
    ):
        guardians[row["family_id"]].append(_guardian(row))
    children: dict[UUID, list[Child]] = defaultdict(list)
    for row in await connection.fetch(
        "SELECT * FROM child WHERE family_id = ANY($1) ORDER BY position", ids
    ):
        children[row["family_id"]].append(_child(row))
    return [_family(r, guardians[r["family_id"]], children[r["family_id"]]) for r in families]


def _family(row: Any, guardians: list[Guardian], children: list[Child]) -> FamilyRecord:
    return FamilyRecord(
        family_id=row["family_id"],
        reference=row["reference"],
        record_version=row["record_version"],
        resident=row["resident"],
        quotient=row["quotient"],
        quotient_valid_until=row["quotient_valid_until"],
        address=Address(tuple(row["address_lines"]), row["postcode"], row["city"]),
        guardians=tuple(guardians),
        children=tuple(children),
    )


def _guardian(row: Any) -> Guardian:
    return Guardian(
        row["guardian_id"], row["first_name"], row["last_name"], row["mail"], row["phone"]
    )


def _child(row: Any) -> Child:
    return Child(
        child_id=row["child_id"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        birth_date=row["birth_date"],
        school_code=row["school_code"],
        school_class=row["school_class"],
        diet=row["diet"],
        allergies=row["allergies"],
    )

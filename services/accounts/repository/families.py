"""Family records: read to be changed, and written many at a time."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.accounts.model import completeness
from services.accounts.model.family import Address, Child, FamilyRecord, Guardian
from services.accounts.repository import children
from services.chassis.database import Connection

ADDRESS = TypeAdapter(Address)

# Imports take turns: two at once would each make a family that the other has just made.
IMPORT_LOCK = 0x696D7074

SAVE_FAMILIES = r"""
INSERT INTO family (family_id, reference, record_version, resident, quotient,
                    quotient_valid_until, address_lines, postcode, city, label, search_text,
                    missing, lacks, quotient_source)
SELECT f.family_id, f.reference, f.record_version, f.resident, f.quotient, f.valid_until,
       string_to_array(f.address, E'\n'), f.postcode, f.city, f.label, f.search_text,
       string_to_array(f.missing, ','), string_to_array(f.lacks, ','), f.quotient_source
FROM unnest($1::uuid[], $2::text[], $3::int[], $4::bool[], $5::int[], $6::date[], $7::text[],
            $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
            $14::text[])
     AS f (family_id, reference, record_version, resident, quotient, valid_until, address,
           postcode, city, label, search_text, missing, lacks, quotient_source)
ON CONFLICT (family_id) DO UPDATE SET
    record_version = excluded.record_version, resident = excluded.resident,
    quotient = excluded.quotient, quotient_valid_until = excluded.quotient_valid_until,
    address_lines = excluded.address_lines, postcode = excluded.postcode, city = excluded.city,
    label = excluded.label, search_text = excluded.search_text, missing = excluded.missing,
    lacks = excluded.lacks, quotient_source = excluded.quotient_source,
    updated_at = now()
"""

SAVE_GUARDIANS = """
INSERT INTO guardian (guardian_id, family_id, position, first_name, last_name, mail, phone, link,
                      address)
SELECT guardian_id, family_id, position, first_name, last_name, mail, phone, link, address::jsonb
FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[],
            $7::text[], $8::text[], $9::text[])
     AS g (guardian_id, family_id, position, first_name, last_name, mail, phone, link, address)
ON CONFLICT (guardian_id) DO UPDATE SET
    position = excluded.position, first_name = excluded.first_name,
    last_name = excluded.last_name, mail = excluded.mail, phone = excluded.phone,
    link = excluded.link, address = excluded.address
"""

# What the records lack for want of answers, and which lacks the town asks for. In one statement,
# so that a list never shows a family complete that is not.
REFRESH = """
UPDATE family f SET lacks = l.lacks, missing = l.missing
FROM (SELECT n.family_id, n.lacks,
             ARRAY(SELECT lack FROM unnest(n.lacks) WITH ORDINALITY u (lack, i)
                   WHERE lack = ANY($2) OR lack = ANY(r.required) ORDER BY i) AS missing
      FROM record_rules r, (
          SELECT f.family_id, array_remove(f.lacks, 'child_consents') || CASE WHEN EXISTS (
                     SELECT FROM unanswered_consent u WHERE u.family_id = f.family_id)
                 THEN '{child_consents}'::text[] ELSE '{}' END AS lacks
          FROM family f WHERE $1::uuid[] IS NULL OR f.family_id = ANY($1)) n) l
WHERE f.family_id = l.family_id AND (f.lacks, f.missing) IS DISTINCT FROM (l.lacks, l.missing)
"""

# Records complete yesterday in which something is no longer valid today.
RUN_OUT = """
SELECT family_id FROM family WHERE quotient_valid_until < $1 AND NOT lacks @> '{quotient}'
UNION
SELECT h.family_id
FROM (SELECT child_id, family_id FROM child
      UNION ALL SELECT child_id, family_id FROM second_home) h
JOIN child c USING (child_id) JOIN family f ON f.family_id = h.family_id
WHERE (c.care #>> '{pai,valid_until}')::date < $1 AND NOT f.lacks @> '{child_pai}'
ORDER BY family_id LIMIT $2
"""

KEEP_LACKS = """
UPDATE family f SET lacks = string_to_array(l.lacks, ',')
FROM unnest($1::uuid[], $2::text[]) AS l (family_id, lacks) WHERE f.family_id = l.family_id
"""

# Families in whose files a child of these families is as well; those themselves included.
KIN = """
SELECT * FROM family WHERE family_id = ANY($1) OR family_id IN (
    SELECT s.family_id FROM second_home s JOIN child c USING (child_id)
    WHERE c.family_id = ANY($1)
    UNION ALL
    SELECT c.family_id FROM second_home s JOIN child c USING (child_id)
    WHERE s.family_id = ANY($1))
ORDER BY family_id FOR UPDATE
"""


async def one_import_at_a_time(connection: Connection) -> None:
    """Wait for an import in progress to commit; held until the end of the transaction."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", IMPORT_LOCK)


async def lock_by_reference(
    connection: Connection, references: Sequence[str]
) -> dict[str, FamilyRecord]:
    """The records with these references, and those that share a child with one, all locked."""
    rows = await connection.fetch(
        "SELECT family_id FROM family WHERE reference = ANY($1)", references
    )
    kin = await lock_kin(connection, [row["family_id"] for row in rows])
    return {record.reference: record for record in kin.values()}


async def lock(connection: Connection, family_id: UUID) -> FamilyRecord | None:
    """The record with this id, locked."""
    rows = await connection.fetch("SELECT * FROM family WHERE family_id = $1 FOR UPDATE", family_id)
    return next(iter(await _whole(connection, rows)), None)


async def lock_kin(connection: Connection, family_ids: Sequence[UUID]) -> dict[UUID, FamilyRecord]:
    """These records and those that share a child with one of them, all locked in one order."""
    rows = await connection.fetch(KIN, family_ids)
    return {record.family_id: record for record in await _whole(connection, rows)}


async def read(connection: Connection, family_id: UUID) -> FamilyRecord | None:
    """The record with this id, for looking at."""
    rows = await connection.fetch("SELECT * FROM family WHERE family_id = $1", family_id)
    return next(iter(await _whole(connection, rows)), None)


async def read_all(
    connection: Connection, family_ids: Collection[UUID]
) -> dict[UUID, FamilyRecord]:
    """These records, for looking at, by id, in the order of their names."""
    rows = await connection.fetch(
        "SELECT * FROM family WHERE family_id = ANY($1) ORDER BY label, family_id",
        list(family_ids),
    )
    return {record.family_id: record for record in await _whole(connection, rows)}


async def id_of(connection: Connection, reference: str) -> UUID | None:
    """The id of the family with this file number."""
    family_id: UUID | None = await connection.fetchval(
        "SELECT family_id FROM family WHERE reference = $1", reference
    )
    return family_id


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


async def refresh_lacks(connection: Connection, family_ids: Sequence[UUID] | None = None) -> None:
    """Say anew what these records (or all) lack, by the town's rules and consents of now."""
    if family_ids is None:
        # In the order in which everybody locks families, so that nobody waits in a circle.
        await connection.execute("SELECT FROM family ORDER BY family_id FOR UPDATE")
    await connection.execute(REFRESH, family_ids, list(completeness.ALWAYS))


async def run_out(connection: Connection, today: date, limit: int) -> list[UUID]:
    """Families whose record does not say yet that something in it is no longer valid."""
    return [row["family_id"] for row in await connection.fetch(RUN_OUT, today, limit)]


async def renew_lacks(
    connection: Connection, records: Collection[FamilyRecord], today: date
) -> None:
    """Say anew what these records, which are locked, lack on this day."""
    ids = [record.family_id for record in records]
    await connection.execute(KEEP_LACKS, ids, [_lacks(record, today) for record in records])
    await refresh_lacks(connection, ids)


async def tell_all_again(connection: Connection) -> None:
    """Have every file told anew, a few at a time: all of them say something else now."""
    await connection.execute("UPDATE family SET file_told = false")


async def lock_untold(connection: Connection, limit: int) -> list[FamilyRecord]:
    """Some of the records that wait for being told anew, locked."""
    rows = await connection.fetch(
        """SELECT * FROM family WHERE NOT file_told ORDER BY family_id LIMIT $1 FOR UPDATE""",
        limit,
    )
    return await _whole(connection, rows)


async def note_told(connection: Connection, family_ids: Sequence[UUID]) -> None:
    """These files are told."""
    await connection.execute(
        "UPDATE family SET file_told = true WHERE family_id = ANY($1)", family_ids
    )


async def save(connection: Connection, records: Sequence[FamilyRecord]) -> None:
    """Write these records whole: a few statements, however many they are."""
    if not records:
        return
    today: date = await connection.fetchval("SELECT (now() AT TIME ZONE 'Europe/Paris')::date")
    await connection.execute(SAVE_FAMILIES, *_columns([_family_row(r, today) for r in records]))
    guardians = [_guardian_row(r, i, g) for r in records for i, g in enumerate(r.guardians)]
    if guardians:
        await connection.execute(SAVE_GUARDIANS, *_columns(guardians))
    await children.save(connection, records)
    await refresh_lacks(connection, [record.family_id for record in records])


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _lacks(record: FamilyRecord, today: date) -> str:
    return ",".join(dict.fromkeys(lack.code for lack in completeness.lacking(record, today)))


def _family_row(record: FamilyRecord, today: date) -> tuple[Any, ...]:
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
        _lacks(record, today),
        record.quotient_source,
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
        guardian.link,
        ADDRESS.dump_json(guardian.address).decode() if guardian.address else None,
    )


async def _whole(connection: Connection, families: Sequence[Any]) -> list[FamilyRecord]:
    ids = [row["family_id"] for row in families]
    guardians: dict[UUID, list[Guardian]] = defaultdict(list)
    for row in await connection.fetch(
        "SELECT * FROM guardian WHERE family_id = ANY($1) ORDER BY position", ids
    ):
        guardians[row["family_id"]].append(_guardian(row))
    found = await children.of_families(connection, ids)
    return [_family(r, guardians[r["family_id"]], found.get(r["family_id"], ())) for r in families]


def _family(row: Any, guardians: list[Guardian], found: tuple[Child, ...]) -> FamilyRecord:
    return FamilyRecord(
        family_id=row["family_id"],
        reference=row["reference"],
        record_version=row["record_version"],
        resident=row["resident"],
        quotient=row["quotient"],
        quotient_valid_until=row["quotient_valid_until"],
        quotient_source=row["quotient_source"],
        address=Address(tuple(row["address_lines"]), row["postcode"], row["city"]),
        guardians=tuple(guardians),
        children=found,
    )


def _guardian(row: Any) -> Guardian:
    return Guardian(
        guardian_id=row["guardian_id"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        mail=row["mail"],
        phone=row["phone"],
        link=row["link"],
        address=ADDRESS.validate_python(row["address"]) if row["address"] else None,
    )

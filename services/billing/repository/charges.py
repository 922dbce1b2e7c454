"""Writes units and charges: the account of each family, open until an invoice holds it.

`(SELECT $1::uuid[])`: how many there are is hidden from PostgreSQL, which would otherwise plan the
statement anew each time, at more than it costs to run.
"""

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

import asyncpg

from services.billing.model.corrections import Due, Invoiced
from services.billing.model.units import (
    Attended,
    Mark,
    Place,
    Reserved,
    Unit,
    UnitKey,
)
from services.billing.repository.plans import NUMBER
from services.chassis.database import Connection

# Whoever writes charges of single families shares the books; a tariff or a billing run, which
# writes those of all, has them alone. The number only has to differ from other advisory locks.
BOOKS = 0x626F6F6B
# A large town's month may be at work.
BOOKS_WAIT_SECONDS = 600

# Another payer's invoice may hold it, which is planned and not written yet.
INVOICED = f"""
SELECT c.child_id, c.session_id, c.family_id, coalesce(i.number, {NUMBER}) AS number,
       c.unit_cents, c.surcharge_cents, c.amount_cents, c.late_surcharge_cents,
       (c.rule ->> 'half_hours')::integer AS half_hours
FROM unnest($1::uuid[], $2::uuid[]) AS n (child_id, session_id)
JOIN invoiced_charge c USING (child_id, session_id)
LEFT JOIN invoice i USING (invoice_id) LEFT JOIN planned_invoice p USING (invoice_id)
ORDER BY coalesce(i.fiscal_year, p.fiscal_year), coalesce(i.sequence, p.sequence)
"""  # noqa: S608 - constants of this service


async def share_books(connection: Connection) -> None:
    """Until the transaction ends no run and no tariff is at work."""
    await connection.execute("SELECT pg_advisory_xact_lock_shared($1)", BOOKS)


async def take_books(connection: Connection) -> None:
    """Until the transaction ends no charge is written by anyone else."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", BOOKS, timeout=BOOKS_WAIT_SECONDS)


async def lock_families(connection: Connection, family_ids: Collection[UUID]) -> None:
    """Have these families' accounts alone; a family not heard of yet gets an empty row."""
    wanted = sorted(family_ids)
    lock = """SELECT family_id FROM family WHERE family_id = ANY ((SELECT $1::uuid[])::uuid[])
              ORDER BY family_id FOR NO KEY UPDATE"""
    if len(await connection.fetch(lock, wanted)) < len(wanted):
        await connection.execute(
            """INSERT INTO family (family_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING""",
            wanted,
        )
        await connection.fetch(lock, wanted)


async def lock_units(connection: Connection, units: Iterable[Unit]) -> dict[UnitKey, Unit]:
    """What is known of the units, locked in one order; as given where this is the first news."""
    wanted = sorted({unit.key: unit for unit in units}.values(), key=attrgetter("key"))
    rows = await connection.fetch(
        """INSERT INTO unit (child_id, session_id, activity_id, date)
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[])
           ON CONFLICT (child_id, session_id) DO UPDATE SET date = unit.date
           RETURNING *""",
        *_columns(wanted, "child_id", "session_id", "activity_id", "date"),
    )
    return {unit.key: unit for unit in map(_unit, rows)}


async def find_units(connection: Connection, keys: Collection[UnitKey]) -> list[Unit]:
    """What is known of these units."""
    rows = await connection.fetch(
        """SELECT u.* FROM unit u
           JOIN unnest($1::uuid[], $2::uuid[]) AS n (child_id, session_id)
             USING (child_id, session_id)""",
        *_keys(keys),
    )
    return [_unit(row) for row in rows]


def _unit(row: asyncpg.Record) -> Unit:
    return Unit(
        child_id=row["child_id"],
        session_id=row["session_id"],
        activity_id=row["activity_id"],
        date=row["date"],
        place=Place(
            row["reservation_version"],
            Reserved(row["reservation_state"]),
            row["reservation_family_id"],
        ),
        mark=Mark(
            row["attendance_version"],
            Attended(row["attendance_state"]),
            row["attendance_family_id"],
            row["attendance_expected"],
            row["arrived_minute"],
            row["left_minute"],
        ),
    )


async def save_units(connection: Connection, units: Sequence[Unit]) -> None:
    """Keep what was told of the units."""
    await connection.execute(
        """UPDATE unit u SET reservation_version = n.reservation_version,
               reservation_state = n.reservation_state,
               reservation_family_id = n.reservation_family_id,
               attendance_version = n.attendance_version, attendance_state = n.attendance_state,
               attendance_family_id = n.attendance_family_id,
               attendance_expected = n.attendance_expected, arrived_minute = n.arrived_minute,
               left_minute = n.left_minute
           FROM unnest((SELECT $1::uuid[]), $2::uuid[], $3::integer[], $4::text[], $5::uuid[],
                       $6::integer[], $7::text[], $8::uuid[], $9::boolean[], $10::integer[],
                       $11::integer[])
             AS n (child_id, session_id, reservation_version, reservation_state,
                   reservation_family_id, attendance_version, attendance_state,
                   attendance_family_id, attendance_expected, arrived_minute, left_minute)
           WHERE u.child_id = n.child_id AND u.session_id = n.session_id""",
        *_keys(unit.key for unit in units),
        *_columns([unit.place for unit in units], "version", "state", "family_id"),
        *_columns(
            [unit.mark for unit in units],
            *("version", "state", "family_id", "expected", "arrived_minute", "left_minute"),
        ),
    )


async def invoiced(connection: Connection, units: Sequence[Unit]) -> dict[UnitKey, list[Invoiced]]:
    """What invoices hold of these units, oldest first."""
    rows = await connection.fetch(INVOICED, *_keys(unit.key for unit in units))
    found: dict[UnitKey, list[Invoiced]] = {}
    for row in rows:
        child_id, session_id, *held = row
        found.setdefault((child_id, session_id), []).append(Invoiced(*held))
    return found


async def drop_open(
    connection: Connection, units: Sequence[Unit], dues: Sequence[tuple[Unit, Due]]
) -> None:
    """Forget the open charges of the units that none of these dues replaces."""
    await connection.execute(
        """DELETE FROM open_charge c
           USING unnest($1::uuid[], $2::uuid[]) AS n (child_id, session_id)
           WHERE c.child_id = n.child_id AND c.session_id = n.session_id
             AND NOT EXISTS (
                 SELECT FROM unnest($3::uuid[], $4::uuid[], $5::uuid[])
                     AS d (child_id, session_id, family_id)
                 WHERE (d.child_id, d.session_id, d.family_id)
                     = (c.child_id, c.session_id, c.family_id))""",
        *_keys(unit.key for unit in units),
        *_keys(unit.key for unit, _ in dues),
        [due.family_id for _, due in dues],
    )


async def put_open(connection: Connection, dues: Sequence[tuple[Unit, Due]]) -> None:
    """Make these the open charges of their families for the units; `pricing` prices them."""
    corrections = [due.correction for _, due in dues]
    await connection.execute(
        """INSERT INTO open_charge (child_id, session_id, activity_id, date, family_id, basis,
               corrects, unit_cents, surcharge_cents, amount_cents, late_surcharge_cents)
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::uuid[],
               $6::text[], $7::text[], $8::integer[], $9::integer[], $10::integer[],
               $11::integer[])
           ON CONFLICT (child_id, session_id, family_id) DO UPDATE SET basis = excluded.basis,
               corrects = excluded.corrects, unit_cents = excluded.unit_cents,
               surcharge_cents = excluded.surcharge_cents, amount_cents = excluded.amount_cents,
               late_surcharge_cents = excluded.late_surcharge_cents""",
        *_columns([u for u, _ in dues], "child_id", "session_id", "activity_id", "date"),
        *_columns([due for _, due in dues], "family_id", "basis"),
        *(
            [getattr(correction, name, None) for correction in corrections]
            for name in (
                *("number", "unit_cents", "surcharge_cents", "amount_cents"),
                "late_surcharge_cents",
            )
        ),
    )


def _keys(keys: Iterable[UnitKey]) -> tuple[list[UUID], list[UUID]]:
    """As two arrays."""
    found = list(keys)
    return [child_id for child_id, _ in found], [session_id for _, session_id in found]


def _columns(rows: Sequence[object], *names: str) -> list[list[Any]]:
    """One array of each of these attributes."""
    return [[getattr(row, name) for row in rows] for name in names]

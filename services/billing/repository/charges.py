"""Writes units and charges: the account of each family, open until an invoice holds it."""

from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg

from services.billing.model.units import (
    Attended,
    Due,
    Invoiced,
    Mark,
    Place,
    Reserved,
    Unit,
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
SELECT c.family_id, coalesce(i.number, {NUMBER}) AS number, c.unit_cents, c.surcharge_cents,
       c.amount_cents, c.late_surcharge_cents,
       (c.rule ->> 'half_hours')::integer AS half_hours
FROM invoiced_charge c
LEFT JOIN invoice i USING (invoice_id) LEFT JOIN planned_invoice p USING (invoice_id)
WHERE c.child_id = $1 AND c.session_id = $2
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
    lock = """SELECT family_id FROM family WHERE family_id = ANY($1)
              ORDER BY family_id FOR NO KEY UPDATE"""
    if len(await connection.fetch(lock, wanted)) < len(wanted):
        await connection.execute(
            """INSERT INTO family (family_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING""",
            wanted,
        )
        await connection.fetch(lock, wanted)


async def lock_unit(connection: Connection, unit: Unit) -> Unit:
    """What is known of the unit, locked; it is the given one when this is the first news."""
    row = await connection.fetchrow(
        """INSERT INTO unit (child_id, session_id, activity_id, date) VALUES ($1, $2, $3, $4)
           ON CONFLICT (child_id, session_id) DO UPDATE SET date = unit.date
           RETURNING *""",
        unit.child_id,
        unit.session_id,
        unit.activity_id,
        unit.date,
    )
    assert row is not None  # noqa: S101 - the row is new, or it conflicts
    return _unit(row)


async def find_unit(connection: Connection, child_id: UUID, session_id: UUID) -> Unit | None:
    """What is known of the unit."""
    row = await connection.fetchrow(
        "SELECT * FROM unit WHERE child_id = $1 AND session_id = $2", child_id, session_id
    )
    return _unit(row) if row else None


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


async def save_unit(connection: Connection, unit: Unit) -> None:
    """Keep what was told of the unit."""
    await connection.execute(
        """UPDATE unit SET reservation_version = $3, reservation_state = $4,
               reservation_family_id = $5, attendance_version = $6, attendance_state = $7,
               attendance_family_id = $8, attendance_expected = $9, arrived_minute = $10,
               left_minute = $11
           WHERE child_id = $1 AND session_id = $2""",
        unit.child_id,
        unit.session_id,
        unit.place.version,
        unit.place.state,
        unit.place.family_id,
        unit.mark.version,
        unit.mark.state,
        unit.mark.family_id,
        unit.mark.expected,
        unit.mark.arrived_minute,
        unit.mark.left_minute,
    )


async def invoiced(connection: Connection, unit: Unit) -> list[Invoiced]:
    """What invoices hold of the unit, oldest first."""
    rows = await connection.fetch(INVOICED, unit.child_id, unit.session_id)
    return [Invoiced(**dict(row)) for row in rows]


async def drop_open(connection: Connection, unit: Unit, dues: Sequence[Due]) -> None:
    """Forget the open charges of the unit that none of these dues replaces."""
    await connection.execute(
        """DELETE FROM open_charge
           WHERE child_id = $1 AND session_id = $2 AND family_id <> ALL ($3::uuid[])""",
        unit.child_id,
        unit.session_id,
        [due.family_id for due in dues],
    )


async def put_open(connection: Connection, unit: Unit, dues: Sequence[Due]) -> None:
    """Make these the open charges of their families for the unit; `pricing` prices them."""
    for due in dues:
        await _put(connection, unit, due)


async def _put(connection: Connection, unit: Unit, due: Due) -> None:
    correction = due.correction
    await connection.execute(
        """INSERT INTO open_charge (child_id, session_id, family_id, activity_id, date, basis,
               corrects, unit_cents, surcharge_cents, amount_cents, late_surcharge_cents)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           ON CONFLICT (child_id, session_id, family_id) DO UPDATE SET basis = $6, corrects = $7,
               unit_cents = $8, surcharge_cents = $9, amount_cents = $10,
               late_surcharge_cents = $11""",
        unit.child_id,
        unit.session_id,
        due.family_id,
        unit.activity_id,
        unit.date,
        due.basis,
        correction.number if correction else None,
        correction.unit_cents if correction else None,
        correction.surcharge_cents if correction else None,
        correction.amount_cents if correction else None,
        correction.late_surcharge_cents if correction else None,
    )

"""Moves the account of one family to another, and of one child to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.billing.repository.charges import BOOKS_WAIT_SECONDS
from services.chassis.database import Connection

# Of two reservations of one child at one session the kept one holds, of two marks the later
# version; versions above both, as reservations gives them.
JOIN_UNITS = """
WITH both_have AS (
    SELECT g.*, k.reservation_state AS kept_state, k.reservation_version AS kept_version,
           k.attendance_version AS kept_mark
    FROM unit g JOIN unit k ON k.session_id = g.session_id AND k.child_id = $2
    WHERE g.child_id = $1
), dropped AS (
    DELETE FROM unit u USING both_have b WHERE u.child_id = $1 AND u.session_id = b.session_id
)
UPDATE unit u SET
    reservation_state = CASE WHEN b.reservation_state IN ('kept', 'kept_late')
                             THEN b.reservation_state ELSE u.reservation_state END,
    reservation_family_id = CASE WHEN b.reservation_state IN ('kept', 'kept_late')
                                      AND b.kept_state NOT IN ('kept', 'kept_late')
                                 THEN b.reservation_family_id
                                 ELSE u.reservation_family_id END,
    reservation_version = greatest(b.reservation_version, b.kept_version) + 1,
    attendance_state = CASE WHEN b.attendance_version > b.kept_mark THEN b.attendance_state
                            ELSE u.attendance_state END,
    attendance_family_id = CASE WHEN b.attendance_version > b.kept_mark
                                THEN b.attendance_family_id ELSE u.attendance_family_id END,
    attendance_expected = u.attendance_expected OR b.attendance_expected,
    attendance_version = CASE WHEN greatest(b.attendance_version, b.kept_mark) = 0 THEN 0
                              ELSE greatest(b.attendance_version, b.kept_mark) + 1 END
FROM both_have b WHERE u.child_id = $2 AND u.session_id = b.session_id
RETURNING u.session_id
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """A unit whose charges are to be settled anew."""

    child_id: UUID
    session_id: UUID


# A part that is still open is nobody's unit: it goes to the account that stays, where it meets what
# that one has of the same month.
MOVE_PARTS = """
WITH gone AS (
    DELETE FROM open_charge WHERE family_id = $2 AND basis = 'share' RETURNING *
)
INSERT INTO open_charge AS o (child_id, session_id, family_id, activity_id, date, basis,
    unit_cents, surcharge_cents, amount_cents, rule)
SELECT child_id, session_id, $1, activity_id, date, basis, unit_cents, surcharge_cents,
       amount_cents, rule
FROM gone
ON CONFLICT (child_id, session_id, family_id) DO UPDATE
    SET unit_cents = o.unit_cents + excluded.unit_cents,
        amount_cents = o.amount_cents + excluded.amount_cents
"""
# Of one child and payer there may be two parts of a sharing.
JOIN_PARTS = """
WITH gone AS (DELETE FROM sharing_part WHERE payer_id = $2 AND $1 <> $2 RETURNING *)
INSERT INTO sharing_part AS p (sharing_id, payer_id, part)
SELECT sharing_id, $1, part FROM gone
ON CONFLICT (sharing_id, payer_id) DO UPDATE SET part = p.part + excluded.part
"""
# What is kept of a family, $2, goes under the other one, $1.
MOVE_FAMILY = (
    "UPDATE enrolled_child SET family_id = $1 WHERE family_id = $2",
    "UPDATE aid SET family_id = $1 WHERE family_id = $2",
    "UPDATE sharing SET family_id = $1 WHERE family_id = $2",
    JOIN_PARTS,
    """UPDATE organisation_payer g SET family_id = $1 WHERE family_id = $2 AND NOT EXISTS (
           SELECT FROM organisation_payer k WHERE k.family_id = $1 AND k.since = g.since)""",
    "DELETE FROM organisation_payer WHERE family_id = $2 AND $1 <> $2",
    "UPDATE unit SET reservation_family_id = $1 WHERE reservation_family_id = $2",
    "UPDATE unit SET attendance_family_id = $1 WHERE attendance_family_id = $2",
    "UPDATE invoiced_charge SET family_id = $1 WHERE family_id = $2",
    "UPDATE payment SET family_id = $1 WHERE family_id = $2",
    # One account is debited: the one of the family that stays, if it has one.
    """UPDATE mandate g SET family_id = $1, revoked_at = CASE WHEN k.mandate_id IS NULL
               THEN g.revoked_at ELSE coalesce(g.revoked_at, now()) END,
           revoked_cause = CASE WHEN k.mandate_id IS NULL
               THEN g.revoked_cause ELSE coalesce(g.revoked_cause, 'replaced') END
       FROM family f LEFT JOIN mandate k
           ON k.family_id = f.family_id AND k.revoked_at IS NULL
       WHERE f.family_id = $1 AND g.family_id = $2""",
    "UPDATE refund SET family_id = $1 WHERE family_id = $2",
    "UPDATE ledger_entry SET family_id = $1 WHERE family_id = $2",
    "UPDATE debit SET family_id = $1 WHERE family_id = $2",
    "UPDATE reminder SET family_id = $1 WHERE family_id = $2",
    "UPDATE write_off SET family_id = $1 WHERE family_id = $2",
    "UPDATE invoice SET family_id = $1, merged_from = coalesce(merged_from, $2) "
    "WHERE family_id = $2",
)


async def move_parts(connection: Connection, family_id: UUID, gone: UUID) -> None:
    """Make what the family that goes pays of children, or has paid for it, the other's."""
    await connection.execute(MOVE_PARTS, family_id, gone)


async def open_units(connection: Connection, gone: UUID) -> list[Touched]:
    """Forget the open charges of the family that goes; the units that they were of."""
    rows = await connection.fetch(
        "DELETE FROM open_charge WHERE family_id = $1 RETURNING child_id, session_id", gone
    )
    return [Touched(row["child_id"], row["session_id"]) for row in rows]


async def join_child(connection: Connection, gone: UUID, kept: UUID) -> list[Touched]:
    """Make the units of one child the other's; those that both had."""
    rows = await connection.fetch(JOIN_UNITS, gone, kept)
    await connection.execute("UPDATE unit SET child_id = $2 WHERE child_id = $1", gone, kept)
    await connection.execute(
        "UPDATE enrolled_child SET child_id = $2 WHERE child_id = $1", gone, kept
    )
    for statement in (
        "UPDATE aid SET child_id = $2 WHERE child_id = $1",
        "UPDATE sharing SET child_id = $2 WHERE child_id = $1",
        "UPDATE open_charge SET child_id = $2 WHERE child_id = $1 AND basis = 'share'",
    ):
        await connection.execute(statement, gone, kept)
    doubles = [row["session_id"] for row in rows]
    # Whatever was open of the child that goes is settled anew under the one that stays.
    left = await connection.fetch(
        "DELETE FROM open_charge WHERE child_id = $1 RETURNING session_id", gone
    )
    await connection.execute(
        "UPDATE invoiced_charge SET child_id = $2 WHERE child_id = $1",
        gone,
        kept,
        timeout=BOOKS_WAIT_SECONDS,
    )
    sessions = dict.fromkeys([*doubles, *(row["session_id"] for row in left)])
    return [Touched(kept, session_id) for session_id in sessions]


async def move_family(
    connection: Connection, family_id: UUID, gone: UUID, children: Mapping[UUID, UUID]
) -> None:
    """Put all that is kept of the family that goes under the other one.

    Its invoices keep their text and number: they were made out to that family.
    """
    await connection.execute(
        """INSERT INTO child (family_id, child_id, first_name, last_name, own_meal, birth_date)
           SELECT $1, child_id, first_name, last_name, own_meal, birth_date FROM child
           WHERE family_id = $2 AND child_id <> ALL ($3) ON CONFLICT DO NOTHING""",
        family_id,
        gone,
        list(children),
    )
    for statement in MOVE_FAMILY:
        await connection.execute(statement, family_id, gone, timeout=BOOKS_WAIT_SECONDS)
    await connection.execute("DELETE FROM child WHERE family_id = $1", gone)
    await connection.execute("DELETE FROM family WHERE family_id = $1", gone)

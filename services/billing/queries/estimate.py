"""What reservations would cost, before they are made."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from services.billing.errors import UnknownChild
from services.billing.model.units import Basis
from services.billing.queries import Row, with_reason
from services.billing.repository import drafts
from services.billing.repository.pricing import PRICING_PLANNED
from services.chassis.database import Connection


class Planned(NamedTuple):
    """A unit that a family thinks of; `late`: it would be kept after the limit."""

    child_id: UUID
    activity_id: UUID
    date: date
    late: bool


# A family that billing has not heard of yet has no quotient.
ESTIMATES = f"""
WITH planned AS (
    SELECT *, NULL::uuid AS session_id
    FROM unnest($2::uuid[], $3::uuid[], $4::date[], $5::boolean[])
        WITH ORDINALITY AS c(child_id, activity_id, date, late, position)
)
SELECT c.child_id, c.activity_id, c.date, c.late, f.quotient, f.quotient_until,
       CASE WHEN t.tariff_id IS NOT NULL THEN q.state END AS quotient_state,
       b.from_quotient AS band_from, b.to_quotient AS band_to,
       CASE WHEN c.late THEN s.late_surcharge_cents END AS surcharge_cents,
       u.unit_cents,
       u.unit_cents + CASE WHEN c.late THEN s.late_surcharge_cents ELSE 0 END AS amount_cents,
       g.rule, t.valid_from AS tariff_from
FROM planned c
LEFT JOIN family f ON f.family_id = $1
{PRICING_PLANNED}
ORDER BY c.position
"""  # noqa: S608 - constants of this service


async def require_children(
    connection: Connection, family_id: UUID, child_ids: Collection[UUID]
) -> None:
    """Raises UnknownChild when one of them is not of this family."""
    known = await connection.fetchval(
        "SELECT count(*) FROM child WHERE family_id = $1 AND child_id = ANY($2)",
        family_id,
        list(child_ids),
    )
    if known < len(child_ids):
        raise UnknownChild


async def estimates(connection: Connection, family_id: UUID, items: Sequence[Planned]) -> list[Row]:
    """What these units would cost the family as things stand, and why, in the order asked.

    The amount is None where no tariff covers the day yet.
    """
    rows = await connection.fetch(
        ESTIMATES,
        family_id,
        [item.child_id for item in items],
        [item.activity_id for item in items],
        [item.date for item in items],
        [item.late for item in items],
    )
    return [_estimate(dict(row)) for row in rows]


def _estimate(row: Row) -> Row:
    basis = Basis.LATE_RESERVATION if row["late"] else Basis.RESERVED
    return with_reason({**row, "basis": basis, "corrects": None})


# Of what a child has reserved already, when a brother or sister comes too.
BESIDE: Final = "Tarif fratrie de ce qui est déjà réservé"


class Months(NamedTuple):
    """What units would change of what months add, and of what is reserved beside them.

    `parts_cents`: of what others pay, below zero.
    """

    differences: list[Row]
    parts_cents: int


async def month_differences(
    connection: Connection, family_id: UUID, priced: Sequence[Row]
) -> Months:
    """What these units would change of caps, fees, formulas and aids, and of others' parts.

    The family's months are settled as they stand and with these units, by what settles them for
    the invoice.
    """
    if not await drafts.month_matters(
        connection, family_id, {item["activity_id"] for item in priced}
    ):
        return Months([], 0)
    async with drafts.draft(connection):
        await drafts.copy_family(connection, family_id)
        await drafts.settle_family(connection, family_id)
        before = _by_rule(await drafts.added(connection))
        parts_before = await drafts.parts_cents(connection)
        beside = await drafts.price_beside(connection, family_id, priced)
        await drafts.plan(connection, family_id, priced)
        await drafts.settle_family(connection, family_id)
        after = _by_rule(await drafts.added(connection))
        parts = await drafts.parts_cents(connection) - parts_before
    differences = [{**row, "amount_cents": row["cents"], "reason": BESIDE} for row in beside] + [
        _difference({**before.get(rule, {}), **after.get(rule, {})}, cents)
        for rule in sorted(before.keys() | after.keys(), key=str)
        if (cents := _cents(after.get(rule)) - _cents(before.get(rule)))
    ]
    return Months(differences, parts)


def _by_rule(rows: Sequence[Row]) -> Mapping[tuple[Any, ...], Row]:
    rule = ("period", "child_id", "basis", "activity_name", "rule_name")
    return {tuple(row[name] for name in rule): row for row in rows}


def _cents(row: Row | None) -> int:
    return row["cents"] if row else 0


def _difference(row: Row, cents: int) -> Row:
    told = {**row, "basis": row["basis"], "corrects": None, "surcharge_cents": 0}
    rule = {"name": row["rule_name"]}
    return {**with_reason({**told, "rule": rule}), "amount_cents": cents}

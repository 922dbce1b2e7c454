"""Writes formulas and aids: what a day or a third party takes off the uses of a month."""

from datetime import datetime
from uuid import UUID, uuid4

from pydantic import TypeAdapter

from services.billing.errors import UnknownAid, UnknownFormula
from services.billing.model.aids import Aid
from services.billing.model.formulas import Formula
from services.billing.repository.tariffs import band_rows
from services.chassis.database import Connection

# A formula as it is kept: its own fields, its price by its kind.
DEFINITION: TypeAdapter[Formula] = TypeAdapter(Formula)


async def publish(
    connection: Connection, formula: Formula, *, now: datetime, by: UUID | None
) -> UUID:
    """Publish the formula in the place of the one of the same name and first day; its id."""
    await connection.execute(
        """UPDATE formula SET replaced_at = $3
           WHERE name = $1 AND valid_from = $2 AND replaced_at IS NULL""",
        formula.name,
        formula.valid_from,
        now,
    )
    formula_id = uuid4()
    await connection.execute(
        """INSERT INTO formula (formula_id, name, kinds, valid_from, valid_until, definition,
               published_at, published_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        formula_id,
        formula.name,
        formula.kinds,
        formula.valid_from,
        formula.valid_until,
        DEFINITION.dump_python(formula, mode="json"),
        now,
        by,
    )
    await connection.execute(
        """INSERT INTO formula_band (formula_id, from_quotient, to_quotient, price_cents, rate,
               floor_cents)
           SELECT $1, * FROM unnest($2::integer[], $3::integer[], $4::integer[], $5::integer[],
                                    $6::integer[])""",
        formula_id,
        *(list(column) for column in zip(*band_rows(formula.price), strict=True)),
    )
    return formula_id


async def retire(connection: Connection, formula_id: UUID, now: datetime) -> None:
    """The formula holds no longer; what invoices hold of it stays. Raises UnknownFormula."""
    done = await connection.fetchval(
        """UPDATE formula SET replaced_at = $2 WHERE formula_id = $1 AND replaced_at IS NULL
           RETURNING true""",
        formula_id,
        now,
    )
    if not done:
        raise UnknownFormula


async def grant(connection: Connection, aid: Aid, *, now: datetime, by: UUID | None) -> UUID:
    """Keep the aid; returns its id."""
    aid_id = uuid4()
    await connection.execute(
        """INSERT INTO aid (aid_id, family_id, child_id, label, kinds, day_cents, month_cents,
               valid_from, valid_until, granted_at, granted_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        aid_id,
        aid.family_id,
        aid.child_id,
        aid.label,
        aid.kinds,
        aid.day_cents,
        aid.month_cents,
        aid.valid_from,
        aid.valid_until,
        now,
        by,
    )
    return aid_id


async def end(connection: Connection, aid_id: UUID, now: datetime) -> None:
    """The aid helps no longer; what invoices hold of it stays. Raises UnknownAid."""
    done = await connection.fetchval(
        "UPDATE aid SET ended_at = $2 WHERE aid_id = $1 AND ended_at IS NULL RETURNING true",
        aid_id,
        now,
    )
    if not done:
        raise UnknownAid

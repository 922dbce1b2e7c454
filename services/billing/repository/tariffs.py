"""Writes tariffs; a published one is replaced, never edited."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID, uuid4

from pydantic import TypeAdapter

from services.billing.errors import UnknownActivity
from services.billing.model.tariffs import ByQuotient, EffortRate, Flat, Price, Tariff
from services.chassis.database import Connection

# A tariff as it is kept: its own fields, each price by its kind.
DEFINITION: TypeAdapter[Tariff] = TypeAdapter(Tariff)

BandRow = tuple[int, int | None, int, int | None, int | None]


async def require_activity(connection: Connection, activity_id: UUID) -> None:
    """Raises UnknownActivity."""
    known = await connection.fetchval(
        "SELECT true FROM activity WHERE activity_id = $1", activity_id
    )
    if not known:
        raise UnknownActivity("Publiez l’activité, puis son tarif.")


async def in_force(
    connection: Connection, activity_id: UUID, valid_from: date
) -> tuple[UUID, Tariff] | None:
    """The tariff of the activity that begins that day, and its id."""
    row = await connection.fetchrow(
        """SELECT tariff_id, definition FROM tariff
           WHERE activity_id = $1 AND valid_from = $2 AND replaced_at IS NULL""",
        activity_id,
        valid_from,
    )
    return (row["tariff_id"], DEFINITION.validate_python(row["definition"])) if row else None


async def on(connection: Connection, activity_id: UUID, day: date) -> Tariff | None:
    """The tariff of the activity that holds on that day."""
    definition = await connection.fetchval(
        """SELECT definition FROM tariff
           WHERE activity_id = $1 AND valid_from <= $2 AND replaced_at IS NULL
           ORDER BY valid_from DESC LIMIT 1""",
        activity_id,
        day,
    )
    return DEFINITION.validate_python(definition) if definition else None


async def retire(connection: Connection, tariff_id: UUID, now: datetime) -> None:
    """Another tariff takes its place; the lines it priced on invoices keep naming it."""
    await connection.execute(
        "UPDATE tariff SET replaced_at = $2 WHERE tariff_id = $1", tariff_id, now
    )


async def retire_all(connection: Connection, activity_id: UUID, now: datetime) -> None:
    """No tariff of the activity is in force any more."""
    await connection.execute(
        "UPDATE tariff SET replaced_at = $2 WHERE activity_id = $1 AND replaced_at IS NULL",
        activity_id,
        now,
    )


async def insert(connection: Connection, tariff: Tariff, *, now: datetime, by: UUID | None) -> UUID:
    """Publish the tariff; returns its id."""
    tariff_id, siblings = uuid4(), tariff.siblings
    await connection.execute(
        """INSERT INTO tariff (tariff_id, activity_id, valid_from, definition,
               unreserved_surcharge_cents, unreserved_surcharge_percent, late_surcharge_cents,
               late_surcharge_percent, outside_supplement_cents, cost_cents, has_outside,
               has_own_meal, siblings, sibling_percents, sibling_lists, hours, time_from, time_to,
               monthly, published_at, published_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                   $18, $19, $20, $21)""",
        tariff_id,
        tariff.activity_id,
        tariff.valid_from,
        DEFINITION.dump_python(tariff, mode="json"),
        tariff.unreserved.cents,
        tariff.unreserved.percent,
        tariff.late.cents,
        tariff.late.percent,
        tariff.outside_supplement_cents,
        tariff.cost_cents,
        tariff.outside is not None,
        tariff.own_meal is not None,
        siblings.counted if siblings else None,
        siblings.percents if siblings else (),
        len(siblings.prices) if siblings else 0,
        tariff.hours.kind if tariff.hours else None,
        [band.from_minute for band in tariff.time_bands.values()],
        [band.to_minute for band in tariff.time_bands.values()],
        tariff.monthly.kind if tariff.monthly else None,
        now,
        by,
    )
    await _insert_bands(connection, tariff_id, tariff)
    return tariff_id


async def _insert_bands(connection: Connection, tariff_id: UUID, tariff: Tariff) -> None:
    rows = [(name, *row) for name, price in tariff.lists.items() for row in band_rows(price)]
    await connection.execute(
        """INSERT INTO tariff_band (tariff_id, list, from_quotient, to_quotient, price_cents,
               rate, floor_cents)
           SELECT $1, * FROM unnest($2::text[], $3::integer[], $4::integer[], $5::integer[],
                                    $6::integer[], $7::integer[])""",
        tariff_id,
        *(list(column) for column in zip(*rows, strict=True)),
    )


def band_rows(price: Price) -> Iterator[BandRow]:
    """The bands that a price is made of: from, to, cents, rate, floor."""
    match price:
        case Flat(price_cents):
            yield 0, None, price_cents, None, None
        case EffortRate(rate, floor_cents, ceiling_cents):
            yield 0, None, ceiling_cents, rate, floor_cents
        case ByQuotient(bands):
            for band in bands:
                yield band.from_quotient, band.to_quotient, band.price_cents, None, None

"""Writes tariffs; a published one is replaced, never edited."""

from datetime import datetime
from uuid import UUID, uuid4

from services.billing.errors import UnknownActivity
from services.billing.model.tariffs import Band, Tariff
from services.chassis.database import Connection


async def require_activity(connection: Connection, activity_id: UUID) -> None:
    """Raises UnknownActivity."""
    known = await connection.fetchval(
        "SELECT true FROM activity WHERE activity_id = $1", activity_id
    )
    if not known:
        raise UnknownActivity("Publiez l’activité, puis son tarif.")


async def in_force(connection: Connection, tariff: Tariff) -> tuple[UUID, Tariff] | None:
    """The tariff that this one would replace: same activity, same first day."""
    row = await connection.fetchrow(
        """SELECT t.tariff_id, t.unreserved_surcharge_cents, t.late_surcharge_cents,
                  t.late_surcharge_percent,
                  array_agg(b.from_quotient ORDER BY b.from_quotient) AS starts,
                  array_agg(b.to_quotient ORDER BY b.from_quotient) AS ends,
                  array_agg(b.price_cents ORDER BY b.from_quotient) AS prices
           FROM tariff t JOIN tariff_band b USING (tariff_id)
           WHERE t.activity_id = $1 AND t.valid_from = $2 AND t.replaced_at IS NULL
           GROUP BY t.tariff_id""",
        tariff.activity_id,
        tariff.valid_from,
    )
    if row is None:
        return None
    bands = tuple(map(Band, row["starts"], row["ends"], row["prices"]))
    return row["tariff_id"], Tariff(
        activity_id=tariff.activity_id,
        valid_from=tariff.valid_from,
        bands=bands,
        unreserved_surcharge_cents=row["unreserved_surcharge_cents"],
        late_surcharge_cents=row["late_surcharge_cents"],
        late_surcharge_percent=row["late_surcharge_percent"],
    )


async def retire(connection: Connection, tariff_id: UUID, now: datetime) -> None:
    """Another tariff takes its place; the lines it priced on invoices keep naming it."""
    await connection.execute(
        "UPDATE tariff SET replaced_at = $2 WHERE tariff_id = $1", tariff_id, now
    )


async def insert(connection: Connection, tariff: Tariff, *, now: datetime, by: UUID | None) -> UUID:
    """Publish the tariff; returns its id."""
    tariff_id = uuid4()
    await connection.execute(
        """INSERT INTO tariff (tariff_id, activity_id, valid_from, unreserved_surcharge_cents,
               late_surcharge_cents, late_surcharge_percent, published_at, published_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        tariff_id,
        tariff.activity_id,
        tariff.valid_from,
        tariff.unreserved_surcharge_cents,
        tariff.late_surcharge_cents,
        tariff.late_surcharge_percent,
        now,
        by,
    )
    await connection.execute(
        """INSERT INTO tariff_band (tariff_id, from_quotient, to_quotient, price_cents)
           SELECT $1, * FROM unnest($2::integer[], $3::integer[], $4::integer[])""",
        tariff_id,
        [band.from_quotient for band in tariff.bands],
        [band.to_quotient for band in tariff.bands],
        [band.price_cents for band in tariff.bands],
    )
    return tariff_id

"""The one place where prices are made, set-based; `model.tariffs.pricing` is its twin in Python."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.billing.model.units import Unit
from services.billing.repository.account import BOOKS, Account
from services.chassis.database import Connection

# A new tariff prices a whole town's open charges.
TOWN_SECONDS = 600

# The tariff of the charge's day.
IN_FORCE = """
        SELECT * FROM tariff t
        WHERE t.activity_id = c.activity_id AND t.valid_from <= c.date AND t.replaced_at IS NULL
        ORDER BY t.valid_from DESC LIMIT 1"""

# Of a family `f` on the day of `c`.
QUOTIENT_STATE = """CROSS JOIN LATERAL (
        SELECT CASE WHEN f.quotient IS NULL THEN 'missing'
                    WHEN f.quotient_until < c.date THEN 'expired' ELSE 'known' END AS state) q"""
# Whether a band `b` is the family's: the highest, where there is no quotient to go by.
BAND_HOLDS = """CASE WHEN q.state = 'known'
                   THEN b.from_quotient <= f.quotient
                        AND (b.to_quotient IS NULL OR f.quotient < b.to_quotient)
                   ELSE b.to_quotient IS NULL END"""
# What it costs; a share of the quotient to the nearest cent.
BAND_CENTS = """CASE WHEN b.rate IS NULL OR q.state <> 'known' THEN b.price_cents
                    ELSE least(b.price_cents, greatest(b.floor_cents,
                             (f.quotient::bigint * 100 * b.rate + 5000) / 10000)) END"""

# For a charge `c` of a family `f`: its tariff `t`, the child's rank `r`, its stay `h`, the lists of
# prices of its case `w`, the bands of the family's quotient `b` (the highest where the quotient is
# missing or was no longer valid that day), the price `u`, the surcharges `s`, and what else than
# the quotient made the price, `g`. Most tariffs ask neither for ranks nor for hours: those are
# looked up for each charge that does.
PRICING_BY = """
    {state}
    LEFT JOIN LATERAL ({tariff}) t ON true
    LEFT JOIN activity a ON a.activity_id = c.activity_id
    LEFT JOIN child k ON k.family_id = f.family_id AND k.child_id = c.child_id
    CROSS JOIN LATERAL ({rank}) r
    LEFT JOIN LATERAL ({stay}) h ON true
    CROSS JOIN LATERAL (
        SELECT CASE WHEN k.own_meal AND t.has_own_meal THEN ARRAY['own_meal']
                    WHEN f.resident IS NOT TRUE AND t.has_outside THEN ARRAY['outside']
                    WHEN t.hours = 'time_bands' THEN h.lists
                    WHEN r.rank > 1 AND t.sibling_lists > 0
                    THEN ARRAY['rank_' || least(r.rank, t.sibling_lists + 1)]
                    ELSE ARRAY['standard'] END AS lists,
               CASE WHEN r.rank > 1 THEN coalesce(t.sibling_percents[
                   least(r.rank - 1, cardinality(t.sibling_percents))], 0) ELSE 0 END AS percent,
               CASE t.hours WHEN 'half_hours' THEN h.half_hours ELSE 1 END AS count OFFSET 0) w
    LEFT JOIN LATERAL (
        SELECT max(b.from_quotient) AS from_quotient, min(b.to_quotient) AS to_quotient,
               max(b.rate) AS rate,
               sum({cents})::integer AS price_cents
        FROM tariff_band b
        WHERE b.tariff_id = t.tariff_id AND b.list = ANY(w.lists) AND {holds}) b ON true
    CROSS JOIN LATERAL (
        SELECT CASE WHEN f.resident IS NOT TRUE AND NOT w.lists && ARRAY['own_meal', 'outside']
                    THEN t.outside_supplement_cents ELSE 0 END AS supplement_cents) x
    CROSS JOIN LATERAL (
        -- Whoever came outside of the hours that cost pays nothing for them.
        SELECT ((coalesce(b.price_cents, CASE t.hours WHEN 'time_bands' THEN 0 END)
                 + x.supplement_cents) * (100 - w.percent) + 50) / 100 * w.count AS unit_cents
        OFFSET 0) u
    CROSS JOIN LATERAL (
        SELECT t.unreserved_surcharge_cents
                   + (u.unit_cents * t.unreserved_surcharge_percent + 50) / 100 AS unreserved_cents,
               t.late_surcharge_cents
                   + (u.unit_cents * t.late_surcharge_percent + 50) / 100 AS late_cents) m
    -- Never beyond the cost for each user (code de l’éducation, R. 531-53).
    CROSS JOIN LATERAL (
        SELECT greatest(0, least(m.unreserved_cents, t.cost_cents * w.count - u.unit_cents))
                   AS surcharge_cents,
               greatest(0, least(m.late_cents, t.cost_cents * w.count - u.unit_cents))
                   AS late_surcharge_cents) s
    CROSS JOIN LATERAL (
        SELECT nullif(jsonb_strip_nulls(jsonb_build_object(
            'lists', CASE WHEN w.lists <> ARRAY['standard'] THEN w.lists END,
            'rate', b.rate,
            'supplement_cents', nullif(x.supplement_cents, 0),
            'rank', CASE WHEN w.percent > 0 OR w.lists[1] LIKE 'rank%' THEN r.rank END,
            'percent', nullif(w.percent, 0),
            'half_hours', CASE t.hours WHEN 'half_hours' THEN w.count END,
            'hours', CASE WHEN w.lists[1] LIKE 'time%' THEN h.said END
        )), '{{}}') AS rule) g
"""

# A child's rank: one more than its elder brothers and sisters who count. Twins are told apart by
# their ids, so that one of them is the elder.
RANK = """
        SELECT 1 + count(*)::integer AS rank
        FROM child o
        WHERE t.siblings IS NOT NULL AND o.family_id = f.family_id AND o.child_id <> c.child_id
          AND (coalesce(o.birth_date, 'infinity'), o.child_id)
              < (coalesce(k.birth_date, 'infinity'), c.child_id)
          AND CASE t.siblings
              WHEN 'enrolled' THEN EXISTS (
                  SELECT FROM enrolled_child e JOIN activity d USING (activity_id)
                  WHERE e.family_id = f.family_id AND e.child_id = o.child_id
                    AND d.kind = a.kind AND c.date BETWEEN e.starts_on AND e.ends_on)
              ELSE EXISTS (
                  SELECT FROM unit n JOIN activity d USING (activity_id)
                  WHERE n.child_id = o.child_id AND n.date = c.date AND d.kind = a.kind
                    AND f.family_id IN (n.reservation_family_id, n.attendance_family_id)
                    AND (n.attendance_state = 'present'
                         OR n.attendance_state <> 'excused'
                            AND n.reservation_state IN ('kept', 'kept_late'))){or_planned}
              END"""

# When the child came and left: as the roll says, where it does not from the activity's start to
# its end.
STAY = """
        SELECT z.lists, z.said,
               greatest(1, (i.left_minute - i.arrived_minute + 29) / 30) AS half_hours
        FROM (SELECT coalesce(n.arrived_minute, a.starts_minute, 0) AS arrived_minute,
                     coalesce(n.left_minute, a.ends_minute, 1440) AS left_minute
              FROM (SELECT) none LEFT JOIN unit n
                ON n.child_id = c.child_id AND n.session_id = c.session_id
              WHERE t.hours IS NOT NULL LIMIT 1) i
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg('time_' || p.number ORDER BY p.number), '{}') AS lists,
                   array_agg(ARRAY[p.starts, p.ends] ORDER BY p.number) AS said
            FROM unnest(t.time_from, t.time_to) WITH ORDINALITY AS p(starts, ends, number)
            WHERE i.arrived_minute < p.ends AND i.left_minute > p.starts) z"""

AMOUNT = """u.unit_cents + CASE c.basis WHEN 'unreserved' THEN s.surcharge_cents
                                       WHEN 'late_reservation' THEN s.late_surcharge_cents
                                       ELSE 0 END"""


def pricing(tariff: str, or_planned: str = "") -> str:
    """The joins that price charges by this tariff; both texts are constants of ours."""
    return PRICING_BY.format(
        tariff=tariff,
        state=QUOTIENT_STATE,
        rank=RANK.format(or_planned=or_planned),
        stay=STAY,
        cents=BAND_CENTS,
        holds=BAND_HOLDS,
    )


PRICING = pricing(IN_FORCE)
# Of what a family plans together, its children count as if they were coming.
PRICING_PLANNED = pricing(
    IN_FORCE,
    or_planned="""
                  OR EXISTS (SELECT FROM planned p JOIN activity d USING (activity_id)
                             WHERE p.child_id = o.child_id AND p.date = c.date
                               AND d.kind = a.kind)""",
)

# What a month adds to its uses, takes off them or moves to another payer, which
# `repository.adjustments` and `repository.sharing` reckon.
OF_MONTH = "c.basis IN ('monthly_cap', 'monthly_fee', 'formula', 'aid', 'share')"

PRICES = """
WITH {beside}priced AS (
    SELECT c.child_id, c.session_id, c.family_id, t.tariff_id, f.quotient, f.quotient_until,
           CASE WHEN t.tariff_id IS NOT NULL THEN q.state END AS quotient_state,
           b.from_quotient, b.to_quotient, u.unit_cents, s.surcharge_cents,
           s.late_surcharge_cents, g.rule,
           {amount} AS amount_cents
    FROM {charges} c
    JOIN family f USING (family_id)
    {pricing}
    WHERE c.corrects IS NULL AND NOT {of_month} AND {which}
)
UPDATE open_charge c SET tariff_id = p.tariff_id, quotient = p.quotient,
    quotient_until = p.quotient_until, quotient_state = p.quotient_state,
    band_from = p.from_quotient, band_to = p.to_quotient, unit_cents = p.unit_cents,
    surcharge_cents = p.surcharge_cents, late_surcharge_cents = p.late_surcharge_cents,
    rule = p.rule, amount_cents = p.amount_cents
FROM priced p
WHERE c.child_id = p.child_id AND c.session_id = p.session_id AND c.family_id = p.family_id
  AND (c.tariff_id, c.quotient, c.quotient_until, c.quotient_state, c.amount_cents, c.rule)
      IS DISTINCT FROM
      (p.tariff_id, p.quotient, p.quotient_until, p.quotient_state, p.amount_cents, p.rule)
"""


def prices(
    which: str = "true",
    *,
    charges: str = "open_charge",
    pricing: str = PRICING,
    beside: str = "",
) -> str:
    """The statement that prices those of these open charges for which this constant text holds.

    `beside`: the tables of its own that `which` or `pricing` name.
    """
    return PRICES.format(
        amount=AMOUNT,
        pricing=pricing,
        of_month=OF_MONTH,
        charges=charges,
        which=which,
        beside=beside,
    )


# Found first (OFFSET 0), then priced: PostgreSQL would rather price them all and look afterwards.
# Planned once: how many units there are is hidden from it, as in `charges`.
OF_UNITS = """(
        SELECT c.* FROM unnest((SELECT $1::uuid[]), (SELECT $2::uuid[])) AS n (child_id, session_id)
        JOIN open_charge c USING (child_id, session_id) OFFSET 0)"""
PRICE_UNITS = prices(charges=OF_UNITS)
# Where brothers and sisters who come the same day cost less, a day is priced together.
PRICE_DAY = prices("c.family_id = $1 AND c.date = $2")
PRICE_FAMILY = prices("c.family_id = $1")
PRICE_ACTIVITY = prices("c.activity_id = $1 AND c.date >= $2")


SAME_DAY = """
SELECT DISTINCT n.family_id, n.date
FROM unnest($1::uuid[], $2::uuid[], $3::date[]) AS n (family_id, activity_id, date)
JOIN activity o ON o.activity_id = n.activity_id
WHERE EXISTS (SELECT FROM tariff t JOIN activity a USING (activity_id)
              WHERE t.siblings = 'same_day' AND t.replaced_at IS NULL AND t.valid_from <= n.date
                AND a.kind = o.kind)
"""


async def price_units(connection: Connection, units: Sequence[Unit]) -> None:
    """Price what is open of the units, and of brothers and sisters whose ranks they may change."""
    await connection.execute(
        PRICE_UNITS, [unit.child_id for unit in units], [unit.session_id for unit in units]
    )
    concerned = [(family_id, unit) for unit in units for family_id in unit.families]
    # Asked apart: planning the statement of a day takes longer than all of a unit's others.
    for day in await connection.fetch(
        SAME_DAY,
        [family_id for family_id, _ in concerned],
        [unit.activity_id for _, unit in concerned],
        [unit.date for _, unit in concerned],
    ):
        await connection.execute(PRICE_DAY, day["family_id"], day["date"])


async def price_family(connection: Connection, family_id: UUID) -> None:
    """Price what is still open of the family again."""
    await connection.execute(PRICE_FAMILY, family_id)


async def price_activity(
    connection: Connection, activity_id: UUID, since: date, account: Account = BOOKS
) -> None:
    """Price what is still open of the activity from this day on again, for all families."""
    statement = account.on(PRICE_ACTIVITY)
    await connection.execute(statement, activity_id, since, timeout=TOWN_SECONDS)

"""The one place where prices are made, set-based; `model.tariffs.pricing` is its twin in Python."""

from datetime import date
from uuid import UUID

from services.chassis.database import Connection

# A new tariff prices a whole town's open charges.
TOWN_SECONDS = 600

# The tariff of the charge's day.
IN_FORCE = """
        SELECT * FROM tariff t
        WHERE t.activity_id = c.activity_id AND t.valid_from <= c.date AND t.replaced_at IS NULL
        ORDER BY t.valid_from DESC LIMIT 1"""

# For a charge `c` of a family `f`: its tariff `t`, the list of prices of its case `w`, the band of
# the family's quotient `b` (the highest where the quotient is missing or was no longer valid that
# day), the price `u`, the surcharges `s`, and what else than the quotient made the price, `g`.
PRICING_BY = """
    CROSS JOIN LATERAL (
        SELECT CASE WHEN f.quotient IS NULL THEN 'missing'
                    WHEN f.quotient_until < c.date THEN 'expired' ELSE 'known' END AS state) q
    LEFT JOIN LATERAL ({tariff}) t ON true
    LEFT JOIN child k ON k.family_id = f.family_id AND k.child_id = c.child_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN k.own_meal AND t.has_own_meal THEN 'own_meal'
                    WHEN f.resident IS NOT TRUE AND t.has_outside THEN 'outside'
                    ELSE 'standard' END AS list,
               CASE WHEN f.resident IS NOT TRUE THEN t.outside_supplement_cents
                    ELSE 0 END AS supplement_cents) w
    LEFT JOIN tariff_band b ON b.tariff_id = t.tariff_id AND b.list = w.list
        AND CASE WHEN q.state = 'known'
                 THEN b.from_quotient <= f.quotient
                      AND (b.to_quotient IS NULL OR f.quotient < b.to_quotient)
                 ELSE b.to_quotient IS NULL END
    -- Shares are to the nearest cent.
    CROSS JOIN LATERAL (
        SELECT CASE WHEN b.rate IS NULL OR q.state <> 'known' THEN b.price_cents
                    ELSE least(b.price_cents, greatest(b.floor_cents,
                             (f.quotient::bigint * 100 * b.rate + 5000) / 10000)) END::integer
               + CASE w.list WHEN 'standard' THEN w.supplement_cents ELSE 0 END AS unit_cents) u
    CROSS JOIN LATERAL (
        SELECT t.unreserved_surcharge_cents
                   + (u.unit_cents * t.unreserved_surcharge_percent + 50) / 100 AS unreserved_cents,
               t.late_surcharge_cents
                   + (u.unit_cents * t.late_surcharge_percent + 50) / 100 AS late_cents) m
    -- Never beyond the cost for each user (code de l’éducation, R. 531-53).
    CROSS JOIN LATERAL (
        SELECT greatest(0, least(m.unreserved_cents, t.cost_cents - u.unit_cents))
                   AS surcharge_cents,
               greatest(0, least(m.late_cents, t.cost_cents - u.unit_cents))
                   AS late_surcharge_cents) s
    CROSS JOIN LATERAL (
        SELECT nullif(jsonb_strip_nulls(jsonb_build_object(
            'list', nullif(w.list, 'standard'),
            'rate', b.rate,
            'supplement_cents', CASE w.list WHEN 'standard' THEN nullif(w.supplement_cents, 0) END
        )), '{{}}') AS rule) g
"""
PRICING = PRICING_BY.format(tariff=IN_FORCE)

PRICES = """
WITH priced AS (
    SELECT c.child_id, c.session_id, c.family_id, t.tariff_id, f.quotient, f.quotient_until,
           CASE WHEN t.tariff_id IS NOT NULL THEN q.state END AS quotient_state,
           b.from_quotient, b.to_quotient, u.unit_cents, s.surcharge_cents,
           s.late_surcharge_cents, g.rule,
           u.unit_cents + CASE c.basis WHEN 'unreserved' THEN s.surcharge_cents
                                       WHEN 'late_reservation' THEN s.late_surcharge_cents
                                       ELSE 0 END AS amount_cents
    FROM open_charge c
    JOIN family f USING (family_id)
    {pricing}
    WHERE c.corrects IS NULL AND {which}
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
PRICE_UNIT = PRICES.format(pricing=PRICING, which="c.child_id = $1 AND c.session_id = $2")
PRICE_FAMILY = PRICES.format(pricing=PRICING, which="c.family_id = $1")
PRICE_ACTIVITY = PRICES.format(pricing=PRICING, which="c.activity_id = $1 AND c.date >= $2")


async def price_unit(connection: Connection, child_id: UUID, session_id: UUID) -> None:
    """Price what is open of the unit."""
    await connection.execute(PRICE_UNIT, child_id, session_id)


async def price_family(connection: Connection, family_id: UUID) -> None:
    """Price what is still open of the family again."""
    await connection.execute(PRICE_FAMILY, family_id)


async def price_activity(connection: Connection, activity_id: UUID, since: date) -> None:
    """Price what is still open of the activity from this day on again, for all families."""
    await connection.execute(PRICE_ACTIVITY, activity_id, since, timeout=TOWN_SECONDS)

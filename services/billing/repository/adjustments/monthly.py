"""Caps and fees: what an activity costs a month."""

from services.billing.repository.adjustments.uses import ACCOUNT, OPEN_USES
from services.billing.repository.pricing import BAND_CENTS, BAND_HOLDS, IN_FORCE, QUOTIENT_STATE

# The tariff is that of the month's last day. Uses that were all taken back owe no fee. What
# invoices hold of the month stays as it is, whatever the tariff or the quotient became since: what
# came fresh costs something between nothing and its own price.
MONTHLY = f"""
WITH used AS (
    SELECT DISTINCT c.family_id, c.child_id, c.activity_id,
           date_trunc('month', c.date)::date AS month
    FROM open_charge c
    WHERE {OPEN_USES}
      AND c.activity_id IN (SELECT activity_id FROM tariff
                            WHERE monthly IS NOT NULL AND replaced_at IS NULL)
), c AS (
    SELECT u.*, (u.month + interval '1 month - 1 day')::date AS date, x.*
    FROM used u CROSS JOIN LATERAL (
        SELECT coalesce(sum(o.cents) FILTER (WHERE NOT o.of_month), 0) AS used_cents,
               coalesce(sum(o.cents) FILTER (
                   WHERE o.basis IN ('monthly_cap', 'monthly_fee')), 0) AS settled_cents,
               coalesce(sum(o.cents) FILTER (WHERE o.held
                   AND (NOT o.of_month OR o.basis LIKE 'monthly%')), 0) AS held_cents,
               coalesce(sum(o.cents) FILTER (
                   WHERE NOT (o.held OR o.of_month OR o.corrects)), 0) AS fresh_cents,
               coalesce(bool_or(o.held AND o.basis = 'monthly_fee'), false) AS fee_held,
               coalesce(bool_or(o.corrects), false) AS corrected
        FROM ({ACCOUNT}) o
        WHERE o.activity_id = u.activity_id AND o.date >= u.month
          AND o.date < u.month + interval '1 month') x
)
INSERT INTO open_charge (child_id, session_id, family_id, activity_id, date, basis, tariff_id,
    quotient, quotient_until, quotient_state, band_from, band_to, unit_cents, surcharge_cents,
    amount_cents)
SELECT c.child_id, md5(concat_ws('/', 'month', c.child_id, c.activity_id, c.month))::uuid,
       c.family_id, c.activity_id, c.date, 'monthly_' || t.monthly, t.tariff_id, f.quotient,
       f.quotient_until, q.state, b.from_quotient, b.to_quotient, d.cents, 0, d.cents
FROM c JOIN family f USING (family_id)
{QUOTIENT_STATE}
JOIN LATERAL ({IN_FORCE}) t ON t.monthly IS NOT NULL
JOIN tariff_band b ON b.tariff_id = t.tariff_id AND b.list = 'month' AND {BAND_HOLDS}
CROSS JOIN LATERAL (
    SELECT CASE WHEN t.monthly = 'cap'
                THEN least(greatest(least(c.used_cents, {BAND_CENTS}),
                                    least(c.used_cents, c.held_cents)),
                           c.held_cents + c.fresh_cents)
                WHEN c.used_cents = 0 AND c.corrected THEN 0
                WHEN c.fee_held THEN c.held_cents
                WHEN c.held_cents > 0
                THEN least(greatest({BAND_CENTS}, least(c.used_cents, c.held_cents)),
                           c.held_cents + c.fresh_cents)
                ELSE {BAND_CENTS} END - c.used_cents - c.settled_cents AS cents) d
WHERE d.cents <> 0
"""  # noqa: S608 - a constant

"""Aids: what CAF, CCAS … pay of a child's days and months."""

from services.billing.repository.adjustments.uses import OPEN
from services.billing.repository.pricing import OF_MONTH

# Each ceiling bounds what was given up to and with a day: of the day, then of the month, then what
# the activity asks for in the end. Corrections are not helped, nor surcharges.
AIDS = f"""
WITH helped AS (
    SELECT c.*, date_trunc('month', c.date)::date AS month FROM open_charge c
    WHERE {OPEN} AND c.family_id IN (SELECT family_id FROM aid WHERE ended_at IS NULL)
), due AS (
    SELECT family_id, child_id, activity_id, month, greatest(0, sum(amount_cents)) AS due_cents
    FROM helped GROUP BY 1, 2, 3, 4
), used AS (
    SELECT c.family_id, c.child_id, c.activity_id, c.month, c.date, sum(c.unit_cents) AS cents
    FROM helped c WHERE c.corrects IS NULL AND NOT {OF_MONTH}
    GROUP BY 1, 2, 3, 4, 5
), daily AS (
    SELECT u.*, g.aid_id, g.label, g.granted_at,
           g.month_cents - s.month_cents AS month_left, g.day_cents - s.day_cents AS day_left,
           sum(u.cents) OVER (PARTITION BY g.aid_id, u.child_id, u.date ORDER BY u.activity_id)
               AS day_sum
    FROM used u JOIN activity a USING (activity_id)
    JOIN aid g ON g.family_id = u.family_id AND g.ended_at IS NULL
        AND (g.child_id IS NULL OR g.child_id = u.child_id)
        AND (g.kinds = '{{}}' OR a.kind = ANY(g.kinds))
        AND u.date BETWEEN g.valid_from AND g.valid_until
    CROSS JOIN LATERAL (
        SELECT coalesce(-sum(i.amount_cents), 0) AS month_cents,
               coalesce(-sum(i.amount_cents) FILTER (WHERE i.date = u.date), 0) AS day_cents
        FROM invoiced_charge i
        WHERE i.child_id = u.child_id AND i.family_id = u.family_id AND i.basis = 'aid'
          AND i.rule ->> 'aid_id' = g.aid_id::text
          AND i.date >= u.month AND i.date < u.month + interval '1 month') s
), monthly AS (
    SELECT *, sum(day_given) OVER (PARTITION BY aid_id, child_id, month
                                   ORDER BY date, activity_id) AS month_sum
    FROM (SELECT *, greatest(0, least(day_sum, day_left))
                    - greatest(0, least(day_sum - cents, day_left)) AS day_given
          FROM daily) d
), final AS (
    SELECT *, sum(month_given) OVER (PARTITION BY family_id, child_id, activity_id, month
                                     ORDER BY granted_at, aid_id, date) AS given_sum
    FROM (SELECT *, greatest(0, least(month_sum, month_left))
                    - greatest(0, least(month_sum - day_given, month_left)) AS month_given
          FROM monthly) m
)
INSERT INTO open_charge (child_id, session_id, family_id, activity_id, date, basis, unit_cents,
    surcharge_cents, amount_cents, rule)
SELECT g.child_id, md5(concat_ws('/', g.aid_id, g.child_id, g.activity_id, g.date))::uuid,
       g.family_id, g.activity_id, g.date, 'aid', -v.cents, 0, -v.cents,
       jsonb_build_object('name', g.label, 'aid_id', g.aid_id)
FROM final g JOIN due d USING (family_id, child_id, activity_id, month)
CROSS JOIN LATERAL (
    SELECT least(given_sum, due_cents) - least(given_sum - month_given, due_cents) AS cents) v
WHERE v.cents > 0
"""  # noqa: S608 - a constant

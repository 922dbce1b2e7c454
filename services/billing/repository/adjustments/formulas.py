"""Formulas: days of several activities at one price."""

from services.billing.repository.adjustments.uses import ACCOUNT, OPEN_USES
from services.billing.repository.pricing import BAND_CENTS, BAND_HOLDS, QUOTIENT_STATE

# One formula a day of a child, the one that takes most off; a day that an invoice holds keeps its
# formula and price. Activities that a month's price covers are left out.
FORMULAS = f"""
WITH used AS (
    SELECT DISTINCT c.family_id, c.child_id, c.date FROM open_charge c
    WHERE {OPEN_USES}
      AND (c.corrects IS NOT NULL
           OR EXISTS (SELECT FROM formula p WHERE p.replaced_at IS NULL AND p.valid_from <= c.date))
), spent AS (
    SELECT u.family_id, u.child_id, u.date, a.kind, sum(o.cents) AS cents,
           (array_agg(o.activity_id ORDER BY o.activity_id))[1] AS activity_id
    FROM used u CROSS JOIN LATERAL ({ACCOUNT}) o
    JOIN activity a ON a.activity_id = o.activity_id
    WHERE o.date = u.date AND NOT o.of_month
      AND NOT coalesce((SELECT t.monthly IS NOT NULL FROM tariff t
                        WHERE t.activity_id = o.activity_id AND t.valid_from <= o.date
                          AND t.replaced_at IS NULL
                        ORDER BY t.valid_from DESC LIMIT 1), false)
    GROUP BY u.family_id, u.child_id, u.date, a.kind HAVING sum(o.cents) > 0
), settled AS (
    SELECT u.family_id, u.child_id, u.date, sum(o.cents) AS cents, min(o.rule ->> 'name') AS name,
           (array_agg(o.activity_id))[1] AS activity_id,
           min(o.rule ->> 'formula_id')::uuid AS formula_id,
           min((o.rule ->> 'day_cents')::integer) AS day_cents
    FROM used u CROSS JOIN LATERAL ({ACCOUNT}) o
    WHERE o.date = u.date AND o.basis = 'formula'
    GROUP BY u.family_id, u.child_id, u.date
), matched AS (
    SELECT s.family_id, s.child_id, s.date, p.formula_id, p.name, sum(s.cents) AS cents,
           (array_agg(s.activity_id ORDER BY s.kind))[1] AS activity_id,
           min(h.day_cents) AS day_cents
    FROM spent s LEFT JOIN settled h USING (family_id, child_id, date)
    JOIN formula p ON s.kind = ANY(p.kinds) AND CASE
        WHEN h.formula_id IS NOT NULL THEN p.formula_id = h.formula_id
        ELSE p.replaced_at IS NULL
             AND s.date >= p.valid_from AND s.date <= coalesce(p.valid_until, 'infinity')
             AND NOT EXISTS (SELECT FROM formula n
                             WHERE n.name = p.name AND n.replaced_at IS NULL
                               AND n.valid_from > p.valid_from AND n.valid_from <= s.date) END
    GROUP BY s.family_id, s.child_id, s.date, p.formula_id
    HAVING count(*) = cardinality(p.kinds)
), best AS (
    SELECT DISTINCT ON (c.family_id, c.child_id, c.date) c.*, f.quotient, f.quotient_until,
           q.state, b.from_quotient, b.to_quotient, v.price_cents,
           c.cents - v.price_cents AS saved_cents
    FROM matched c JOIN family f USING (family_id)
    {QUOTIENT_STATE}
    JOIN formula_band b ON b.formula_id = c.formula_id AND {BAND_HOLDS}
    CROSS JOIN LATERAL (SELECT coalesce(c.day_cents, {BAND_CENTS}) AS price_cents) v
    ORDER BY c.family_id, c.child_id, c.date, saved_cents DESC, c.formula_id
)
INSERT INTO open_charge (child_id, session_id, family_id, activity_id, date, basis, quotient,
    quotient_until, quotient_state, band_from, band_to, unit_cents, surcharge_cents, amount_cents,
    rule)
SELECT u.child_id, md5(concat_ws('/', 'formula', u.child_id, u.date))::uuid, u.family_id,
       coalesce(b.activity_id, s.activity_id), u.date, 'formula', b.quotient, b.quotient_until,
       b.state, b.from_quotient, b.to_quotient, d.cents, 0, d.cents,
       jsonb_strip_nulls(jsonb_build_object(
           'name', coalesce(b.name, s.name),
           'formula_id', coalesce(b.formula_id, s.formula_id),
           'day_cents', coalesce(b.price_cents, s.day_cents)))
FROM used u
LEFT JOIN best b USING (family_id, child_id, date)
LEFT JOIN settled s USING (family_id, child_id, date)
CROSS JOIN LATERAL (
    SELECT (-greatest(0, coalesce(b.saved_cents, 0)) - coalesce(s.cents, 0)) AS cents) d
WHERE d.cents <> 0
"""  # noqa: S608 - a constant

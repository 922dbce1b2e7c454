"""What a month adds to the uses of its children or takes off them, set-based.

Caps and fees of a month, days at one price, aids, parts of other payers: rows beside the charges
of uses, reckoned anew each time from all that is open and from what invoices hold, so that a late
charge is capped too.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from services.billing.model.months import Month
from services.billing.repository import sharing
from services.billing.repository.account import BOOKS, Account
from services.billing.repository.pricing import (
    BAND_CENTS,
    BAND_HOLDS,
    IN_FORCE,
    OF_MONTH,
    QUOTIENT_STATE,
)
from services.chassis.database import Connection

# What reckons a whole town's month.
SETTLE_SECONDS = 600


# In each statement $1 is the day after the month, $2 the families, none for all.
OPEN = """c.amount_cents IS NOT NULL AND c.date < $1
      AND ($2::uuid[] IS NULL OR c.family_id = ANY($2))"""
OPEN_USES = f"{OPEN} AND NOT {OF_MONTH}"

FORGET = f"DELETE FROM open_charge c WHERE {OF_MONTH} AND {OPEN}"  # noqa: S608 - constants

# All that a child `c` was ever charged by the family: a correction counts as it stands, a use
# without its surcharge.
ACCOUNT = f"""
    SELECT c.activity_id, c.date, c.basis, c.rule, {OF_MONTH} AS of_month,
           CASE WHEN c.corrects IS NULL THEN c.unit_cents ELSE c.amount_cents END AS cents,
           c.corrects IS NOT NULL AS corrects, false AS held
    FROM open_charge c
    WHERE c.child_id = u.child_id AND c.family_id = u.family_id AND c.amount_cents IS NOT NULL
    UNION ALL
    SELECT c.activity_id, c.date, c.basis, c.rule, {OF_MONTH},
           CASE WHEN c.corrects IS NULL THEN c.unit_cents ELSE c.amount_cents END,
           c.corrects IS NOT NULL, true
    FROM invoiced_charge c WHERE c.child_id = u.child_id AND c.family_id = u.family_id
"""  # noqa: S608

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
"""  # noqa: S608

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
"""  # noqa: S608

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
"""  # noqa: S608

WANTED = """
SELECT EXISTS (SELECT FROM tariff WHERE monthly IS NOT NULL AND replaced_at IS NULL) AS monthly,
       EXISTS (SELECT FROM formula) AS formulas,
       EXISTS (SELECT FROM aid WHERE ended_at IS NULL) AS aids,
       EXISTS (SELECT FROM sharing) AS sharings
"""


async def wanted(connection: Connection) -> Mapping[str, bool]:
    """Which rules of a month there are in the town: `monthly`, `formulas`, `aids`, `sharings`."""
    found = await connection.fetchrow(WANTED)
    assert found is not None  # noqa: S101 - a query of constants always has a row
    return dict(found)


async def settle_month(
    connection: Connection,
    month: Month,
    family_ids: Collection[UUID] | None,
    account: Account = BOOKS,
) -> None:
    """Reckon what the months up to this one add to the uses that are open, or take off them.

    For these families, whose accounts the caller has, or with the books for all. Doing it again
    gives the same. What an invoice holds is never changed: a difference is a further row.
    """
    values = (month.after, list(family_ids) if family_ids is not None else None)
    rules = await wanted(connection)
    # A draft of a month tells what children cost, whoever pays.
    divided = rules["sharings"] and account.divided
    shared = await sharing.open_accounts(connection, *values, account) if divided else []
    await connection.execute(account.on(FORGET), *values, timeout=SETTLE_SECONDS)
    # Aids come last: they help with what is left to pay.
    for name, statement in (("monthly", MONTHLY), ("formulas", FORMULAS), ("aids", AIDS)):
        if rules[name]:
            await connection.execute(account.on(statement), *values, timeout=SETTLE_SECONDS)
    # What is left in the end is divided.
    await sharing.divide_accounts(connection, shared, values[1], account)

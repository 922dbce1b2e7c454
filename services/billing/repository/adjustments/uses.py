"""What of a child's charges the rules of a month look at."""

from services.billing.repository.pricing import OF_MONTH

# In each statement $1 is the day after the month, $2 the families, none for all.
OPEN = """c.amount_cents IS NOT NULL AND c.date < $1
      AND ($2::uuid[] IS NULL OR c.family_id = ANY($2))"""
OPEN_USES = f"{OPEN} AND NOT {OF_MONTH}"

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
"""  # noqa: S608 - a constant

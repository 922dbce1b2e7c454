"""Divides what is open of children among their payers.

A part is a row beside the charges of uses, as a cap or an aid is: what it takes off the account of
the child's family it puts on a payer's, so that the accounts together are what was charged. It
is reckoned anew each time from all that is open and from what invoices hold already.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from services.billing.model.sharing import divide, of_a_month
from services.billing.repository.account import BOOKS, Account
from services.billing.repository.pricing import OF_MONTH
from services.chassis.database import Connection

# What divides a whole town's month.
SHARING_SECONDS = 600

# The sharing of a charge `c`; one for its activity goes before one for all.
OF_CHARGE = """
    SELECT s.sharing_id FROM sharing s
    WHERE s.family_id = c.family_id AND s.child_id = c.child_id
      AND coalesce(s.activity_id, c.activity_id) = c.activity_id
      AND c.date BETWEEN s.valid_from AND coalesce(s.valid_until, 'infinity')
    ORDER BY s.activity_id NULLS LAST, s.sharing_id LIMIT 1
"""

# All that a child was ever charged by its family, without the parts of it.
CHARGES = """
    SELECT family_id, child_id, activity_id, date, basis, unit_cents, amount_cents, corrects
    FROM open_charge o WHERE o.child_id = {key}.child_id AND o.family_id = {key}.family_id
      AND o.basis <> 'share' AND o.amount_cents IS NOT NULL
    UNION ALL
    SELECT family_id, child_id, activity_id, date, basis, unit_cents, amount_cents, corrects
    FROM invoiced_charge i WHERE i.child_id = {key}.child_id AND i.family_id = {key}.family_id
      AND i.basis <> 'share'
"""

# $1: the day after the month, $2: the families, none for all. A part that is still open is
# reckoned again, whether or not a use is; and where something of a month is open, so is every
# sharing that the month had, since its cap or fee is for all of them.
OPEN_ACCOUNTS = f"""
WITH shared AS (SELECT DISTINCT family_id, child_id FROM sharing),
payer AS (SELECT family_id FROM sharing UNION SELECT payer_id FROM sharing_part),
used AS (
    SELECT DISTINCT c.family_id, c.child_id, c.activity_id,
           date_trunc('month', c.date)::date AS month
    FROM shared k JOIN open_charge c USING (family_id, child_id)
    WHERE c.basis <> 'share' AND c.amount_cents IS NOT NULL AND c.date < $1
      AND ($2::uuid[] IS NULL OR c.family_id = ANY($2))
)
SELECT s.sharing_id, u.activity_id, u.month
FROM used u CROSS JOIN LATERAL ({CHARGES.format(key="u")}) c
CROSS JOIN LATERAL ({OF_CHARGE}) s
WHERE c.activity_id = u.activity_id AND c.date >= u.month
  AND c.date < u.month + interval '1 month'
UNION
SELECT (c.rule ->> 'sharing_id')::uuid, c.activity_id, date_trunc('month', c.date)::date
FROM payer JOIN open_charge c USING (family_id)
WHERE c.basis = 'share' AND c.date < $1 AND ($2::uuid[] IS NULL OR c.family_id = ANY($2))
"""  # noqa: S608 - constants of this module

# A price of the month has no day of its own: it is for all uses, as far as each sharing divides
# them, without what is beyond a cap anyway (surcharges).
OF_WHOLE_MONTH = "c.basis IN ('monthly_cap', 'monthly_fee')"

# What each account was charged in all, in which parts that is to be paid, and what invoices hold
# of the parts already.
CHARGED = f"""
WITH wanted AS (
    SELECT w.*, s.family_id, s.child_id,
           (w.month + interval '1 month')::date AS after
    FROM unnest($1::uuid[], $2::uuid[], $3::date[]) AS w (sharing_id, activity_id, month)
    JOIN sharing s USING (sharing_id)
)
SELECT w.sharing_id, w.activity_id, w.month, w.family_id, w.child_id,
       coalesce(k.first_name || ' ' || k.last_name, 'Enfant') AS child_name,
       x.dated_cents, x.month_cents, x.used_cents,
       coalesce((SELECT l.sharing_id::text
                 FROM (SELECT w.family_id, w.child_id, w.activity_id, w.after - 1 AS date) c
                 CROSS JOIN LATERAL ({OF_CHARGE}) l), '') AS last_sharing,
       (SELECT jsonb_object_agg(p.payer_id, p.part) FROM sharing_part p
        WHERE p.sharing_id = w.sharing_id) AS parts,
       (SELECT coalesce(jsonb_object_agg(h.family_id, h.cents), '{{}}')
        FROM (SELECT c.family_id, sum(c.amount_cents) AS cents FROM invoiced_charge c
              WHERE c.child_id = w.child_id AND c.basis = 'share'
                AND c.activity_id = w.activity_id AND c.date >= w.month AND c.date < w.after
                AND c.rule ->> 'sharing_id' = w.sharing_id::text
              GROUP BY c.family_id) h) AS invoiced
FROM wanted w LEFT JOIN child k USING (family_id, child_id)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(g.cents) FILTER (WHERE g.sharing_id = w.sharing_id::text), 0)::integer
               AS dated_cents,
           coalesce(sum(g.month_cents), 0)::integer AS month_cents,
           coalesce(jsonb_object_agg(g.sharing_id, g.used_cents), '{{}}') AS used_cents
    FROM (
        SELECT coalesce(s.sharing_id::text, '') AS sharing_id,
               coalesce(sum(c.amount_cents) FILTER (WHERE NOT {OF_WHOLE_MONTH}), 0) AS cents,
               coalesce(sum(c.amount_cents) FILTER (WHERE {OF_WHOLE_MONTH}), 0) AS month_cents,
               coalesce(sum(CASE WHEN c.corrects IS NULL THEN c.unit_cents
                                 ELSE c.amount_cents END) FILTER (WHERE NOT {OF_MONTH}), 0)
                   AS used_cents
        FROM ({CHARGES.format(key="w")}) c
        LEFT JOIN LATERAL ({OF_CHARGE}) s ON true
        WHERE c.activity_id = w.activity_id AND c.date >= w.month AND c.date < w.after
        GROUP BY 1) g) x
"""  # noqa: S608 - a constant

# The row of a part: named by its account, dated the month's last day.
SESSION = "md5(concat_ws('/', 'share', {sharing_id}, {activity_id}, {month}))::uuid"
LAST_DAY = "({month} + interval '1 month - 1 day')::date"

FORGET = f"""
DELETE FROM open_charge c
USING unnest($1::uuid[], $2::uuid[], $3::date[]) AS w (sharing_id, activity_id, month)
JOIN sharing s USING (sharing_id)
WHERE c.child_id = s.child_id AND c.basis = 'share'
  AND c.session_id = {
    SESSION.format(sharing_id="w.sharing_id", activity_id="w.activity_id", month="w.month")
}
"""  # noqa: S608 - a constant

PUT = f"""
INSERT INTO open_charge (child_id, session_id, family_id, activity_id, date, basis, unit_cents,
    surcharge_cents, amount_cents, rule)
SELECT w.child_id,
       {
    SESSION.format(
        sharing_id="w.rule ->> 'sharing_id'", activity_id="w.activity_id", month="w.month"
    )
},
       w.payer_id, w.activity_id, {LAST_DAY.format(month="w.month")}, 'share', w.cents, 0,
       w.cents, w.rule
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::integer[], $6::jsonb[])
    AS w (child_id, payer_id, activity_id, month, cents, rule)
"""  # noqa: S608 - a constant


class Shared(NamedTuple):
    """What a sharing divides at once: a child's month in one activity."""

    sharing_id: UUID
    activity_id: UUID
    month: date


@dataclass(frozen=True, slots=True)
class PartDue:
    """What is to be put on an account, or taken off it, so that it pays its part."""

    child_id: UUID
    payer_id: UUID
    activity_id: UUID
    month: date
    cents: int
    rule: Mapping[str, Any]


async def open_accounts(
    connection: Connection,
    after: date,
    family_ids: Collection[UUID] | None,
    account: Account = BOOKS,
) -> list[Shared]:
    """What is to be divided: accounts with something open before that day."""
    statement = account.on(OPEN_ACCOUNTS)
    rows = await connection.fetch(statement, after, family_ids, timeout=SHARING_SECONDS)
    return [Shared(**dict(row)) for row in rows]


async def forget(connection: Connection, accounts: Sequence[Shared]) -> None:
    """Drop the open parts of these accounts, which are about to be reckoned anew."""
    columns = [list(column) for column in zip(*accounts, strict=True)]
    await connection.execute(FORGET, *columns, timeout=SHARING_SECONDS)


async def divide_accounts(
    connection: Connection,
    accounts: Sequence[Shared],
    family_ids: Collection[UUID] | None,
    account: Account = BOOKS,
) -> None:
    """Write the parts of these accounts; what none of these families pays is left alone.

    Invoices keep theirs: a difference is a further row. Doing it again gives the same.
    """
    if not accounts:
        return
    columns = [list(column) for column in zip(*accounts, strict=True)]
    rows = await connection.fetch(account.on(CHARGED), *columns, timeout=SHARING_SECONDS)
    dues = [
        due
        for row in rows
        for due in _dues(row)
        if family_ids is None or due.payer_id in family_ids
    ]
    await connection.execute(
        account.on(PUT),
        [due.child_id for due in dues],
        [due.payer_id for due in dues],
        [due.activity_id for due in dues],
        [due.month for due in dues],
        [due.cents for due in dues],
        [due.rule for due in dues],
        timeout=SHARING_SECONDS,
    )


def _dues(row: asyncpg.Record) -> Iterator[PartDue]:
    parts = {UUID(payer): part for payer, part in row["parts"].items()}
    invoiced = {UUID(payer): cents for payer, cents in row["invoiced"].items()}
    family_id = row["family_id"]
    of_month = of_a_month(row["month_cents"], row["used_cents"], row["last_sharing"])
    whole = row["dated_cents"] + of_month.get(str(row["sharing_id"]), 0)
    divided = divide(whole, parts)
    for payer in sorted({family_id, *parts, *invoiced}):
        before = invoiced.get(payer, 0)
        own = divided.get(payer, 0) - (whole if payer == family_id else 0)
        if own == before:
            continue
        rule = {
            "sharing_id": str(row["sharing_id"]),
            "family_id": str(family_id),
            "part": parts.get(payer, 0),
            "whole_cents": whole,
            "child": row["child_name"],
        }
        if before and payer != family_id:
            rule["before_cents"] = before
        key = (row["child_id"], payer, row["activity_id"], row["month"])
        yield PartDue(*key, cents=own - before, rule=rule)

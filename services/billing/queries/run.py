"""What the month's runs have done, and what one would do."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from services.billing.errors import UnknownRun
from services.billing.model import doubts
from services.billing.model.doubts import Doubt, DoubtKind, Instance
from services.billing.model.months import Month
from services.billing.model.registers import DEFAULT_REGISTER
from services.billing.repository import anomalies
from services.billing.repository.plans import OWING, PLAN_SECONDS, Terms
from services.chassis.database import Connection

Row = dict[str, Any]

# How many cases of a doubt are named; all are counted.
NAMED = 50

# While a run is at work its slices say how far it is.
RUNS = """
SELECT r.run_id, r.month, r.status, r.requested_at, r.finished_at, r.families, r.invoices,
       r.total_cents, r.skipped, r.warnings, s.slices, s.slices_done,
       CASE WHEN r.status = 'running' THEN s.planned END AS planned,
       CASE WHEN r.status = 'running' THEN s.issued ELSE r.issued END AS issued
FROM billing_run r
CROSS JOIN LATERAL (
    SELECT count(*) AS slices, count(s.done_at) AS slices_done,
           coalesce(sum(s.invoices), 0) AS planned,
           coalesce(sum(s.invoices) FILTER (WHERE s.done_at IS NOT NULL), 0) AS issued
    FROM billing_slice s WHERE s.pass_id = r.pass_id) s
WHERE ($1::uuid IS NULL OR r.run_id = $1) AND ($2::date IS NULL OR r.month = $2)
ORDER BY r.month DESC
"""

REGISTERS = f"""
SELECT o.register AS register_code, r.label, count(*) AS invoices,
       sum(o.total_cents)::bigint AS total_cents
FROM ({OWING}) o JOIN register r ON r.code = o.register
JOIN family f USING (family_id) WHERE f.record_version > 0
GROUP BY 1, 2 ORDER BY 1
"""  # noqa: S608 - constants of the repository

FAMILIES = f"""
SELECT count(DISTINCT o.family_id)
FROM ({OWING}) o JOIN family f USING (family_id) WHERE f.record_version > 0
"""  # noqa: S608 - a constant

WAITING = """
SELECT count(*) AS families, coalesce(sum(o.total_cents), 0)::bigint AS cents FROM (
    SELECT c.family_id, coalesce(r.register, $2) AS register, sum(c.amount_cents) AS total_cents
    FROM open_charge c LEFT JOIN activity a USING (activity_id)
    LEFT JOIN register_of_kind r USING (kind)
    WHERE c.amount_cents IS NOT NULL AND c.date < $1
    GROUP BY 1, 2) o
JOIN register r ON r.code = o.register
WHERE o.total_cents < greatest(coalesce(r.least_cents, $3), 1)
"""
OWN_THRESHOLDS = "SELECT EXISTS (SELECT FROM register WHERE least_cents IS NOT NULL)"

# Each doubt: its first cases in order, and beside each how many there are in all. $1: the day
# after the month; last: how many are named.
UNMARKED = """
SELECT count(*) OVER () AS count, a.name, c.session_id, c.date, count(*) AS places
FROM open_charge c JOIN activity a USING (activity_id)
WHERE c.date < least($1::date, $2::date) AND c.corrects IS NULL
GROUP BY a.name, c.session_id, c.date
HAVING bool_and(c.basis IN ('reserved', 'late_reservation')) AND bool_or(c.basis = 'reserved')
ORDER BY c.date, a.name, c.session_id LIMIT $3
"""
QUOTIENT = """
SELECT count(*) OVER () AS count, f.family_id, f.reference, f.label
FROM open_charge c JOIN family f USING (family_id)
WHERE c.date < $1 AND c.amount_cents IS NOT NULL AND c.quotient_state IN ('missing', 'expired')
GROUP BY f.family_id ORDER BY f.reference, f.family_id LIMIT $2
"""
JUMP = """
SELECT count(*) OVER () AS count, f.family_id, f.reference, f.label, o.total_cents, u.usual_cents
FROM (
    SELECT c.family_id, sum(c.amount_cents) AS total_cents FROM open_charge c
    WHERE c.date < $1 AND c.amount_cents IS NOT NULL GROUP BY 1) o
JOIN family f USING (family_id)
CROSS JOIN LATERAL (
    SELECT avg(l.total_cents)::bigint AS usual_cents FROM (
        SELECT sum(i.total_cents) AS total_cents FROM invoice i
        WHERE i.family_id = o.family_id AND i.month < $2
        GROUP BY i.month ORDER BY i.month DESC LIMIT 3) l) u
WHERE o.total_cents > 0 AND abs(o.total_cents - u.usual_cents) * 100 > u.usual_cents * $3
ORDER BY abs(o.total_cents - u.usual_cents) DESC, f.reference LIMIT $4
"""
UNPRICED = """
SELECT count(*) OVER () AS count, coalesce(a.name, '') AS name, count(*) AS units
FROM open_charge c LEFT JOIN activity a USING (activity_id)
WHERE c.amount_cents IS NULL AND c.date < $1
GROUP BY c.activity_id, a.name ORDER BY a.name, c.activity_id LIMIT $2
"""
NO_FILE = """
SELECT count(*) OVER () AS count, f.family_id, f.reference, f.label
FROM family f WHERE f.record_version = 0
  AND EXISTS (SELECT FROM open_charge c WHERE c.family_id = f.family_id AND c.date < $1)
ORDER BY f.family_id LIMIT $2
"""
# What is owed by those who would have an invoice, of the months before.
OWING_WITH_FILE = f"""
SELECT o.family_id, o.register FROM ({OWING}) o
JOIN family f USING (family_id) WHERE f.record_version > 0
"""  # noqa: S608 - a constant
EARLIER = anomalies.EARLIER.format(owing=OWING_WITH_FILE) + "LIMIT $5"

KEPT_REGISTERS = """
SELECT r.code, r.label, r.least_cents, r.code = $1 AS bills_the_rest,
       array(SELECT k.kind FROM register_of_kind k WHERE k.register = r.code ORDER BY 1) AS kinds,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('fiscal_year', n.fiscal_year,
                   'last_number', n.last_number) ORDER BY n.fiscal_year DESC), '[]')
        FROM invoice_counter n WHERE n.register = r.code) AS numbers
FROM register r ORDER BY r.code
"""


async def registers(connection: Connection) -> list[Row]:
    """All registers, and the kinds of activities that each is named for."""
    return [dict(row) for row in await connection.fetch(KEPT_REGISTERS, DEFAULT_REGISTER)]


async def runs(connection: Connection) -> list[Row]:
    """All billing runs, newest month first."""
    return [_run(dict(row)) for row in await connection.fetch(RUNS, None, None)]


async def run(connection: Connection, run_id: UUID) -> Row:
    """One billing run. Raises UnknownRun."""
    row = await connection.fetchrow(RUNS, run_id, None)
    if row is None:
        raise UnknownRun
    return _run(dict(row))


def _run(row: Row) -> Row:
    return {**row, "month": str(Month(row["month"]))}


async def preview(connection: Connection, month: Month, *, today: date, terms: Terms) -> Row:
    """What a run of the month would issue now, and what should be looked at first."""
    owing = (month.first, month.after, DEFAULT_REGISTER, terms.least_cents)
    before = await connection.fetchrow(RUNS, None, month.first)
    parts = [dict(row) for row in await connection.fetch(REGISTERS, *owing, timeout=PLAN_SECONDS)]
    waiting = await connection.fetchrow(
        WAITING, month.after, DEFAULT_REGISTER, terms.least_cents, timeout=PLAN_SECONDS
    )
    assert waiting is not None  # noqa: S101 - an aggregate always has a row
    return {
        "month": str(month),
        "over": today >= month.after,
        "run": _run(dict(before)) if before else None,
        "families": await connection.fetchval(FAMILIES, *owing, timeout=PLAN_SECONDS),
        "invoices": sum(part["invoices"] for part in parts),
        "total_cents": sum(part["total_cents"] for part in parts),
        "registers": parts,
        "least_cents": None if await connection.fetchval(OWN_THRESHOLDS) else terms.least_cents,
        "waiting_families": waiting["families"],
        "waiting_cents": waiting["cents"],
        "doubts": [
            {**asdict(doubt), "title": doubt.title}
            for doubt in await found_doubts(connection, month, today, terms)
        ],
    }


@dataclass(frozen=True, slots=True)
class _Search:
    """Where to find the cases of a doubt, and how to put one in words."""

    kind: DoubtKind
    sql: str
    values: tuple[object, ...]
    instance: Callable[[asyncpg.Record], Instance]


async def found_doubts(
    connection: Connection, month: Month, today: date, terms: Terms
) -> list[Doubt]:
    """The doubts that have cases."""
    found = []
    for search in _searches(month, today, terms):
        rows: Sequence[asyncpg.Record] = await connection.fetch(
            search.sql, *search.values, NAMED, timeout=PLAN_SECONDS
        )
        if rows:
            instances = tuple(search.instance(row) for row in rows)
            found.append(Doubt(search.kind, rows[0]["count"], instances))
    return found


def _searches(month: Month, today: date, terms: Terms) -> tuple[_Search, ...]:
    after = month.after
    owing = (month.first, after, DEFAULT_REGISTER, terms.least_cents)
    return (
        _Search(DoubtKind.EARLIER, EARLIER, owing, _earlier),
        _Search(DoubtKind.UNMARKED, UNMARKED, (after, today), _unmarked),
        _Search(DoubtKind.QUOTIENT, QUOTIENT, (after,), _family),
        _Search(DoubtKind.JUMP, JUMP, (after, month.first, terms.jump_percent), _jump),
        _Search(DoubtKind.UNPRICED, UNPRICED, (after,), _unpriced),
        _Search(DoubtKind.NO_FILE, NO_FILE, (after,), _family),
    )


def _unmarked(row: asyncpg.Record) -> Instance:
    text = doubts.unmarked(row["name"], row["date"], row["places"])
    return Instance(text, session_id=row["session_id"], day=row["date"])


def _family(row: asyncpg.Record) -> Instance:
    return Instance(doubts.payer(row["reference"], row["label"]), family_id=row["family_id"])


def _jump(row: asyncpg.Record) -> Instance:
    text = doubts.jump(row["reference"], row["label"], row["total_cents"], row["usual_cents"])
    return Instance(text, family_id=row["family_id"])


def _earlier(row: asyncpg.Record) -> Instance:
    return Instance(doubts.earlier(Month(row["month"]), row["cents"], invoiced=row["invoiced"]))


def _unpriced(row: asyncpg.Record) -> Instance:
    return Instance(doubts.unpriced(row["name"], row["units"]))

"""What the till shows: its day, its cheques, a family's credit."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from services.billing.errors.till import UnknownRefund, UnknownSlip
from services.billing.queries import Page, Row
from services.chassis.clock import PARIS
from services.chassis.database import Connection

# Whatever moved money that day; what went out is below zero.
JOURNAL = """
SELECT m.kind, m.payment_id, m.refund_id, m.method, m.amount_cents, m.reference, m.at, m.reason,
       f.family_id, f.reference AS family_reference, f.label AS family_label
FROM (
    SELECT 'payment' AS kind, payment_id, NULL::uuid AS refund_id, method, amount_cents,
           reference, received_at AS at, '' AS reason, family_id
    FROM payment WHERE status = 'paid' AND received_at >= $1 AND received_at < $2
    UNION ALL
    SELECT 'reversal', p.payment_id, NULL, p.method, -p.amount_cents, p.reference, r.reversed_at,
           r.reason, p.family_id
    FROM payment_reversal r JOIN payment p USING (payment_id)
    WHERE r.reversed_at >= $1 AND r.reversed_at < $2
    UNION ALL
    SELECT 'refund', NULL, refund_id, 'refund', -amount_cents, '', refunded_at, reason, family_id
    FROM refund WHERE refunded_at >= $1 AND refunded_at < $2
    UNION ALL
    SELECT 'refund_reversal', NULL, f.refund_id, 'refund', f.amount_cents, '', r.reversed_at,
           r.reason, f.family_id
    FROM refund_reversal r JOIN refund f USING (refund_id)
    WHERE r.reversed_at >= $1 AND r.reversed_at < $2
) m JOIN family f USING (family_id) ORDER BY m.at, m.reference
"""

CHEQUES = """
SELECT c.payment_id, c.number, c.bank, c.drawer, p.amount_cents, p.reference, p.received_at
FROM cheque c JOIN payment p USING (payment_id)
WHERE c.slip_id IS NOT DISTINCT FROM $1
  AND ($1 IS NOT NULL OR NOT EXISTS (SELECT FROM payment_reversal r
                                     WHERE r.payment_id = c.payment_id))
ORDER BY p.received_at, p.reference LIMIT 500
"""

SLIPS = """
SELECT s.slip_id, s.number, s.made_at, s.locked_at, count(c.payment_id) AS cheques,
       coalesce(sum(p.amount_cents), 0) AS total_cents
FROM cheque_slip s LEFT JOIN cheque c USING (slip_id) LEFT JOIN payment p USING (payment_id)
WHERE ($1::uuid IS NULL OR s.slip_id = $1)
GROUP BY s.slip_id ORDER BY s.locked_at IS NOT NULL, s.made_at DESC LIMIT $2 OFFSET $3
"""

CREDIT = """
SELECT $1::uuid AS family_id, -coalesce(sum(amount_cents), 0)::integer AS credit_cents
FROM ledger_entry WHERE family_id = $1 AND account = 'family_credit'
"""

REFUND = """
SELECT r.refund_id, r.family_id, f.label AS family_label, r.amount_cents, r.reason, r.refunded_at,
       v.reversed_at, v.reason AS reversal_reason
FROM refund r JOIN family f USING (family_id) LEFT JOIN refund_reversal v USING (refund_id)
WHERE r.refund_id = $1
"""


def _paris_day(day: date) -> tuple[datetime, datetime]:
    begins = (datetime.combine(day + timedelta(n), time(), PARIS) for n in (0, 1))
    first, after = (instant.astimezone(UTC) for instant in begins)
    return first, after


async def journal(connection: Connection, day: date) -> Row:
    """What the day moved, one line each and by means of payment."""
    rows = [dict(row) for row in await connection.fetch(JOURNAL, *_paris_day(day))]
    return {
        "day": day,
        "lines": rows,
        "totals": _totals(rows),
        "total_cents": sum(row["amount_cents"] for row in rows),
    }


def _totals(rows: Sequence[Row]) -> list[Row]:
    by_method: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_method[row["method"]].append(row["amount_cents"])
    return [
        {"method": method, "count": len(amounts), "amount_cents": sum(amounts)}
        for method, amounts in sorted(by_method.items())
    ]


async def cheques(connection: Connection, slip_id: UUID | None = None) -> list[Row]:
    """The cheques of a slip, or those that wait for one, in the order they came."""
    return [dict(row) for row in await connection.fetch(CHEQUES, slip_id)]


async def slips(connection: Connection, page: Page) -> list[Row]:
    """Deposit slips: the open ones, then the newest."""
    rows = await connection.fetch(SLIPS, None, page.size, page.offset)
    return [dict(row) for row in rows]


async def slip(connection: Connection, slip_id: UUID) -> Row:
    """One slip with its cheques. Raises UnknownSlip."""
    row = await connection.fetchrow(SLIPS, slip_id, 1, 0)
    if row is None:
        raise UnknownSlip
    return {**row, "lines": await cheques(connection, slip_id)}


async def family_credit(connection: Connection, family_id: UUID) -> Row:
    """What the family has to its credit."""
    row = await connection.fetchrow(CREDIT, family_id)
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return dict(row)


async def refund(connection: Connection, refund_id: UUID) -> Row:
    """A refund, and why it was undone, if it was. Raises UnknownRefund."""
    row = await connection.fetchrow(REFUND, refund_id)
    if row is None:
        raise UnknownRefund
    return dict(row)

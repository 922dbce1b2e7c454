"""Writes payments. Lock order everywhere: invoices by id, then the payment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from services.billing.errors import UnknownInvoice, UnknownPayment
from services.billing.model.ledger import Part
from services.billing.model.payments import Method, Payment, PaymentStatus, Share
from services.billing.model.reversals import Held
from services.chassis.database import Connection

ATTEMPTS = """
SELECT p.* FROM payment p
WHERE (p.status = 'pending' OR (p.status <> 'paid' AND p.started_at > $2))
  AND p.payment_id IN (SELECT s.payment_id FROM payment_invoice s WHERE s.invoice_id = ANY($1))
ORDER BY p.started_at DESC, p.payment_id
"""


# Invoices `i` as they stand: what credit notes left of them, what they ask for, what is given up,
# what of a refund is claimed on them.
STANDING = """
SELECT i.invoice_id, i.family_id, i.number, i.register, b.balance_cents, b.written_off_cents,
       b.claimed_cents, i.total_cents - n.cents AS worth_cents
FROM invoice i
CROSS JOIN LATERAL (
    SELECT coalesce(sum(e.amount_cents), 0) AS balance_cents,
           -coalesce(sum(e.amount_cents) FILTER (
               WHERE p.kind IN ('write_off', 'write_off_reversal')), 0) AS written_off_cents,
           coalesce(sum(e.amount_cents) FILTER (
               WHERE p.kind = 'refund_claim'), 0) AS claimed_cents
    FROM ledger_entry e JOIN posting p USING (posting_id)
    WHERE e.invoice_id = i.invoice_id AND e.account = 'receivable') b
CROSS JOIN LATERAL (SELECT coalesce(sum(c.total_cents), 0) AS cents
    FROM credit_note c WHERE c.invoice_id = i.invoice_id) n
"""

# Those that the family's credit paid come first, then the newest.
OF_FAMILY = f"""{STANDING} WHERE i.family_id = $1
ORDER BY EXISTS (SELECT FROM posting u
                 WHERE u.kind = 'credit_use' AND u.source_id = i.invoice_id) DESC,
         i.issued_on DESC, i.number DESC
"""


@dataclass(frozen=True, slots=True)
class LockedInvoice:
    """An invoice to be paid, held until the transaction ends.

    `worth_cents`: what credit notes left of it. `claimed_cents`: what it asks for beyond that, of
    a refund (model.reversals.claim).
    """

    invoice_id: UUID
    family_id: UUID
    number: str
    register: str
    balance_cents: int
    written_off_cents: int
    claimed_cents: int
    worth_cents: int

    @property
    def unpaid_cents(self) -> int:
        """What nobody has paid of it: what was given up is no payment."""
        return self.balance_cents + self.written_off_cents

    @property
    def held(self) -> Held:
        """What is paid of it."""
        asked = self.worth_cents + self.claimed_cents
        return Held(self.invoice_id, self.register, asked - self.unpaid_cents)

    @property
    def claim_left(self) -> Part | None:
        """What of a refund it still asks for: that is paid before its lines are."""
        left = min(self.unpaid_cents - self.worth_cents, self.balance_cents)
        return Part(left, self.register, self.invoice_id) if left > 0 else None


async def lock_invoices(
    connection: Connection, invoice_ids: Collection[UUID], family_id: UUID
) -> list[LockedInvoice]:
    """These invoices of this family with what they still ask for. Raises UnknownInvoice."""
    wanted = sorted(set(invoice_ids))
    locked = await connection.fetch(
        """SELECT invoice_id FROM invoice WHERE invoice_id = ANY($1) AND family_id = $2
           ORDER BY invoice_id FOR UPDATE""",
        wanted,
        family_id,
    )
    if len(locked) < len(wanted):
        raise UnknownInvoice
    # A statement of its own: it must see what was credited while the lock was waited for.
    rows = await connection.fetch(
        f"{STANDING} WHERE i.invoice_id = ANY($1) ORDER BY i.number", wanted
    )
    return [LockedInvoice(**dict(row)) for row in rows]


async def lock_all(connection: Connection, family_id: UUID) -> None:
    """Hold all invoices of the family."""
    await connection.execute(
        "SELECT FROM invoice WHERE family_id = $1 ORDER BY invoice_id FOR UPDATE", family_id
    )


async def of_family(connection: Connection, family_id: UUID) -> list[LockedInvoice]:
    """All invoices of the family, whom the caller has locked with them.

    Those that the family's credit paid come first, then the newest.
    """
    rows = await connection.fetch(OF_FAMILY, family_id)
    return [LockedInvoice(**dict(row)) for row in rows]


async def insert(connection: Connection, payment: Payment, shares: Sequence[Share]) -> None:
    """Write down a payment of these invoices, begun or received."""
    await connection.execute(
        """INSERT INTO payment (payment_id, family_id, account_id, amount_cents, reference,
               status, started_at, received_at, method, cesu_number)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        payment.payment_id,
        payment.family_id,
        payment.account_id,
        payment.amount_cents,
        payment.reference,
        payment.status,
        payment.started_at,
        payment.received_at,
        payment.method,
        payment.cesu_number,
    )
    await connection.execute(
        """INSERT INTO payment_invoice (payment_id, invoice_id, amount_cents)
           SELECT $1, * FROM unnest($2::uuid[], $3::integer[])""",
        payment.payment_id,
        [share.invoice_id for share in shares],
        [share.amount_cents for share in shares],
    )


async def lock(connection: Connection, payment_id: UUID) -> Payment:
    """The payment, locked until the transaction ends. Raises UnknownPayment."""
    row = await connection.fetchrow(
        "SELECT * FROM payment WHERE payment_id = $1 FOR UPDATE", payment_id
    )
    if row is None:
        raise UnknownPayment
    return _payment(row)


async def find(connection: Connection, payment_id: UUID) -> Payment:
    """The payment as it stands. Raises UnknownPayment."""
    row = await connection.fetchrow("SELECT * FROM payment WHERE payment_id = $1", payment_id)
    if row is None:
        raise UnknownPayment
    return _payment(row)


async def find_by_idop(connection: Connection, idop: str) -> UUID | None:
    """The payment of this operation of the provider."""
    found: UUID | None = await connection.fetchval(
        "SELECT payment_id FROM payment WHERE idop = $1", idop
    )
    return found


async def shares(connection: Connection, payment_id: UUID) -> list[Share]:
    """What the payment is for, in the order of the invoices' numbers."""
    rows = await connection.fetch(
        """SELECT p.invoice_id, p.amount_cents
           FROM payment_invoice p JOIN invoice i USING (invoice_id)
           WHERE p.payment_id = $1 ORDER BY i.number""",
        payment_id,
    )
    return [Share(**dict(row)) for row in rows]


async def attempts_on(
    connection: Connection, invoice_ids: Collection[UUID], *, since: datetime
) -> list[Payment]:
    """Attempts on any of these invoices that may yet be paid, and recent ones, newest first."""
    rows = await connection.fetch(ATTEMPTS, list(invoice_ids), since)
    return [_payment(row) for row in rows]


async def unsettled(connection: Connection, *, now: datetime, recent: timedelta) -> list[UUID]:
    """Payments that wait for a result, and failed ones young enough to be paid after all."""
    rows = await connection.fetch(
        """SELECT payment_id FROM payment
           WHERE status = 'pending'
              OR (status IN ('cancelled', 'refused') AND started_at > $1)
           ORDER BY started_at""",
        now - recent,
    )
    return [row["payment_id"] for row in rows]


async def save(connection: Connection, payment: Payment) -> None:
    """Keep where the payment stands."""
    await connection.execute(
        """UPDATE payment SET status = $2, idop = $3, redirect_url = $4, authorisation = $5,
               received_at = $6
           WHERE payment_id = $1""",
        payment.payment_id,
        payment.status,
        payment.idop,
        payment.redirect_url,
        payment.authorisation,
        payment.received_at,
    )


async def payer_mail(connection: Connection, family_id: UUID) -> str | None:
    """The family's mail address, if it has one."""
    mail: str | None = await connection.fetchval(
        "SELECT mail FROM family WHERE family_id = $1", family_id
    )
    return mail


def _payment(row: asyncpg.Record) -> Payment:
    values = dict(row)
    values["status"] = PaymentStatus(values["status"])
    values["method"] = Method(values["method"])
    return Payment(**values)

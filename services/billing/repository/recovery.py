"""Writes reminders and debts given up."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from uuid import UUID, uuid4

import asyncpg

from services.billing.errors.treasury import UnknownWriteOff
from services.billing.model.recovery import PAUSE, Overdue, Reminder, Step, WriteOff
from services.chassis.database import Connection

# Each invoice's next step, when its day has come. $1: the day; $2: the pause between two steps
# in days; $3: of these families, or of all; $4: only steps that go out by themselves. What the
# bank is about to collect waits for it.
DUE = """
SELECT i.family_id, f.label AS family_label, f.reference AS family_reference,
       f.mail IS NOT NULL AS has_mail, s.step, s.days, s.subject, s.text, s.automatic,
       i.invoice_id, i.number, i.due_on, o.cents AS amount_cents
FROM invoice_owed o
JOIN invoice i USING (invoice_id)
JOIN family f USING (family_id)
CROSS JOIN LATERAL (
    SELECT coalesce(max(r.step), 0) + 1 AS step, max(m.sent_at) AS sent_at
    FROM reminder_invoice r JOIN reminder m USING (reminder_id)
    WHERE r.invoice_id = i.invoice_id) n
JOIN reminder_step s ON s.step = n.step
WHERE i.due_on < $1::date AND i.due_on + s.days <= $1::date
  AND (n.sent_at IS NULL
       OR (n.sent_at AT TIME ZONE 'Europe/Paris')::date + $2::integer <= $1::date)
  AND ($3::uuid[] IS NULL OR i.family_id = ANY($3)) AND (s.automatic OR NOT $4::boolean)
  AND NOT EXISTS (SELECT FROM debit d WHERE d.invoice_id = i.invoice_id
                  AND d.collected_at IS NULL AND d.returned_at IS NULL)
  AND NOT EXISTS (SELECT FROM pes_piece p WHERE p.invoice_id = i.invoice_id)
ORDER BY f.reference, i.family_id, s.step, i.number
"""


async def lock_steps(connection: Connection) -> None:
    """Let one person at a time send reminders."""
    await connection.execute("SELECT FROM reminder_step ORDER BY step FOR UPDATE")


async def begin_day(connection: Connection, day: date, now: datetime) -> bool:
    """Whether the automatic reminders of this day are still to be sent; from now on they are."""
    begun: bool | None = await connection.fetchval(
        """INSERT INTO reminder_day (day, done_at) VALUES ($1, $2)
           ON CONFLICT DO NOTHING RETURNING true""",
        day,
        now,
    )
    return bool(begun)


async def due(
    connection: Connection,
    today: date,
    family_ids: Collection[UUID] | None,
    *,
    automatic: bool = False,
) -> list[Reminder]:
    """The reminders whose day has come: one a family and step, by the families' references.

    `automatic`: only those that go out by themselves.
    """
    chosen = list(family_ids) if family_ids is not None else None
    rows = await connection.fetch(DUE, today, PAUSE.days, chosen, automatic)
    return [
        Reminder(uuid4(), family_id, step, tuple(_overdue(members)))
        for (family_id, step), members in groupby(rows, key=_family_and_step)
    ]


def _family_and_step(row: asyncpg.Record) -> tuple[UUID, Step]:
    return row["family_id"], Step(
        row["step"], row["days"], row["subject"], row["text"], row["automatic"]
    )


def _overdue(rows: Iterator[asyncpg.Record]) -> Iterator[Overdue]:
    for row in rows:
        yield Overdue(row["invoice_id"], row["number"], row["due_on"], row["amount_cents"])


async def keep(
    connection: Connection, reminders: Sequence[Reminder], *, now: datetime, by: UUID | None
) -> None:
    """Keep that these were sent."""
    await connection.execute(
        """INSERT INTO reminder (reminder_id, family_id, step, amount_cents, sent_at, sent_by)
           SELECT t.reminder_id, t.family_id, t.step, t.amount_cents, $5, $6
           FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[])
               AS t (reminder_id, family_id, step, amount_cents)""",
        [reminder.reminder_id for reminder in reminders],
        [reminder.family_id for reminder in reminders],
        [reminder.step.step for reminder in reminders],
        [reminder.amount_cents for reminder in reminders],
        now,
        by,
    )
    lines = [(reminder, invoice) for reminder in reminders for invoice in reminder.invoices]
    await connection.execute(
        """INSERT INTO reminder_invoice (invoice_id, step, reminder_id)
           SELECT * FROM unnest($1::uuid[], $2::integer[], $3::uuid[])""",
        [invoice.invoice_id for _, invoice in lines],
        [reminder.step.step for reminder, _ in lines],
        [reminder.reminder_id for reminder, _ in lines],
    )


async def change_step(connection: Connection, step: Step) -> None:
    """Change when and in what words a step reminds."""
    await connection.execute(
        """UPDATE reminder_step SET days = $2, subject = $3, text = $4, automatic = $5
           WHERE step = $1""",
        step.step,
        step.days,
        step.subject,
        step.text,
        step.automatic,
    )


async def steps(connection: Connection) -> list[Step]:
    """The steps, in their order."""
    rows = await connection.fetch("SELECT * FROM reminder_step ORDER BY step")
    return [Step(**dict(row)) for row in rows]


async def insert_write_off(
    connection: Connection, write_off: WriteOff, *, now: datetime, by: UUID | None
) -> None:
    """Keep that a debt was given up."""
    await connection.execute(
        """INSERT INTO write_off (write_off_id, invoice_id, family_id, amount_cents, reason,
               decided_at, decided_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        write_off.write_off_id,
        write_off.invoice_id,
        write_off.family_id,
        write_off.amount_cents,
        write_off.reason,
        now,
        by,
    )


async def take_back(
    connection: Connection, write_off_id: UUID, *, now: datetime, by: UUID | None
) -> WriteOff:
    """Note that the debt is asked for after all; what was given up. Raises UnknownWriteOff."""
    row = await connection.fetchrow(
        """UPDATE write_off w SET reversed_at = $2, reversed_by = $3 FROM invoice i
           WHERE w.write_off_id = $1 AND w.reversed_at IS NULL AND i.invoice_id = w.invoice_id
           RETURNING w.write_off_id, w.invoice_id, w.family_id, i.register, w.amount_cents,
                     w.reason""",
        write_off_id,
        now,
        by,
    )
    if row is None:
        raise UnknownWriteOff
    return WriteOff(**dict(row))

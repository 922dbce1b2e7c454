"""Writes billing runs: the months that were asked for, and what came of each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.billing.model.months import Month
from services.chassis.database import Connection


@dataclass(frozen=True, slots=True)
class Run:
    """A month's run as its row says.

    `pass_id`: the pass that is at work; None while it waits for its turn. `first`: no pass has
    ended yet. `warnings`: what the plan of the pass found.
    """

    run_id: UUID
    month: Month
    running: bool
    pass_id: UUID | None
    first: bool
    warnings: tuple[str, ...]


async def request(connection: Connection, month: Month, *, now: datetime, by: UUID | None) -> UUID:
    """Ask for the month's run; one that was asked for already is the same one.

    A run that is done begins another pass; one at work goes on.
    """
    run_id: UUID = await connection.fetchval(
        """INSERT INTO billing_run AS r (run_id, month, status, requested_at, requested_by)
           VALUES ($1, $2, 'running', $3, $4)
           ON CONFLICT (month) DO UPDATE SET status = 'running', requested_at = $3,
               requested_by = $4,
               pass_id = CASE WHEN r.status = 'running' THEN r.pass_id END
           RETURNING run_id""",
        uuid4(),
        month.first,
        now,
        by,
    )
    return run_id


async def lock(connection: Connection, run_id: UUID) -> Run | None:
    """The run, locked until the transaction ends; None when there is none."""
    row = await connection.fetchrow(
        """SELECT run_id, month, status, pass_id, finished_at, warnings
           FROM billing_run WHERE run_id = $1 FOR UPDATE""",
        run_id,
    )
    if row is None:
        return None
    return Run(
        run_id=row["run_id"],
        month=Month(row["month"]),
        running=row["status"] == "running",
        pass_id=row["pass_id"],
        first=row["finished_at"] is None,
        warnings=tuple(row["warnings"]),
    )


async def begin(
    connection: Connection, run_id: UUID, pass_id: UUID, *, warnings: list[str]
) -> None:
    """The run's pass is planned."""
    await connection.execute(
        "UPDATE billing_run SET pass_id = $2, warnings = $3 WHERE run_id = $1",
        run_id,
        pass_id,
        warnings,
    )


async def is_done(connection: Connection, run_id: UUID) -> bool:
    """Whether nothing of the run is left to do."""
    status = await connection.fetchval("SELECT status FROM billing_run WHERE run_id = $1", run_id)
    return bool(status == "done")


async def waiting(connection: Connection) -> list[UUID]:
    """Runs that were asked for and wait for their turn, the oldest first."""
    rows = await connection.fetch(
        """SELECT run_id FROM billing_run WHERE status = 'running' AND pass_id IS NULL
           ORDER BY requested_at"""
    )
    return [row["run_id"] for row in rows]


@dataclass(frozen=True, slots=True)
class Totals:
    """What the month's invoices come to, and how many of them this pass issued."""

    invoices: int
    total_cents: int
    issued: int


async def totals(connection: Connection, month: Month, pass_id: UUID) -> Totals:
    """Count the month's invoices."""
    row = await connection.fetchrow(
        """SELECT count(*) AS invoices, coalesce(sum(total_cents), 0) AS total_cents,
                  count(*) FILTER (WHERE pass_id = $2) AS issued
           FROM invoice WHERE month = $1""",
        month.first,
        pass_id,
    )
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return Totals(row["invoices"], row["total_cents"], row["issued"])


async def finish(
    connection: Connection,
    run_id: UUID,
    *,
    now: datetime,
    found: Totals,
    skipped: list[dict[str, str]],
    warnings: list[str],
) -> None:
    """The run is done."""
    await connection.execute(
        """UPDATE billing_run SET status = 'done', finished_at = $2, families = $3, invoices = $4,
               total_cents = $5, issued = $6, skipped = $7, warnings = $8
           WHERE run_id = $1""",
        run_id,
        now,
        found.invoices + len(skipped),
        found.invoices,
        found.total_cents,
        found.issued,
        skipped,
        warnings,
    )

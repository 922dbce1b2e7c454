"""Attempts, counted by bucket."""

from collections.abc import Sequence
from datetime import datetime

from services.accounts.model.throttling import Bucket, Tally
from services.chassis.database import Connection

# A row for each bucket, made when there is none, so that there is one to lock: many guesses at once
# are still many. In one statement, or a row could be cleared between being found and being locked.
# No bucket may be named twice.
LOCK_OR_MAKE = """
INSERT INTO attempt (bucket, failures, last_at)
SELECT b, 0, $2 FROM unnest($1::bytea[]) AS b ORDER BY b
ON CONFLICT (bucket) DO UPDATE SET failures = attempt.failures
RETURNING bucket, failures, last_at
"""


async def lock(
    connection: Connection, buckets: Sequence[Bucket], now: datetime
) -> list[tuple[Bucket, Tally]]:
    """How these buckets stand, held until the transaction ends."""
    rows = await connection.fetch(LOCK_OR_MAKE, [bucket.digest for bucket in buckets], now)
    found = {row["bucket"]: Tally(row["failures"], row["last_at"]) for row in rows}
    return [(bucket, found[bucket.digest]) for bucket in buckets]


async def hold(connection: Connection, buckets: Sequence[Bucket]) -> None:
    """Lock those of these buckets that are counted, in the order in which `lock` does."""
    await connection.execute(
        "SELECT FROM attempt WHERE bucket = ANY($1) ORDER BY bucket FOR UPDATE",
        [bucket.digest for bucket in buckets],
    )


async def save(connection: Connection, tallies: Sequence[tuple[Bucket, Tally]]) -> None:
    """Write how these buckets stand now."""
    await connection.execute(
        """UPDATE attempt a SET failures = t.failures, last_at = t.last_at
           FROM unnest($1::bytea[], $2::integer[], $3::timestamptz[])
                AS t (bucket, failures, last_at)
           WHERE a.bucket = t.bucket""",
        [bucket.digest for bucket, _ in tallies],
        [tally.failures for _, tally in tallies],
        [tally.last_at for _, tally in tallies],
    )


async def forgive(connection: Connection, buckets: Sequence[Bucket]) -> None:
    """Take back one attempt of each: it was a good one, or one that had to be."""
    await connection.execute(
        "UPDATE attempt SET failures = failures - 1 WHERE bucket = ANY($1) AND failures > 0",
        [bucket.digest for bucket in buckets],
    )


async def clear(connection: Connection, buckets: Sequence[Bucket]) -> None:
    """Forget these buckets' attempts: the right person came in."""
    await connection.execute(
        "DELETE FROM attempt WHERE bucket = ANY($1)", [bucket.digest for bucket in buckets]
    )


async def forget(connection: Connection, before: datetime) -> None:
    """Drop the counts that no longer matter."""
    await connection.execute("DELETE FROM attempt WHERE last_at <= $1", before)

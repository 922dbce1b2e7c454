"""Counting attempts before they are judged."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.accounts.errors import TooManyAttempts
from services.accounts.model.throttling import Bucket, longest_wait
from services.accounts.repository import attempts as repository
from services.chassis.database import Connection, Database


async def count(database: Database, buckets: Sequence[Bucket], now: datetime) -> None:
    """Count an attempt and commit, before it is judged: many guesses at once are still many.

    Raises TooManyAttempts, and counts nothing then, when one of the buckets has to wait.
    """
    async with database.transaction() as connection:
        await count_in(connection, buckets, now)


async def count_in(connection: Connection, buckets: Sequence[Bucket], now: datetime) -> None:
    """The same in the caller's transaction."""
    tallies = await repository.lock(connection, buckets, now)
    if (wait := longest_wait(tallies, now)) > timedelta(0):
        raise too_many(wait)
    await repository.save(connection, [(b, b.counted(tally, now)) for b, tally in tallies])


async def came_in(connection: Connection, buckets: Sequence[Bucket]) -> None:
    """The right person was there: their own count is forgotten, their network's goes back by one.

    A network's is not forgotten: whoever has one account could try out others in between.
    """
    own = [bucket for bucket in buckets if bucket.kind != "address"]
    await repository.hold(connection, buckets)
    await repository.clear(connection, own)
    await repository.forgive(connection, [bucket for bucket in buckets if bucket not in own])


def too_many(wait: timedelta) -> TooManyAttempts:
    """The refusal, with how long to wait."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    if seconds <= 90:
        text = f"Réessayez dans {seconds} secondes."
    else:
        text = f"Réessayez dans {math.ceil(seconds / 60)} minutes."
    return TooManyAttempts(text, retry_after=seconds)

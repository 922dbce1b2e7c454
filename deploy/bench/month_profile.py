"""Where a month's time goes: the seconds of each statement, one worker without a bus."""

import time
from collections import defaultdict
from typing import Any

from deploy.bench.month_town import MonthTown
from services.billing.commands.issue_invoices import issue_slice
from services.billing.commands.run_month import plan_month, request_run
from services.billing.repository import ledger, plans, pricing, slices
from services.billing.repository.plans import Terms
from services.chassis import outbox
from services.chassis.clock import utc_now

TERMS = Terms(payment_days=30, least_cents=0, slice_families=250)
NAMES = {
    pricing.PRICE_ACTIVITY: "price the charges",
    plans.PLAN: "plan numbers and totals",
    slices.ISSUE_SLICE: "invoices",
    slices.HOLD: "charges held, lines",
    slices.ASTRAY: "totals compared",
    ledger.POST_INVOICES: "postings",
    slices.TELL: "events",
    outbox.INSERT: "slices asked for",
}


class Timed:
    """A connection that adds up the time of each statement."""

    def __init__(self, connection: Any, seconds: dict[str, float]) -> None:
        self._connection, self._seconds = connection, seconds

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._connection, name)
        if name not in {"execute", "fetch", "fetchrow", "fetchval"}:
            return asked

        async def timed(query: str, *values: Any, **options: Any) -> Any:
            started = time.perf_counter()
            try:
                return await asked(query, *values, **options)
            finally:
                name = NAMES.get(query, "the rest")
                self._seconds[name] += time.perf_counter() - started

        return timed


async def profile(town: MonthTown, families: int) -> dict[str, float]:
    """Run the month here, statement by statement; the seconds of each, the longest first."""
    await town.fill(families)
    seconds: dict[str, float] = defaultdict(float)
    async with town.database.transaction() as connection:
        timed: Any = Timed(connection, seconds)
        for activity_id in town.activities:
            await pricing.price_activity(timed, activity_id, town.month.first)
    async with town.database.transaction() as connection:
        timed = Timed(connection, seconds)
        run_id = await request_run(timed, town.month, now=utc_now(), by=None)
        await plan_month(timed, run_id, now=utc_now(), terms=TERMS)
        pass_id = await connection.fetchval("SELECT pass_id FROM billing_run")
        parts = await plans.slices(connection, pass_id)
    for slice_id in parts:
        started = time.perf_counter()
        async with town.database.transaction() as connection:
            await issue_slice(Timed(connection, seconds), slice_id, now=utc_now())  # type: ignore[arg-type]
            before_commit = time.perf_counter()
        seconds["commits of slices"] += time.perf_counter() - before_commit
        seconds["(all slices)"] += time.perf_counter() - started
    return dict(sorted(seconds.items(), key=lambda item: -item[1]))

"""`portail billing-run`: invoice a month, and watch how far it is."""

import asyncio
from typing import Any

from rich.console import Console
from rich.progress import Progress, TaskID

from deploy.operations import Operations
from deploy.showing import progress_bars

LOOK_SECONDS = 0.5


async def bill(
    operations: Operations, month: str, console: Console, *, not_over: bool = False
) -> None:
    """Ask for the month's run and follow it to its end. Raises LaunchError when it is refused.

    `not_over`: although the month is not over.
    """
    with progress_bars(console) as progress:
        bar = progress.add_task("Invoicing", total=None)
        run = await operations.bill_month(month, not_over=not_over)
        while run["status"] != "done":
            _show(progress, bar, run)
            await asyncio.sleep(LOOK_SECONDS)
            run = await operations.billing_run(run["run_id"])
        _show(progress, bar, run)
    console.print(
        f"{month}: {run['issued']} invoices issued, {run['invoices']} in all, "
        f"{run['total_cents'] / 100:,.2f} EUR",
        highlight=False,
    )
    for warning in run["warnings"]:
        console.print(f"  {warning}", soft_wrap=True, markup=False, highlight=False)


def _show(progress: Progress, bar: TaskID, run: dict[str, Any]) -> None:
    done = run["status"] == "done"
    total = run["issued"] if done else run["planned"] or None
    progress.update(bar, total=total, completed=run["issued"])

"""`portail audit billing`: do ledger, invoices, payments and events agree?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rich.console import Console

from deploy import town
from deploy.showing import progress_bars
from services.billing.repository.proofs import PROOFS, disagreements
from services.chassis import database
from services.chassis.database import Connection

# Of each claim that does not hold; the rest is counted.
LINES_SHOWN = 20


async def audit_billing(console: Console) -> int:
    """Prove every claim on the running town's database; print and count what disagrees."""
    return await audit(town.running_town().databases["billing"], console)


async def audit(url: str, console: Console) -> int:
    """The same on the database at this address."""
    faults = 0
    async with _snapshot(url) as connection:
        with progress_bars(console) as progress:
            bar = progress.add_task("Proving", total=len(PROOFS))
            for proof in PROOFS:
                progress.update(bar, description=proof.claim)
                lines = await disagreements(connection, proof)
                faults += len(lines)
                _show(progress.console, proof.claim, lines)
                progress.advance(bar)
    return faults


def _show(console: Console, claim: str, lines: list[str]) -> None:
    if not lines:
        return
    console.print(f"Not so: {claim}", markup=False, highlight=False)
    for line in lines[:LINES_SHOWN]:
        console.print(f"  {line}", soft_wrap=True, markup=False, highlight=False)
    if len(lines) > LINES_SHOWN:
        console.print(f"  and {len(lines) - LINES_SHOWN} more", highlight=False)


@asynccontextmanager
async def _snapshot(url: str) -> AsyncIterator[Connection]:
    """All claims are about one instant, while the town goes on working."""
    opened = await database.connect(url, pool_size=1)
    try:
        async with (
            opened.connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection
    finally:
        await opened.close()

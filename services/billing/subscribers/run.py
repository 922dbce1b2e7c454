"""What billing's copies do for a month: each a part at a time."""

from services.billing.commands.issue_invoices import issue_slice
from services.billing.commands.run_month import plan_month
from services.billing.publishing import IssueSlice, PlanMonth
from services.billing.repository.plans import Terms
from services.chassis.clock import Clock
from services.chassis.database import Connection
from services.chassis.intake import Subscription, on


def commands(terms: Terms, clock: Clock) -> tuple[Subscription, ...]:
    """The commands of a run, on these terms."""

    async def plan(connection: Connection, command: PlanMonth) -> None:
        await plan_month(connection, command.run_id, now=clock(), terms=terms)

    async def issue(connection: Connection, command: IssueSlice) -> None:
        await issue_slice(connection, command.slice_id, now=clock())

    return (on(PlanMonth, plan), on(IssueSlice, issue))

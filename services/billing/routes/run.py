"""The month over HTTP: look at it, invoice it, follow it."""

from uuid import UUID

from aiohttp import web

from contracts.roles import OFFICE, OPERATOR, TILL
from services.billing.commands.keep_register import keep_register
from services.billing.commands.run_month import request_run, wait_for_run
from services.billing.model.months import Month
from services.billing.queries import run as run_queries
from services.billing.repository import adjustments, plans
from services.billing.repository.plans import Terms
from services.billing.schemas.run import (
    PreviewAnswer,
    PreviewQuery,
    RegisterBody,
    RegistersAnswer,
    RunAnswer,
    RunBody,
    RunsAnswer,
)
from services.chassis import audit
from services.chassis.database import taken_back
from services.chassis.web import Call, get, post

TERMS = web.AppKey("terms", Terms)
# Below the gateway's patience: a longer run is told as running.
RUN_WAIT_SECONDS = 1.2


async def list_runs(call: Call) -> RunsAnswer:
    """The billing runs, newest month first."""
    return RunsAnswer.model_validate({"billing_runs": await run_queries.runs(call.connection)})


async def preview_month(call: Call, query: PreviewQuery) -> PreviewAnswer:
    """What a run of the month would issue now, and what to look at first; nothing is changed."""
    month = Month.parse(query.month)
    month.check(call.today)
    async with taken_back(call.connection):
        # As the run itself begins; while one is at work its rows are left alone.
        if not await plans.under_way(call.connection):
            await adjustments.settle_month(call.connection, month, None)
        found = await run_queries.preview(
            call.connection, month, today=call.today, terms=call.app[TERMS]
        )
    return PreviewAnswer.model_validate(found)


async def run_month(call: Call, body: RunBody) -> RunAnswer:
    """Invoice a month for all families; asking again is harmless."""
    month = Month.parse(body.month)
    async with call.database.transaction() as connection:
        run_id = await request_run(
            connection,
            month,
            now=call.now,
            by=call.caller.account_id,
            not_over_confirmed=body.not_over_confirmed,
        )
        await audit.record(connection, call)
    await wait_for_run(call.database, run_id, seconds=RUN_WAIT_SECONDS)
    async with call.database.connection() as connection:
        return RunAnswer.model_validate(await run_queries.run(connection, run_id))


async def show_run(call: Call, run_id: UUID) -> RunAnswer:
    """One billing run."""
    return RunAnswer.model_validate(await run_queries.run(call.connection, run_id))


async def list_registers(call: Call) -> RegistersAnswer:
    """The registers, and what each bills."""
    found = await run_queries.registers(call.connection)
    least = call.app[TERMS].least_cents
    return RegistersAnswer.model_validate({"registers": found, "least_cents": least})


async def put_register(call: Call, body: RegisterBody) -> RegistersAnswer:
    """Have a register bill some kinds of activities; a new one begins its numbers at 1."""
    await keep_register(call.connection, body.register(), is_new=body.new)
    return await list_registers(call)


# The bare endpoint waits for a run: no connection is held meanwhile.
ENDPOINTS = (
    get("/registers", list_registers, allow=OFFICE | TILL),
    post("/registers", put_register, allow=TILL, summary="Répartir les activités entre régies"),
    get("/billing-runs", list_runs, allow=OFFICE | TILL),
    get("/billing-runs/preview", preview_month, allow=TILL),
    post(
        "/billing-runs",
        run_month,
        allow=TILL | {OPERATOR},
        bare=True,
        summary="Facturer un mois",
    ),
    get("/billing-runs/{run_id}", show_run, allow=OFFICE | TILL | {OPERATOR}),
)

"""Unpaid invoices over HTTP: the aged balance, reminders, debts given up."""

from uuid import UUID

from aiohttp import web

from contracts.roles import OFFICE, TILL
from services.billing.commands.remind_families import (
    send_reminders,
    take_back_write_off,
    write_off,
)
from services.billing.errors import UnknownInvoice
from services.billing.files import tables
from services.billing.model.recovery import Step
from services.billing.queries import Page
from services.billing.queries import recovery as queries
from services.billing.repository import copies, recovery
from services.billing.schemas.recovery import (
    AgedAnswer,
    AgedQuery,
    OverduesAnswer,
    RemindersAnswer,
    RemindersBody,
    SentAnswer,
    StepAnswer,
    StepBody,
    StepNumber,
    WriteOffAnswer,
    WriteOffBody,
    WriteOffsAnswer,
)
from services.chassis.web import Call, get, post, put

READERS = OFFICE | TILL


async def list_receivables(call: Call, query: AgedQuery) -> AgedAnswer:
    """What families owe, by the age of the debt."""
    found, totals = await queries.aged(call.connection, call.today, Page(query.page, query.size))
    return AgedAnswer.model_validate(
        {
            "on": call.today,
            "families": found,
            "totals": totals,
            "page": query.page,
            "size": query.size,
        }
    )


async def export_receivables(call: Call) -> web.StreamResponse:
    """The aged balance as CSV."""
    response = tables_response(f"balance-agee-{call.today}.csv")
    async with call.database.transaction() as connection:
        await response.prepare(call.request)
        await response.write(tables.MARK + tables.line(tables.AGED_HEADING))
        async for row in queries.every_aged(connection, call.today):
            await response.write(tables.aged_line(row))
    await response.write_eof()
    return response


async def list_overdue(call: Call, family_id: UUID) -> OverduesAnswer:
    """What one family still has to pay. Raises UnknownFamily."""
    await copies.require_family(call.connection, family_id)
    found = await queries.overdue(call.connection, family_id)
    return OverduesAnswer.model_validate({"invoices": found})


async def list_reminders(call: Call) -> RemindersAnswer:
    """The steps of the reminders, and what is due today."""
    due = await queries.due_reminders(call.connection, call.today)
    steps = await queries.steps(call.connection)
    return RemindersAnswer.model_validate({"steps": [_shown(s) for s in steps], "due": due})


async def remind(call: Call, body: RemindersBody) -> SentAnswer:
    """Remind the families that have not paid."""
    sent = await send_reminders(
        call.connection, family_ids=body.family_ids, now=call.now, by=call.caller.account_id
    )
    return SentAnswer(
        reminders=len(sent),
        invoices=sum(len(reminder.invoices) for reminder in sent),
        amount_cents=sum(reminder.amount_cents for reminder in sent),
    )


async def change_reminder_step(call: Call, step: StepNumber, body: StepBody) -> StepAnswer:
    """Change when and in what words a step reminds."""
    changed = Step(step, body.days, body.subject, body.text, body.automatic)
    await recovery.change_step(call.connection, changed)
    return StepAnswer.model_validate(_shown(changed))


async def list_write_offs(call: Call) -> WriteOffsAnswer:
    """Debts given up, newest first."""
    found = await queries.write_offs(call.connection)
    return WriteOffsAnswer.model_validate({"write_offs": found})


async def give_up_debt(call: Call, body: WriteOffBody) -> WriteOffAnswer:
    """Give up what an invoice still asks for."""
    family_id = await queries.family_of(call.connection, body.invoice_id)
    if family_id is None:
        raise UnknownInvoice
    decided = await write_off(
        call.connection,
        body.invoice_id,
        family_id,
        amount_cents=body.amount_cents,
        reason=body.reason,
        now=call.now,
        by=call.caller.account_id,
    )
    return await _write_off(call, decided.write_off_id)


async def take_back_debt(call: Call, write_off_id: UUID) -> WriteOffAnswer:
    """Ask after all for a debt that was given up."""
    await take_back_write_off(
        call.connection, write_off_id, now=call.now, by=call.caller.account_id
    )
    return await _write_off(call, write_off_id)


async def _write_off(call: Call, write_off_id: UUID) -> WriteOffAnswer:
    (found,) = await queries.write_offs(call.connection, write_off_id)
    return WriteOffAnswer.model_validate(found)


def _shown(step: Step) -> dict[str, object]:
    return {name: getattr(step, name) for name in StepAnswer.model_fields}


def tables_response(filename: str) -> web.StreamResponse:
    """A CSV that is sent as it is read."""
    return web.StreamResponse(
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        }
    )


ENDPOINTS = (
    get("/receivables", list_receivables, allow=READERS),
    # Bare: read and sent as it goes.
    get(
        "/receivables.csv",
        export_receivables,
        allow=TILL,
        bare=True,
        opens=True,
        summary="Exporter la balance âgée (CSV)",
    ),
    get("/families/{family_id}/receivables", list_overdue, allow=READERS),
    get("/reminders", list_reminders, allow=READERS),
    post("/reminders", remind, allow=TILL, summary="Relancer les familles"),
    put(
        "/reminders/{step}",
        change_reminder_step,
        allow=TILL,
        summary="Modifier une étape de relance",
    ),
    get("/write-offs", list_write_offs, allow=READERS),
    post(
        "/write-offs",
        give_up_debt,
        allow=TILL,
        status=201,
        summary="Abandonner une créance",
    ),
    post(
        "/write-offs/{write_off_id}/reversal",
        take_back_debt,
        allow=TILL,
        summary="Annuler un abandon de créance",
    ),
)

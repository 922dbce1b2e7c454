"""Credit notes over HTTP."""

from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE, TILL
from services.billing.commands.issue_credit_note import issue_credit_note
from services.billing.errors.till import CreditNoteTooHigh
from services.billing.papers.credit_notes import credit_note_data
from services.billing.papers.sending import SENDER, send_paper
from services.billing.queries import credit_note as queries
from services.billing.schemas.credit_note import CreditNoteBody, CreditNoteDetailAnswer
from services.chassis import audit
from services.chassis.errors import FieldError
from services.chassis.web import Call, get, post

READERS = OFFICE | TILL | {GUARDIAN}


async def correct(call: Call, invoice_id: UUID, body: CreditNoteBody) -> CreditNoteDetailAnswer:
    """Correct an issued invoice by a credit note."""
    wanted = {line.position: line.amount_cents for line in body.lines or ()}
    if len(wanted) < len(body.lines or ()):
        message = "Indiquez chaque ligne une seule fois."
        raise CreditNoteTooHigh(message, errors=[FieldError("lines", message)])
    credit_note_id = await issue_credit_note(
        call.connection,
        invoice_id,
        wanted or None,
        body.reason,
        now=call.now,
        by=call.caller.account_id,
    )
    found = await queries.credit_note(call.connection, credit_note_id, None)
    return CreditNoteDetailAnswer.model_validate(found)


async def show(call: Call, credit_note_id: UUID) -> CreditNoteDetailAnswer:
    """One credit note."""
    scope = call.caller.family_scope
    found = await queries.credit_note(call.connection, credit_note_id, scope)
    return CreditNoteDetailAnswer.model_validate(found)


async def credit_note_paper(call: Call, credit_note_id: UUID) -> web.StreamResponse:
    """One credit note as PDF."""
    async with call.database.connection() as connection:
        found = await queries.credit_note(connection, credit_note_id, call.caller.family_scope)
    audit.about(call, family_id=found["family_id"])
    note = CreditNoteDetailAnswer.model_validate(found)
    data = credit_note_data(note, found["addressee"], call.app[SENDER])
    return await send_paper(call.app, "credit_note", data, f"avoir-{note.number}.pdf")


ENDPOINTS = (
    post(
        "/invoices/{invoice_id}/credit-notes",
        correct,
        allow=TILL,
        status=201,
        summary="Émettre un avoir",
    ),
    get(
        "/credit-notes/{credit_note_id}.pdf",
        credit_note_paper,
        allow=READERS,
        bare=True,
        opens=True,
        summary="Ouvrir un avoir (PDF)",
    ),
    get(
        "/credit-notes/{credit_note_id}",
        show,
        allow=READERS,
        opens=True,
        summary="Ouvrir un avoir",
    ),
)

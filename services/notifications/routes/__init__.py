"""The HTTP side of notifications."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE
from services.chassis import audit
from services.chassis.processes import in_process
from services.chassis.web import Call, get, post
from services.notifications import commands, queries
from services.notifications.channels import letters
from services.notifications.channels.letters import SLICE, Letter, Printed
from services.notifications.channels.post import POST
from services.notifications.errors import LetterGone, MessageNotFound, NothingToPrint
from services.notifications.queries import ListedLetter
from services.notifications.routes import broadcast as broadcast_routes
from services.notifications.routes import texts
from services.notifications.schemas import (
    KindAnswer,
    LetterAnswer,
    LettersAnswer,
    LettersQuery,
    MessagesAnswer,
    MessagesQuery,
    PrintBatchAnswer,
    PrintBatchesAnswer,
    PrintQuery,
)


async def list_messages(call: Call, query: MessagesQuery) -> MessagesAnswer:
    """Messages to the families, newest first."""
    own = call.caller.family_scope
    if own is not None and query.family_id not in (None, own):
        raise MessageNotFound
    found = await queries.messages(call.connection, own or query.family_id, query.status)
    return MessagesAnswer(messages=[texts.listed(call, message) for message in found])


async def list_letters(call: Call, query: LettersQuery) -> LettersAnswer:
    """Letters in the print tray, or printed."""
    found = await queries.letters(call.connection, query.status, page=query.page, size=query.size)
    waiting = await queries.letters_to_print(call.connection)
    return LettersAnswer(
        letters=[_letter(call, letter) for letter in found],
        to_print=sum(waiting.values()),
        by_kind=[KindAnswer(kind=kind, letters=count) for kind, count in waiting.items()],
    )


def _letter(call: Call, letter: ListedLetter) -> LetterAnswer:
    return LetterAnswer(
        letter_id=letter.letter_id,
        family_id=letter.family_id,
        kind=letter.kind,
        subject=call.app[POST].writer.subject(letter.kind, letter.facts),
        recipient=letter.recipient,
        status=letter.status,
        created_at=letter.created_at,
        printed_at=letter.printed_at,
        batch_id=letter.batch_id,
    )


async def show_letter(call: Call, letter_id: UUID) -> web.Response:
    """One letter as PDF: as it was printed, or as it will be."""

    async def extract(pdf: bytes, first_page: int, pages: int) -> bytes:
        return await in_process(call.app, letters.extract, pdf, first_page, pages)

    audit.about(call, family_id=await queries.family_of(call.connection, letter_id))
    pdf = await commands.letter_pdf(
        call.connection, call.app[POST], _in_processes(call.app), extract, letter_id, call.now
    )
    return _pdf(pdf, f"courrier-{str(letter_id)[:8]}.pdf")


async def print_letters(call: Call, query: PrintQuery) -> web.Response:
    """Print the letters that wait, all or of one kind: one PDF, and they count as printed."""
    async with call.database.transaction() as connection:
        sheaf = await commands.print_waiting(
            connection,
            call.app[POST],
            _in_processes(call.app),
            call.caller.account_id,
            call.now,
            query.kind,
        )
        if sheaf is not None:
            await audit.record(connection, call)
    if sheaf is None:
        raise NothingToPrint
    return _printed(sheaf, f"courriers-{call.today}.pdf")


async def print_letter(call: Call, letter_id: UUID) -> web.Response:
    """Print one letter of the tray: it counts as printed, and can be had again."""
    return _printed(await _printed_alone(call, letter_id), f"courrier-{str(letter_id)[:8]}.pdf")


async def mark_posted(call: Call, letter_id: UUID) -> None:
    """Take one letter out of the tray that was printed from its preview, and is on its way."""
    await _printed_alone(call, letter_id)


async def _printed_alone(call: Call, letter_id: UUID) -> commands.Sheaf:
    async with call.database.transaction() as connection:
        audit.about(call, family_id=await queries.family_of(connection, letter_id))
        sheaf = await commands.print_one(
            connection,
            call.app[POST],
            _in_processes(call.app),
            letter_id,
            call.caller.account_id,
            call.now,
        )
        if sheaf is not None:
            await audit.record(connection, call)
    if sheaf is None:
        raise LetterGone
    return sheaf


def _printed(sheaf: commands.Sheaf, filename: str) -> web.Response:
    response = _pdf(sheaf.pdf, filename)
    response.headers["X-Print-Batch"] = str(sheaf.batch.batch_id)
    response.headers["X-Print-Letters"] = str(sheaf.batch.letters)
    response.headers["X-Print-Pages"] = str(sheaf.batch.pages)
    return response


async def send_as_letter(call: Call, message_id: UUID) -> None:
    """Put a message that does not get through by mail into the print tray."""
    audit.about(call, family_id=await queries.family_of(call.connection, message_id))
    await commands.move_to_tray(call.connection, message_id, call.now)


async def list_print_batches(call: Call) -> PrintBatchesAnswer:
    """What was printed together, newest first."""
    found = await queries.print_batches(call.connection)
    batches = [PrintBatchAnswer.model_validate(batch) for batch in found]
    return PrintBatchesAnswer(print_batches=batches)


async def reprint(call: Call, batch_id: UUID) -> web.Response:
    """The file of a print batch again."""
    pdf = await commands.reprint(call.connection, call.app[POST], batch_id)
    return _pdf(pdf, f"courriers-{str(batch_id)[:8]}.pdf")


def _in_processes(app: web.Application) -> commands.SetLetters:
    sender = app[POST].writer.sender

    async def set_letters(all_letters: Sequence[Letter]) -> Printed:
        slices = [all_letters[i : i + SLICE] for i in range(0, len(all_letters), SLICE)]
        parts = await asyncio.gather(
            *(in_process(app, letters.set_letters, part, sender) for part in slices)
        )
        return await in_process(app, letters.bind, parts)

    return set_letters


def _pdf(content: bytes, filename: str) -> web.Response:
    return web.Response(
        body=content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{filename}"',
            "X-Content-Type-Options": "nosniff",
            # A letter may hold an access code.
            "Cache-Control": "private, no-store",
        },
    )


ENDPOINTS = (
    get(
        "/messages",
        list_messages,
        allow=OFFICE | {GUARDIAN},
        opens=True,
        summary="Voir les messages d’une famille",
    ),
    post(
        "/messages/{message_id}/letter",
        send_as_letter,
        allow=OFFICE,
        summary="Envoyer un message par courrier",
    ),
    get("/letters", list_letters, allow=OFFICE),
    get(
        "/letters/{letter_id}.pdf",
        show_letter,
        allow=OFFICE,
        opens=True,
        summary="Ouvrir un courrier (PDF)",
    ),
    # Bare: its answer is a file, which is had again from the batch and not from its key.
    post(
        "/letters/print",
        print_letters,
        allow=OFFICE,
        bare=True,
        summary="Imprimer les courriers",
    ),
    post(
        "/letters/{letter_id}/print",
        print_letter,
        allow=OFFICE,
        bare=True,
        summary="Imprimer un courrier",
    ),
    post(
        "/letters/{letter_id}/posted",
        mark_posted,
        allow=OFFICE,
        bare=True,
        summary="Marquer un courrier comme posté",
    ),
    get("/print-batches", list_print_batches, allow=OFFICE),
    get(
        "/print-batches/{batch_id}.pdf",
        reprint,
        allow=OFFICE,
        opens=True,
        summary="Réimprimer une liasse de courriers",
    ),
    *texts.ENDPOINTS,
    *broadcast_routes.ENDPOINTS,
)

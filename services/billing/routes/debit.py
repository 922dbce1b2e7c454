"""Direct debits over HTTP."""

from uuid import UUID

from aiohttp import web

from contracts.roles import OFFICE, TILL
from services.billing.commands.collect_debits import Wish, make_batch, open_file
from services.billing.commands.keep_mandates import BANK
from services.billing.commands.take_returns import apply_file, read_file
from services.billing.model.debits import earliest_collection
from services.billing.queries import debit as queries
from services.billing.schemas.debit import (
    BatchBody,
    BatchDetailAnswer,
    BatchesAnswer,
    CandidatesAnswer,
    CandidatesQuery,
    ReturnsDetailAnswer,
    ReturnsListAnswer,
)
from services.chassis import audit
from services.chassis.web import Call, get, post

READERS = OFFICE | TILL


async def list_debit_candidates(call: Call, query: CandidatesQuery) -> CandidatesAnswer:
    """The invoices that can be collected by direct debit."""
    earliest = earliest_collection(call.today, call.app[BANK].notice_days)
    day = query.collected_on or earliest
    found = await queries.candidates(call.connection, day, call.now)
    return CandidatesAnswer.model_validate(
        {
            "earliest": earliest,
            "collected_on": day,
            "invoices": found,
            "total_cents": sum(invoice["amount_cents"] for invoice in found),
        }
    )


async def list_debit_batches(call: Call) -> BatchesAnswer:
    """The batches of direct debits, newest first."""
    return BatchesAnswer.model_validate({"batches": await queries.batches(call.connection)})


async def make_debit_batch(call: Call, body: BatchBody) -> BatchDetailAnswer:
    """Send invoices to the bank."""
    wish = Wish(body.collected_on, body.invoice_ids, call.caller.account_id)
    async with call.database.transaction() as connection:
        batch_id = await make_batch(call.app, connection, call.app[BANK], wish, call.now)
        await audit.record(connection, call)
    async with call.database.connection() as connection:
        return BatchDetailAnswer.model_validate(await queries.batch(connection, batch_id))


async def show_debit_batch(call: Call, batch_id: UUID) -> BatchDetailAnswer:
    """One batch with its debits."""
    return BatchDetailAnswer.model_validate(await queries.batch(call.connection, batch_id))


async def debit_file(call: Call, batch_id: UUID) -> web.StreamResponse:
    """The file of a batch as the bank takes it."""
    number, sealed = await queries.sealed_file(call.connection, batch_id)
    return web.Response(
        body=open_file(call.app[BANK], batch_id, sealed),
        content_type="application/xml",
        headers={
            "Content-Disposition": f'attachment; filename="prelevements-{number:04}.xml"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def list_debit_returns(call: Call) -> ReturnsListAnswer:
    """The files that the bank sent back, newest first."""
    return ReturnsListAnswer.model_validate({"files": await queries.return_files(call.connection)})


async def read_debit_returns(call: Call) -> ReturnsDetailAnswer:
    """Read a file of the bank; nothing is booked yet."""
    content, by = await call.request.read(), call.caller.account_id
    file_id = await read_file(call.connection, content, now=call.now, by=by)
    return ReturnsDetailAnswer.model_validate(await queries.return_file(call.connection, file_id))


async def show_debit_returns(call: Call, file_id: UUID) -> ReturnsDetailAnswer:
    """One file of the bank with its lines."""
    return ReturnsDetailAnswer.model_validate(await queries.return_file(call.connection, file_id))


async def apply_debit_returns(call: Call, file_id: UUID) -> ReturnsDetailAnswer:
    """Book the returns of a file that was read."""
    await apply_file(call.connection, file_id, now=call.now, by=call.caller.account_id)
    return ReturnsDetailAnswer.model_validate(await queries.return_file(call.connection, file_id))


ENDPOINTS = (
    get("/debit-batches/candidates", list_debit_candidates, allow=TILL),
    get("/debit-batches", list_debit_batches, allow=READERS),
    # Bare: the file is written and checked in another process.
    post(
        "/debit-batches",
        make_debit_batch,
        allow=TILL,
        status=201,
        bare=True,
        summary="Remettre des prélèvements à la banque",
    ),
    get("/debit-batches/{batch_id}", show_debit_batch, allow=READERS),
    get(
        "/debit-batches/{batch_id}/file",
        debit_file,
        allow=TILL,
        opens=True,
        summary="Télécharger un fichier de prélèvements",
    ),
    get("/debit-returns", list_debit_returns, allow=READERS),
    post(
        "/debit-returns",
        read_debit_returns,
        allow=TILL,
        status=201,
        summary="Lire un fichier de rejets de la banque",
    ),
    get("/debit-returns/{file_id}", show_debit_returns, allow=READERS),
    post(
        "/debit-returns/{file_id}/application",
        apply_debit_returns,
        allow=TILL,
        summary="Prendre en compte des rejets de prélèvement",
    ),
)

"""Direct debits; for the till exports to the treasury and unpaid invoices."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field

from contracts.roles import DESK, GUARDIAN, TILL
from gateway.api.edge import clients, filed, forward, taking
from gateway.clients.area import TRANSFER
from gateway.readers.treasury import (
    DebitBatch,
    DebitBatches,
    DebitCandidates,
    DebitReturns,
    DebitReturnsFiles,
    Mandate,
    Mandates,
    MandateTerms,
)
from gateway.transfer import CHUNK
from services.chassis.endpoints import Body, Call, get, post


class MandateBody(Body):
    iban: Annotated[str, Field(min_length=1, max_length=60)]
    holder: Annotated[str, Field(min_length=2, max_length=70)]
    one_off: bool = False
    agreed: Literal[True]


class MandatesQuery(Body):
    family_id: UUID | None = None
    state: Literal["active", "expired", "revoked"] | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 100


class RevocationBody(Body):
    """Without a day: at once."""

    reason: Annotated[str, Field(max_length=300)] = ""
    ends_on: date | None = None


class CandidatesQuery(Body):
    collected_on: date | None = None


class DebitBatchBody(Body):
    """Without invoices: all that can be collected on that day."""

    collected_on: date
    invoice_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50_000)] | None = None


async def download_debit_file(call: Call, batch_id: UUID) -> web.StreamResponse:
    """A batch of direct debits as the bank takes it (pain.008)."""
    return await clients(call).treasury.debit_file(batch_id).send(call.request)


async def read_debit_returns(call: Call) -> DebitReturns:
    """Read returns of the bank (pain.002, camt.054, CSV); they are booked by their application."""
    content = call.request.content.iter_chunked(CHUNK)
    return await clients(call).treasury.read_debit_returns(content)


ENDPOINTS = (
    forward(
        "GET",
        "/mandates/terms",
        "read_mandate_terms",
        to="billing",
        allow=DESK | {GUARDIAN},
        answer=MandateTerms,
        summary="What a family signs to have its invoices debited.",
    ),
    forward(
        "GET",
        "/mandates",
        "list_mandates",
        to="billing",
        allow={GUARDIAN},
        answer=Mandates,
        summary="The family's direct debit mandates, newest first.",
    ),
    forward(
        "POST",
        "/mandates",
        "sign_mandate",
        to="billing",
        allow={GUARDIAN},
        body=MandateBody,
        answer=Mandate,
        status=201,
        summary="Sign a direct debit mandate, for one collection or all, in place of the last.",
    ),
    forward(
        "POST",
        "/mandates/{mandate_id}/revocation",
        "end_mandate",
        to="billing",
        allow=TILL | {GUARDIAN},
        body=RevocationBody,
        answer=Mandate,
        summary="End a direct debit mandate, at once or on a day to come.",
    ),
    forward(
        "GET",
        "/staff/mandates",
        "list_all_mandates",
        to="billing",
        at="/mandates",
        allow=DESK,
        query=MandatesQuery,
        answer=Mandates,
        summary="Every family's direct debit mandates.",
    ),
    forward(
        "GET",
        "/staff/debit-batches/candidates",
        "list_debit_candidates",
        to="billing",
        at="/debit-batches/candidates",
        allow=TILL,
        query=CandidatesQuery,
        answer=DebitCandidates,
        summary="The invoices that can be collected by direct debit.",
    ),
    forward(
        "GET",
        "/staff/debit-batches",
        "list_debit_batches",
        to="billing",
        at="/debit-batches",
        allow=DESK,
        answer=DebitBatches,
        summary="The batches of direct debits, newest first.",
    ),
    forward(
        "POST",
        "/staff/debit-batches",
        "make_debit_batch",
        to="billing",
        at="/debit-batches",
        allow=TILL,
        body=DebitBatchBody,
        answer=DebitBatch,
        status=201,
        deadline=TRANSFER,
        summary="Send invoices to the bank; families are told, and no batch is ever edited.",
    ),
    forward(
        "GET",
        "/staff/debit-batches/{batch_id}",
        "read_debit_batch",
        to="billing",
        at="/debit-batches/{batch_id}",
        allow=DESK,
        answer=DebitBatch,
        summary="A batch with its debits.",
    ),
    filed(
        get("/staff/debit-batches/{batch_id}/file", download_debit_file, allow=TILL),
        kind="application/xml",
    ),
    forward(
        "GET",
        "/staff/debit-returns",
        "list_debit_returns",
        to="billing",
        at="/debit-returns",
        allow=DESK,
        answer=DebitReturnsFiles,
        summary="The files that the bank sent back, newest first.",
    ),
    taking(
        post("/staff/debit-returns", read_debit_returns, allow=TILL, status=201),
        kind="application/xml",
        schema={"type": "string"},
    ),
    forward(
        "GET",
        "/staff/debit-returns/{file_id}",
        "read_debit_returns_file",
        to="billing",
        at="/debit-returns/{file_id}",
        allow=DESK,
        answer=DebitReturns,
        summary="A file of the bank with its lines.",
    ),
    forward(
        "POST",
        "/staff/debit-returns/{file_id}/application",
        "apply_debit_returns",
        to="billing",
        at="/debit-returns/{file_id}/application",
        allow=TILL,
        answer=DebitReturns,
        summary="Book the returns of a file that was read: their invoices are due again.",
    ),
)

"""Supporting documents: deposited and read as streams."""

from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE
from gateway.api.edge import clients, filed, forward, taking
from gateway.readers import Document, Documents, DocumentTypes
from gateway.transfer import read_upload
from services.chassis.endpoints import Body, Call, get, post
from services.chassis.errors import FieldError, Invalid

OWNERS = OFFICE | {GUARDIAN}

DEPOSIT_FORM = {
    "type": "object",
    "required": ["type", "file"],
    "properties": {
        "type": {"type": "string", "description": "a code of GET /document-types"},
        "child_id": {"type": "string", "format": "uuid"},
        "file": {"type": "string", "format": "binary", "description": "last; at most 10 MB"},
    },
}


class DocumentsQuery(Body):
    """The office names the family; a guardian's is its own."""

    family_id: UUID | None = None


async def deposit_document(call: Call) -> Document:
    """Deposit a document: the plain fields first, then the file."""
    upload = await read_upload(call.request)
    given = upload.form.text("type"), upload.form.id("child_id", optional=True)
    if not given[0]:
        raise Invalid(errors=[FieldError("type", "Ce champ est obligatoire.")])
    return await clients(call).documents.deposit(given[0], upload, child_id=given[1])


async def read_document(call: Call, document_id: UUID) -> web.StreamResponse:
    """A document's content, as deposited."""
    return await clients(call).documents.content(document_id).send(call.request)


ENDPOINTS = (
    forward(
        "GET",
        "/document-types",
        "list_document_types",
        to="documents",
        allow=OWNERS,
        answer=DocumentTypes,
        summary="The kinds of supporting document.",
    ),
    forward(
        "GET",
        "/documents",
        "list_documents",
        to="documents",
        allow=OWNERS,
        query=DocumentsQuery,
        answer=Documents,
        summary="A family's documents.",
    ),
    taking(
        post("/documents", deposit_document, allow={GUARDIAN}, status=201),
        kind="multipart/form-data",
        schema=DEPOSIT_FORM,
    ),
    filed(
        get("/documents/{document_id}/content", read_document, allow=OWNERS),
        kind="application/octet-stream",
    ),
)

"""Supporting documents: deposited and read as streams, reviewed by the office."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field, StringConstraints

from contracts.roles import DESK, GUARDIAN, OFFICE
from gateway.api.edge import ShortText, clients, filed, forward, taking
from gateway.portal import PORTAL
from gateway.readers import (
    Document,
    DocumentDetail,
    Documents,
    DocumentType,
    DocumentTypes,
    PageCount,
    Papers,
    Review,
    Reviews,
)
from gateway.transfer import read_upload
from services.chassis.endpoints import Body, Call, get, post
from services.chassis.errors import FieldError, Invalid

OWNERS = OFFICE | {GUARDIAN}

DEPOSIT_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "type": {"type": "string", "description": "a code of GET /document-types"},
        "family_id": {
            "type": "string",
            "format": "uuid",
            "description": "whose it is, when the office deposits it",
        },
        "child_id": {"type": "string", "format": "uuid"},
        "replaces": {
            "type": "string",
            "format": "uuid",
            "description": "an earlier document, whose type, child and absence are meant again",
        },
        "absence_id": {
            "type": "string",
            "format": "uuid",
            "description": "the absence that a medical certificate is for",
        },
        "file": {
            "type": "string",
            "format": "binary",
            "description": "last; several become one PDF in their order; 10 MB together",
        },
    },
}


class DocumentsQuery(Body):
    """The office names the family; a guardian's is its own."""

    family_id: UUID | None = None


class PictureQuery(Body):
    """Which page is looked at, from 1."""

    page: Annotated[int, Field(ge=1, le=10_000)] = 1


class PapersQuery(Body):
    """All that is asked, or what one activity asks for one child."""

    child_id: UUID | None = None
    activity_id: UUID | None = None


class StaffPapersQuery(PapersQuery):
    family_id: UUID


class ReviewsQuery(Body):
    type: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")] | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    size: Annotated[int, Field(ge=1, le=200)] = 50


class DocumentTypeBody(Body):
    """Saved by its code; `validity_months` goes with the validity `months` alone."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    label: Annotated[str, StringConstraints(min_length=3, max_length=120)]
    per_child: bool
    asked_of: Literal["everyone", "activities"] = "activities"
    compulsory: bool = True
    validity: Literal["none", "months", "school_year"] = "none"
    validity_months: Annotated[int, Field(ge=1, le=240)] | None = None
    help: ShortText = ""
    accepts: Annotated[
        tuple[Literal["application/pdf", "image/jpeg", "image/png"], ...],
        Field(min_length=1, max_length=3),
    ] = ("application/pdf", "image/jpeg", "image/png")
    discreet: bool = False
    retired: bool = False


class AcceptanceBody(Body):
    """Over which days it holds; without them, those that its type proposes."""

    valid_from: date | None = None
    valid_until: date | None = None


class RejectionBody(Body):
    """Why: the family reads it."""

    reason: Annotated[ShortText, Field(min_length=3)]


async def deposit_document(call: Call) -> Document:
    """Deposit a document: the plain fields first, then its file or files."""
    upload = await read_upload(call.request)
    document_type, replaces = upload.form.text("type"), upload.form.id("replaces", optional=True)
    if not document_type and not replaces:
        raise Invalid(errors=[FieldError("type", "Ce champ est obligatoire.")])
    return await clients(call).documents.deposit(
        document_type,
        upload,
        max_megabytes=call.app[PORTAL].settings.document_max_megabytes,
        family_id=upload.form.id("family_id", optional=True),
        child_id=upload.form.id("child_id", optional=True),
        replaces=replaces,
        absence_id=upload.form.id("absence_id", optional=True),
    )


async def look_at_document(
    call: Call, document_id: UUID, query: PictureQuery
) -> web.StreamResponse:
    """One page of a document as a picture."""
    return await clients(call).documents.picture(document_id, query.page).send(call.request)


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
        post("/documents", deposit_document, allow=OWNERS, status=201),
        kind="multipart/form-data",
        schema=DEPOSIT_FORM,
    ),
    filed(
        get("/documents/{document_id}/content", read_document, allow=OWNERS),
        kind="application/octet-stream",
    ),
    forward(
        "GET",
        "/documents/{document_id}",
        "read_document_life",
        to="documents",
        allow=OWNERS,
        answer=DocumentDetail,
        summary="One document without its content: its life and its versions.",
    ),
    forward(
        "GET",
        "/documents/{document_id}/pages",
        "count_document_pages",
        to="documents",
        allow=OWNERS,
        answer=PageCount,
        summary="How many pages a document has.",
    ),
    filed(
        get("/documents/{document_id}/picture", look_at_document, allow=OWNERS),
        kind="image/png",
    ),
    forward(
        "GET",
        "/papers",
        "list_papers",
        to="enrolment",
        allow={GUARDIAN},
        query=PapersQuery,
        answer=Papers,
        summary="The papers asked of the family, and where it stands with each.",
    ),
    forward(
        "GET",
        "/staff/papers",
        "list_papers_of_family",
        to="enrolment",
        at="/papers",
        allow=DESK,
        query=StaffPapersQuery,
        answer=Papers,
        summary="The papers asked of a family, and where it stands with each.",
    ),
    forward(
        "POST",
        "/staff/document-types",
        "save_document_type",
        to="documents",
        at="/document-types",
        allow=OFFICE,
        body=DocumentTypeBody,
        answer=DocumentType,
        summary="Add a kind of document, or change the one of this code.",
    ),
    forward(
        "GET",
        "/staff/document-reviews",
        "list_document_reviews",
        to="documents",
        at="/reviews",
        allow=OFFICE,
        query=ReviewsQuery,
        answer=Reviews,
        summary="The documents that wait for the office, oldest first.",
    ),
    forward(
        "POST",
        "/staff/documents/{document_id}/accept",
        "accept_document",
        to="documents",
        at="/documents/{document_id}/accept",
        allow=OFFICE,
        body=AcceptanceBody,
        answer=Review,
        summary="Accept a document over a period.",
    ),
    forward(
        "POST",
        "/staff/documents/{document_id}/reject",
        "reject_document",
        to="documents",
        at="/documents/{document_id}/reject",
        allow=OFFICE,
        body=RejectionBody,
        answer=Review,
        summary="Reject a document, with the reason that the family reads.",
    ),
)

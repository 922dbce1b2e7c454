"""The HTTP side of the kinds of document, and of their review."""

from uuid import UUID

from contracts.roles import GUARDIAN, OFFICE
from services.chassis.web import Call, get, post
from services.documents.clients import SCANNER
from services.documents.commands import papers as commands
from services.documents.model import DocumentType
from services.documents.queries import papers as queries
from services.documents.schemas import DocumentTypeAnswer
from services.documents.schemas.papers import (
    AcceptanceBody,
    DocumentDetailAnswer,
    DocumentTypeBody,
    RejectionBody,
    ReviewAnswer,
    ReviewsAnswer,
    ReviewsQuery,
    StepAnswer,
    VersionAnswer,
)


async def save_type(call: Call, body: DocumentTypeBody) -> DocumentTypeAnswer:
    """Régler une sorte de pièce justificative"""
    kind = await commands.save_type(call.connection, DocumentType(**body.model_dump()))
    return DocumentTypeAnswer.model_validate(kind)


async def list_reviews(call: Call, query: ReviewsQuery) -> ReviewsAnswer:
    """Lister les pièces justificatives à vérifier"""
    found = await queries.queue(
        call.connection, query.document_type, page=query.page, size=query.size
    )
    return ReviewsAnswer(
        documents=[_review(call, row) for row in found.rows],
        total=found.to_review,
        page=query.page,
        size=query.size,
        scanned=call.app[SCANNER] is not None,
        quarantined=found.quarantined,
        quarantined_since=found.quarantined_since,
    )


async def read_document(call: Call, document_id: UUID) -> DocumentDetailAnswer:
    """Voir le parcours d’une pièce justificative"""
    row = await queries.document(call.connection, document_id, call.caller.family_scope)
    is_office = call.caller.has(*OFFICE)
    steps = await queries.steps(call.connection, document_id)
    versions = await queries.versions(call.connection, row)
    return DocumentDetailAnswer(
        **row,
        proposed_until=queries.proposed(row, call.today),
        history=[
            StepAnswer(at=s.at, state=s.state, note=s.note, by=s.by if is_office else None)
            for s in steps
        ],
        versions=[VersionAnswer(**version) for version in versions],
    )


async def accept_document(call: Call, document_id: UUID, body: AcceptanceBody) -> ReviewAnswer:
    """Accepter une pièce justificative"""
    await commands.accept(
        call.connection,
        document_id,
        valid_from=body.valid_from,
        valid_until=body.valid_until,
        now=call.now,
        by=call.caller.account_id,
    )
    return _review(call, await queries.document(call.connection, document_id, None))


async def reject_document(call: Call, document_id: UUID, body: RejectionBody) -> ReviewAnswer:
    """Refuser une pièce justificative"""
    await commands.reject(
        call.connection,
        document_id,
        reason=body.reason,
        now=call.now,
        by=call.caller.account_id,
    )
    return _review(call, await queries.document(call.connection, document_id, None))


def _review(call: Call, row: queries.Row) -> ReviewAnswer:
    return ReviewAnswer(**row, proposed_until=queries.proposed(row, call.today))


ENDPOINTS = (
    post("/document-types", save_type, allow=OFFICE),
    get("/reviews", list_reviews, allow=OFFICE),
    get("/documents/{document_id}", read_document, allow=OFFICE | {GUARDIAN}, opens=True),
    post("/documents/{document_id}/accept", accept_document, allow=OFFICE),
    post("/documents/{document_id}/reject", reject_document, allow=OFFICE),
)

"""Request and answer bodies of documents."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from services.chassis.web import Answer, Body


class DocumentTypeAnswer(Answer):
    """A kind of supporting document."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    label: str
    per_child: bool


class DocumentTypesAnswer(Answer):
    """Every kind, in the town's order."""

    types: Sequence[DocumentTypeAnswer]


class DocumentsQuery(Body):
    """Whose documents: a guardian's are its own, the office names the family."""

    family_id: UUID | None = None


class DocumentAnswer(Answer):
    """A deposited document, without its content."""

    model_config = ConfigDict(from_attributes=True)

    document_id: UUID
    document_type: str
    label: str
    filename: str
    content_type: str
    size: int
    child_id: UUID | None
    deposited_at: datetime


class DocumentsAnswer(Answer):
    """A family's documents, newest first."""

    documents: Sequence[DocumentAnswer]


class DepositQuery(Body):
    """What the file in the request's body is; the body itself is the raw file."""

    document_type: str = Field(alias="type", min_length=1, max_length=100)
    filename: str = Field(default="", max_length=500)
    child_id: UUID | None = None
    family_id: UUID | None = None

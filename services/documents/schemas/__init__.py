"""Request and answer bodies of documents."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from services.chassis.web import Answer, Body
from services.documents.model import AskedOf, State, Validity


class DocumentTypeAnswer(Answer):
    """A kind of supporting document."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    label: str
    per_child: bool
    asked_of: AskedOf
    compulsory: bool
    validity: Validity
    validity_months: int | None
    help: str
    accepts: Sequence[str]
    discreet: bool
    retired: bool


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
    version: int
    state: State
    replaces: UUID | None
    absence_id: UUID | None
    valid_from: date | None
    valid_until: date | None
    reason: str | None


class DocumentsAnswer(Answer):
    """A family's documents, newest first."""

    documents: Sequence[DocumentAnswer]


class DepositQuery(Body):
    """What the file in the request's body is; the body itself is the raw file.

    `replaces` names an earlier document, whose type, child and absence are meant again.
    `absence_id` is the absence that a medical certificate is for; other papers have none.
    """

    document_type: str = Field(default="", alias="type", max_length=100)
    filename: str = Field(default="", max_length=500)
    replaces: UUID | None = None
    absence_id: UUID | None = None
    child_id: UUID | None = None
    family_id: UUID | None = None

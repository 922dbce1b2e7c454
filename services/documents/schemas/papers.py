"""Request and answer bodies of the kinds of document, and of their review."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from services.chassis.web import Answer, Body
from services.documents.model import AskedOf, State, Validity

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Kind = Literal["application/pdf", "image/jpeg", "image/png"]


class DocumentTypeBody(Body):
    """A kind of document, saved by its code."""

    code: Code
    label: Annotated[str, StringConstraints(min_length=3, max_length=120)]
    per_child: bool
    asked_of: AskedOf = "activities"
    compulsory: bool = True
    validity: Validity = "none"
    validity_months: Annotated[int, Field(ge=1, le=240)] | None = None
    help: Annotated[str, StringConstraints(max_length=500)] = ""
    accepts: Annotated[tuple[Kind, ...], Field(min_length=1, max_length=3)] = (
        "application/pdf",
        "image/jpeg",
        "image/png",
    )
    discreet: bool = False
    retired: bool = False


class ReviewsQuery(Body):
    """Which documents to review."""

    document_type: Code | None = Field(default=None, alias="type")
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    size: Annotated[int, Field(ge=1, le=200)] = 50


class AcceptanceBody(Body):
    """Over which days the document holds; without them, those that its type proposes."""

    valid_from: date | None = None
    valid_until: date | None = None


class RejectionBody(Body):
    """Why the document is rejected: the family reads it."""

    reason: Annotated[str, StringConstraints(min_length=3, max_length=500)]


class ReviewAnswer(Answer):
    """A document as the office reviews it."""

    model_config = ConfigDict(from_attributes=True)

    document_id: UUID
    document_type: str
    label: str
    filename: str
    content_type: str
    size: int
    family_id: UUID
    family_reference: str
    family_label: str
    child_id: UUID | None
    child_name: str
    deposited_at: datetime
    version: int
    state: State
    replaces: UUID | None
    valid_from: date | None
    valid_until: date | None
    reason: str | None
    proposed_until: date | None = None


class ReviewsAnswer(Answer):
    """The documents that wait for the office, oldest first, and the quarantine.

    `scanned`: whether a malware scanner is configured.
    """

    documents: Sequence[ReviewAnswer]
    total: int
    page: int
    size: int
    scanned: bool
    quarantined: int
    quarantined_since: datetime | None


class StepAnswer(Answer):
    """One step of a document's life; who took it is shown to the office alone."""

    at: datetime
    state: State
    note: str | None
    by: UUID | None = None


class VersionAnswer(Answer):
    """A document handed in for the same purpose."""

    document_id: UUID
    filename: str
    deposited_at: datetime
    state: State
    valid_from: date | None
    valid_until: date | None


class DocumentDetailAnswer(ReviewAnswer):
    """One document with its life, and the versions before and after it."""

    history: Sequence[StepAnswer]
    versions: Sequence[VersionAnswer]


class PageCountAnswer(Answer):
    """How many pages a document has."""

    pages: int


class PictureQuery(Body):
    """Which page is looked at, from 1."""

    page: Annotated[int, Field(ge=1, le=10_000)] = 1

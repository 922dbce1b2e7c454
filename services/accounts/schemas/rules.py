"""Request and answer bodies about the town's rules for records, consents, and what waits."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from services.accounts.model import values
from services.accounts.model.completeness import Scope
from services.accounts.schemas.person import ChangeAnswer
from services.chassis.endpoints import Answer, Body

Clean = AfterValidator(values.clean)


class ConsentTextBody(Body):
    """A text to consent to."""

    title: Annotated[str, Clean, Field(min_length=1, max_length=80)]
    body: Annotated[str, Field(min_length=1, max_length=2000)]


class ConsentTextAnswer(Answer):
    """The version of a text that is in force."""

    consent_id: UUID
    version: int
    title: str
    body: str


class ConsentTextsAnswer(Answer):
    """All the texts that are asked."""

    texts: tuple[ConsentTextAnswer, ...]


class RequirementAnswer(Answer):
    """Something that a record can be asked to hold; `always` when no town can do without."""

    code: str
    label: str
    scope: Scope
    required: bool
    always: bool


class FieldRuleAnswer(Answer):
    """A field, and whether a parent's change of it waits; `always` when it must."""

    code: str
    label: str
    scope: Scope
    reviewed: bool
    always: bool


class RulesAnswer(Answer):
    """The town's choices about family records."""

    requirements: tuple[RequirementAnswer, ...]
    fields: tuple[FieldRuleAnswer, ...]
    can_fetch_quotient: bool


class RulesPatch(Body):
    """Codes of requirements and of fields; a list left out stays."""

    required: tuple[str, ...] | None = Field(default=None, max_length=100)
    reviewed: tuple[str, ...] | None = Field(default=None, max_length=100)


class ChangesQuery(Body):
    """Which page of what waits."""

    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=25, ge=1, le=100)


class QueuedChange(ChangeAnswer):
    """A change that waits, and whose."""

    family_label: str
    family_reference: str


class QueueAnswer(Answer):
    """What waits for the staff, the oldest first."""

    changes: tuple[QueuedChange, ...]
    total: int
    page: int
    size: int


class RefusalBody(Body):
    """Why; the family reads it."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]

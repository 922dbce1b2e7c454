"""Bodies about mandates."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from services.chassis.web import Answer, Body

MandateState = Literal["active", "expired", "revoked"]


class MandateBody(Body):
    """The account and its holder; `agreed`: the consent text was read and is signed."""

    iban: str = Field(min_length=1, max_length=60)
    holder: str = Field(min_length=2, max_length=70)
    agreed: Literal[True]


class MandatesQuery(Body):
    """Of one family, or (staff) of all; in one state, or in any."""

    family_id: UUID | None = None
    state: MandateState | None = None
    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=100, ge=1, le=500)


class RevocationBody(Body):
    """Why a mandate ends, for the file."""

    reason: str = Field(default="", max_length=300)


class MandateAnswer(Answer):
    """A mandate; the account is shown by its last digits only."""

    mandate_id: UUID
    rum: str
    family_id: UUID
    family_label: str
    family_reference: str
    holder: str
    masked: str
    bic: str
    bank: str
    signed_on: date
    last_used_on: date | None
    expires_on: date
    consent: str
    state: MandateState
    revoked_at: datetime | None
    revoked_cause: str | None
    revoked_reason: str


class MandatesAnswer(Answer):
    """Mandates, newest first."""

    mandates: Sequence[MandateAnswer]


class TermsAnswer(Answer):
    """What a family signs, before it does; its reference is given with the signature."""

    creditor_name: str
    creditor_id: str
    text: str
    notice_days: int

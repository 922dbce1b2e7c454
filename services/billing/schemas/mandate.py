"""Bodies about mandates."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from services.chassis.web import Answer, Body

MandateState = Literal["active", "expired", "revoked"]


class MandateBody(Body):
    """The account and its holder; `agreed`: the consent text was read and is signed.

    `one_off`: for one single collection.
    """

    iban: str = Field(min_length=1, max_length=60)
    holder: str = Field(min_length=2, max_length=70)
    one_off: bool = False
    agreed: Literal[True]


class MandatesQuery(Body):
    """Of one family, or (staff) of all; in one state, or in any."""

    family_id: UUID | None = None
    state: MandateState | None = None
    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=100, ge=1, le=500)


class RevocationBody(Body):
    """Why a mandate ends, for the file, and after which day; without one, at once."""

    reason: str = Field(default="", max_length=300)
    ends_on: date | None = None


class MandateAnswer(Answer):
    """A mandate; the account is shown by its last digits only.

    `one_off`: it collects once; `ends_on`: until then. A mandate that has made its last collection
    is expired.
    """

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
    one_off: bool
    ends_on: date | None
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
    """What a family signs, before it does; its reference is given with the signature.

    `one_off_text`: for one single collection.
    """

    creditor_name: str
    creditor_id: str
    text: str
    one_off_text: str
    notice_days: int

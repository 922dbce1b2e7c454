"""Who pays for children, over HTTP."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.billing.model.payers import Kind, Nature, ThirdParty
from services.billing.model.wording import WHOLE
from services.billing.schemas.formula import Day
from services.chassis.web import Answer, Body

Line = Annotated[str, Field(min_length=1, max_length=60)]
MOST_PAYERS = 6


class ThirdPartyBody(Body):
    """A person or an organisation that is no family; `nature`: what an organisation is.

    Its papers go by post; `mail`: where it is told of them, if it has one.
    """

    kind: Kind
    name: str = Field(min_length=2, max_length=70)
    lines: tuple[Line, ...] = Field(min_length=1, max_length=3)
    postcode: str = Field(min_length=5, max_length=5)
    city: str = Field(min_length=1, max_length=60)
    mail: str | None = Field(default=None, max_length=254, pattern=r"^[^\s@]{1,64}@[^\s@]+$")
    siret: str = Field(default="", max_length=20)
    nature: Nature | None = None

    def third_party(self) -> ThirdParty:
        """As it is told, not checked yet."""
        told = self.model_dump()
        return ThirdParty(**told | {"siret": "".join(self.siret.split())})


class ErasureBody(Body):
    """The payer's own reference, typed again to confirm."""

    reference: str = Field(min_length=1, max_length=40)


class ThirdPartyAnswer(Answer):
    """A payer who is no family; `reference` is what its invoices call it."""

    payer_id: UUID
    reference: str
    kind: Kind
    name: str
    lines: Sequence[str]
    postcode: str
    city: str
    mail: str | None
    siret: str
    nature: Nature | None


class ThirdPartiesAnswer(Answer):
    """By name."""

    third_parties: Sequence[ThirdPartyAnswer]


class PartBody(Body):
    """Who pays, by id or by the reference of the file or third party; ten-thousandths."""

    payer_id: UUID | None = None
    reference: str | None = Field(default=None, min_length=1, max_length=40)
    part: int = Field(ge=-WHOLE, le=10 * WHOLE)


class SharingBody(Body):
    """How a child's charges are divided, of one activity or of all, from one day to another."""

    child_id: UUID
    activity_id: UUID | None = None
    parts: tuple[PartBody, ...] = Field(min_length=1, max_length=MOST_PAYERS)
    valid_from: Day
    valid_until: Day | None = None


class EndBody(Body):
    """The last day that is divided."""

    last_day: Day


class PartAnswer(Answer):
    """A payer's part in ten-thousandths; who it is only the staff is told, or the payer.

    `erased`: it is forgotten, and has no name any more.
    """

    payer_id: UUID | None = None
    reference: str = ""
    name: str = ""
    third_party: bool
    part: int
    erased: bool = False


class SharingAnswer(Answer):
    """A sharing, also one that has ended; `activity_id` empty: of all activities."""

    sharing_id: UUID
    family_id: UUID | None
    family_reference: str
    family_label: str
    child_id: UUID
    child_name: str
    activity_id: UUID | None
    activity_name: str | None
    valid_from: date
    valid_until: date | None
    parts: Sequence[PartAnswer]


class SharingsAnswer(Answer):
    """The newest first."""

    sharings: Sequence[SharingAnswer]

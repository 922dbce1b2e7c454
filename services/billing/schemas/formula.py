"""Bodies of formulas and aids."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.events.enrolment import ActivityKind
from services.billing.model.aids import Aid
from services.billing.model.formulas import Formula
from services.billing.schemas.tariff import MOST_CENTS, PriceAnswer, PriceBody
from services.chassis.web import Answer, Body

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Kinds = Annotated[tuple[ActivityKind, ...], Field(max_length=10)]
Ceiling = Annotated[int, Field(ge=1, le=MOST_CENTS)] | None


class FormulaBody(PriceBody):
    """One price for a child's day in activities of all these kinds."""

    name: Name
    kinds: Kinds
    valid_from: Day
    valid_until: Day | None = None

    def formula(self) -> Formula:
        """The formula, not checked yet. Raises Invalid."""
        return Formula(self.name, self.kinds, self.price(), self.valid_from, self.valid_until)


class FormulaAnswer(PriceAnswer):
    """A formula that holds from a day on."""

    formula_id: UUID
    name: str
    kinds: Sequence[str]
    valid_from: date
    valid_until: date | None

    @classmethod
    def of(cls, formula_id: UUID, formula: Formula) -> "FormulaAnswer":
        """The formula as it is told."""
        told = asdict(formula)
        return cls(formula_id=formula_id, **told.pop("price"), **told)


class FormulasAnswer(Answer):
    """Formulas, by name."""

    formulas: Sequence[FormulaAnswer]


class AidBody(Body):
    """What a third party pays: of one child or of each, of some kinds of activities or of all."""

    family_id: UUID
    child_id: UUID | None = None
    label: Name
    kinds: Kinds = ()
    day_cents: Ceiling = None
    month_cents: Ceiling = None
    valid_from: Day
    valid_until: Day

    def aid(self) -> Aid:
        """The aid, not checked yet."""
        return Aid(**self.model_dump())


class AidsQuery(Body):
    """Of one family, or of all."""

    family_id: UUID | None = None


class AidAnswer(Answer):
    """An aid that has not ended."""

    aid_id: UUID
    family_id: UUID
    family_reference: str
    family_label: str
    child_id: UUID | None
    child_name: str | None
    label: str
    kinds: Sequence[str]
    day_cents: int | None
    month_cents: int | None
    valid_from: date
    valid_until: date


class AidsAnswer(Answer):
    """Aids, the newest first."""

    aids: Sequence[AidAnswer]

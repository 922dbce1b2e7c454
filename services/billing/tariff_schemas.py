"""Bodies by which tariffs are published, and read."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.billing.model.tariffs import (
    Band,
    ByQuotient,
    EffortRate,
    Flat,
    Price,
    Surcharge,
    Tariff,
)
from services.billing.model.tariffs.words import words
from services.chassis.errors import FieldError, Invalid
from services.chassis.web import Answer, Body

# The highest quotient and price that can be meant; beyond it a slip of the pen.
MOST_QUOTIENT = 100_000
MOST_CENTS = 100_000
Cents = Annotated[int, Field(ge=0, le=MOST_CENTS)]
Percent = Annotated[int, Field(ge=0, le=500)]
Kind = Literal["flat", "quotient", "effort_rate"]

# Which fields say a price of each kind.
FIELDS_OF: dict[str, tuple[str, ...]] = {
    "flat": ("price_cents",),
    "quotient": ("bands",),
    "effort_rate": ("rate", "floor_cents", "ceiling_cents"),
}


class BandBody(Body):
    """A half-open band of quotients: from included, to excluded, none for no limit."""

    from_quotient: int = Field(ge=0, le=MOST_QUOTIENT)
    to_quotient: int | None = Field(default=None, ge=1, le=MOST_QUOTIENT)
    price_cents: Cents


class PriceBody(Body):
    """A price by its kind: `price_cents`, or `bands`, or `rate` with `floor_cents` and
    `ceiling_cents`. `rate` is in ten-thousandths of the quotient."""

    kind: Kind = "quotient"
    price_cents: Cents | None = None
    bands: Annotated[tuple[BandBody, ...], Field(min_length=1, max_length=50)] | None = None
    rate: Annotated[int, Field(ge=1, le=10_000)] | None = None
    floor_cents: Cents | None = None
    ceiling_cents: Cents | None = None

    def price(self, prefix: str = "") -> Price:
        """The price. Raises Invalid where a field of its kind lacks, or another kind's is given."""
        wanted = FIELDS_OF[self.kind]
        others = {name for fields in FIELDS_OF.values() for name in fields} - set(wanted)
        wrong = [
            FieldError(prefix + name, "Ce champ est obligatoire.")
            for name in wanted
            if getattr(self, name) is None
        ] + [
            FieldError(prefix + name, "Ce champ n’est pas attendu pour cette sorte de prix.")
            for name in sorted(others)
            if getattr(self, name) is not None
        ]
        if wrong:
            raise Invalid("Corrigez les champs signalés.", errors=wrong)
        return self._made()

    def _made(self) -> Price:
        match self.kind:
            case "flat":
                return Flat(self.price_cents or 0)
            case "effort_rate":
                return EffortRate(self.rate or 0, self.floor_cents or 0, self.ceiling_cents or 0)
            case "quotient":
                return ByQuotient(tuple(Band(**b.model_dump()) for b in self.bands or ()))


class TariffBody(PriceBody):
    """What an activity costs from a day on; surcharges in cents or in percent of the price.

    `outside` and `outside_supplement_cents`: families that live elsewhere; `own_meal`: children
    who bring their meal (PAI); `cost_cents`: what one use costs the town, the most that is asked.
    """

    activity_id: UUID
    valid_from: date = Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))
    outside: PriceBody | None = None
    outside_supplement_cents: Cents = 0
    own_meal: PriceBody | None = None
    unreserved_surcharge_cents: Cents = 0
    unreserved_surcharge_percent: Percent = 0
    late_surcharge_cents: Cents = 0
    late_surcharge_percent: Percent = 0
    cost_cents: Annotated[int, Field(ge=1, le=MOST_CENTS)] | None = None

    def tariff(self) -> Tariff:
        """The tariff, not checked yet. Raises Invalid."""
        return Tariff(
            activity_id=self.activity_id,
            valid_from=self.valid_from,
            price=self.price(),
            outside=self.outside.price("outside.") if self.outside else None,
            outside_supplement_cents=self.outside_supplement_cents,
            own_meal=self.own_meal.price("own_meal.") if self.own_meal else None,
            unreserved=Surcharge(
                self.unreserved_surcharge_cents, self.unreserved_surcharge_percent
            ),
            late=Surcharge(self.late_surcharge_cents, self.late_surcharge_percent),
            cost_cents=self.cost_cents,
        )


class TariffsQuery(Body):
    """Of one activity, or of all."""

    activity_id: UUID | None = None


class BandAnswer(Answer):
    """A band as published."""

    from_quotient: int
    to_quotient: int | None
    price_cents: int


class PriceAnswer(Answer):
    """A price by its kind; the fields of the other kinds are empty."""

    kind: Kind
    price_cents: int | None = None
    bands: Sequence[BandAnswer] = ()
    rate: int | None = None
    floor_cents: int | None = None
    ceiling_cents: int | None = None


class TariffAnswer(PriceAnswer):
    """A tariff in force from a day on; `words` say it in French."""

    tariff_id: UUID
    activity_id: UUID
    activity_name: str
    valid_from: date
    outside: PriceAnswer | None
    outside_supplement_cents: int
    own_meal: PriceAnswer | None
    unreserved_surcharge_cents: int
    unreserved_surcharge_percent: int
    late_surcharge_cents: int
    late_surcharge_percent: int
    cost_cents: int | None
    words: Sequence[str]

    @classmethod
    def of(cls, tariff_id: UUID, activity_name: str, tariff: Tariff) -> "TariffAnswer":
        """The tariff as it is told."""
        told = asdict(tariff)
        for name in ("unreserved", "late"):
            surcharge = told.pop(name)
            told |= {f"{name}_surcharge_{unit}": value for unit, value in surcharge.items()}
        return cls(
            tariff_id=tariff_id,
            activity_name=activity_name,
            words=words(tariff),
            **told.pop("price"),
            **told,
        )


class TariffsAnswer(Answer):
    """Tariffs, by activity and first day."""

    tariffs: Sequence[TariffAnswer]


class SurchargeAnswer(Answer):
    """What a reservation kept after the limit costs more, in cents or in percent."""

    activity_id: UUID
    late_surcharge_cents: int
    late_surcharge_percent: int


class SurchargesAnswer(Answer):
    """The late surcharges in force today, of the activities that have one."""

    surcharges: Sequence[SurchargeAnswer]

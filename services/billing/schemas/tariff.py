"""Bodies by which tariffs are published, and read."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.billing.model.stays import minute_of, wall_time
from services.billing.model.tariffs import (
    Band,
    ByQuotient,
    EffortRate,
    Flat,
    HalfHours,
    Hours,
    Monthly,
    Price,
    Siblings,
    Surcharge,
    Tariff,
    TimeBand,
    TimeBands,
)
from services.billing.model.tariffs.previews import Compared
from services.billing.model.tariffs.words import words
from services.billing.schemas import PERIOD
from services.chassis.errors import FieldError, Invalid
from services.chassis.web import Answer, Body

# The highest quotient and price that can be meant; beyond it a slip of the pen.
MOST_QUOTIENT = 100_000
MOST_CENTS = 100_000
Cents = Annotated[int, Field(ge=0, le=MOST_CENTS)]
Percent = Annotated[int, Field(ge=0, le=500)]
WallTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
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


class SiblingsBody(Body):
    """From the second child on: percent off, or prices. `counted`: who is enrolled in an activity
    of the same kind, or who comes to one the same day."""

    counted: Literal["enrolled", "same_day"]
    percents: Annotated[tuple[Percent, ...], Field(max_length=6)] = ()
    prices: Annotated[tuple[PriceBody, ...], Field(max_length=6)] = ()

    def siblings(self) -> Siblings:
        """The rule, not checked yet. Raises Invalid."""
        prices = (p.price(f"siblings.prices.{i}.") for i, p in enumerate(self.prices))
        return Siblings(self.counted, self.percents, tuple(prices))


class TimeBandBody(PriceBody):
    """A part of the day and its price; HH:MM, Europe/Paris, the end excluded."""

    starts_at: WallTime
    ends_at: WallTime


class HoursBody(Body):
    """`half_hours`: the price is that of each half-hour begun; `time_bands`: each part of the day
    that the child was there in has its price, and they are added up."""

    kind: Literal["half_hours", "time_bands"]
    bands: Annotated[tuple[TimeBandBody, ...], Field(max_length=12)] = ()

    def hours(self) -> Hours:
        """The rule, not checked yet. Raises Invalid."""
        if self.kind == "half_hours":
            return HalfHours()
        return TimeBands(
            tuple(
                TimeBand(
                    minute_of(band.starts_at),
                    minute_of(band.ends_at),
                    band.price(f"hours.bands.{index}."),
                )
                for index, band in enumerate(self.bands)
            )
        )


class MonthlyBody(PriceBody):
    """`cap`: a child's uses of a month cost no more; `fee`: a month with a use costs just that."""

    rule: Literal["cap", "fee"]


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
    siblings: SiblingsBody | None = None
    hours: HoursBody | None = None
    monthly: MonthlyBody | None = None

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
            siblings=self.siblings.siblings() if self.siblings else None,
            hours=self.hours.hours() if self.hours else None,
            monthly=Monthly(self.monthly.rule, self.monthly.price("monthly."))
            if self.monthly
            else None,
        )


class TariffPreviewBody(TariffBody):
    """A tariff that is thought of, and the month to see it on."""

    month: Annotated[str, Field(pattern=PERIOD)]


class ComparedAnswer(Answer):
    """The families of a group of quotients [from, to), without bounds those that have no valid
    quotient. `gaining` pay less, `losing` pay more."""

    from_quotient: int | None
    to_quotient: int | None
    families: int
    units: int
    today_cents: int
    new_cents: int
    gaining: int
    losing: int


class TariffPreviewAnswer(Answer):
    """A month as it is charged, and as the other tariff would have it."""

    month: str
    families: int
    units: int
    today_cents: int
    new_cents: int
    gaining: int
    losing: int
    groups: Sequence[ComparedAnswer]

    @classmethod
    def of(cls, month: str, found: Sequence[Compared]) -> "TariffPreviewAnswer":
        """The groups and their sums."""
        names = ("families", "units", "today_cents", "new_cents", "gaining", "losing")
        sums = {name: sum(getattr(group, name) for group in found) for name in names}
        return cls.model_validate(
            {"month": month, "groups": [asdict(group) for group in found], **sums}
        )


class MealsQuery(Body):
    """From one month to another, both included."""

    first: Annotated[str, Field(pattern=PERIOD)]
    last: Annotated[str, Field(pattern=PERIOD)]


class MealsAnswer(Answer):
    """The meals of a month that families of one band of quotients ate.

    `at_most_a_euro`: those that cost a family with a quotient of at most 1000 no more than 1 €.
    Bounds as in tariffs; no bound at all where the price is one for all or a share.
    """

    month: str
    from_quotient: int | None
    to_quotient: int | None
    lowest_cents: int
    highest_cents: int
    meals: int
    at_most_a_euro: int


class CanteenAnswer(Answer):
    """What the State asks of a town that has the canteen at 1 €."""

    meals: Sequence[MealsAnswer]
    total: int
    at_most_a_euro: int


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


class SiblingsAnswer(Answer):
    """What the second child, the third … pays."""

    counted: str
    percents: Sequence[int]
    prices: Sequence[PriceAnswer]


class TimeBandAnswer(PriceAnswer):
    """A part of the day and its price."""

    starts_at: str
    ends_at: str


class HoursAnswer(Answer):
    """How the time that a child spends counts."""

    kind: str
    bands: Sequence[TimeBandAnswer] = ()

    @classmethod
    def of(cls, hours: Hours) -> "HoursAnswer":
        """The rule as it is told."""
        bands = hours.bands if isinstance(hours, TimeBands) else ()
        return cls(
            kind=hours.kind,
            bands=[
                TimeBandAnswer(
                    starts_at=wall_time(band.from_minute),
                    ends_at=wall_time(band.to_minute),
                    **asdict(band.price),
                )
                for band in bands
            ],
        )


class MonthlyAnswer(PriceAnswer):
    """A cap on the uses of a month, or a fee in their place."""

    rule: str


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
    siblings: SiblingsAnswer | None
    hours: HoursAnswer | None
    monthly: MonthlyAnswer | None
    words: Sequence[str]

    @classmethod
    def of(cls, tariff_id: UUID, activity_name: str, tariff: Tariff) -> "TariffAnswer":
        """The tariff as it is told."""
        told = asdict(tariff)
        for name in ("unreserved", "late"):
            surcharge = told.pop(name)
            told |= {f"{name}_surcharge_{unit}": value for unit, value in surcharge.items()}
        if tariff.monthly:
            told["monthly"] = {"rule": tariff.monthly.kind, **asdict(tariff.monthly.price)}
        told["hours"] = HoursAnswer.of(tariff.hours) if tariff.hours else None
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

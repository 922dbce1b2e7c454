"""All that a town decides of what an activity costs from a day on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.billing.errors import BadTariff
from services.billing.model.tariffs.hours import Hours, TimeBand, TimeBands
from services.billing.model.tariffs.months import Monthly
from services.billing.model.tariffs.prices import Price
from services.billing.model.tariffs.siblings import Siblings
from services.billing.model.tariffs.surcharges import NO_SURCHARGE, Surcharge
from services.chassis.errors import FieldError

BEYOND_COST = "Cela dépasse le coût par usager (code de l’éducation, R. 531-53)."
STANDARD, OUTSIDE, OWN_MEAL, MONTH = "standard", "outside", "own_meal", "month"


@dataclass(frozen=True, slots=True)
class Tariff:
    """What an activity costs from a day on.

    `outside` and `own_meal` are the prices of families that live elsewhere and of children who
    bring their meal (PAI), where those have prices of their own. `cost_cents` is what one use
    (of a tariff by half-hours, one half-hour) costs the town: no price goes beyond it, and no
    surcharge makes it.
    """

    activity_id: UUID
    valid_from: date
    price: Price
    outside: Price | None = None
    outside_supplement_cents: int = 0
    own_meal: Price | None = None
    unreserved: Surcharge = NO_SURCHARGE
    late: Surcharge = NO_SURCHARGE
    cost_cents: int | None = None
    siblings: Siblings | None = None
    hours: Hours | None = None
    monthly: Monthly | None = None

    def check(self) -> None:
        """Raises BadTariff naming every fault."""
        faults = list(self._faults())
        if faults:
            raise BadTariff("Corrigez les champs signalés.", errors=faults)

    @property
    def ordered(self) -> "Tariff":
        """The same with the bands of every list from low to high."""
        siblings, hours, monthly = self.siblings, self.hours, self.monthly
        if siblings:
            siblings = replace(siblings, prices=tuple(p.ordered for p in siblings.prices))
        if isinstance(hours, TimeBands):
            bands = (replace(band, price=band.price.ordered) for band in hours.bands)
            hours = TimeBands(tuple(sorted(bands, key=lambda band: band.from_minute)))
        return replace(
            self,
            price=self.price.ordered,
            outside=self.outside and self.outside.ordered,
            own_meal=self.own_meal and self.own_meal.ordered,
            siblings=siblings,
            hours=hours,
            monthly=monthly and replace(monthly, price=monthly.price.ordered),
        )

    @property
    def lists(self) -> dict[str, Price]:
        """Every list of prices, by the name that charges know it by."""
        own = {STANDARD: self.price, OUTSIDE: self.outside, OWN_MEAL: self.own_meal}
        lists = {name: price for name, price in own.items() if price}
        if self.siblings:
            lists |= self.siblings.lists
        if self.monthly:
            lists[MONTH] = self.monthly.price
        return lists | {name: band.price for name, band in self.time_bands.items()}

    @property
    def time_bands(self) -> dict[str, TimeBand]:
        """The parts of the day that have prices, by the names of their lists."""
        if not isinstance(self.hours, TimeBands):
            return {}
        return dict(zip(self.hours.lists, self.hours.bands, strict=True))

    def _faults(self) -> Iterator[FieldError]:
        for name, price in self.lists.items():
            for fault in price.faults():
                yield FieldError(_field(name) + fault.field, fault.message)
        yield from self.unreserved.faults("unreserved_surcharge")
        yield from self.late.faults("late_surcharge")
        if self.outside_supplement_cents < 0:
            message = "Un supplément ne peut pas être négatif."
            yield FieldError("outside_supplement_cents", message)
        if self.outside and self.outside_supplement_cents:
            message = (
                "Donnez aux familles de l’extérieur leurs prix ou un supplément, pas les deux."
            )
            yield FieldError("outside_supplement_cents", message)
        if self.siblings:
            yield from self.siblings.faults()
        if isinstance(self.hours, TimeBands):
            yield from self.hours.faults()
        if self.cost_cents is not None:
            yield from self._beyond(self.cost_cents)

    def _beyond(self, cost_cents: int) -> Iterator[FieldError]:
        beyond = [
            _field(name) + field
            for name, price in self.lists.items()
            for field, cents in price.highest
            if cents > cost_cents and name != MONTH
        ]
        if not beyond and self._highest > cost_cents:
            beyond = [
                "outside_supplement_cents" if self.outside_supplement_cents else "hours.bands"
            ]
        for field in beyond:
            yield FieldError(field, BEYOND_COST)

    @property
    def _highest(self) -> int:
        """The most that one use may cost, without surcharge."""
        most = {name: max(c for _, c in p.highest) for name, p in self.lists.items() if p.highest}
        parts = sum(cents for name, cents in most.items() if name in self.time_bands)
        added = [cents for name, cents in most.items() if name not in (OUTSIDE, OWN_MEAL, MONTH)]
        supplemented = max([parts, *added]) + self.outside_supplement_cents
        return max(supplemented, most.get(OUTSIDE, 0), most.get(OWN_MEAL, 0))


def _field(name: str) -> str:
    """Where a list of prices stands in what was sent."""
    kind, _, number = name.partition("_")
    match kind:
        case "standard":
            return ""
        case "rank":
            return f"siblings.prices.{int(number) - 2}."
        case "month":
            return "monthly."
        case "time":
            return f"hours.bands.{int(number) - 1}."
        case _:
            return f"{name}."

"""All that a town decides of what an activity costs from a day on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.billing.errors import BadTariff
from services.billing.model.tariffs.prices import Price
from services.billing.model.tariffs.surcharges import NO_SURCHARGE, Surcharge
from services.chassis.errors import FieldError


@dataclass(frozen=True, slots=True)
class Tariff:
    """What an activity costs from a day on.

    `outside` and `own_meal` are the prices of families that live elsewhere and of children who
    bring their meal (PAI), where those have prices of their own. `cost_cents` is what one use
    costs the town: no price and no surcharge goes beyond it.
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

    def check(self) -> None:
        """Raises BadTariff naming every fault."""
        faults = list(self._faults())
        if faults:
            raise BadTariff("Corrigez les champs signalés.", errors=faults)

    @property
    def ordered(self) -> "Tariff":
        """The same with the bands of every list from low to high."""
        return replace(
            self,
            price=self.price.ordered,
            outside=self.outside and self.outside.ordered,
            own_meal=self.own_meal and self.own_meal.ordered,
        )

    @property
    def lists(self) -> dict[str, Price]:
        """Every list of prices, by the name that charges know it by."""
        named = {"standard": self.price, "outside": self.outside, "own_meal": self.own_meal}
        return {name: price for name, price in named.items() if price}

    def _faults(self) -> Iterator[FieldError]:
        for name, price in self.lists.items():
            prefix = "" if name == "standard" else f"{name}."
            for fault in price.faults():
                yield FieldError(prefix + fault.field, fault.message)
            yield from self._beyond_cost(prefix, price)
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

    def _beyond_cost(self, prefix: str, price: Price) -> Iterator[FieldError]:
        if self.cost_cents is None:
            return
        more = 0 if prefix else self.outside_supplement_cents
        for field, cents in price.highest:
            if cents > self.cost_cents:
                message = "Ce prix dépasse le coût par usager (code de l’éducation, R. 531-53)."
                yield FieldError(prefix + field, message)
            elif cents + more > self.cost_cents:
                message = "Avec ce supplément un prix dépasse le coût par usager."
                yield FieldError("outside_supplement_cents", message)
                return

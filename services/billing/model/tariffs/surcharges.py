"""What costs more: to come without a reservation, to reserve after the limit."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.chassis.errors import FieldError


@dataclass(frozen=True, slots=True)
class Surcharge:
    """Cents, or percent of the price."""

    cents: int = 0
    percent: int = 0

    def of(self, price_cents: int, most: int | None) -> int:
        """What is added to this price, to the nearest cent.

        With `most`, the cost for each user (code de l’éducation, R. 531-53), no further than
        that: the whole price never exceeds it.
        """
        added = self.cents + (price_cents * self.percent + 50) // 100
        return added if most is None else max(0, min(added, most - price_cents))

    def faults(self, name: str) -> Iterator[FieldError]:
        """What is wrong with it, at its field."""
        if self.cents < 0:
            yield FieldError(f"{name}_cents", "Une majoration ne peut pas être négative.")
        if self.percent < 0:
            yield FieldError(f"{name}_percent", "Une majoration ne peut pas être négative.")
        if self.cents and self.percent:
            message = "Donnez la majoration en euros ou en pourcentage, pas les deux."
            yield FieldError(f"{name}_percent", message)


NO_SURCHARGE = Surcharge()

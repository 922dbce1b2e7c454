"""What the second, third … child of a family pays."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from services.billing.model.tariffs.prices import Price
from services.chassis.errors import FieldError

# A child's rank counts its elder brothers and sisters who are enrolled in an activity of the same
# kind, or who come to one the same day.
Counted = Literal["enrolled", "same_day"]


@dataclass(frozen=True, slots=True)
class Siblings:
    """Percent off, or prices, of the second child, the third …; the last holds for all others."""

    counted: Counted
    percents: tuple[int, ...] = ()
    prices: tuple[Price, ...] = ()

    def percent(self, rank: int) -> int:
        """How much of its price a child of this rank is let off."""
        if rank < 2 or not self.percents:
            return 0
        return self.percents[min(rank - 2, len(self.percents) - 1)]

    def list_of(self, rank: int) -> str | None:
        """The name of the list of prices of this rank, where it has one."""
        return f"rank_{min(rank, len(self.prices) + 1)}" if rank > 1 and self.prices else None

    @property
    def lists(self) -> dict[str, Price]:
        """The lists of prices, by their names."""
        return {f"rank_{rank}": price for rank, price in enumerate(self.prices, start=2)}

    def faults(self) -> Iterator[FieldError]:
        """What is wrong with it, at its field."""
        if bool(self.percents) == bool(self.prices):
            message = "Donnez par rang une réduction ou un prix, l’un ou l’autre."
            yield FieldError("siblings.percents", message)
        for index, percent in enumerate(self.percents):
            if not 0 <= percent <= 100:
                message = "Une réduction est entre 0 et 100 %."
                yield FieldError(f"siblings.percents.{index}", message)

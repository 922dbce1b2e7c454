"""Uses that make a day together: morning, meal and afternoon at one price."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from contracts.events.enrolment import ActivityKind
from services.billing.errors import BadFormula
from services.billing.model.tariffs.prices import Price
from services.chassis.errors import FieldError

KINDS: tuple[str, ...] = get_args(ActivityKind)


@dataclass(frozen=True, slots=True)
class Formula:
    """One price for a child's day in activities of all these kinds."""

    name: str
    kinds: tuple[str, ...]
    price: Price
    valid_from: date
    valid_until: date | None = None

    def check(self) -> None:
        """Raises BadFormula naming every fault."""
        faults = list(self._faults())
        if faults:
            raise BadFormula("Corrigez les champs signalés.", errors=faults)

    def _faults(self) -> Iterator[FieldError]:
        if len(set(self.kinds)) < 2:
            yield FieldError("kinds", "Une formule réunit au moins deux sortes d’activités.")
        if len(set(self.kinds)) < len(self.kinds):
            yield FieldError("kinds", "Une sorte d’activité n’y figure qu’une fois.")
        if self.valid_until and self.valid_until < self.valid_from:
            yield FieldError("valid_until", "La fin ne peut pas précéder le début.")
        yield from self.price.faults()


def saved(day: Mapping[str, int], formulas: Sequence[Formula], quotient: int | None) -> int:
    """What the best formula takes off a day whose uses cost so much by kind; zero if none does."""
    savings = [
        sum(day[kind] for kind in formula.kinds) - formula.price.cents(quotient)
        for formula in formulas
        if set(formula.kinds) <= day.keys()
    ]
    return max([0, *savings])

"""A child's charges divided among those who pay them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from services.billing.errors.payers import BadSharing
from services.billing.model.wording import WHOLE, short_percent
from services.chassis.errors import FieldError

Key = TypeVar("Key", UUID, str)


@dataclass(frozen=True, slots=True)
class Part:
    """What one payer takes on of each charge, in ten-thousandths."""

    payer_id: UUID
    part: int


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a family's charges for a child are divided from one day to another.

    `activity_id` None: those of every activity that has no sharing of its own.
    """

    family_id: UUID
    child_id: UUID
    activity_id: UUID | None
    parts: tuple[Part, ...]
    valid_from: date
    valid_until: date | None = None

    def check(self) -> None:
        """Raises BadSharing naming every fault."""
        faults = list(self._faults())
        if faults:
            raise BadSharing("Corrigez les champs signalés.", errors=faults)

    def _faults(self) -> Iterator[FieldError]:
        if self.valid_until and self.valid_until < self.valid_from:
            yield FieldError("valid_until", "La fin ne peut pas précéder le début.")
        counted = Counter(part.payer_id for part in self.parts)
        for place, part in enumerate(self.parts):
            if counted[part.payer_id] > 1:
                yield FieldError(f"parts.{place}.payer_id", "Ce payeur figure deux fois.")
            if not 0 < part.part <= WHOLE:
                message = "Une part est de plus de 0\u00a0% et de 100\u00a0% au plus."
                yield FieldError(f"parts.{place}.part", message)
        if (total := sum(part.part for part in self.parts)) != WHOLE:
            message = f"Les parts font {short_percent(total)}\u00a0: il faut 100\u00a0%."
            yield FieldError("parts", message)


def prorate(amount_cents: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """The amount in proportion to the weights, to the cent (largest remainder).

    What is below zero is divided like what is above. Of equal remainders the key that comes first
    has the cent. Raises ValueError when a weight is below zero, or all are nothing.
    """
    total = sum(weights.values())
    if total <= 0 or min(weights.values()) < 0:
        raise ValueError("nothing to divide by")
    sign, whole = (-1 if amount_cents < 0 else 1), abs(amount_cents)
    found = {key: whole * weight // total for key, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda key: (-(whole * weights[key] % total), key))
    for key in by_remainder[: whole - sum(found.values())]:
        found[key] += 1
    return {key: sign * cents for key, cents in found.items()}


def of_a_month(month_cents: int, used_cents: Mapping[str, int], last: str) -> dict[str, int]:
    """What a cap or fee of a month is to each sharing of it, by the uses that each divides.

    `used_cents`: what the month's uses cost, by sharing, "" for days that none divides; `last`:
    that of the month's last day, which has it all where there are no uses.
    """
    weights = {sharing: max(cents, 0) for sharing, cents in used_cents.items()}
    if not any(weights.values()):
        weights = {last: 1}
    return prorate(month_cents, weights)


def divide(amount_cents: int, parts: Mapping[UUID, int]) -> dict[UUID, int]:
    """The amount in these parts of the whole, to the cent (largest remainder).

    What is below zero is divided like what is above. Of equal remainders the payer whose id comes
    first has the cent, so that the same charges give the same parts in whatever order they come.
    Raises ValueError when the parts are not those of a whole.
    """
    if sum(parts.values()) != WHOLE or min(parts.values()) < 0:
        raise ValueError("these are not the parts of a whole")
    return prorate(amount_cents, parts)

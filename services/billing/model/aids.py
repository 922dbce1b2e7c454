"""What a third party pays for a family (CAF, CCAS): so much a day, so much a month at most."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.billing.errors import BadAid
from services.chassis.errors import FieldError


@dataclass(frozen=True, slots=True)
class Aid:
    """Deducted from what a child's uses cost; `child_id` None: of each child of the family.

    `kinds`: of activities of these kinds, of all where there is none. Ceilings are a child's.
    """

    family_id: UUID
    label: str
    valid_from: date
    valid_until: date
    child_id: UUID | None = None
    kinds: tuple[str, ...] = ()
    day_cents: int | None = None
    month_cents: int | None = None

    def check(self) -> None:
        """Raises BadAid naming every fault."""
        faults = list(self._faults())
        if faults:
            raise BadAid("Corrigez les champs signalés.", errors=faults)

    def _faults(self) -> Iterator[FieldError]:
        if self.day_cents is None and self.month_cents is None:
            yield FieldError("day_cents", "Donnez un plafond par jour, par mois, ou les deux.")
        if self.day_cents and self.month_cents and self.month_cents < self.day_cents:
            message = "Le plafond du mois ne peut pas être sous celui du jour."
            yield FieldError("month_cents", message)
        if self.valid_until < self.valid_from:
            yield FieldError("valid_until", "La fin ne peut pas précéder le début.")


def deducted(aid: Aid, days: Sequence[int], due_cents: int) -> list[int]:
    """What the aid takes off each day of a child's month whose uses cost so much.

    Never beyond its ceilings, nor beyond what the month asks for in the end.
    """
    found, left = [], max(0, due_cents)
    if aid.month_cents is not None:
        left = min(left, aid.month_cents)
    for cents in days:
        given = min(left, cents if aid.day_cents is None else min(cents, aid.day_cents))
        found.append(given)
        left -= given
    return found

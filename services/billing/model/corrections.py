"""What stays to be charged of a unit that invoices hold: the difference, at their own price."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from services.billing.model.stays import Stay, half_hours
from services.billing.model.units import Basis, Unit


@dataclass(frozen=True, slots=True)
class Invoiced:
    """A charge of the unit that an invoice holds, with the price that it froze."""

    family_id: UUID
    number: str
    unit_cents: int
    surcharge_cents: int
    amount_cents: int
    late_surcharge_cents: int = 0
    half_hours: int | None = None

    def price(self, basis: Basis, stay: Stay | None = None) -> int:
        """What the unit costs on this basis at the frozen price.

        A price by half-hours is that of as many as the stay has, where the roll tells it.
        """
        if not basis.charged:
            return 0
        unit = self.unit_cents
        if self.half_hours and stay:
            unit = unit * half_hours(stay) // self.half_hours
        more = {
            Basis.UNRESERVED: self.surcharge_cents,
            Basis.LATE_RESERVATION: self.late_surcharge_cents,
        }
        return unit + more.get(basis, 0)


@dataclass(frozen=True, slots=True)
class Correction:
    """What an invoice charged too little (or, below zero, too much), at its own price."""

    number: str
    unit_cents: int
    surcharge_cents: int
    amount_cents: int
    late_surcharge_cents: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """What stays to be charged to a family; without a correction the tariff prices it."""

    family_id: UUID
    basis: Basis
    correction: Correction | None = None


def settle(unit: Unit, invoiced: Iterable[Invoiced]) -> tuple[Due, ...]:
    """What is still to be charged for the unit, given what invoices hold of it already.

    An invoice is never edited, and what it charged is never repriced: a change after it is a
    correction by the difference, at the price of the family's first invoice of the unit.
    """
    payer, by_family = unit.payer, attrgetter("family_id")
    known = {
        family_id: list(charges)
        for family_id, charges in groupby(sorted(invoiced, key=by_family), key=by_family)
    }
    dues = [due for f, charges in known.items() if (due := _difference(unit, f, charges))]
    if payer is not None and payer not in known and unit.basis.charged:
        dues.append(Due(payer, unit.basis))
    return tuple(dues)


def _difference(unit: Unit, family_id: UUID, charges: list[Invoiced]) -> Due | None:
    basis = unit.basis if unit.payer == family_id else Basis.CANCELLED
    first, last = charges[0], charges[-1]
    missing = first.price(basis, unit.mark.stay) - sum(charge.amount_cents for charge in charges)
    if missing == 0:
        return None
    correction = Correction(
        last.number, first.unit_cents, first.surcharge_cents, missing, first.late_surcharge_cents
    )
    return Due(family_id, basis, correction)

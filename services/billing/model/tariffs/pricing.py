"""What one unit costs: the rules that `repository.pricing` applies to whole towns in SQL."""

from dataclasses import dataclass

from services.billing.model.tariffs.tariff import Tariff
from services.billing.model.units import Basis


@dataclass(frozen=True, slots=True)
class Case:
    """What the price of a unit depends on. No quotient: none is known, or it is out of date."""

    basis: Basis
    quotient: int | None
    resident: bool = True
    own_meal: bool = False


@dataclass(frozen=True, slots=True)
class Priced:
    """The price of a unit and, on the bases that have one, its surcharge."""

    unit_cents: int
    surcharge_cents: int
    late_surcharge_cents: int
    amount_cents: int


def price(tariff: Tariff, case: Case) -> Priced:
    """What the unit costs; a basis that is not charged is not asked about."""
    name = list_for(tariff, case)
    unit = tariff.lists[name].cents(case.quotient)
    if name == "standard" and not case.resident:
        unit += tariff.outside_supplement_cents
    unreserved = tariff.unreserved.of(unit, tariff.cost_cents)
    late = tariff.late.of(unit, tariff.cost_cents)
    added = {Basis.UNRESERVED: unreserved, Basis.LATE_RESERVATION: late}.get(case.basis, 0)
    return Priced(unit, unreserved, late, unit + added)


def list_for(tariff: Tariff, case: Case) -> str:
    """Whose prices these are: of who brings the meal, then of who lives elsewhere."""
    if case.own_meal and tariff.own_meal:
        return "own_meal"
    if not case.resident and tariff.outside:
        return "outside"
    return "standard"

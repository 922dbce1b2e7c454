"""What one unit costs: the rules that `repository.pricing` applies to whole towns in SQL."""

from dataclasses import dataclass

from services.billing.model.stays import DAY_MINUTES, Stay, half_hours
from services.billing.model.tariffs.hours import HalfHours, TimeBands
from services.billing.model.tariffs.tariff import OUTSIDE, OWN_MEAL, STANDARD, Tariff
from services.billing.model.units import Basis


@dataclass(frozen=True, slots=True)
class Case:
    """What the price of a unit depends on.

    No quotient: none is known, or it is out of date. `stay`: from when to when the child was
    there, or would be.
    """

    basis: Basis
    quotient: int | None
    resident: bool = True
    own_meal: bool = False
    rank: int = 1
    stay: Stay | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """The price of a unit and, on the bases that have one, its surcharge."""

    unit_cents: int
    surcharge_cents: int
    late_surcharge_cents: int
    amount_cents: int


def price(tariff: Tariff, case: Case) -> Priced:
    """What the unit costs; a basis that is not charged is not asked about."""
    names = lists_for(tariff, case)
    unit = sum(tariff.lists[name].cents(case.quotient) for name in names)
    if not case.resident and not {OUTSIDE, OWN_MEAL} & set(names):
        unit += tariff.outside_supplement_cents
    if tariff.siblings:
        unit = (unit * (100 - tariff.siblings.percent(case.rank)) + 50) // 100
    by_half_hour = isinstance(tariff.hours, HalfHours)
    count = half_hours(case.stay or (0, DAY_MINUTES)) if by_half_hour else 1
    unit *= count
    most = None if tariff.cost_cents is None else tariff.cost_cents * count
    unreserved, late = tariff.unreserved.of(unit, most), tariff.late.of(unit, most)
    added = {Basis.UNRESERVED: unreserved, Basis.LATE_RESERVATION: late}.get(case.basis, 0)
    return Priced(unit, unreserved, late, unit + added)


def lists_for(tariff: Tariff, case: Case) -> list[str]:
    """Whose prices these are: of who brings the meal, of who lives elsewhere, of the hours, of
    the rank, of everyone, the first of these that the tariff has."""
    if case.own_meal and tariff.own_meal:
        return [OWN_MEAL]
    if not case.resident and tariff.outside:
        return [OUTSIDE]
    if isinstance(tariff.hours, TimeBands):
        return tariff.hours.touched(case.stay)
    return [(tariff.siblings and tariff.siblings.list_of(case.rank)) or STANDARD]

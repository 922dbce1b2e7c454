"""A tariff in sentences, for the people who decide it and those who pay it."""

from collections.abc import Iterator

from services.billing.model.stays import clock_of
from services.billing.model.tariffs.hours import HalfHours, TimeBands
from services.billing.model.tariffs.prices import ByQuotient, EffortRate, Flat, Price
from services.billing.model.tariffs.siblings import Siblings
from services.billing.model.tariffs.surcharges import NO_SURCHARGE, Surcharge
from services.billing.model.tariffs.tariff import Tariff
from services.billing.model.wording import NBSP, euros, percent


def words(tariff: Tariff) -> list[str]:
    """What the tariff says, a sentence for each rule."""
    return [
        f"{said.replace(' :', f'{NBSP}:')}."
        for said in (*_prices(tariff), *_cases(tariff), *_surcharges(tariff))
    ]


def _prices(tariff: Tariff) -> Iterator[str]:
    match tariff.hours:
        case TimeBands(bands):
            for band in bands:
                stay = f"De {clock_of(band.from_minute)} à {clock_of(band.to_minute)}"
                yield f"{stay} : {_lower(_price(band.price))}"
        case HalfHours():
            yield f"Par demi-heure commencée : {_lower(_price(tariff.price))}"
        case None:
            yield _price(tariff.price)


def _cases(tariff: Tariff) -> Iterator[str]:
    if tariff.outside:
        yield f"Familles hors commune : {_lower(_price(tariff.outside))}"
    if tariff.outside_supplement_cents:
        yield f"Familles hors commune : {euros(tariff.outside_supplement_cents)} en plus"
    if tariff.own_meal:
        yield f"Repas apporté par la famille (PAI) : {_lower(_price(tariff.own_meal))}"

    if tariff.siblings:
        yield from _siblings(tariff.siblings)
    if tariff.monthly:
        what = "Jamais plus par mois" if tariff.monthly.kind == "cap" else "Forfait du mois"
        yield f"{what} : {_lower(_price(tariff.monthly.price))}"


def _siblings(siblings: Siblings) -> Iterator[str]:
    told = [
        *(f"{percent}{NBSP}% de moins" for percent in siblings.percents),
        *(_lower(_price(price)) for price in siblings.prices),
    ]
    who = "inscrits" if siblings.counted == "enrolled" else "présents le même jour"
    for rank, what in enumerate(told, start=2):
        more = " et suivants" if rank == len(told) + 1 else ""
        yield f"{rank}ᵉ enfant{more} (enfants {who}) : {what}"


def _surcharges(tariff: Tariff) -> Iterator[str]:
    for name, surcharge in (
        ("Présence sans réservation", tariff.unreserved),
        ("Réservation après le délai", tariff.late),
    ):
        if surcharge != NO_SURCHARGE:
            yield f"{name} : {_more(surcharge)}"
    if tariff.cost_cents is not None:
        yield f"Jamais plus que le coût par usager, {euros(tariff.cost_cents)}"


def _price(price: Price) -> str:
    match price:
        case Flat(price_cents):
            return f"Prix unique : {euros(price_cents)}"
        case EffortRate(rate, floor_cents, ceiling_cents):
            return (
                f"Taux d’effort : {percent(rate)} du quotient familial, au moins "
                f"{euros(floor_cents)} et au plus {euros(ceiling_cents)}"
            )
        case ByQuotient(bands):
            cents = [band.price_cents for band in bands]
            if len(bands) == 1:
                return f"Prix unique : {euros(cents[0])}"
            return f"Selon le quotient familial : de {euros(min(cents))} à {euros(max(cents))}"


def _more(surcharge: Surcharge) -> str:
    if surcharge.cents:
        return f"{euros(surcharge.cents)} en plus"
    return f"{surcharge.percent}{NBSP}% en plus"


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]

"""What an invoice says: amounts, days, and the reason of each line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.billing.model.stays import clock_of
from services.billing.model.units import Basis

NBSP, THIN = "\u00a0", "\u202f"

# Parts are ten-thousandths: 30 % is 3000.
WHOLE = 10_000

BECAUSE = {
    Basis.RESERVED: "Réservation",
    Basis.PRESENT: "Présence",
    Basis.ABSENT: "Absence non excusée",
    Basis.LATE_RESERVATION: "Réservation après le délai",
    Basis.LATE_CANCELLATION: "Annulation après le délai",
    Basis.UNRESERVED: "Présence sans réservation",
    Basis.CANCELLED: "réservation annulée",
    Basis.CLOSED: "séance fermée par la ville",
    Basis.EXCUSED: "absence excusée",
    Basis.NOT_EXPECTED: "enfant non attendu",
    Basis.MONTHLY_CAP: "Plafond mensuel",
    Basis.MONTHLY_FEE: "Forfait mensuel, à la place du prix de chaque séance",
    Basis.FORMULA: "Formule",
    Basis.AID: "Aide",
    Basis.SHARE: "Répartition entre payeurs",
}

LISTS = {"outside": "famille hors commune", "own_meal": "repas apporté (PAI)"}

NAMED = frozenset({Basis.FORMULA, Basis.AID})
SURCHARGED = frozenset({Basis.UNRESERVED, Basis.LATE_RESERVATION})


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a line costs what it costs."""

    basis: Basis
    corrects: str | None = None
    quotient: int | None = None
    quotient_until: date | None = None
    quotient_state: str | None = None
    band_from: int | None = None
    band_to: int | None = None
    surcharge_cents: int | None = None
    amount_cents: int | None = None
    # What else than the quotient made the price, as `repository.pricing` writes it.
    rule: Mapping[str, Any] | None = None
    tariff_from: date | None = None

    @property
    def reason(self) -> str:
        """The reason in French, for the parents."""
        because = BECAUSE[self.basis]
        if self.corrects:
            what = because[0].lower() + because[1:]
            return f"Régularisation de la facture {self.corrects}{NBSP}: {what}"
        if self.basis in NAMED:
            return f"{because} «{NBSP}{(self.rule or {}).get('name', '')}{NBSP}»"
        if self.basis is Basis.SHARE:
            return f"{because}{NBSP}: {self._share}"
        if self.basis in SURCHARGED and self.surcharge_cents:
            because += f", dont majoration de {euros(self.surcharge_cents)}"
        price = ", ".join((*self._list, self._price_reason, *self._additions))
        tariff = f" (tarif du {self.tariff_from:%d/%m/%Y})" if self.tariff_from else ""
        return f"{because} – {price}{tariff}"

    @property
    def _share(self) -> str:
        """How much of what is whose to pay; never who pays the rest."""
        rule = self.rule or {}
        part, whole = rule.get("part", 0), euros(rule.get("whole_cents", 0))
        before = rule.get("before_cents")
        if (self.amount_cents or 0) < 0 and not before:
            # The whole stands on the lines above: this one takes off what others pay.
            return f"part d’autres payeurs, {short_percent(WHOLE - part)} de {whole}"
        already = f", dont {euros(before)} déjà facturés" if before else ""
        return f"{short_percent(part)} de {whole} à votre charge{already}"

    @property
    def _list(self) -> Iterator[str]:
        """Whose prices these are, where they are not everyone's."""
        rule = self.rule or {}
        yield from (LISTS[name] for name in rule.get("lists", ()) if name in LISTS)
        if rule.get("rank"):
            yield f"{rule['rank']}ᵉ enfant"
        if "hours" in rule:
            stays = (f"{clock_of(start)} à {clock_of(end)}" for start, end in rule["hours"])
            yield f"présence de {' et de '.join(stays)}"
        if count := rule.get("half_hours"):
            yield f"{count} demi-heure{'s' if count > 1 else ''}"

    @property
    def _additions(self) -> Iterator[str]:
        """What was added to the price, or taken off it."""
        if supplement := (self.rule or {}).get("supplement_cents"):
            yield f"dont supplément hors commune de {euros(supplement)}"
        if reduction := (self.rule or {}).get("percent"):
            yield f"réduction de {reduction}{NBSP}%"

    @property
    def _price_reason(self) -> str:
        if self.quotient_state and self.band_from == 0 and self.band_to is None and not self._rate:
            return "tarif unique"
        if self.rule and self.rule.get("lists") == []:
            return "en dehors des plages payantes"
        match self.quotient_state:
            case "missing":
                return f"quotient familial non communiqué{NBSP}: tarif le plus élevé"
            case "expired" if self.quotient_until:
                until = f"{self.quotient_until:%d/%m/%Y}"
                return f"quotient familial périmé depuis le {until}{NBSP}: tarif le plus élevé"
            case "known":
                return f"quotient familial {self.quotient}, {self._band}"
            case _:
                return "tarif à paraître"

    @property
    def _rate(self) -> int | None:
        rate: int | None = (self.rule or {}).get("rate")
        return rate

    @property
    def _band(self) -> str:
        if self._rate:
            return f"taux d’effort de {percent(self._rate)}"
        if self.band_to is None:
            return f"tranche à partir de {self.band_from}"
        return f"tranche de {self.band_from} à {self.band_to - 1}"


def euros(cents: int) -> str:
    """1234567 as 12 345,67 €, with the spaces that French asks for."""
    sign, whole = ("-" if cents < 0 else ""), abs(cents)
    thousands = f"{whole // 100:,}".replace(",", THIN)
    return f"{sign}{thousands},{whole % 100:02d}{NBSP}€"


def percent(ten_thousandths: int) -> str:
    """50 as 0,50 %."""
    return f"{ten_thousandths // 100},{ten_thousandths % 100:02d}{NBSP}%"


def short_percent(ten_thousandths: int) -> str:
    """3000 as 30 %, 3350 as 33,5 %."""
    whole, rest = divmod(ten_thousandths, 100)
    decimals = f",{rest:02d}".rstrip("0") if rest else ""
    return f"{whole}{decimals}{NBSP}%"

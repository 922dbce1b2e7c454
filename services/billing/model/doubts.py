"""What a régisseur should look at before a month is invoiced, in words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.billing.model.months import Month
from services.billing.model.wording import NBSP, euros


class DoubtKind(StrEnum):
    """What may be wrong with a month."""

    UNMARKED = "unmarked"  # sessions with places kept and nobody marked
    QUOTIENT = "quotient"  # the highest price for want of a quotient
    JUMP = "jump"  # far from what the family's last invoices came to
    UNPRICED = "unpriced"  # no tariff covers the day
    NO_FILE = "no_file"  # the family's file has not arrived
    EARLIER = "earlier"  # charges of months before it are taken in as well


TITLES = {
    DoubtKind.UNMARKED: "Séances réservées sans aucun pointage",
    DoubtKind.QUOTIENT: "Quotient familial absent ou périmé (tarif le plus élevé)",
    DoubtKind.JUMP: "Montants inhabituels",
    DoubtKind.UNPRICED: "Prestations sans tarif",
    DoubtKind.NO_FILE: "Familles dont la fiche n’est pas arrivée",
    DoubtKind.EARLIER: "Mois antérieurs inclus dans cette facturation",
}


@dataclass(frozen=True, slots=True)
class Instance:
    """One case, and what it is about."""

    text: str
    family_id: UUID | None = None
    session_id: UUID | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt that has cases; the first ones are named."""

    kind: DoubtKind
    count: int
    instances: tuple[Instance, ...]

    @property
    def title(self) -> str:
        """What it is called in French."""
        return TITLES[self.kind]


def unmarked(activity: str, day: date, places: int) -> str:
    """A session nobody was marked at."""
    kept = counted(places, "place réservée", "places réservées")
    return f"{activity}, le {day:%d/%m/%Y}{NBSP}: {kept}"


def jump(reference: str, label: str, total_cents: int, usual_cents: int) -> str:
    """An invoice far from the family's usual ones."""
    return (
        f"{payer(reference, label)}{NBSP}: {euros(total_cents)}, "
        f"contre {euros(usual_cents)} en moyenne"
    )


def payer(reference: str, label: str) -> str:
    """A family as lists call it."""
    return f"{label} ({reference})" if label else reference or "Famille inconnue"


def unpriced(activity: str, units: int) -> str:
    """An activity without a tariff on some days."""
    return f"{activity or 'Activité inconnue'}{NBSP}: {counted(units, 'prestation')}"


def earlier(month: Month, cents: int, *, invoiced: bool) -> str:
    """A month before the one that is invoiced, whose open charges are taken in with it."""
    name = month.label[0].upper() + month.label[1:]
    if invoiced:
        return f"{name}, déjà facturé{NBSP}: {euros(cents)} de changements depuis sont inclus."
    return f"{name} n’est pas facturé{NBSP}: {euros(cents)} de ce mois sont inclus."


def counted(number: int, one: str, many: str | None = None) -> str:
    """« 1 famille », « 2 familles »."""
    return f"{number} {one if number == 1 else many or one + 's'}"

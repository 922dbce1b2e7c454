"""What whoever looks after a child must know: care plan, vaccinations, doctor, contacts."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Vaccine = Literal["dtp", "mmr", "hib", "pertussis", "hepatitis_b", "pneumococcus", "meningococcus"]

VACCINES: Final[dict[Vaccine, str]] = {
    "dtp": "Diphtérie, tétanos, poliomyélite",
    "pertussis": "Coqueluche",
    "hib": "Haemophilus influenzae b",
    "hepatitis_b": "Hépatite B",
    "pneumococcus": "Pneumocoque",
    "meningococcus": "Méningocoque",
    "mmr": "Rougeole, oreillons, rubéole",
}


@dataclass(frozen=True, slots=True)
class CarePlan:
    """A PAI (projet d’accueil individualisé): what to do, never what the child suffers from."""

    instructions: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Vaccination:
    """The last injection of a vaccine."""

    vaccine: Vaccine
    given_on: date


@dataclass(frozen=True, slots=True)
class Doctor:
    """Who treats the child (médecin traitant)."""

    name: str
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody besides the guardians: may fetch the child, is called in an emergency, or both."""

    name: str
    phone: str
    link: str = ""
    may_pick_up: bool = False
    emergency: bool = False

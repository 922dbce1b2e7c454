"""What billing keeps of a family's file."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

# A window envelope's address: six lines at most, the last with postcode and town.
NAME_LINES, STREET_LINES = 2, 3


@dataclass(frozen=True, slots=True)
class Child:
    """A child as lines name it; `own_meal`: it brings its meal (PAI)."""

    child_id: UUID
    first_name: str
    last_name: str
    own_meal: bool = False
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A child who is enrolled in an activity; no last day: it never came in."""

    enrolment_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Family:
    """A family as prices and letters need it; the highest `record_version` holds."""

    family_id: UUID
    record_version: int
    reference: str
    label: str
    resident: bool
    quotient: int | None
    quotient_until: date | None
    mail: str | None
    addressee: tuple[str, ...]
    children: tuple[Child, ...]


def family_label(last_names: Iterable[str]) -> str:
    """The adults' family names, each once: MARTIN, or MARTIN DURAND."""
    return " ".join(dict.fromkeys(name.upper() for name in last_names))


def addressee(names: Sequence[str], streets: Sequence[str], postcode: str, city: str) -> list[str]:
    """The address block: at most six lines, without the punctuation that sorters stumble on."""
    town = f"{postcode} {city}".upper()
    lines = [*names[:NAME_LINES], *streets[:STREET_LINES], town]
    plain = (" ".join(re.sub(r"[,;:.]", " ", line).split()) for line in lines)
    return [line for line in plain if line]

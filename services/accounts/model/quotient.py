"""The quotient familial as API Particulier gives it, and the identity it is asked by."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

FRANCE = "99100"


@dataclass(frozen=True, slots=True)
class CivilIdentity:
    """Who the allocataire is, as the civil register writes it; asked each time, kept nowhere."""

    birth_name: str
    first_names: tuple[str, ...]
    birth_date: date
    sex: Literal["M", "F"]
    birth_country: str = FRANCE
    birth_commune: str | None = None
    used_name: str | None = None


@dataclass(frozen=True, slots=True)
class Quotient:
    """A quotient in whole euros, and the month it is of."""

    value: int
    provider: Literal["CNAF", "MSA"]
    year: int
    month: int

    @property
    def valid_until(self) -> date:
        """The last day of its year: the funds compute all quotients anew each January."""
        return date(self.year, 12, 31)

"""A business or public body that pays a family's invoices."""

from dataclasses import dataclass
from typing import Self

from services.billing.errors import BadOrganisation

SIRET_DIGITS, SIREN_DIGITS = 14, 9


@dataclass(frozen=True, slots=True)
class Organisation:
    """By the name that invoices say and its SIRET (14 digits)."""

    name: str
    siret: str

    @classmethod
    def checked(cls, name: str, siret: str) -> Self:
        """Spaces in the SIRET are fine. Raises BadOrganisation when it is none."""
        digits = "".join(siret.split())
        if not (digits.isascii() and digits.isdigit() and len(digits) == SIRET_DIGITS):
            raise BadOrganisation.because("siret", "Un SIRET a 14 chiffres.")
        if _luhn(digits) % 10:
            raise BadOrganisation.because("siret", "La clé de ce SIRET n’est pas la bonne.")
        return cls(name, digits)

    @property
    def siren(self) -> str:
        """The organisation, whichever of its places the SIRET names."""
        return self.siret[:SIREN_DIGITS]


def _luhn(digits: str) -> int:
    """The sum that is a multiple of ten (ISO/IEC 7812); La Poste's many places are no payers."""
    doubled = (int(d) * 2 if place % 2 else int(d) for place, d in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled)

"""A business or public body that pays a family's invoices."""

import re
from dataclasses import dataclass
from typing import Self

from services.billing.errors import BadOrganisation

SIRET_DIGITS, SIREN_DIGITS = 14, 9
# As long as Chorus Pro takes them; its directory says which organisations ask for which.
SERVICE_LETTERS, ENGAGEMENT_LETTERS = 100, 50
QUOTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Organisation:
    """By the name that invoices say and its SIRET (14 digits).

    `service_code`, `engagement`: what it wants quoted, where it does (Chorus Pro).
    """

    name: str
    siret: str
    service_code: str = ""
    engagement: str = ""

    @classmethod
    def checked(cls, name: str, siret: str, service_code: str = "", engagement: str = "") -> Self:
        """Spaces in the SIRET are fine. Raises BadOrganisation, at the field that is wrong."""
        digits = "".join(siret.split())
        if not (digits.isascii() and digits.isdigit() and len(digits) == SIRET_DIGITS):
            raise BadOrganisation.because("siret", "Un SIRET a 14 chiffres.")
        if _luhn(digits) % 10:
            raise BadOrganisation.because("siret", "La clé de ce SIRET n’est pas la bonne.")
        service, number = " ".join(service_code.split()), " ".join(engagement.split())
        if not _quotable(service, SERVICE_LETTERS):
            raise BadOrganisation.because("service_code", _RULE.format(SERVICE_LETTERS))
        if not _quotable(number, ENGAGEMENT_LETTERS):
            raise BadOrganisation.because("engagement", _RULE.format(ENGAGEMENT_LETTERS))
        return cls(name, digits, service, number)

    @property
    def siren(self) -> str:
        """The organisation, whichever of its places the SIRET names."""
        return self.siret[:SIREN_DIGITS]


_RULE = "Des chiffres et des lettres sans accent, {} au plus."


def _quotable(text: str, letters: int) -> bool:
    return not text or (len(text) <= letters and bool(QUOTED.fullmatch(text)))


def _luhn(digits: str) -> int:
    """The sum that is a multiple of ten (ISO/IEC 7812); La Poste's many places are no payers."""
    doubled = (int(d) * 2 if place % 2 else int(d) for place, d in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled)

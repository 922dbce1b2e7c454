"""Who pays for children without being their family."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.billing.errors import BadOrganisation
from services.billing.errors.payers import BadThirdParty
from services.billing.model.families import addressee
from services.billing.model.organisations import Organisation
from services.chassis.errors import FieldError

Kind = Literal["person", "organisation"]

# References of third parties, which no family file has: T000001.
REFERENCE_LETTER, REFERENCE_DIGITS = "T", 6


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """A grandmother, an employer, a CCAS, a foster care service; its papers go by post.

    `mail`: where it is told of them, if it has one.
    `siret`: "" where it is a person, or an organisation that needs no electronic invoice.
    """

    kind: Kind
    name: str
    lines: tuple[str, ...]
    postcode: str
    city: str
    mail: str | None = None
    siret: str = ""

    def check(self) -> None:
        """Raises BadThirdParty naming every fault, BadOrganisation when the SIRET is none."""
        faults = list(self._faults())
        if faults:
            raise BadThirdParty("Corrigez les champs signalés.", errors=faults)
        if self.siret:
            self.organisation()

    def _faults(self) -> Iterator[FieldError]:
        if self.kind == "person" and self.siret:
            yield FieldError("siret", "Une personne n’a pas de SIRET.")
        if not self.postcode.isascii() or not self.postcode.isdigit():
            yield FieldError("postcode", "Un code postal a 5 chiffres.")

    def organisation(self) -> Organisation:
        """As invoices in electronic form name it. Raises BadOrganisation."""
        if not self.siret:
            raise BadOrganisation.because("siret", "Cet organisme n’a pas de SIRET.")
        return Organisation.checked(self.name, self.siret)

    @property
    def addressee(self) -> list[str]:
        """Its address block."""
        return addressee([self.name], self.lines, self.postcode, self.city)


@dataclass(frozen=True, slots=True)
class KnownThirdParty:
    """A third party as it is kept; the version counts what was said of it."""

    payer_id: UUID
    version: int
    reference: str
    third_party: ThirdParty


def reference(number: int) -> str:
    """1 as T000001."""
    return f"{REFERENCE_LETTER}{number:0{REFERENCE_DIGITS}d}"

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
# What an organisation is, as far as the public accountant tells them apart (`model.treasury`).
Nature = Literal[
    "company",
    "sole_trader",
    "association",
    "ccas",
    "school_fund",
    "municipality",
    "grouping",
    "department",
    "hospital",
    "state",
    "public_body",
    "family_fund",
]

# References of third parties, which no family file has: T000001.
REFERENCE_LETTER, REFERENCE_DIGITS = "T", 6


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """A grandmother, an employer, a CCAS, a foster care service; its papers go by post.

    `mail`: where it is told of them, if it has one.
    `siret`: "" where it is a person, or an organisation that needs no electronic invoice.
    `nature`: of an organisation; None of a person, and of what was kept before it was asked.
    """

    kind: Kind
    name: str
    lines: tuple[str, ...]
    postcode: str
    city: str
    mail: str | None = None
    siret: str = ""
    nature: Nature | None = None

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
        if self.kind == "person" and self.nature:
            yield FieldError("nature", "Une personne n’est pas un organisme.")
        if self.kind == "organisation" and not self.nature:
            yield FieldError("nature", "Dites de quel organisme il s’agit.")
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

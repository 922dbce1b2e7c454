"""The family file: guardians, children, address, and what it still lacks."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal
from uuid import UUID

from services.accounts.model.care import CarePlan, Contact, Doctor, Vaccination
from services.accounts.model.custody import Custody

Diet = Literal["standard", "no_pork", "vegetarian", "own_meal"]
DIETS: Final[tuple[Diet, ...]] = ("standard", "no_pork", "vegetarian", "own_meal")
Link = Literal["mother", "father", "guardian", "other"]
LINKS: Final[dict[Link, str]] = {
    "mother": "Mère",
    "father": "Père",
    "guardian": "Tuteur ou tutrice",
    "other": "Autre responsable légal",
}
QuotientSource = Literal["staff", "api_particulier"]

MISSING_LABELS: Final = {
    "address": "L’adresse postale complète",
    "guardian": "Un responsable légal",
    "child": "Au moins un enfant",
}


def folded(text: str) -> str:
    """The text without accents, case or punctuation: how names are compared and searched."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("œ", "oe").replace("æ", "ae")
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", letters))


def display_name(first_name: str, last_name: str) -> str:
    """First name, then the last name in capitals, as French forms write it."""
    return f"{first_name} {last_name.upper()}"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the family lives: up to three lines, then postcode and town."""

    lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""

    @property
    def complete(self) -> bool:
        """Whether a letter sent there would arrive."""
        return bool(self.lines and self.postcode and self.city)


@dataclass(frozen=True, slots=True)
class Guardian:
    """An adult of the family (responsable légal)."""

    guardian_id: UUID
    first_name: str
    last_name: str
    mail: str | None = None
    phone: str | None = None
    link: Link | None = None
    # Where it is not the family's.
    address: Address | None = None

    @property
    def name(self) -> str:
        """How the guardian is shown."""
        return display_name(self.first_name, self.last_name)


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the family; `homes` names both families of a child that has two."""

    child_id: UUID
    first_name: str
    last_name: str
    birth_date: date
    school_code: str | None = None
    school_class: str | None = None
    diet: Diet = "standard"
    allergies: str | None = None
    pai: CarePlan | None = None
    vaccinations: tuple[Vaccination, ...] = ()
    doctor: Doctor | None = None
    contacts: tuple[Contact, ...] = ()
    homes: tuple[UUID, ...] = ()
    custody: Custody | None = None

    def other_home(self, family_id: UUID) -> UUID | None:
        """The child's other family, if it has two."""
        return next((home for home in self.homes if home != family_id), None)


@dataclass(frozen=True, slots=True)
class FamilyRecord:
    """The household's file. Each change raises its version by one."""

    family_id: UUID
    reference: str
    record_version: int = 1
    resident: bool = False
    quotient: int | None = None
    quotient_valid_until: date | None = None
    quotient_source: QuotientSource | None = None
    address: Address = Address()
    guardians: tuple[Guardian, ...] = ()
    children: tuple[Child, ...] = ()

    @property
    def label(self) -> str:
        """The family's name: its guardians' last names, each once, in capitals."""
        names = dict.fromkeys(g.last_name.upper() for g in self.guardians)
        return " – ".join(names) or self.reference

    @property
    def missing(self) -> tuple[str, ...]:
        """What the file lacks, as keys of MISSING_LABELS; access codes wait for it."""
        present = {
            "address": self.address.complete,
            "guardian": bool(self.guardians),
            "child": bool(self.children),
        }
        return tuple(what for what, there in present.items() if not there)

    @property
    def search_text(self) -> str:
        """Everything the staff may look a family up by."""
        people: tuple[Guardian | Child, ...] = (*self.guardians, *self.children)
        words = [self.reference, self.address.city]
        words += [f"{p.first_name} {p.last_name}" for p in people]
        words += [g.mail or "" for g in self.guardians]
        words += [(g.phone or "").replace(" ", "") for g in self.guardians]
        return folded(" ".join(words))

    def guardian(self, guardian_id: UUID) -> Guardian | None:
        """The guardian with this id, if it is one of this family."""
        return next((g for g in self.guardians if g.guardian_id == guardian_id), None)

    def child(self, child_id: UUID) -> Child | None:
        """The child with this id, if it is one of this family."""
        return next((c for c in self.children if c.child_id == child_id), None)

    def changed_to(self, other: "FamilyRecord") -> "FamilyRecord":
        """`other` as this file's next version; this very file when nothing differs."""
        same_version = replace(other, record_version=self.record_version)
        if same_version == self:
            return self
        return replace(other, record_version=self.record_version + 1)

    def with_guardian(self, guardian: Guardian) -> "FamilyRecord":
        """The file with this guardian in place of the one with the same id."""
        people = (guardian if g.guardian_id == guardian.guardian_id else g for g in self.guardians)
        return self.changed_to(replace(self, guardians=tuple(people)))

    def with_child(self, child: Child) -> "FamilyRecord":
        """The file with this child in place of the one with the same id."""
        children = (child if c.child_id == child.child_id else c for c in self.children)
        return self.changed_to(replace(self, children=tuple(children)))

    def children_unlike(self, other: "FamilyRecord | None") -> tuple[Child, ...]:
        """Those of the children that the other version of the file has otherwise, or not at all."""
        known = {child.child_id: child for child in other.children} if other else {}
        return tuple(c for c in self.children if c != known.get(c.child_id))

    def with_children(self, others: Mapping[UUID, Child]) -> "FamilyRecord":
        """The file with those of these children, by id, that it has already."""
        children = tuple(others.get(c.child_id, c) for c in self.children)
        return self.changed_to(replace(self, children=children))

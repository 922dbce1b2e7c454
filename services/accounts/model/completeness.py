"""What a family record may lack; the town says which of it makes the record incomplete."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

from services.accounts.model.family import MISSING_LABELS, Child, FamilyRecord, Guardian

Scope = Literal["family", "guardian", "child"]

# Answers to consents stand beside the record, so that the database says which are lacking.
CONSENTS: Final = "child_consents"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a record can be asked to hold."""

    code: str
    label: str
    scope: Scope
    always: bool = False


@dataclass(frozen=True, slots=True)
class Lack:
    """A requirement that is not met, and by whose part of the record."""

    code: str
    person_id: UUID | None = None


REQUIREMENTS: Final = (
    *(Requirement(code, label, "family", always=True) for code, label in MISSING_LABELS.items()),
    Requirement("quotient", "Le quotient familial", "family"),
    Requirement("guardian_link", "Le lien de parenté de chaque responsable", "guardian"),
    Requirement("guardian_phone", "Le téléphone de chaque responsable", "guardian"),
    Requirement("guardian_mail", "L’adresse mail de chaque responsable", "guardian"),
    Requirement("child_school", "L’école et la classe de chaque enfant", "child"),
    Requirement("child_doctor", "Le médecin traitant de chaque enfant", "child"),
    Requirement("child_pai", "Un PAI en cours de validité, pour qui en a un", "child"),
    Requirement("child_vaccinations", "Les vaccinations de chaque enfant", "child"),
    Requirement("child_emergency", "Un contact en cas d’urgence par enfant", "child"),
    Requirement("child_pick_up", "Une personne autorisée à venir chercher l’enfant", "child"),
    Requirement(CONSENTS, "Les autorisations parentales", "child"),
)
BY_CODE: Final = {requirement.code: requirement for requirement in REQUIREMENTS}
ALWAYS: Final = tuple(r.code for r in REQUIREMENTS if r.always)

# What stands after the person's name, when the portal says what is missing.
OF_A_PERSON: Final = {
    "guardian_link": "le lien de parenté",
    "guardian_phone": "le téléphone",
    "guardian_mail": "l’adresse mail",
    "child_school": "l’école et la classe",
    "child_doctor": "le médecin traitant",
    "child_pai": "le renouvellement du PAI",
    "child_vaccinations": "les vaccinations",
    "child_emergency": "un contact en cas d’urgence",
    "child_pick_up": "une personne autorisée à venir le chercher",
    CONSENTS: "les autorisations parentales",
}

_GUARDIAN: Final[dict[str, Callable[[Guardian], bool]]] = {
    "guardian_link": lambda guardian: guardian.link is not None,
    "guardian_phone": lambda guardian: guardian.phone is not None,
    "guardian_mail": lambda guardian: guardian.mail is not None,
}
_CHILD: Final[dict[str, Callable[[Child], bool]]] = {
    "child_school": lambda child: bool(child.school_code and child.school_class),
    "child_doctor": lambda child: child.doctor is not None,
    "child_vaccinations": lambda child: bool(child.vaccinations),
    "child_emergency": lambda child: any(c.emergency for c in child.contacts),
    "child_pick_up": lambda child: any(c.may_pick_up for c in child.contacts),
}


def lacking(record: FamilyRecord, today: date) -> tuple[Lack, ...]:
    """All that the record itself lacks, asked for by the town or not; consents apart.

    What is no longer valid is lacking like what was never given.
    """
    return tuple(_lacking(record, today))


def label_of(lack: Lack, record: FamilyRecord) -> str:
    """The lack in French, with the first name of whom it concerns."""
    if lack.person_id is None:
        return BY_CODE[lack.code].label
    person = record.guardian(lack.person_id) or record.child(lack.person_id)
    return f"{person.first_name if person else ''} : {OF_A_PERSON[lack.code]}"


def _lacking(record: FamilyRecord, today: date) -> Iterator[Lack]:
    yield from (Lack(code) for code in record.missing)
    if record.quotient is None or _is_over(record.quotient_valid_until, today):
        yield Lack("quotient")
    for guardian in record.guardians:
        yield from (
            Lack(c, guardian.guardian_id) for c, has in _GUARDIAN.items() if not has(guardian)
        )
    for child in record.children:
        yield from (Lack(c, child.child_id) for c, has in _CHILD.items() if not has(child))
        if child.pai and _is_over(child.pai.valid_until, today):
            yield Lack("child_pai", child.child_id)


def _is_over(valid_until: date | None, today: date) -> bool:
    return valid_until is not None and valid_until < today

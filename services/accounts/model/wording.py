"""Values of a record as a person reads them: for the queue, the history and the mails."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from services.accounts.model.amending import Change
from services.accounts.model.care import VACCINES, CarePlan, Contact, Doctor, Vaccination
from services.accounts.model.family import LINKS, Address, FamilyRecord

NOTHING: Final = "Non renseigné"
# Whom a change adds, before it; whom it takes out, after it.
ABSENT: Final = "Absent du dossier"
DIETS: Final = {
    "standard": "Standard",
    "no_pork": "Sans porc",
    "vegetarian": "Végétarien",
    "own_meal": "Panier repas",
}


def in_french(values: Mapping[str, Any]) -> str:
    """The values of one field, as one line."""
    if "quotient" in values:
        return _quotient(values["quotient"], values["quotient_valid_until"])
    if "diet" in values:
        return DIETS[values["diet"]]
    if not values:
        return ABSENT
    texts = [_named(name, value) for name, value in values.items() if value not in (None, "", ())]
    return ", ".join(texts) or NOTHING


def what(change: Change, record: FamilyRecord | None) -> str:
    """Which field of whom: « Classe de Léa »."""
    if change.person_id is None or record is None:
        return change.field.label
    person = record.guardian(change.person_id) or record.child(change.person_id)
    return f"{change.field.label} de {person.first_name}" if person else change.field.label


def _named(name: str, value: Any) -> str:
    return LINKS[value] if name == "link" else as_text(value)


def _quotient(quotient: int | None, valid_until: date | None) -> str:
    if quotient is None:
        return NOTHING
    return f"{quotient} €" + (f", jusqu’au {valid_until:%d/%m/%Y}" if valid_until else "")


def as_text(value: Any) -> str:
    """One value, as one line."""
    match value:
        case bool():
            return "Oui" if value else "Non"
        case date():
            return f"{value:%d/%m/%Y}"
        case Address():
            return ", ".join((*value.lines, f"{value.postcode} {value.city}".strip()))
        case CarePlan():
            until = f"jusqu’au {value.valid_until:%d/%m/%Y}" if value.valid_until else ""
            return ", ".join(filter(None, ("Oui", until, value.instructions)))
        case Doctor():
            return " – ".join(filter(None, (value.name, value.phone)))
        case Vaccination():
            return f"{VACCINES[value.vaccine]} ({value.given_on:%d/%m/%Y})"
        case Contact():
            return _contact(value)
        case tuple():
            return " ; ".join(as_text(item) for item in value)
    return str(value)


def _contact(contact: Contact) -> str:
    uses = [
        "à prévenir" if contact.emergency else "",
        "peut venir chercher l’enfant" if contact.may_pick_up else "",
    ]
    return ", ".join(filter(None, (contact.name, contact.link, contact.phone, *uses)))

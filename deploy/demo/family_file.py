"""The demo families as the CSV file that a town would import."""

import csv
import io
from collections.abc import Iterable, Iterator

from deploy.demo.families import Child, Family, Guardian

HEADINGS = [
    "dossier",
    "adresse",
    "complement",
    "code_postal",
    "commune",
    "resident",
    "quotient",
    "quotient_fin",
    "resp1_nom",
    "resp1_prenom",
    "resp1_mail",
    "resp1_telephone",
    "resp2_nom",
    "resp2_prenom",
    "resp2_mail",
    "resp2_telephone",
    "enfant_nom",
    "enfant_prenom",
    "enfant_naissance",
    "enfant_ecole",
    "enfant_classe",
    "enfant_regime",
    "enfant_allergies",
]


def family_file(families: Iterable[Family]) -> str:
    """One line a child, each with its family's fields."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for family in families:
        shared = [*_household(family), *_adults(family.guardians)]
        writer.writerows([*shared, *_child(child)] for child in family.children)
    return out.getvalue()


def _household(family: Family) -> Iterator[str]:
    yield family.reference
    yield family.street
    yield family.complement
    yield family.postcode
    yield family.city
    yield "oui" if family.resident else "non"
    yield "" if family.quotient is None else str(family.quotient)
    yield "" if family.quotient_until is None else family.quotient_until.isoformat()


def _adults(guardians: tuple[Guardian, ...]) -> Iterator[str]:
    for position in range(2):
        if position < len(guardians):
            guardian = guardians[position]
            yield from (guardian.last_name, guardian.first_name, guardian.mail, guardian.phone)
        else:
            yield from ("", "", "", "")


def _child(child: Child) -> Iterator[str]:
    yield child.last_name
    yield child.first_name
    yield child.birth_date.isoformat()
    yield child.school.code
    yield child.school_class
    yield child.diet
    yield child.allergies

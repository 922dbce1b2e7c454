"""Supporting documents of the demo family, as an insurer or an office would hand them out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import typst

from deploy.demo import town
from deploy.demo.families import Child, Family

TEMPLATE = Path(__file__).with_name("paper.typ")


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to deposit; `child` when it is one child's."""

    document_type: str
    filename: str
    content: bytes
    child: Child | None = None


def papers_of(family: Family, today: date) -> list[Paper]:
    """An insurance certificate for each child, a proof of address, a photographed certificate."""
    return [
        *(_insurance(family, child, today) for child in family.children),
        _proof_of_address(family, today),
        _quotient_certificate(family, today),
    ]


def _insurance(family: Family, child: Child, today: date) -> Paper:
    text = (
        f"La compagnie atteste que l’enfant {child.first_name} {child.last_name}, né(e) le "
        f"{child.birth_date:%d/%m/%Y}, est couvert(e) pour l’année scolaire "
        f"{town.SCHOOL_YEAR['label']} par un contrat d’assurance scolaire et extrascolaire.",
        "La garantie comprend la responsabilité civile et les dommages corporels, pendant le "
        "temps scolaire, la restauration, l’accueil périscolaire et les centres de loisirs.",
        f"Souscripteur : {_adult(family)}. Contrat no 2026-{family.reference}.",
    )
    sender = ("Mutuelle des Familles du Bocage", "4 rue des Assureurs, 50000 Saint-Lô")
    content = typeset("Attestation d’assurance scolaire", sender, text, today)
    return Paper("insurance", f"assurance-{child.first_name}.pdf", content, child)


def _proof_of_address(family: Family, today: date) -> Paper:
    text = (
        f"Titulaire du contrat : {_adult(family)}",
        f"Lieu de consommation : {family.street}, {family.postcode} {family.city}",
        "La présente attestation est délivrée au titulaire pour servir de justificatif de "
        "domicile. Le contrat est actif à ce jour.",
    )
    sender = ("Électricité du Val de Vire", "1 quai de la Vire, 50000 Saint-Lô")
    content = typeset("Attestation de titulaire de contrat", sender, text, today)
    return Paper("proof_of_address", "justificatif-domicile.pdf", content)


def _quotient_certificate(family: Family, today: date) -> Paper:
    text = (
        f"Allocataire : {_adult(family)}",
        f"Quotient familial du mois : {family.quotient} €",
        "Document à présenter aux organismes qui tiennent compte du quotient familial.",
    )
    sender = ("Caisse d’allocations familiales", "63 boulevard Amiral-Gauchet, 50300 Avranches")
    content = typeset("Attestation de quotient familial", sender, text, today, form="png")
    return Paper("family_allowance", "quotient-familial.png", content)


def _adult(family: Family) -> str:
    guardian = family.guardians[0]
    return f"{guardian.first_name} {guardian.last_name}"


def typeset(
    title: str,
    sender: tuple[str, str],
    paragraphs: tuple[str, ...],
    today: date,
    form: Literal["pdf", "png"] = "pdf",
) -> bytes:
    """A letter-like paper as a file."""
    data: Mapping[str, Any] = {
        "title": title,
        "sender": sender[0],
        "sender_address": sender[1],
        "paragraphs": paragraphs,
        "place_and_date": f"Fait à Saint-Lô, le {today:%d/%m/%Y}",
    }
    inputs = {"data": json.dumps(data)}
    return typst.compile(TEMPLATE, format=form, ppi=96.0, sys_inputs=inputs)

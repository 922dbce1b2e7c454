"""The fields of an export in the words of its summary."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from gateway.formats import euros, file_size, percent, short_date, time
from gateway.labels import ABSENCE_REASONS, LINKS, VACCINES, diet_label, status_label
from services.chassis.clock import paris_date
from services.chassis.french import WEEKDAYS

WORDS: Final = {
    "family": "Fiche",
    "guardians": "Responsables légaux",
    "children": "Enfants",
    "accounts": "Comptes",
    "sessions": "Connexions",
    "acts": "Actions des agents",
    "erasure_requests": "Demandes d’effacement",
    "enrolments": "Inscriptions",
    "steps": "Étapes des inscriptions",
    "allocations": "Attributions de places",
    "regulations": "Règlements intérieurs acceptés",
    "reservations": "Réservations",
    "late_requests": "Demandes tardives",
    "attendance": "Présences",
    "marks": "Pointages",
    "notes": "Consignes des feuilles de présence",
    "absences": "Absences déclarées",
    "payer": "Payeur",
    "not_invoiced_yet": "Prestations pas encore facturées",
    "invoices": "Factures",
    "invoice_lines": "Lignes de facture",
    "payments": "Règlements",
    "refunds": "Remboursements",
    "credit_notes": "Avoirs",
    "ledger": "Écritures comptables",
    "mandates": "Mandats de prélèvement",
    "direct_debits": "Prélèvements",
    "reminders": "Relances",
    "write_offs": "Créances abandonnées",
    "documents": "Pièces justificatives",
    "openings": "Ouvertures des pièces",
    "file": "Adresses",
    "messages": "Messages",
    "changes": "Modifications demandées",
    "agenda_links": "Liens d’abonnement à l’agenda",
    "certificates": "Attestations",
    "enrolled": "Inscriptions connues pour les messages",
    "expected": "Jours réservés connus pour les messages",
    "names": "Noms portés sur les attestations",
    "papers": "Pièces reçues",
    "vault": "Coffre-fort",
    "waiting": "Listes d’attente",
    "reference": "numéro de dossier",
    "family_reference": "numéro de dossier",
    "resident": "résident",
    "quotient": "quotient familial",
    "quotient_valid_until": "quotient valable jusqu’au",
    "quotient_until": "quotient valable jusqu’au",
    "address_lines": "adresse",
    "addressee": "destinataire",
    "postcode": "code postal",
    "city": "commune",
    "created_at": "créé le",
    "updated_at": "modifié le",
    "first_name": "prénom",
    "last_name": "nom",
    "mail": "mail",
    "phone": "téléphone",
    "birth_date": "né(e) le",
    "school_code": "école",
    "school_class": "classe",
    "diet": "régime",
    "own_meal": "Repas apporté (PAI)",
    "aids": "Aides",
    "organisations": "Organismes payeurs",
    "shared_payments": "Prestations payées à plusieurs",
    "kinds": "Activités",
    "day_cents": "Plafond par jour",
    "month_cents": "Plafond par mois",
    "ended_at": "Fin anticipée",
    "allergies": "allergies",
    "in_file": "dans la fiche",
    "login": "identifiant",
    "issued_at": "code envoyé le",
    "activated_at": "activé le",
    "password_changed_at": "mot de passe changé le",
    "last_login_at": "dernière connexion",
    "expires_at": "expire le",
    "revoked_at": "fermée le",
    "at": "le",
    "action": "action",
    "outcome": "résultat",
    "asked_at": "demandé le",
    "answered_at": "répondu le",
    "status": "état",
    "decided_at": "décidé le",
    "reason": "motif",
    "activity": "activité",
    "activity_name": "activité",
    "school_year": "année scolaire",
    "regulations_version": "règlement accepté (version)",
    "starts_on": "du",
    "ends_on": "au",
    "submitted_at": "demandée le",
    "left_on": "dernier jour",
    "together": "avec frères et sœurs",
    "declared": "situation déclarée",
    "actor": "par",
    "points": "points",
    "explanation": "explication",
    "confirmed_at": "confirmée le",
    "accepted_at": "accepté le",
    "note": "remarque",
    "date": "jour",
    "dates": "jours",
    "confirmed": "confirmée",
    "late": "annulée trop tard",
    "past_deadline": "hors délai",
    "by_staff": "par un agent",
    "changed_at": "modifiée le",
    "state": "présence",
    "marked_at": "pointé le",
    "pick_ups": "peut venir chercher l’enfant",
    "relation": "lien",
    "care_instructions": "consignes (PAI)",
    "care_valid_until": "consignes valables jusqu’au",
    "consents": "autorisations",
    "granted": "accordée",
    "title": "objet",
    "arrived_at": "arrivée",
    "left_at": "départ",
    "late_pickup_minutes": "minutes après la fin",
    "excused": "justifiée",
    "taken_at": "pointé le",
    "first_day": "premier jour",
    "last_day": "dernier jour",
    "reason_kind": "raison",
    "absence_state": "suite donnée",
    "certificate_on": "certificat du",
    "refusal": "motif du refus",
    "declared_at": "déclarée le",
    "label": "nom",
    "part": "part",
    "basis": "motif",
    "unit_cents": "prix unitaire",
    "surcharge_cents": "majoration",
    "amount_cents": "montant",
    "total_cents": "total",
    "account": "compte",
    "register": "régie",
    "posted_at": "écrit le",
    "rum": "référence du mandat",
    "holder": "titulaire",
    "bic": "BIC",
    "signed_on": "signé le",
    "one_off": "pour un seul prélèvement",
    "last_used_on": "dernier prélèvement",
    "consent": "texte signé",
    "revoked_cause": "fin demandée par",
    "revoked_reason": "raison de la fin",
    "batch": "remise",
    "collected_on": "à prélever le",
    "collected_at": "prélevé le",
    "returned_at": "rejeté le",
    "return_code": "code du rejet",
    "invoice": "facture",
    "step": "étape",
    "method": "moyen de paiement",
    "cesu_number": "numéro du CESU",
    "cheque_number": "numéro du chèque",
    "bank": "banque",
    "drawer": "tireur",
    "reversed_at": "annulé le",
    "refunded_at": "remboursé le",
    "number": "numéro",
    "month": "mois",
    "issued_on": "émise le",
    "due_on": "à payer avant le",
    "position": "ligne",
    "child_name": "enfant",
    "corrects": "corrige",
    "quantity": "quantité",
    "started_at": "commencé le",
    "received_at": "reçu le",
    "kind": "type",
    "filename": "fichier",
    "content_type": "format",
    "size": "taille (octets)",
    "deposited_at": "déposé le",
    "opened_at": "ouvert le",
    "roles": "par",
    "facts": "contenu",
    "channel": "envoi",
    "recipient": "destinataire",
    "sent_at": "envoyé le",
    "added_at": "ajouté le",
    "address": "adresse",
    "after": "après",
    "answer_until": "réponse attendue avant le",
    "before": "avant",
    "care": "santé",
    "custody": "garde",
    "device": "appareil",
    "document_state": "état",
    "document_type": "type de pièce",
    "field": "champ",
    "invoice_number": "numéro de facture",
    "joined_at": "sur la liste depuis le",
    "last_read_on": "lu la dernière fois le",
    "last_seen_at": "utilisée la dernière fois le",
    "link": "lien",
    "past_line": "malgré la liste d’attente",
    "period": "période",
    "received_on": "reçu le",
    "renewed_at": "renouvelé le",
    "valid_from": "valable à partir du",
    "valid_until": "valable jusqu’au",
    "version": "version",
    "wait_state": "suite donnée",
    # What some fields are made of.
    "lines": "lignes",
    "pai": "PAI",
    "instructions": "consignes",
    "vaccinations": "vaccinations",
    "vaccine": "vaccin",
    "given_on": "fait le",
    "doctor": "médecin",
    "name": "nom",
    "siret": "SIRET",
    "service_code": "code service",
    "engagement": "numéro d’engagement",
    "since": "depuis le",
    "contacts": "contacts et personnes autorisées",
    "may_pick_up": "peut venir chercher l’enfant",
    "emergency": "à prévenir en cas d’urgence",
    "identity": "identité",
    "added": "ajout",
    "removed": "retrait",
    "even_weeks_here": "semaines paires ici",
    "change_weekday": "jour du changement",
    "stays": "séjours",
    "here": "ici",
    "first": "du",
    "last": "au",
}

ACTORS: Final = {
    "family": "vous",
    "staff": "service enfance",
    "town": "règle de l’activité",
}

ROLES: Final = {
    "guardian": "vous",
    "agent": "agent du service enfance",
    "admin": "administrateur",
    "regisseur": "régisseur",
    "leader": "animateur",
}


# Which states a column holds, where its name tells.
STATES: Final = {"absence_state": "absence", "document_state": "document", "wait_state": "wait"}

LEDGER_ACCOUNTS: Final = {
    "receivable": "à payer sur facture",
    "revenue": "produit de la régie",
    "family_credit": "avoir de la famille",
    "card": "carte bancaire",
    "direct_debit": "prélèvement",
    "cash": "espèces",
    "cheque": "chèque",
    "cesu": "CESU",
    "bank": "banque",
    "write_off": "créance abandonnée",
    "aid": "aide",
    "refund": "remboursement",
}

CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "account": LEDGER_ACCOUNTS,
    "method": LEDGER_ACCOUNTS,
    "actor": ACTORS,
    "link": LINKS,
    "reason_kind": ABSENCE_REASONS,
    "roles": ROLES,
    "vaccine": VACCINES,
}


def word(name: str) -> str:
    """A field or a record in French; its own name where the town has no word for it."""
    return WORDS.get(name, name.replace("_", " "))


def columns(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The fields worth a place in the summary: identifiers are for the JSON alone."""
    return [name for name in rows[0] if not name.endswith("_id")] if rows else []


def cell(name: str, value: Any) -> str:
    """The value of a field as the summary writes it."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(cell(name, part) for part in value)
    if isinstance(value, dict):
        return " ; ".join(f"{word(inner)} : {cell(inner, part)}" for inner, part in value.items())
    if name.endswith("_cents"):
        return euros(value)
    if name == "part" and isinstance(value, int):
        return percent(value)
    return _text(name, str(value))


def _text(name: str, text: str) -> str:
    if name == "diet":
        return diet_label(text)
    if name in ("status", "state", "outcome"):
        return status_label(text)
    if name in STATES:
        return status_label(text, STATES[name])
    if name in CODES:
        return CODES[name].get(text, text)
    if name == "field":
        return word(text.rpartition(".")[2])
    if name == "change_weekday":
        return WEEKDAYS[int(text) - 1]
    if name == "size":
        return file_size(int(text))
    if re.match(r"^\d{4}-\d\d-\d\dT\d\d:", text):
        instant = datetime.fromisoformat(text)
        return f"{short_date(paris_date(instant))} {time(instant)}"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return short_date(datetime.fromisoformat(text).date())
    return text

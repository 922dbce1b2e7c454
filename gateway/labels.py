"""What the portal calls states, kinds and other codes in French."""

from collections.abc import Mapping

# kind -> state -> (label, tone). "" holds what reads the same everywhere.
STATUSES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "": {
        "draft": ("Brouillon", "neutral"),
        "submitted": ("En attente", "info"),
        "returned": ("À compléter", "warning"),
        "waiting": ("Liste d’attente", "info"),
        "accepted": ("Acceptée", "success"),
        "refused": ("Refusée", "danger"),
        "withdrawn": ("Retirée", "neutral"),
        "free": ("Libre", "neutral"),
        "reserved": ("Réservé", "success"),
        "full": ("Complet", "warning"),
        "closed": ("Fermé", "neutral"),
        "confirmed": ("Confirmée", "success"),
        "present": ("Présent", "success"),
        "absent": ("Absent", "danger"),
        "excused": ("Absence justifiée", "info"),
        "due": ("À payer", "warning"),
        "partly_paid": ("Payée en partie", "info"),
        "paid": ("Payée", "success"),
        "written_off": ("Abandonnée", "neutral"),
        "pending": ("En cours", "info"),
        "cancelled": ("Annulé", "neutral"),
        "expired": ("Expiré", "neutral"),
        "running": ("En cours", "info"),
        "done": ("Terminée", "success"),
        "queued": ("En attente d’envoi", "info"),
        "sent": ("Envoyé", "success"),
        "failed": ("Échec de l’envoi", "danger"),
        "to_print": ("À imprimer", "warning"),
        "printed": ("Imprimé", "success"),
        "none": ("Sans compte", "neutral"),
        "issued": ("Codes envoyés", "info"),
        "active": ("Compte actif", "success"),
    },
    "change": {
        "applied": ("Enregistrée", "success"),
        "pending": ("En attente de validation", "info"),
        "replaced": ("Remplacée", "neutral"),
    },
    "certificate": {"issued": ("Établie", "success")},
    "late_request": {"pending": ("À l’étude", "info")},
    "wait": {
        "waiting": ("En liste d’attente", "info"),
        "offered": ("Place proposée", "warning"),
        "placed": ("Place obtenue", "success"),
        "given_up": ("Abandonnée", "neutral"),
        "unanswered": ("Sans réponse à temps", "neutral"),
        "over": ("Pas de place libérée", "neutral"),
    },
    "erasure": {
        "asked": ("À l’étude", "info"),
        "withdrawn": ("Retirée", "neutral"),
        "done": ("Faite", "success"),
    },
    "document": {
        "quarantined": ("Analyse antivirus en cours", "info"),
        "submitted": ("En attente de vérification", "info"),
        "expiring": ("Expire bientôt", "warning"),
        "expired": ("Expirée", "danger"),
        "rejected": ("Refusée", "danger"),
        "infected": ("Supprimée par l’antivirus", "danger"),
        "replaced": ("Remplacée", "neutral"),
    },
    "paper": {
        "missing": ("À déposer", "warning"),
        "waiting": ("En cours de vérification", "info"),
        "held": ("Valable", "success"),
        "expiring": ("Expire bientôt", "warning"),
        "expired": ("À renouveler", "danger"),
        "rejected": ("Refusée, à renvoyer", "danger"),
        "infected": ("Supprimée, à renvoyer", "danger"),
    },
    "account_request": {
        "waiting": ("À étudier", "info"),
        "confirmed": ("Adresse mail confirmée", "info"),
        "approved": ("Acceptée", "success"),
    },
    "class_move": {
        "moves": ("Passe", "success"),
        "changes_school": ("Passe ; école à préciser", "warning"),
        "leaves": ("Quitte l’école", "info"),
        "unknown": ("Reste : classe non reconnue", "warning"),
    },
    "code_batch": {
        "planned": ("Programmé", "info"),
        "issued": ("Envoyé", "success"),
        "withdrawn": ("Annulé", "neutral"),
    },
    "code_outcome": {
        "mail": ("Par mail", "success"),
        "letter": ("Par courrier", "success"),
        "incomplete": ("Dossier incomplet", "warning"),
        "already": ("Déjà servie", "neutral"),
    },
    "act": {
        "done": ("Fait", "success"),
        "refused": ("Refusé", "warning"),
        "not_theirs": ("Autre famille", "danger"),
    },
    "absence": {
        "declared": ("À justifier", "warning"),
        "reviewing": ("Certificat en vérification", "info"),
        "excused": ("Justifiée", "success"),
        "refused": ("Non justifiée", "danger"),
        "withdrawn": ("Retirée", "neutral"),
    },
    "mandate": {
        "active": ("En vigueur", "success"),
        "expired": ("Expiré", "neutral"),
        "revoked": ("Terminé", "neutral"),
    },
    "payment": {
        "paid": ("Payé", "success"),
        "refused": ("Refusé", "danger"),
        "cancelled": ("Abandonné", "neutral"),
        "reversed": ("Annulé", "neutral"),
    },
}

METHODS: Mapping[str, str] = {
    "card": "Carte bancaire",
    "direct_debit": "Prélèvement",
    "cash": "Espèces",
    "cheque": "Chèque",
    "cesu": "CESU",
    "refund": "Remboursement",
}

DIETS: Mapping[str, str] = {
    "standard": "standard",
    "no_pork": "sans porc",
    "vegetarian": "végétarien",
    "own_meal": "panier repas (PAI)",
}

LINKS: Mapping[str, str] = {
    "mother": "Mère",
    "father": "Père",
    "guardian": "Tuteur ou tutrice",
    "other": "Autre responsable légal",
}

VACCINES: Mapping[str, str] = {
    "dtp": "Diphtérie, tétanos, poliomyélite",
    "pertussis": "Coqueluche",
    "hib": "Haemophilus influenzae b",
    "hepatitis_b": "Hépatite B",
    "pneumococcus": "Pneumocoque",
    "meningococcus": "Méningocoque",
    "mmr": "Rougeole, oreillons, rubéole",
}

ABSENCE_REASONS: Mapping[str, str] = {
    "illness": "Maladie",
    "family": "Raison familiale",
    "school_outing": "Sortie ou voyage scolaire",
    "other": "Autre raison",
}

KINDS: Mapping[str, str] = {
    "canteen": "Restaurant scolaire",
    "wednesday": "Accueil de loisirs du mercredi",
    "holiday": "Accueil de loisirs des vacances",
    "morning_care": "Accueil périscolaire du matin",
    "evening_care": "Accueil périscolaire du soir",
}

LETTERS: Mapping[str, str] = {
    "access_code": "Codes d’accès",
    "absence_answered": "Réponses aux absences",
    "broadcast": "Messages du service",
    "credit_note_issued": "Avoirs",
    "debit_announced": "Prélèvements annoncés",
    "debit_returned": "Prélèvements rejetés",
    "document_accepted": "Pièces acceptées",
    "document_expired": "Pièces périmées",
    "document_expiring": "Pièces bientôt périmées",
    "document_infected": "Pièces dangereuses",
    "document_rejected": "Pièces refusées",
    "enrolment_accepted": "Inscriptions acceptées",
    "enrolment_refused": "Inscriptions refusées",
    "enrolment_returned": "Inscriptions à compléter",
    "enrolment_waitlisted": "Inscriptions en liste d’attente",
    "enrolment_withdrawn": "Inscriptions retirées",
    "invoice_issued": "Factures",
    "late_reservation_answered": "Réponses aux demandes tardives",
    "mandate_ends": "Fins de mandat annoncées",
    "mandate_revoked": "Mandats révoqués",
    "mandate_signed": "Mandats signés",
    "payment_received": "Reçus de paiement",
    "payment_refunded": "Remboursements",
    "refund_reversed": "Remboursements annulés",
    "payment_reminder": "Relances de paiement",
    "payment_reversed": "Paiements annulés",
    "place_given": "Places données",
    "place_lapsed": "Places perdues",
    "place_offered": "Places proposées",
    "record_change_decided": "Réponses aux modifications",
    "sessions_closed": "Fermetures",
}


def status_label(status: str, kind: str = "") -> str:
    """The state in French; `kind` where the noun's gender changes it."""
    return _status(status, kind)[0]


def status_tone(status: str, kind: str = "") -> str:
    """success, info, warning, danger or neutral."""
    return _status(status, kind)[1]


def diet_label(diet: str) -> str:
    """no_pork -> sans porc"""
    return DIETS.get(diet, diet)


def method_label(method: str) -> str:
    """cash -> Espèces"""
    return METHODS.get(method, method)


def link_label(link: str | None) -> str:
    """mother -> Mère"""
    return LINKS.get(link or "", "Responsable légal")


def vaccine_label(vaccine: str) -> str:
    """mmr -> Rougeole, oreillons, rubéole"""
    return VACCINES.get(vaccine, vaccine)


def kind_label(kind: str) -> str:
    """canteen -> Restaurant scolaire"""
    return KINDS.get(kind, kind)


def _status(status: str, kind: str) -> tuple[str, str]:
    found = STATUSES.get(kind, {}).get(status) or STATUSES[""].get(status)
    return found or (status, "neutral")

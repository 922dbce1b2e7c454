"""How the portal writes amounts, dates and states in French."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_datetime

from gateway.deadline_words import WEEKDAYS, after_label, rule_in_short, rule_label
from services.chassis.clock import PARIS

LOCALE = "fr_FR"
NARROW_SPACE = "\u202f"
FIXED_SPACE = "\u00a0"

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
    "mandate_revoked": "Mandats révoqués",
    "mandate_signed": "Mandats signés",
    "payment_received": "Reçus de paiement",
    "payment_refunded": "Remboursements",
    "payment_reminder": "Relances de paiement",
    "payment_reversed": "Paiements annulés",
    "place_given": "Places données",
    "place_lapsed": "Places perdues",
    "place_offered": "Places proposées",
    "record_change_decided": "Réponses aux modifications",
    "sessions_closed": "Fermetures",
}


def euros(cents: int) -> str:
    """1234550 -> "12 345,50 €", in whole cents throughout."""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", NARROW_SPACE)
    return f"{sign}{grouped},{part:02d}{FIXED_SPACE}€"


@lru_cache(maxsize=4096)
def _date(day: date, pattern: str) -> str:
    text = format_date(day, pattern, locale=LOCALE)
    # French writes the first of a month "1er"; CLDR patterns do not.
    return text.replace(" 1 ", " 1er ") if day.day == 1 else text


def long_date(day: date) -> str:
    """lundi 23 novembre 2026"""
    return _date(_day(day), "EEEE d MMMM y")


def short_date(day: date) -> str:
    """23/11/2026"""
    return _date(_day(day), "dd/MM/y")


def day_month(day: date) -> str:
    """lun. 23 nov."""
    return _date(_day(day), "EEE d MMM")


def weekday(day: date) -> str:
    """lundi"""
    return WEEKDAYS[_day(day).weekday()]


def month_year(day: date) -> str:
    """novembre 2026"""
    return _date(_day(day), "MMMM y")


def period(text: str) -> str:
    """ "2026-11" -> novembre 2026"""
    return month_year(date.fromisoformat(f"{text}-01"))


def moment(instant: datetime) -> str:
    """23/11/2026 à 14:05, as clocks in Paris show it."""
    return format_datetime(instant.astimezone(PARIS), "dd/MM/y 'à' HH:mm", locale=LOCALE)


def time(instant: datetime) -> str:
    """14:05, as clocks in Paris show it."""
    return instant.astimezone(PARIS).strftime("%H:%M")


def local_day(instant: datetime) -> str:
    """2026-11-23, for a date field: the day that calendars in Paris show."""
    return _day(instant).isoformat()


def iso(when: date | datetime) -> str:
    """For the datetime attribute of <time>."""
    return when.isoformat()


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


def weekdays(numbers: Sequence[int]) -> str:
    """[1, 2] -> lundi, mardi"""
    return ", ".join(WEEKDAYS[number - 1] for number in numbers)


def file_size(size: int) -> str:
    """12345 -> 12 Ko"""
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f}".replace(".", ",") + f"{FIXED_SPACE}Mo"
    return f"{max(1, round(size / 1000))}{FIXED_SPACE}Ko"


def duration(months: int) -> str:
    """120 -> 10 ans, 18 -> 18 mois"""
    if months % 12:
        return f"{months} mois"
    return "1 an" if months == 12 else f"{months // 12} ans"


def days_listed(days: Iterable[date]) -> str:
    """1er, 3 et 5 novembre 2026; each month by itself"""
    months: dict[date, list[date]] = {}
    for day in sorted(days):
        months.setdefault(day.replace(day=1), []).append(day)
    return " ; ".join(f"{_numbers(of_one)} {month_year(first)}" for first, of_one in months.items())


def _numbers(days: Sequence[date]) -> str:
    numbers = ["1er" if day.day == 1 else str(day.day) for day in days]
    return " et ".join(filter(None, (", ".join(numbers[:-1]), numbers[-1])))


def of(text: str) -> str:
    """Élodie -> d’Élodie, octobre -> d’octobre, Yanis -> de Yanis"""
    start = unicodedata.normalize("NFD", text[:2].lower())
    is_vowel = start[:1] in {*"aeiouœæ"} or (start[:1] == "y" and start[1:2] not in {*"aeiou"})
    return f"d’{text}" if is_vowel else f"de {text}"


def sentence(text: str) -> str:
    """The text with a capital first letter, and all others as they are."""
    return text[:1].upper() + text[1:]


def _status(status: str, kind: str) -> tuple[str, str]:
    found = STATUSES.get(kind, {}).get(status) or STATUSES[""].get(status)
    return found or (status, "neutral")


def _day(day: date) -> date:
    return day.astimezone(PARIS).date() if isinstance(day, datetime) else day


FILTERS = {
    f.__name__: f
    for f in (
        euros,
        long_date,
        short_date,
        day_month,
        weekday,
        month_year,
        period,
        moment,
        time,
        local_day,
        iso,
        status_label,
        status_tone,
        diet_label,
        link_label,
        method_label,
        vaccine_label,
        kind_label,
        weekdays,
        file_size,
        duration,
        rule_label,
        rule_in_short,
        after_label,
        sentence,
        days_listed,
        of,
    )
}

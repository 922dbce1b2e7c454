"""How a town's texts become values: dates, mail addresses, telephones, and what is wrong."""

import re
import unicodedata
from datetime import date
from typing import Final

from services.accounts.model.family import Diet, folded

MAIL_LENGTH: Final = 254
# The few characters that no mail address in use contains; delivery proves the rest.
MAIL_FORM: Final = re.compile(r"[^\s@<>(),;:\"\[\]\\]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
OLDEST_CHILD_YEARS: Final = 25

DIET_WORDS: Final[dict[str, Diet]] = {
    "": "standard",
    "standard": "standard",
    "sans porc": "no_pork",
    "no pork": "no_pork",
    "vegetarien": "vegetarian",
    "vegetarian": "vegetarian",
    "panier repas": "own_meal",
    "panier": "own_meal",
    "pai": "own_meal",
    "own meal": "own_meal",
}


class BadValue(ValueError):
    """The text cannot be read; the message says in French what would be right."""


def clean(value: str) -> str:
    """The text in one Unicode form, without control characters or doubled spaces."""
    text = unicodedata.normalize("NFC", value)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def short_text(value: str, limit: int) -> str:
    """A text of at most `limit` characters."""
    if len(value) > limit:
        raise BadValue(f"Ne dépassez pas {limit} caractères (ici {len(value)}).")
    return value


def yes_no(value: str) -> bool:
    """oui or non."""
    answers = {"oui": True, "o": True, "non": False, "n": False}
    try:
        return answers[folded(value)]
    except KeyError:
        raise BadValue("Répondez par « oui » ou « non ».") from None


def whole_euros(value: str) -> int | None:
    """A quotient familial: whole euros, or nothing when it is not known."""
    digits = re.sub(r"\s", "", value)
    if not digits:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", digits):
        raise BadValue("Un nombre entier d’euros est attendu, par exemple 742.")
    return int(digits)


def day(value: str) -> date | None:
    """AAAA-MM-JJ or JJ/MM/AAAA, or nothing."""
    if not value:
        return None
    french = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", value, re.ASCII)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value, re.ASCII)
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        raise BadValue("Cette date n’existe pas au calendrier.") from None
    raise BadValue("Une date est attendue, sous la forme AAAA-MM-JJ ou JJ/MM/AAAA.")


def birth_date(value: str, today: date) -> date:
    """The birth date of somebody who may still be a child."""
    born = day(value)
    if born is None:
        raise BadValue("La date de naissance est obligatoire (AAAA-MM-JJ).")
    if born > today:
        raise BadValue("Cette date de naissance est dans le futur.")
    if today.year - born.year > OLDEST_CHILD_YEARS:
        raise BadValue(f"Cette date de naissance remonte à plus de {OLDEST_CHILD_YEARS} ans.")
    return born


def postcode(value: str) -> str:
    """Five digits; empty when the address is not known yet."""
    if value and not re.fullmatch(r"[0-9]{5}", value):
        raise BadValue("Le code postal compte cinq chiffres (le zéro de tête compris).")
    return value


def mail_address(value: str) -> str | None:
    """A mail address in lower case, or nothing."""
    address = value.strip().lower()
    if not address:
        return None
    if len(address) > MAIL_LENGTH or not MAIL_FORM.fullmatch(address):
        raise BadValue("Cette adresse de messagerie n’a pas la forme nom@domaine.fr.")
    return address


def telephone(value: str) -> str | None:
    """A French number in pairs, a foreign one as +digits, or nothing."""
    digits = re.sub(r"[\s.\-/()]", "", value)
    if not digits:
        return None
    national = re.sub(r"^(\+33|0033)0?", "0", digits)
    if re.fullmatch(r"0[1-9][0-9]{8}", national):
        return " ".join(national[i : i + 2] for i in range(0, 10, 2))
    foreign = re.sub(r"^00", "+", digits)
    if re.fullmatch(r"\+[1-9][0-9]{6,14}", foreign):
        return foreign
    raise BadValue("Un numéro à dix chiffres est attendu, par exemple 06 12 34 56 78.")


def diet(value: str) -> Diet:
    """What the child eats, as a need at table."""
    try:
        return DIET_WORDS[folded(value)]
    except KeyError:
        raise BadValue(
            "Régime inconnu : standard, sans porc, végétarien ou panier repas."
        ) from None

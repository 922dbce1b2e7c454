"""Passwords: what the CNIL asks of them, and how they are kept (argon2id)."""

import re
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.accounts.model.codes import as_typed_code

# CNIL deliberation 2022-100, 80 bits: twelve characters of four kinds, fourteen of three, or a
# phrase of seven words.
LENGTH_BY_KINDS: Final = {4: 12, 3: 14}
PHRASE_WORDS: Final = 7
SHORTEST_WORD: Final = 3
LONGEST: Final = 128

POLICY: Final = (
    "Au moins 12 caractères avec minuscules, majuscules, chiffres et signes, "
    "ou au moins 14 caractères de trois de ces sortes, "
    "ou une phrase d’au moins 7 mots différents de trois lettres ou plus."
)


# The stems of the passwords that attackers try first, however they are decorated.
COMMON: Final = frozenset(
    {
        "password", "passw0rd", "motdepasse", "azerty", "azertyuiop", "qwerty", "qwertyuiop",
        "bonjour", "soleil", "welcome", "bienvenue", "administrateur", "admin", "portailfamille",
        "jetaime", "doudou", "loulou", "marseille", "chocolat", "letmein",
    }
)  # fmt: skip


def weakness(password: str, login: str) -> str | None:
    """Why this password may not be chosen, in French; None when it may."""
    text = _one_form(password)
    if len(text) > LONGEST:
        return f"Ne dépassez pas {LONGEST} caractères."
    if text.casefold() in {login.casefold(), login.casefold().partition("@")[0]}:
        return "Le mot de passe doit être différent de l’identifiant."
    if "".join(c for c in text.casefold() if c.isalpha()) in COMMON:
        return "Ce mot de passe est trop courant : il est essayé en premier par les pirates."
    if _is_phrase(text):
        return None
    needed = LENGTH_BY_KINDS.get(_kinds(text))
    if needed is None or len(text) < needed:
        return POLICY
    return None


def same_as(current: str, new: str) -> str | None:
    """Why the new password may not be the present one; None when it differs."""
    if _one_form(current) == _one_form(new):
        return "Choisissez un mot de passe différent de l’actuel."
    return None


def _kinds(text: str) -> int:
    kinds = {
        "lower" if c.islower() else "upper" if c.isupper() else "digit" if c.isdigit() else "sign"
        for c in text
    }
    return len(kinds)


def _is_phrase(text: str) -> bool:
    words = {w for w in re.split(r"[\W\d_]+", text.casefold()) if len(w) >= SHORTEST_WORD}
    return len(words) >= PHRASE_WORDS


def _one_form(password: str) -> str:
    # The same accented letter may be typed as one character or as two.
    return unicodedata.normalize("NFC", password)


def hash_password(password: str, memory_kib: int) -> str:
    """The argon2id hash of a password that a person chose."""
    return _hasher(memory_kib).hash(_one_form(password))


def matches(password_hash: str | None, password: str, *, temporary: bool, memory_kib: int) -> bool:
    """Whether the password fits; takes as long for a login that does not exist (no hash).

    A code's own hash is light, so its check would be quicker than any other: a dummy one
    of full cost (`memory_kib`) runs beside it, and the time taken tells nothing about the account.
    """
    if password_hash is None or temporary:
        _verified(_dummy_hash(memory_kib), password)
    if password_hash is None:
        return False
    return _verified(password_hash, as_typed_code(password) if temporary else _one_form(password))


def _verified(password_hash: str, password: str) -> bool:
    try:
        # The cost is the hash's own.
        return PasswordHasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _hasher(memory_kib: int) -> PasswordHasher:
    return PasswordHasher(memory_cost=memory_kib)


@cache
def _dummy_hash(memory_kib: int) -> str:
    return _hasher(memory_kib).hash("nobody has this password")

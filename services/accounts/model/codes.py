"""Access codes: temporary passwords that can be read aloud, and nobody can guess."""

import base64
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from nacl.public import PublicKey, SealedBox

from services.accounts.model.family import folded

# 32 signs, five bits each; without 0, 1, I and O, which look like one another on paper.
ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH: Final = 12
GROUP: Final = 4
LIFE: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PreparedCode:
    """A new code in the two forms that may be stored: its hash, and sealed for its one reader."""

    password_hash: str
    sealed: str


def new_code() -> str:
    """Twelve random signs: 60 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def printed(code: str) -> str:
    """The code in groups of four, as it stands in a mail or a letter."""
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def as_typed_code(text: str) -> str:
    """What somebody typed, without the hyphens and blanks between groups, in capitals."""
    return re.sub(r"[\s\-‐‑–—]", "", text).upper()


def hash_code(code: str) -> str:
    """What is kept of a code. Quick: it need not be done in another process."""
    return _light_hasher().hash(code)


def prepare_codes(count: int, sealing_key: bytes) -> list[PreparedCode]:
    """New codes, hashed and sealed; the clear text never leaves this call."""
    box = SealedBox(PublicKey(sealing_key))
    return [_prepare(new_code(), box) for _ in range(count)]


def _prepare(code: str, box: SealedBox[PublicKey]) -> PreparedCode:
    sealed = base64.b64encode(box.encrypt(printed(code).encode())).decode()
    return PreparedCode(hash_code(code), sealed)


@cache
def _light_hasher() -> PasswordHasher:
    # 60 random bits cannot be searched at any cost per guess, unlike a password that a person
    # chose: one pass over 1 MiB lets a whole town's codes be issued in a second.
    return PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


def generated_login(last_name: str) -> str:
    """A login for a guardian without mail: `dupont-1234`."""
    name = folded(last_name).replace(" ", "-")
    stem = re.sub(r"[^a-z0-9-]", "", name)[:24].strip("-") or "famille"
    return f"{stem}-{secrets.randbelow(9000) + 1000}"

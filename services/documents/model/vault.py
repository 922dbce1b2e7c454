"""What a family's vault is: who may open it, what may be put into it."""

import re
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import filetype

from services.documents.errors.vault import (
    EmptyFile,
    SecretRefused,
    TooManyTries,
    VaultFileTooLarge,
    VaultFull,
)
from services.documents.model import HEAD_BYTES, LONGEST_STEM, WrappedKey


class OpenerKind(StrEnum):
    """By what a vault can be opened."""

    PASSPHRASE = "passphrase"  # noqa: S105 - a kind, not a secret
    RECOVERY = "recovery"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Opener:
    """One way to open a vault: the vault's key, wrapped by a secret and by the master key."""

    opener_id: UUID
    family_id: UUID
    kind: OpenerKind
    account_id: UUID
    salt: bytes
    key: WrappedKey
    failures: int
    blocked_until: datetime | None
    created_at: datetime
    expires_at: datetime | None

    def may_try(self, now: datetime) -> None:
        """Raises TooManyTries while wrong tries must wait."""
        if self.blocked_until and self.blocked_until > now:
            minutes = -(-int((self.blocked_until - now).total_seconds()) // 60)
            raise TooManyTries(
                f"Après plusieurs phrases secrètes fausses, réessayez dans {minutes} min."
            )

    def is_current(self, now: datetime) -> bool:
        """Whether it has not run out."""
        return self.expires_at is None or self.expires_at > now


FREE_TRIES: Final = 5
LONGEST_PAUSE: Final = timedelta(hours=1)


def pause_after(failures: int) -> timedelta | None:
    """How long to wait after so many wrong tries in a row: doubling from the sixth on."""
    if failures <= FREE_TRIES:
        return None
    # Beyond ten doublings the pause is the longest one anyway.
    return min(timedelta(minutes=2 ** min(failures - FREE_TRIES, 10)), LONGEST_PAUSE)


# Whoever holds a stolen database and the master key can try passphrases at leisure, so what the
# CNIL asks without any limit on tries holds here: about 80 bits.
LENGTH_BY_KINDS: Final = {4: 12, 3: 14}
WORDS: Final = 7
LONGEST_PASSPHRASE: Final = 200
POLICY: Final = (
    "Choisissez au moins 7 mots différents, ou 12 caractères avec minuscules, majuscules, "
    "chiffres et signes, ou 14 caractères de trois de ces sortes."
)


def one_form(passphrase: str) -> str:
    """The passphrase as it is used: accents typed in two ways and doubled spaces are the same."""
    return " ".join(unicodedata.normalize("NFC", passphrase).split())


def accept_passphrase(passphrase: str, field: str) -> str:
    """The passphrase in its one form. Raises SecretRefused when it is too weak."""
    text = one_form(passphrase)
    if len(text) > LONGEST_PASSPHRASE:
        raise SecretRefused.because(field, f"Ne dépassez pas {LONGEST_PASSPHRASE} caractères.")
    if not (_has_enough_words(text) or _is_varied(text)):
        raise SecretRefused.because(field, POLICY)
    return text


def _has_enough_words(text: str) -> bool:
    return len({word.casefold() for word in re.findall(r"[^\W\d_]{3,}", text)}) >= WORDS


def _is_varied(text: str) -> bool:
    # Eight different characters: a pattern of two or three is guessed early, however long.
    needed = LENGTH_BY_KINDS.get(len({_kind(c) for c in text}))
    return needed is not None and len(text) >= needed and len(set(text.casefold())) >= 8


def _kind(character: str) -> str:
    if character.islower():
        return "lower"
    if character.isupper():
        return "upper"
    return "digit" if character.isdigit() else "sign"


# No 0, O, 1, I, L: a printed key is typed back by hand.
ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def as_typed_key(text: str) -> str:
    """A printed key as typed back: case, spaces and dashes make no difference."""
    return re.sub(r"[\s\-–.]", "", text).upper()


@dataclass(frozen=True, slots=True)
class Label:
    """What only the family may know of a document: its name and its kind."""

    filename: str
    content_type: str


@dataclass(frozen=True, slots=True)
class VaultDocument:
    """A document in a vault, as the database keeps it."""

    document_id: UUID
    family_id: UUID
    sealed_label: bytes
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Room:
    """How much may still be put in."""

    file_bytes: int
    quota_bytes: int
    used_bytes: int

    def admit(self, size: int) -> None:
        """Raises VaultFileTooLarge, VaultFull when a file of this size has no place."""
        if size > self.file_bytes:
            raise VaultFileTooLarge.beyond(self.file_bytes)
        if self.used_bytes + size > self.quota_bytes:
            raise VaultFull.beyond(self.quota_bytes)


class Intake:
    """Watches a file on its way in: any kind is taken, as long as it has room. Keeps only its head.

    What a family keeps is its own affair; nothing is ever shown in a browser, only saved.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._head = b""
        self.size = 0

    async def watch(self, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same content. Raises VaultFileTooLarge, VaultFull, EmptyFile on the way."""
        async for part in content:
            self.size += len(part)
            self._room.admit(self.size)
            if len(self._head) < HEAD_BYTES:
                self._head = (self._head + part)[:HEAD_BYTES]
            yield part
        if not self.size:
            raise EmptyFile.told()

    def label(self, filename: str) -> Label:
        """The file's name made safe, and the kind that its content shows."""
        kind = filetype.guess_mime(self._head) or "application/octet-stream"
        return Label(safe_name(filename), str(kind))


def safe_name(given: str) -> str:
    """A name that is safe in a header and on any disk; folders and control characters go."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in last)
    plain = " ".join(re.sub(r'[<>:"|?*;%]', "_", visible).split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        return plain[:LONGEST_STEM] or "document"
    return f"{stem[:LONGEST_STEM]}.{ending}"

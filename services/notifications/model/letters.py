"""How an address stands in a window, and where a letter stands in its print batch."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.notifications.model.families import Family, Guardian, Home

WINDOW_LINES: Final = 6
WINDOW_COLUMNS: Final = 38

ABBREVIATIONS: Final = {
    "ALLEE": "ALL",
    "APPARTEMENT": "APP",
    "AVENUE": "AV",
    "BATIMENT": "BAT",
    "BOULEVARD": "BD",
    "CHEMIN": "CHE",
    "ESCALIER": "ESC",
    "ETAGE": "ETG",
    "IMPASSE": "IMP",
    "LOTISSEMENT": "LOT",
    "PLACE": "PL",
    "RESIDENCE": "RES",
    "ROUTE": "RTE",
    "SAINT": "ST",
    "SAINTE": "STE",
    "SQUARE": "SQ",
}


def address_block(guardian: Guardian, family: Family) -> tuple[str, ...]:
    """The address as a window envelope shows it: 6 lines of 38 capitals, no punctuation.

    The guardian's own where they have one, else the family's.
    """
    home = guardian.home or Home(family.address, family.postcode, family.city)
    name = _fitted(guardian.full_name)[:1]
    town = _fitted(f"{home.postcode} {home.city}")[:1]
    between = [line for text in home.lines for line in _fitted(text)]
    return tuple(name + between[: WINDOW_LINES - 2] + town)


def _fitted(text: str) -> list[str]:
    """The text in lines that fit: abbreviated when it must be, then broken between words."""
    plain = capitals(text)
    if len(plain) > WINDOW_COLUMNS:
        plain = " ".join(ABBREVIATIONS.get(word, word) for word in plain.split())
    lines: list[str] = []
    for word in _short_words(plain.split()):
        if lines and len(lines[-1]) + 1 + len(word) <= WINDOW_COLUMNS:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _short_words(words: Iterable[str]) -> list[str]:
    return [word[:WINDOW_COLUMNS] for word in words]


def capitals(text: str) -> str:
    """Capitals without accents or punctuation, as sorting machines read them."""
    spelled = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    bare = unicodedata.normalize("NFKD", spelled)
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9A-Z]+", " ", letters.upper()).split())


@dataclass(frozen=True, slots=True)
class PrintBatch:
    """Letters that were printed together."""

    batch_id: UUID
    letters: int
    pages: int
    printed_by: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PrintFile:
    """The file of a print batch, sealed; None once it was erased."""

    batch_id: UUID
    sealed_pdf: bytes | None


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """Where a letter stands in its print batch; pages count from 0."""

    message_id: UUID
    first_page: int
    pages: int


def places(
    message_ids: Sequence[UUID], first_pages: Sequence[int], pages: int
) -> list[PrintedLetter]:
    """Each letter runs from its first page to the next one's."""
    ends = [*first_pages[1:], pages]
    return [
        PrintedLetter(message_id, first, end - first)
        for message_id, first, end in zip(message_ids, first_pages, ends, strict=True)
    ]

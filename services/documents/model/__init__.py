"""What a supporting document is, and which files are taken."""

import re
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import filetype

from services.documents.errors import (
    ChildNotFound,
    DepositRefused,
    FileRefused,
    FileTooLarge,
    FileTypeRefused,
)
from services.documents.model.locks import LockMark

# The one kind of paper that is handed in for an absence.
MEDICAL_CERTIFICATE: Final = "medical_certificate"

MEGABYTE: Final = 1024 * 1024
MAX_BYTES: Final = 10 * MEGABYTE

# Content type -> the endings that a name may keep; the first is added when it has none of them.
EXTENSIONS: Final = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}


AskedOf = Literal["everyone", "activities"]
Validity = Literal["none", "months", "school_year"]
State = Literal[
    "quarantined",
    "submitted",
    "accepted",
    "expiring",
    "expired",
    "rejected",
    "infected",
    "replaced",
]


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A kind of supporting document that the town asks for.

    `asked_of` everyone (each family, or each child when `per_child`), or of those whose
    activities name it. A `discreet` one is not named in messages.
    """

    code: str
    label: str
    per_child: bool
    asked_of: AskedOf = "activities"
    compulsory: bool = True
    validity: Validity = "none"
    validity_months: int | None = None
    help: str = ""
    accepts: tuple[str, ...] = tuple(EXTENSIONS)
    discreet: bool = False
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A supporting document of a family, as deposited; its content lies in storage.

    `absence_id` is the absence that a medical certificate was handed in for.
    """

    document_id: UUID
    family_id: UUID
    child_id: UUID | None
    document_type: str
    filename: str
    content_type: str
    size: int
    fingerprint: bytes
    deposited_by: UUID | None
    deposited_at: datetime
    version: int = 1
    state: State = "submitted"
    replaces: UUID | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    reason: str | None = None
    sealed_for: UUID | None = None
    absence_id: UUID | None = None

    @property
    def key_family(self) -> UUID:
        """The family under whose key and path the content lies: another one's after a merger."""
        return self.sealed_for or self.family_id


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A family's data key as the database keeps it, and which master key opens it."""

    master_id: str
    wrapped: bytes


def child_concerned(
    kind: DocumentType, child_id: UUID | None, children: frozenset[UUID]
) -> UUID | None:
    """The child that a deposit is for, among the family's. Raises ChildNotFound, DepositRefused.

    A paper of the whole family serves all its children: a child named with it is not kept.
    """
    if child_id is not None and child_id not in children:
        raise ChildNotFound
    if not kind.per_child:
        return None
    if child_id is None:
        raise DepositRefused.because("child_id", "Indiquez l’enfant que ce document concerne.")
    return child_id


LONGEST_STEM: Final = 100
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def clean_filename(given: str, content_type: str) -> str:
    """A name that is safe in a header and on any disk, with the ending that the content asks for.

    Folders, control and direction-changing characters go; accents stay.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in last)
    plain = re.sub(r'[<>:"|?*;%]', "_", visible)
    stem, ending = _split_ending(plain, EXTENSIONS[content_type])
    stem = " ".join(stem.split()).strip(". ")[:LONGEST_STEM].strip(". ")
    if not stem or RESERVED.fullmatch(stem):
        stem = f"document {stem}".strip()
    return stem + ending


def _split_ending(name: str, endings: tuple[str, ...]) -> tuple[str, str]:
    for ending in endings:
        if name.strip().lower().endswith(ending):
            return name.strip()[: -len(ending)], ending
    return name, endings[0]


# As far as browsers and viewers look for a type, and as far from the end as they look for an index.
HEAD_BYTES: Final = 2048
TAIL_BYTES: Final = 66 * 1024


class Inspection:
    """Looks at a file as it passes by; refuses what is no whole PDF, JPEG or PNG.

    Keeps only the head and the tail, never the file.
    """

    def __init__(
        self, max_bytes: int = MAX_BYTES, accepts: tuple[str, ...] = tuple(EXTENSIONS)
    ) -> None:
        self.size = 0
        self.content_type = ""
        self._max_bytes = max_bytes
        self._accepts = accepts
        self._lock = LockMark()
        self._head = b""
        self._tail = b""
        self._jpeg = JpegReader()

    async def watch(self, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same content, looked at. Raises FileRefused before the last part is given on."""
        held = b""
        async for part in content:
            self._see(part)
            if held:
                yield held
            held = part
        self._conclude()
        yield held

    def _see(self, part: bytes) -> None:
        self.size += len(part)
        if self.size > self._max_bytes:
            raise FileTooLarge.because(too_large(self._max_bytes))
        self._tail = (self._tail + part)[-TAIL_BYTES:]
        if len(self._head) < HEAD_BYTES:
            self._head = (self._head + part)[:HEAD_BYTES]
        if not self.content_type and len(self._head) == HEAD_BYTES:
            self.content_type = self._accepted(type_of(self._head))
        self._jpeg.feed(part)
        self._lock.feed(part)

    def _accepted(self, content_type: str) -> str:
        if content_type not in self._accepts:
            raise FileTypeRefused.because(f"Cette pièce est attendue en {kinds(self._accepts)}.")
        return content_type

    def _conclude(self) -> None:
        if not self.size:
            raise FileRefused.because("Le fichier est vide.")
        self.content_type = self.content_type or self._accepted(type_of(self._head))
        refuse_disguise(self._head, self._tail)
        if self.content_type == "application/pdf" and self._lock.found:
            raise FileRefused.because(
                "Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection, "
                "puis renvoyez-le."
            )
        if not self._is_whole():
            raise FileRefused.because(
                "Le fichier est incomplet ou abîmé. Ouvrez-le pour vérifier, puis renvoyez-le."
            )

    def _is_whole(self) -> bool:
        if self.content_type == "image/jpeg":
            return self._jpeg.ended
        if self.content_type == "image/png":
            return self._tail.endswith(b"\0\0\0\0IEND\xaeB`\x82")
        ending = self._tail[-1024:]
        return b"startxref" in ending and b"%%EOF" in ending


KIND_NAMES: Final = {
    "application/pdf": "PDF",
    "image/jpeg": "photo JPEG",
    "image/png": "image PNG",
}


def kinds(accepts: tuple[str, ...]) -> str:
    """The kinds of file as a sentence names them: « PDF ou photo JPEG »."""
    return " ou ".join(KIND_NAMES[kind] for kind in EXTENSIONS if kind in accepts)


def too_large(max_bytes: int) -> str:
    """What to do with a file over this size."""
    size = max_bytes // MEGABYTE
    return f"Le fichier dépasse {size} Mo. Réduisez-le ou envoyez-le en plusieurs documents."


def type_of(head: bytes) -> str:
    """The content type that the first bytes show. Raises FileTypeRefused for any but ours."""
    found = filetype.guess_mime(head)
    # A signature further in would let another format stand before it.
    if found not in EXTENSIONS or (found == "application/pdf" and not head.startswith(b"%PDF-")):
        raise FileTypeRefused.because(
            "Seuls les fichiers PDF, JPEG et PNG sont acceptés (le contenu est vérifié)."
        )
    return str(found)


MARKUP = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe|\?php)\b", re.IGNORECASE)


def refuse_disguise(head: bytes, tail: bytes) -> None:
    """Raises FileRefused for a file that is a second format as well: page, PDF or archive."""
    if MARKUP.search(head) or b"%PDF-" in head[1:] or _ends_as_archive(tail):
        raise FileRefused.because(
            "Le fichier mélange plusieurs formats. Enregistrez-le de nouveau, puis renvoyez-le."
        )


def _ends_as_archive(tail: bytes) -> bool:
    """Whether a ZIP directory ends there; four chance bytes in a picture are not enough."""
    start = tail.rfind(b"PK\x05\x06")
    if start < 0 or len(tail) < start + 22:
        return False
    entries = int.from_bytes(tail[start + 10 : start + 12], "little")
    directory = int.from_bytes(tail[start + 12 : start + 16], "little")
    comment = int.from_bytes(tail[start + 20 : start + 22], "little")
    return 46 * entries <= directory and comment <= len(tail) - start - 22


class JpegReader:
    """Finds the end of a JPEG picture. Phones append films and notes after it, which is allowed."""

    def __init__(self) -> None:
        self.ended = False
        self._broken = False
        self._in_picture = False
        self._rest = b""
        self._skip = 0
        self._started = False

    def feed(self, part: bytes) -> None:
        """Read on; once it is no JPEG, or is over, nothing more is read."""
        if self.ended or self._broken:
            return
        data = self._rest + part
        place = 0 if self._in_picture else self._pass_segments(data)
        if self._in_picture:
            # In the picture's own data FF D9 can be nothing but its end.
            self.ended = data.find(b"\xff\xd9", place) >= 0
            place = max(place, len(data) - 1)
        self._rest = data[place:]

    def _pass_segments(self, data: bytes) -> int:
        """Pass over the segments before the picture by their lengths: thumbnails have ends too."""
        place = 0
        if not self._started and len(data) >= 2:
            self._started, self._broken = True, data[:2] != b"\xff\xd8"
            place = 2
        while self._started and not self._broken and not self._in_picture:
            step = min(self._skip, len(data) - place)
            place, self._skip = place + step, self._skip - step
            if self._skip or len(data) - place < 4:
                break
            self._broken = data[place] != 0xFF
            if data[place + 1] == 0xFF:  # a fill byte
                self._skip = 1
            else:
                self._in_picture = data[place + 1] == 0xDA
                self._skip = 2 + max(2, int.from_bytes(data[place + 2 : place + 4], "big"))
        return place

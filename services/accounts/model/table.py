"""A CSV file as numbered rows, read as it goes: encoding, separator, headings, what is wrong."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from services.accounts.model import columns
from services.accounts.model.values import clean

LINE_LENGTH: Final = 20_000
CHUNK_BYTES: Final = 64 * 1024
UTF8_MARK: Final = b"\xef\xbb\xbf"
UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
# Signs that a spreadsheet takes for the beginning of a formula: an export puts an apostrophe
# before them, which is taken off here.
FORMULA_SIGNS: Final = ("=", "+", "-", "@")
# What Windows-1252 writes for accented letters and typographic signs, and UTF-8 never alone.
WINDOWS_LETTERS: Final = frozenset("àâäçéèêëîïôöùûüÿœÀÂÇÉÈÊËÎÏÔÖÙÛÜŒ’«»€°".encode("cp1252"))


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong, in which line and, where it can be told, in which column."""

    line: int
    column: str | None
    message: str

    @property
    def field(self) -> str:
        """The place as the staff's spreadsheet shows it."""
        return f"ligne {self.line}, {self.column}" if self.column else f"ligne {self.line}"


class UnreadableFile(ValueError):
    """The file cannot be read, or no further than this line."""

    def __init__(self, line: int, message: str, column: str | None = None) -> None:
        super().__init__(message)
        self.error = LineError(line, column, message)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: its number, and its cells by heading."""

    line: int
    cells: dict[str, str]


class Table:
    """A readable file: its headings, and the way to its rows."""

    def __init__(self, file: BinaryIO) -> None:
        self._lines = _Lines(file)
        first = self._lines.first()
        delimiter = ";" if first.count(";") >= first.count(",") else ","
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
        try:
            self.headings = tuple(clean(h).lower() for h in next(self._reader, []))
        except csv.Error:
            raise UnreadableFile(1, BAD_QUOTE) from None
        _check_headings(self.headings)

    def rows(self) -> Iterator[Row | LineError]:
        """The rows, empty lines left out; an error for each that has too many or too few cells.

        Raises UnreadableFile at the line from which nothing can be read any more.
        """
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader, None)
            except csv.Error:
                raise UnreadableFile(line, BAD_QUOTE) from None
            if cells is None:
                return
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(self.headings):
                message = f"{len(cells)} cellules au lieu de {len(self.headings)}."
                yield LineError(line, None, message)
                continue
            texts = (without_apostrophe(clean(cell)) for cell in cells)
            yield Row(line, dict(zip(self.headings, texts, strict=True)))


BAD_QUOTE: Final = "Ligne illisible : un guillemet est mal fermé."
TOO_LONG: Final = f"La ligne dépasse {LINE_LENGTH} caractères."
NOT_TEXT: Final = "Ce fichier n’est pas du texte : il contient des octets nuls."
UTF16: Final = "Le fichier est en UTF-16 : enregistrez-le au format « CSV UTF-8 »."
WINDOWS: Final = (
    "Le fichier est en Windows-1252 (l’encodage habituel d’Excel), pas en UTF-8 : "
    "enregistrez-le au format « CSV UTF-8 »."
)


def open_table(file: BinaryIO) -> Table:
    """Read encoding, separator and headings. Raises UnreadableFile."""
    return Table(file)


def without_apostrophe(cell: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from calculating it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_SIGNS else cell


class _Lines:
    """The lines of the file as text, one at a time, however long the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._number = 0
        self._raw = _split(file, _line_end(file))
        self._held: str | None = None

    def first(self) -> str:
        """The first line, which is read again by whoever goes through the lines."""
        self._held = next(self, "")
        return self._held

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._held is not None:
            held, self._held = self._held, None
            return held
        raw = next(self._raw)
        self._number += 1
        return _decoded(raw, self._number) + "\n"


def _line_end(file: BinaryIO) -> bytes:
    """The sign that ends lines, the file then standing after its byte order mark."""
    head = file.read(CHUNK_BYTES)
    if not head.strip() and not any(c.strip() for c in iter(lambda: file.read(CHUNK_BYTES), b"")):
        raise UnreadableFile(1, "Le fichier est vide.")
    if head.startswith(UTF16_MARKS):
        raise UnreadableFile(1, UTF16)
    file.seek(len(UTF8_MARK) if head.startswith(UTF8_MARK) else 0)
    # Old Macintosh line ends would make one line of the whole file.
    return b"\r" if b"\r" in head and b"\n" not in head else b"\n"


def _split(file: BinaryIO, end: bytes) -> Iterator[bytes]:
    rest = b""
    while chunk := file.read(CHUNK_BYTES):
        *whole, rest = (rest + chunk).split(end)
        yield from whole
        if len(rest) > 4 * LINE_LENGTH:  # no sign takes more than four bytes
            yield rest
            return
    if rest:
        yield rest


def _decoded(raw: bytes, line: int) -> str:
    if len(raw) > 4 * LINE_LENGTH:
        raise UnreadableFile(line, TOO_LONG)
    if b"\0" in raw:
        # Every other byte of Latin headings in UTF-16 is nul.
        is_utf16 = line == 1 and raw.count(b"\0") * 3 > len(raw)
        raise UnreadableFile(line, UTF16 if is_utf16 else NOT_TEXT)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        message = (
            WINDOWS
            if byte in WINDOWS_LETTERS
            else f"Le fichier n’est pas en UTF-8 (octet {byte:#04x}) : "
            "enregistrez-le au format « CSV UTF-8 »."
        )
        raise UnreadableFile(line, message) from None
    if len(text) > LINE_LENGTH:
        raise UnreadableFile(line, TOO_LONG)
    return text


def _check_headings(headings: tuple[str, ...]) -> None:
    for heading in headings:
        if heading not in columns.HEADINGS:
            expected = ", ".join(columns.HEADINGS)
            raise UnreadableFile(
                1, f"Colonne inconnue ; colonnes admises : {expected}.", heading[:40] or "?"
            )
        if headings.count(heading) > 1:
            raise UnreadableFile(1, "Cette colonne figure deux fois.", heading)
    for heading in columns.REQUIRED:
        if heading not in headings:
            raise UnreadableFile(1, "Cette colonne est obligatoire et manque.", heading)

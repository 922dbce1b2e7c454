"""A CSV file as numbered rows: encoding, separator, headings, and what is wrong with them."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.accounts.model import columns
from services.accounts.model.values import clean

LINE_LENGTH: Final = 20_000
UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


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
    """The file as a whole cannot be read."""

    def __init__(self, line: int, message: str, column: str | None = None) -> None:
        super().__init__(message)
        self.error = LineError(line, column, message)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: its number, and its cells by heading."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A readable file: its headings, and the way to its rows."""

    headings: tuple[str, ...]
    delimiter: str
    text: str

    def rows(self) -> Iterator[Row | LineError]:
        """The rows, empty lines left out; an error for each that has too many or too few cells."""
        reader = csv.reader(
            io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True
        )
        next(reader)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error:
                yield LineError(line, None, "Ligne illisible : un guillemet est mal fermé.")
                return
            if cells is None:
                return
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(self.headings):
                message = f"{len(cells)} cellules au lieu de {len(self.headings)}."
                yield LineError(line, None, message)
                continue
            texts = (clean(cell) for cell in cells)
            yield Row(line, dict(zip(self.headings, texts, strict=True)))


def open_table(data: bytes) -> Table:
    """Read encoding, separator and headings. Raises UnreadableFile."""
    text = _decode(data)
    _refuse_endless_lines(text)
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") >= first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        headings = tuple(clean(h).lower() for h in next(reader, []))
    except csv.Error:
        raise UnreadableFile(1, "Ligne illisible : un guillemet est mal fermé.") from None
    _check_headings(headings)
    return Table(headings, delimiter, text)


def _decode(data: bytes) -> str:
    if not data.strip():
        raise UnreadableFile(1, "Le fichier est vide.")
    if data.startswith(UTF16_MARKS):
        raise UnreadableFile(
            1, "Le fichier est en UTF-16 : enregistrez-le au format « CSV UTF-8 »."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        raise UnreadableFile(
            line,
            f"Le fichier n’est pas en UTF-8 (octet {byte:#04x}) : "
            "enregistrez-le au format « CSV UTF-8 ».",
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UnreadableFile(line, "Ce fichier n’est pas du texte : il contient des octets nuls.")
    # Old Macintosh line ends would make one line of the whole file.
    return text if "\n" in text else text.replace("\r", "\n")


def _refuse_endless_lines(text: str) -> None:
    start, line = 0, 1
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > LINE_LENGTH:
            raise UnreadableFile(line, f"La ligne dépasse {LINE_LENGTH} caractères.")
        start, line = end + 1, line + 1


def _check_headings(headings: tuple[str, ...]) -> None:
    for heading in headings:
        if heading not in columns.HEADINGS:
            expected = ", ".join(columns.HEADINGS)
            raise UnreadableFile(
                1, f"Colonne inconnue ; colonnes admises : {expected}.", heading or "?"
            )
        if headings.count(heading) > 1:
            raise UnreadableFile(1, "Cette colonne figure deux fois.", heading)
    for heading in columns.REQUIRED:
        if heading not in headings:
            raise UnreadableFile(1, "Cette colonne est obligatoire et manque.", heading)

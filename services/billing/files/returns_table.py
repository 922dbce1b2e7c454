"""What the bank sends back as a table: the CSV that banks' portals export, beside its messages.

Columns are found by their headings; cells stand apart by semicolons, amounts are written the
French way. The whole file is refused for any line that cannot be read, with each reason.
"""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.billing.errors.treasury import BadReturnsFile
from services.billing.model.debits import NO_REASON, Returned, ReturnsFile

# Headings of banks' exports, without accents, signs and case.
HEADINGS: Final[Mapping[str, frozenset[str]]] = {
    "date": frozenset({"date", "date operation", "date rejet", "date du rejet", "date comptable"}),
    "reference": frozenset(
        {
            "reference",
            "reference de bout en bout",
            "reference bout en bout",
            "end to end id",
            "endtoendid",
            "identifiant de bout en bout",
        }
    ),
    "amount": frozenset({"montant", "montant eur", "montant en euros", "montant du rejet"}),
    "code": frozenset({"motif", "code motif", "code rejet", "motif de rejet", "code retour"}),
}
NAMES: Final = {
    "date": "date",
    "reference": "référence de bout en bout",
    "amount": "montant",
    "code": "code motif",
}
DAYS: Final = ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y")
AMOUNT: Final = re.compile(r"[-−]?(\d{1,9})(?:,(\d{1,2}))?")
CODE: Final = re.compile(r"([A-Z]{2}[A-Z0-9]{2})(?![A-Z0-9])")
MOST_REASONS: Final = 20


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table, as it is written."""

    number: int
    cells: Mapping[str, str]

    def wrong(self, reason: str) -> str:
        return f"Ligne {self.number}\u00a0: {reason}"


def read_table(content: bytes) -> ReturnsFile:
    """The returns that the table tells. Raises BadReturnsFile.

    It has no message of its own: it is known by what it says, however it was saved.
    """
    try:
        rows = list(csv.reader(io.StringIO(_decoded(content), newline=""), delimiter=";"))
    except csv.Error as error:
        raise BadReturnsFile.because("Ce fichier n’est pas un tableau CSV lisible.") from error
    lines = list(_rows(rows))
    if not lines:
        raise BadReturnsFile.because("Ce fichier ne contient aucun rejet de prélèvement.")
    wrong = [fault for line in lines for fault in _faults(line)]
    if wrong:
        raise BadReturnsFile.because(*wrong[:MOST_REASONS])
    returned = tuple(_returned(line) for line in lines)
    said = "\n".join(
        f"{line.cells['date']} {each}" for line, each in zip(lines, returned, strict=True)
    )
    return ReturnsFile(f"CSV-{hashlib.sha256(said.encode()).hexdigest()[:24].upper()}", returned)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What a French spreadsheet saves unless it is told otherwise; it reads any bytes.
        return content.decode("cp1252", errors="replace")


def _rows(rows: Sequence[Sequence[str]]) -> Iterator[_Row]:
    numbered = [
        (n, row) for n, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)
    ]
    if not numbered:
        return
    columns = _columns(numbered[0][1])
    for number, row in numbered[1:]:
        yield _Row(number, {name: row[at].strip() if at < len(row) else "" for name, at in columns})


def _columns(heading: Sequence[str]) -> list[tuple[str, int]]:
    plain = [_plain(cell) for cell in heading]
    found = {
        name: [at for at, cell in enumerate(plain) if cell in words]
        for name, words in HEADINGS.items()
    }
    if missing := [NAMES[name] for name, places in found.items() if len(places) != 1]:
        raise BadReturnsFile.because(
            "Ce n’est ni un message XML de la banque ni un tableau CSV de rejets\u00a0: il faut "
            "une fois chacune de ces colonnes, séparées par des points-virgules\u00a0: "
            f"{', '.join(missing)}."
        )
    return [(name, places[0]) for name, places in found.items()]


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[a-z]+", "".join(c for c in bare if not unicodedata.combining(c))))


def _faults(line: _Row) -> Iterator[str]:
    if not line.cells["reference"]:
        yield line.wrong("la référence de bout en bout manque.")
    if not _is_day(line.cells["date"]):
        yield line.wrong("la date s’écrit par exemple 08/12/2026.")
    if not _cents(line.cells["amount"]):
        yield line.wrong("le montant s’écrit par exemple 1 234,50.")
    if line.cells["code"] and not CODE.match(line.cells["code"].upper()):
        yield line.wrong("le motif est un code de quatre caractères, par exemple AC04.")


def _returned(line: _Row) -> Returned:
    code = CODE.match(line.cells["code"].upper())
    return Returned(
        line.cells["reference"], code[1] if code else NO_REASON, _cents(line.cells["amount"])
    )


def _is_day(text: str) -> bool:
    for form in DAYS:
        try:
            datetime.strptime(text, form)  # noqa: DTZ007 - a day, of no zone
        except ValueError:
            continue
        return True
    return False


def _cents(text: str) -> int | None:
    """What came back, whichever sign the bank gives it; None for what is no amount in euros."""
    bare = re.sub(r"[\s\u00a0\u202f]|€|EUR$", "", text)
    found = AMOUNT.fullmatch(bare)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None

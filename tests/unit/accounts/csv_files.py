"""Family files for tests: rows as a town's spreadsheet would hold them."""

import io
from dataclasses import dataclass
from datetime import date

from services.accounts.model.columns import HEADINGS
from services.accounts.model.family_file import FileFamily, read_families
from services.accounts.model.table import LineError, Row, UnreadableFile, open_table

ROW = {
    "dossier": "F-0001",
    "adresse": "12 rue du Fil",
    "complement": "",
    "code_postal": "56300",
    "commune": "Pontivy",
    "resident": "oui",
    "quotient": "742",
    "quotient_fin": "2027-08-31",
    "resp1_nom": "Le Goff",
    "resp1_prenom": "Anne",
    "resp1_mail": "anne.legoff@exemple.fr",
    "resp1_telephone": "0612345678",
    "enfant_nom": "Le Goff",
    "enfant_prenom": "Léa",
    "enfant_naissance": "2019-05-04",
    "enfant_ecole": "JZAY",
    "enfant_classe": "CP",
    "enfant_regime": "standard",
    "enfant_allergies": "",
}


def row(**cells: str) -> dict[str, str]:
    """A good row with these cells instead."""
    return {**ROW, **cells}


def family_file(
    *rows: dict[str, str], headings: tuple[str, ...] = HEADINGS, delimiter: str = ";"
) -> bytes:
    """The rows as CSV."""
    lines = [delimiter.join(headings)]
    lines += [delimiter.join(_quoted(r.get(h, ""), delimiter) for h in headings) for r in rows]
    return ("\r\n".join(lines) + "\r\n").encode()


def _quoted(cell: str, delimiter: str) -> str:
    if any(sign in cell for sign in (delimiter, '"', "\n")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


@dataclass(frozen=True)
class FileReading:
    """What a whole file says, and what is wrong in it."""

    families: tuple[FileFamily, ...]
    errors: tuple[LineError, ...]


def read_file(data: bytes, today: date) -> FileReading:
    """The file read as an import reads it, in one piece."""
    rows: list[Row] = []
    errors: list[LineError] = []
    headings: tuple[str, ...] = ()
    try:
        table = open_table(io.BytesIO(data))
        headings = table.headings
        for found in table.rows():
            (errors if isinstance(found, LineError) else rows).append(found)  # type: ignore[arg-type]
    except UnreadableFile as unreadable:
        errors.append(unreadable.error)
    reading = read_families(headings, rows, today) if headings else None
    if reading is None:
        return FileReading((), tuple(errors))
    return FileReading(reading.families, (*errors, *reading.errors))

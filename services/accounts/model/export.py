"""The family file written as CSV: what an import of it reads back unchanged."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from services.accounts.model import columns
from services.accounts.model.family import Child, Diet, FamilyRecord, Guardian
from services.accounts.model.table import FORMULA_SIGNS

# So that spreadsheets read the accents.
BYTE_ORDER_MARK: Final = "\ufeff"

DIET_WORDS: Final[dict[Diet, str]] = {
    "standard": "standard",
    "no_pork": "sans porc",
    "vegetarian": "végétarien",
    "own_meal": "panier repas",
}


def heading_line() -> str:
    """The first line, with its byte order mark."""
    return BYTE_ORDER_MARK + csv_lines([columns.HEADINGS])


def family_lines(records: Iterable[FamilyRecord]) -> str:
    """A line for each child of each family; one for a family without child."""
    return csv_lines(row for record in records for row in _rows(record))


def csv_lines(rows: Iterable[Iterable[str]]) -> str:
    """Rows as CSV lines, no cell of which a spreadsheet takes for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _rows(record: FamilyRecord) -> Iterator[list[str]]:
    lines = (*record.address.lines, "", "")
    family = [
        record.reference,
        lines[0],
        lines[1],
        record.address.postcode,
        record.address.city,
        "oui" if record.resident else "non",
        "" if record.quotient is None else str(record.quotient),
        record.quotient_valid_until.isoformat() if record.quotient_valid_until else "",
    ]
    # The file has room for two guardians; an import leaves those it does not name in place.
    guardians: list[Guardian | None] = [*record.guardians, None, None]
    adults = [cell for guardian in guardians[:2] for cell in _guardian(guardian)]
    children: list[Child | None] = [*record.children] or [None]
    for child in children:
        yield [*family, *adults, *_child(child)]


def _guardian(guardian: Guardian | None) -> list[str]:
    if guardian is None:
        return ["", "", "", ""]
    return [guardian.last_name, guardian.first_name, guardian.mail or "", guardian.phone or ""]


def _child(child: Child | None) -> list[str]:
    if child is None:
        return [""] * len(columns.CHILD)
    return [
        child.last_name,
        child.first_name,
        child.birth_date.isoformat(),
        child.school_code or "",
        child.school_class or "",
        DIET_WORDS[child.diet],
        child.allergies or "",
    ]

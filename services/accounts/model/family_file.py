"""The rows of the town's file as families: one line a child, every bad cell told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.accounts.model import columns
from services.accounts.model.columns import Column
from services.accounts.model.family import folded
from services.accounts.model.table import LineError, Row
from services.accounts.model.values import BadValue

Fields = Mapping[str, Any]
"""What a line says of a family or a person; a column that the file lacks is not there."""


@dataclass(slots=True)
class FileFamily:
    """A family as the file gives it."""

    reference: str
    line: int
    fields: Fields
    guardians: Sequence[Fields]
    children: list[Fields] = field(default_factory=list)
    child_lines: dict[tuple[str, str], int] = field(default_factory=dict)
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What some rows say, and what is wrong in them."""

    families: tuple[FileFamily, ...]
    errors: tuple[LineError, ...]


def read_families(
    headings: Iterable[str],
    rows: Iterable[Row],
    today: date,
    school_codes: frozenset[str] = frozenset(),
) -> Reading:
    """The families of these rows, which hold every line of each of them.

    `school_codes`: those that the town knows; empty when that is not known here.
    """
    reader = _FamilyReader(frozenset(headings), today, school_codes)
    for row in rows:
        reader.take(row)
    return Reading(tuple(reader.families.values()), tuple(reader.errors))


def person_key(fields: Fields) -> tuple[str, str]:
    """How the same person is recognised in two files: last and first name, however written."""
    return folded(fields["last_name"]), folded(fields["first_name"])


class _FamilyReader:
    """Gathers the lines of each family, and every error on the way."""

    def __init__(self, headings: frozenset[str], today: date, school_codes: frozenset[str]) -> None:
        self.families: dict[str, FileFamily] = {}
        self.errors: list[LineError] = []
        self._today = today
        self._school_codes = school_codes
        self._reference = _present((columns.REFERENCE,), headings)
        self._family = _present(columns.FAMILY, headings)
        self._guardians = [_present(group, headings) for group in columns.GUARDIANS]
        self._child = _present(columns.CHILD, headings)
        self._shared = [c.heading for c in (*self._family, *sum(self._guardians, ()))]

    def refuse(self, error: LineError) -> None:
        """Note an error."""
        self.errors.append(error)

    def take(self, row: Row) -> None:
        """Add the row's child to its family, which its first row makes."""
        reference = self._fields(self._reference, row)
        if reference is None:
            return
        family = self.families.get(reference["reference"])
        if family is None:
            family = self._start(reference["reference"], row)
        else:
            self._compare(family, row)
        if any(row.cells[c.heading] for c in self._child):
            self._add_child(family, row)

    def _start(self, reference: str, row: Row) -> FileFamily:
        fields = self._fields(self._family, row) or {}
        if fields.get("quotient_valid_until") and fields.get("quotient", 0) is None:
            message = "Une date de fin est donnée sans quotient."
            self.refuse(LineError(row.line, "quotient_fin", message))
        family = FileFamily(reference, row.line, fields, self._read_guardians(row))
        family.shared = tuple(row.cells[heading] for heading in self._shared)
        self.families[reference] = family
        return family

    def _read_guardians(self, row: Row) -> list[Fields]:
        found: list[Fields] = []
        for number, group in enumerate(self._guardians):
            if number and not any(row.cells[c.heading] for c in group):
                continue
            if number and not {"last_name", "first_name"} <= {c.field for c in group}:
                message = "Les colonnes resp2_nom et resp2_prenom vont ensemble."
                self.refuse(LineError(row.line, group[0].heading, message))
            elif (guardian := self._fields(group, row)) is not None:
                found.append(guardian)
        if len({person_key(g) for g in found}) < len(found):
            message = "Les deux responsables portent le même nom et le même prénom."
            self.refuse(LineError(row.line, "resp2_nom", message))
        return found

    def _compare(self, family: FileFamily, row: Row) -> None:
        for heading, first in zip(self._shared, family.shared, strict=True):
            here = row.cells[heading]
            if here != first:
                message = f"« {here} » ici, « {first} » à la ligne {family.line} du même dossier."
                self.refuse(LineError(row.line, heading, message))

    def _add_child(self, family: FileFamily, row: Row) -> None:
        child = self._fields(self._child, row)
        if child is None:
            return
        code = child.get("school_code")
        if code and self._school_codes and code not in self._school_codes:
            known = ", ".join(sorted(self._school_codes))
            message = f"« {code} » n’est le code d’aucune école. Codes connus : {known}."
            self.refuse(LineError(row.line, "enfant_ecole", message))
        key = person_key(child)
        if key in family.child_lines:
            message = f"Cet enfant figure déjà à la ligne {family.child_lines[key]}."
            self.refuse(LineError(row.line, "enfant_prenom", message))
            return
        family.child_lines[key] = row.line
        family.children.append(child)

    def _fields(self, group: Iterable[Column], row: Row) -> dict[str, Any] | None:
        """The cells of these columns as values; None when one was refused."""
        fields = {}
        refused = False
        for column in group:
            try:
                fields[column.field] = column.read(row.cells[column.heading], self._today)
            except BadValue as bad:
                self.refuse(LineError(row.line, column.heading, str(bad)))
                refused = True
        return None if refused else fields


def _present(group: Iterable[Column], headings: frozenset[str]) -> tuple[Column, ...]:
    return tuple(column for column in group if column.heading in headings)

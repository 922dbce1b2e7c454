"""The columns of the family file: what each is called, holds and means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from services.accounts.model import values
from services.accounts.model.values import BadValue, short_text

Reader = Callable[[str, date], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the field it fills, and how its cells are read."""

    heading: str
    field: str
    read: Reader
    required: bool = False


def _text(limit: int, *, required: bool = False) -> Reader:
    def read(value: str, _today: date) -> str:
        if required and not value:
            raise BadValue("Cette valeur est obligatoire.")
        return short_text(value, limit)

    return read


def _optional_text(limit: int) -> Reader:
    def read(value: str, _today: date) -> str | None:
        return short_text(value, limit) or None

    return read


def _timeless(read: Callable[[str], Any]) -> Reader:
    def read_cell(value: str, _today: date) -> Any:
        return read(value)

    return read_cell


_name = partial(_text, 80)

REFERENCE: Final = Column("dossier", "reference", _text(40, required=True), required=True)

FAMILY: Final = (
    Column("adresse", "line", _text(100)),
    Column("complement", "complement", _text(100)),
    Column("code_postal", "postcode", _timeless(values.postcode)),
    Column("commune", "city", _text(80)),
    Column("resident", "resident", _timeless(values.yes_no), required=True),
    Column("quotient", "quotient", _timeless(values.whole_euros)),
    Column("quotient_fin", "quotient_valid_until", _timeless(values.day)),
)
ADDRESS_FIELDS: Final = ("line", "complement", "postcode", "city")


def _guardian(number: int) -> tuple[Column, ...]:
    first = number == 1
    prefix = f"resp{number}_"
    return (
        Column(prefix + "nom", "last_name", _name(required=True), required=first),
        Column(prefix + "prenom", "first_name", _name(required=True), required=first),
        Column(prefix + "mail", "mail", _timeless(values.mail_address)),
        Column(prefix + "telephone", "phone", _timeless(values.telephone)),
    )


GUARDIANS: Final = (_guardian(1), _guardian(2))

CHILD: Final = (
    Column("enfant_nom", "last_name", _name(required=True), required=True),
    Column("enfant_prenom", "first_name", _name(required=True), required=True),
    Column("enfant_naissance", "birth_date", values.birth_date, required=True),
    Column("enfant_ecole", "school_code", _optional_text(20)),
    Column("enfant_classe", "school_class", _optional_text(40)),
    Column("enfant_regime", "diet", _timeless(values.diet)),
    Column("enfant_allergies", "allergies", _optional_text(500)),
)

ALL: Final = (REFERENCE, *FAMILY, *GUARDIANS[0], *GUARDIANS[1], *CHILD)
HEADINGS: Final = tuple(column.heading for column in ALL)
REQUIRED: Final = tuple(column.heading for column in ALL if column.required)

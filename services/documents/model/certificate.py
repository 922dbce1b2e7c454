"""What the town certifies on paper, and how anyone may check it."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.documents.errors.certificate import CertificateRefused


class CertificateKind(StrEnum):
    """The papers that are made on demand."""

    ENROLMENT = "enrolment"
    ATTENDANCE = "attendance"
    PAYMENT = "payment"
    CHILDCARE_TAX = "childcare_tax"


TITLES: Final[Mapping[CertificateKind, str]] = {
    CertificateKind.ENROLMENT: "Attestation d’inscription",
    CertificateKind.ATTENDANCE: "Attestation de présence",
    CertificateKind.PAYMENT: "Attestation de paiement",
    CertificateKind.CHILDCARE_TAX: "Attestation fiscale de frais de garde",
}

# CGI, article 200 quater B: children under six on the 1st of January of the tax year. Meals are
# no childcare, so the canteen is left out.
TAX_AGE: Final = 6
NO_CHILDCARE: Final = frozenset({"canteen"})
LONGEST_PERIOD_DAYS: Final = 366
FIRST_YEAR: Final = 2020


@dataclass(frozen=True, slots=True)
class Child:
    """A child as papers name it."""

    child_id: UUID
    first_name: str
    last_name: str
    birth_date: date

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name.upper()}"

    @property
    def initials(self) -> str:
        """What a check tells: enough to recognise who it is about, no more."""
        return f"{self.first_name[:1]}. {self.last_name[:1]}.".upper()

    def is_under_tax_age(self, year: int) -> bool:
        """Whether the care of this child counts for the tax credit of the year."""
        return self.birth_date > date(year - TAX_AGE, 1, 1)


@dataclass(frozen=True, slots=True)
class Household:
    """A family as papers address it."""

    family_id: UUID
    reference: str
    addressee: tuple[str, ...]
    children: tuple[Child, ...]

    def child(self, child_id: UUID | None) -> Child:
        """The child that a paper is about. Raises CertificateRefused."""
        for child in self.children:
            if child.child_id == child_id:
                return child
        raise CertificateRefused.because("child_id", "Choisissez un enfant de votre dossier.")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An accepted enrolment."""

    activity: str
    place: str
    school_year: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Attended:
    """A day on which the child was present."""

    activity: str
    date: date


@dataclass(frozen=True, slots=True)
class Paid:
    """What a payment paid of one child's use of one activity; kind is None while unheard of."""

    payment_id: UUID
    received_on: date
    invoice_number: str
    child_id: UUID
    kind: str | None
    amount_cents: int
    method: str = "card"


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included."""

    first: date
    last: date

    @classmethod
    def asked(cls, first: date | None, last: date | None, today: date) -> "Period":
        """The period of a request. Raises CertificateRefused."""
        if first is None:
            raise CertificateRefused.because("from", "Indiquez le premier jour de la période.")
        if last is None:
            raise CertificateRefused.because("to", "Indiquez le dernier jour de la période.")
        if last < first:
            raise CertificateRefused.because("to", "La fin de la période précède son début.")
        if (last - first).days >= LONGEST_PERIOD_DAYS:
            raise CertificateRefused.because("to", "La période couvre un an au plus.")
        if first > today:
            raise CertificateRefused.because("from", "La période n’a pas encore commencé.")
        return cls(first, min(last, today))

    @classmethod
    def tax_year(cls, year: int | None, today: date) -> "Period":
        """A tax year as far as it has gone. Raises CertificateRefused."""
        if year is None or not FIRST_YEAR <= year <= today.year:
            message = f"Indiquez une année de {FIRST_YEAR} à {today.year}."
            raise CertificateRefused.because("year", message)
        return cls(date(year, 1, 1), min(date(year, 12, 31), today))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the paper: what it says, and what a check tells of it (no name in full)."""

    text: str
    value: str
    checked: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What one paper says."""

    kind: CertificateKind
    issued_on: date
    reference: str
    addressee: tuple[str, ...]
    statement: str
    checked_statement: str
    rows: tuple[Row, ...]
    total: str = ""
    notes: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return TITLES[self.kind]

    def checked(self) -> "Checked":
        """What anyone who holds the paper may compare."""
        rows = tuple((row.checked, row.value) for row in self.rows)
        return Checked(
            self.title, self.issued_on, self.initials, self.checked_statement, rows, self.total
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """The same paper without names: for whoever received it."""

    title: str
    issued_on: date
    initials: tuple[str, ...]
    statement: str
    rows: Sequence[tuple[str, str]]
    total: str


def paper_from(values: Mapping[str, Any]) -> Paper:
    """A paper as it was sealed."""
    return Paper(
        kind=CertificateKind(values["kind"]),
        issued_on=date.fromisoformat(values["issued_on"]),
        reference=values["reference"],
        addressee=tuple(values["addressee"]),
        statement=values["statement"],
        checked_statement=values["checked_statement"],
        rows=tuple(Row(**row) for row in values["rows"]),
        total=values["total"],
        notes=tuple(values["notes"]),
        initials=tuple(values["initials"]),
    )


@dataclass(frozen=True, slots=True)
class KeptCertificate:
    """A certificate as the database keeps it: what it says is sealed."""

    certificate_id: UUID
    code_hash: bytes
    family_id: UUID
    kind: CertificateKind
    sealed: bytes
    issued_at: datetime
    issued_by: UUID | None


# No 0, O, 1, I, L: a code is read from paper. Twelve letters of 30 are 58 bits: not to be found
# by trying, and checks are slowed down besides.
CODE_ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LETTERS: Final = 12
CODE_FORM = re.compile(rf"[{CODE_ALPHABET}]{{{CODE_LETTERS}}}")


def new_code() -> str:
    """A fresh code in three groups."""
    letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LETTERS, 4))


def as_typed_code(text: str) -> str | None:
    """A code as read from paper, in its one form; None when it can be none."""
    letters = re.sub(r"[\s\-–.]", "", text).upper()
    return letters if CODE_FORM.fullmatch(letters) else None

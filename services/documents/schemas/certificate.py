"""Request and answer bodies of certificates."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from services.chassis.web import Answer, Body
from services.documents.commands.certificate import Certificate, Wish
from services.documents.model.certificate import CertificateKind, Checked


class CertificatesQuery(Body):
    """Whose certificates: a guardian's are its own, the office names the family."""

    family_id: UUID | None = None


class CertificateBody(Body):
    """What to certify: for a child (enrolment, attendance), between two days (attendance,
    payment), in a year (tax). The office names the family.
    """

    kind: CertificateKind
    family_id: UUID | None = None
    child_id: UUID | None = None
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    year: int | None = Field(default=None, ge=1900, le=2200)

    def wish(self) -> Wish:
        """The same for the command."""
        return Wish(self.kind, self.family_id, self.child_id, self.first, self.last, self.year)


class CertificateAnswer(Answer):
    """A paper that was made."""

    certificate_id: UUID
    kind: CertificateKind
    title: str
    statement: str
    total: str
    code: str
    issued_at: datetime

    @classmethod
    def of(cls, made: Certificate) -> "CertificateAnswer":
        """The answer that shows this certificate."""
        return cls(
            certificate_id=made.certificate_id,
            kind=made.paper.kind,
            title=made.paper.title,
            statement=made.paper.statement,
            total=made.paper.total,
            code=made.code,
            issued_at=made.issued_at,
        )


class CertificateChild(Answer):
    """A child for whom something can be certified."""

    child_id: UUID
    name: str


class CertificatesAnswer(Answer):
    """A family's papers, newest first, and the children for whom there can be more."""

    certificates: Sequence[CertificateAnswer]
    children: Sequence[CertificateChild]


class CheckQuery(Body):
    """The code printed on the paper."""

    code: str = Field(max_length=100)


class CheckedRow(Answer):
    """A line of the paper, without names."""

    text: str
    value: str


class CheckAnswer(Answer):
    """What the paper says, initials instead of names: never more than what is printed."""

    title: str
    issued_on: date
    initials: Sequence[str]
    statement: str
    rows: Sequence[CheckedRow]
    total: str

    @classmethod
    def of(cls, checked: Checked) -> "CheckAnswer":
        """The answer that shows what was certified."""
        return cls(
            title=checked.title,
            issued_on=checked.issued_on,
            initials=checked.initials,
            statement=checked.statement,
            rows=[CheckedRow(text=text, value=value) for text, value in checked.rows],
            total=checked.total,
        )

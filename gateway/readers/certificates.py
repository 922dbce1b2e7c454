"""What the portal reads of papers that certify something."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class Certificate(Reader):
    certificate_id: UUID
    kind: str
    title: str
    statement: str = ""
    total: str = ""
    code: str
    issued_at: datetime


class CertificateChild(Reader):
    child_id: UUID
    name: str


class Certificates(Reader):
    certificates: tuple[Certificate, ...] = ()
    children: tuple[CertificateChild, ...] = ()


class CheckedRow(Reader):
    text: str
    value: str


class Check(Reader):
    title: str
    issued_on: day
    initials: tuple[str, ...] = ()
    statement: str
    rows: tuple[CheckedRow, ...] = ()
    total: str = ""

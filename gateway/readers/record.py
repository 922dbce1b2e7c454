"""What the portal reads of the whole family record."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class CarePlan(Reader):
    instructions: str = ""
    valid_until: day | None = None


class Vaccination(Reader):
    vaccine: str
    given_on: day


class Doctor(Reader):
    name: str
    phone: str | None = None


class Contact(Reader):
    name: str
    phone: str
    link: str = ""
    may_pick_up: bool = False
    emergency: bool = False


class Stay(Reader):
    here: bool
    first: day
    last: day


class OtherHome(Reader):
    family_id: UUID
    reference: str
    label: str


class Custody(Reader):
    even_weeks_here: bool | None = None
    change_weekday: int | None = None
    stays: tuple[Stay, ...] = ()
    here_today: bool | None = None
    other_home: OtherHome | None = None


class Consent(Reader):
    consent_id: UUID
    version: int
    title: str
    body: str
    granted: bool | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    agreed_by_all: bool | None = None


class Consents(Reader):
    consents: tuple[Consent, ...] = ()


class Lack(Reader):
    code: str
    label: str
    person_id: UUID | None = None


class Change(Reader):
    change_id: UUID
    family_id: UUID
    person_id: UUID | None = None
    field: str
    label: str
    before: str
    after: str
    status: str
    by_staff: bool = False
    asked_at: datetime
    decided_at: datetime | None = None
    reason: str | None = None
    family_label: str = ""
    family_reference: str = ""


class Changes(Reader):
    changes: tuple[Change, ...] = ()


class ChangeQueue(Reader):
    changes: tuple[Change, ...] = ()
    total: int = 0
    page: int = 1
    size: int = 25


class Requirement(Reader):
    code: str
    label: str
    scope: str
    required: bool
    always: bool


class FieldRule(Reader):
    code: str
    label: str
    scope: str
    reviewed: bool
    always: bool


class Rules(Reader):
    requirements: tuple[Requirement, ...] = ()
    fields: tuple[FieldRule, ...] = ()
    can_fetch_quotient: bool = False


class ConsentText(Reader):
    consent_id: UUID
    version: int
    title: str
    body: str


class ConsentTexts(Reader):
    texts: tuple[ConsentText, ...] = ()


class CustodySpan(Reader):
    """Days that a child spends in this home, or in its other one."""

    child_id: UUID
    first_name: str
    here: bool
    first: day
    last: day


class CustodySpans(Reader):
    spans: tuple[CustodySpan, ...] = ()


class AccountRequest(Reader):
    request_id: UUID
    status: str  # waiting | approved | refused
    asked_at: datetime
    confirmed_at: datetime | None = None
    decided_at: datetime | None = None
    reason: str | None = None


class AccountRequests(Reader):
    requests: tuple[AccountRequest, ...] = ()

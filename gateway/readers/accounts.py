"""What the portal reads of accounts' answers."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader
from gateway.readers.record import (
    CarePlan,
    Change,
    Consent,
    Contact,
    Custody,
    Doctor,
    Lack,
    Vaccination,
)


class Tokens(Reader):
    access_token: str
    must_change_password: bool = False
    must_enrol_second_factor: bool = False
    expires_at: datetime | None = None
    device_token: str = ""


class SessionState(Reader):
    active: bool


class Me(Reader):
    account_id: UUID
    login: str
    name: str
    roles: tuple[str, ...]
    family_id: UUID | None = None


class Address(Reader):
    lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""


class GuardianAccount(Reader):
    account_id: UUID | None = None
    login: str | None = None
    state: str | None = None  # issued | active
    expires_at: datetime | None = None
    totp: bool = False
    last_login_at: datetime | None = None


class Guardian(Reader):
    guardian_id: UUID
    first_name: str
    last_name: str
    mail: str | None = None
    phone: str | None = None
    link: str | None = None
    address: Address | None = None
    account: GuardianAccount | None = None


class FamilyChild(Reader):
    child_id: UUID
    first_name: str
    last_name: str
    birth_date: day
    school_code: str | None = None
    school_class: str | None = None
    diet: str = "standard"
    allergies: str | None = None
    pai: CarePlan | None = None
    vaccinations: tuple[Vaccination, ...] = ()
    doctor: Doctor | None = None
    contacts: tuple[Contact, ...] = ()
    consents: tuple[Consent, ...] = ()
    custody: Custody | None = None


class Family(Reader):
    family_id: UUID
    reference: str
    label: str = ""
    resident: bool
    quotient: int | None = None
    quotient_valid_until: day | None = None
    complete: bool = True
    missing: tuple[str, ...] = ()
    lacks: tuple[Lack, ...] = ()
    pending: tuple[Change, ...] = ()
    quotient_source: str | None = None
    can_fetch_quotient: bool = False
    address: Address
    guardians: tuple[Guardian, ...] = ()
    children: tuple[FamilyChild, ...] = ()


class FamilyLine(Reader):
    family_id: UUID
    reference: str
    label: str
    city: str = ""
    quotient: int | None = None
    children: int = 0
    mail: bool = False
    account: str = "none"  # none | issued | active
    complete: bool = True


class FamilyList(Reader):
    families: tuple[FamilyLine, ...]
    total: int
    page: int = 1
    size: int = 25


class ImportReport(Reader):
    import_id: UUID | None = None
    dry_run: bool
    families: int
    guardians: int
    children: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept_until: datetime | None = None


class CodesPreview(Reader):
    by_mail: int
    by_letter: int
    incomplete: int = 0
    already: int = 0


class CodesIssued(Reader):
    batch_id: UUID
    by_mail: int
    by_letter: int
    planned_for: day | None = None

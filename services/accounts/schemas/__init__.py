"""Request and answer bodies of accounts."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from services.accounts.model import values
from services.accounts.model.family import Address, Diet, Link, QuotientSource
from services.accounts.model.issuing import Addressees
from services.accounts.model.throttling import Client
from services.accounts.schemas.person import (
    CarePlanAnswer,
    ChangeAnswer,
    ConsentAnswered,
    ContactAnswer,
    CustodyAnswer,
    DoctorAnswer,
    LackAnswer,
    VaccinationAnswer,
)
from services.chassis.endpoints import Answer, Body

AccountStatus = Literal["none", "issued", "active"]
StaffRole = Literal["agent", "leader", "regisseur", "admin"]
Channel = Literal["mail", "letter"]
Guardians = Literal["first", "all"]

Line = Annotated[str, AfterValidator(values.clean), Field(max_length=100)]
Postcode = Annotated[str, Field(min_length=1, max_length=10), AfterValidator(values.postcode)]
Mail = Annotated[str, Field(max_length=300), AfterValidator(values.mail_address)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(values.telephone)]
Password = Annotated[
    str, Field(min_length=1, max_length=256, json_schema_extra={"format": "password"})
]
# As typed a second time, perhaps not at all.
Repeated = Annotated[str, Field(max_length=256, json_schema_extra={"format": "password"})]
Login = Annotated[str, Field(min_length=1, max_length=254)]


class FamilyListQuery(Body):
    """Which families, and which page of them."""

    search: str = Field(default="", max_length=100)
    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=25, ge=1, le=200)


class FamilyRow(Answer):
    """A family in the list."""

    family_id: UUID
    reference: str
    label: str
    city: str
    quotient: int | None
    children: int
    mail: bool
    account: AccountStatus
    complete: bool


class FamilyListAnswer(Answer):
    """A page of families."""

    families: tuple[FamilyRow, ...]
    total: int
    page: int
    size: int


class AddressBody(Body):
    """A postal address."""

    lines: tuple[Line, ...] = Field(min_length=1, max_length=3)
    postcode: Postcode
    city: Annotated[str, AfterValidator(values.clean), Field(min_length=1, max_length=80)]

    @model_validator(mode="after")
    def _has_a_line(self) -> Self:
        if not any(self.lines):
            raise ValueError("Saisissez au moins une ligne d’adresse.")
        return self

    @property
    def value(self) -> Address:
        """The address as the model has it."""
        return Address(tuple(line for line in self.lines if line), self.postcode, self.city)


class AddressAnswer(Answer):
    """A postal address."""

    lines: tuple[str, ...]
    postcode: str
    city: str


class GuardianAccountAnswer(Answer):
    """The account of a guardian: `issued` until its temporary password is changed."""

    account_id: UUID
    login: str
    state: Literal["issued", "active"]
    totp: bool
    issued_at: datetime | None
    expires_at: datetime | None
    last_login_at: datetime | None


class GuardianAnswer(Answer):
    """An adult of the family."""

    guardian_id: UUID
    first_name: str
    last_name: str
    mail: str | None
    phone: str | None
    link: Link | None
    address: AddressAnswer | None
    account: GuardianAccountAnswer | None


class ChildAnswer(Answer):
    """A child of the family."""

    child_id: UUID
    first_name: str
    last_name: str
    birth_date: date
    school_code: str | None
    school_class: str | None
    diet: Diet
    allergies: str | None
    pai: CarePlanAnswer | None
    vaccinations: tuple[VaccinationAnswer, ...]
    doctor: DoctorAnswer | None
    contacts: tuple[ContactAnswer, ...]
    consents: tuple[ConsentAnswered, ...]
    custody: CustodyAnswer | None


class FamilyAnswer(Answer):
    """The family file; `missing` says in French what it lacks, `lacks` whose part lacks it."""

    family_id: UUID
    reference: str
    label: str
    record_version: int
    resident: bool
    quotient: int | None
    quotient_valid_until: date | None
    quotient_source: QuotientSource | None
    can_fetch_quotient: bool
    complete: bool
    missing: tuple[str, ...]
    lacks: tuple[LackAnswer, ...]
    pending: tuple[ChangeAnswer, ...]
    address: AddressAnswer
    guardians: tuple[GuardianAnswer, ...]
    children: tuple[ChildAnswer, ...]


class FamilyPatch(Body):
    """What is to change; a field left out stays, an empty one is cleared.

    A guardian's own contacts are meant; the staff say whose by `guardian_id`. A parent's word on
    whether the family is `resident` waits for the staff.
    """

    mail: Mail | None = None
    phone: Phone | None = None
    address: AddressBody | None = None
    resident: bool | None = None
    guardian_id: UUID | None = None

    @property
    def contacts(self) -> dict[str, str | None]:
        """The contacts that the body names, cleared ones included."""
        return self.model_dump(include=self.model_fields_set & {"mail", "phone"})

    @property
    def household(self) -> dict[str, Any]:
        """What the body says of the family as a whole."""
        told = {"address": self.address and self.address.value, "resident": self.resident}
        return {name: value for name, value in told.items() if value is not None}


class CodePreviewAnswer(Answer):
    """What an issue of codes to every family would send; `already`: families with an account."""

    by_mail: int
    by_letter: int
    incomplete: int
    already: int


class CodesBody(Body):
    """Who gets a code: the families or the guardians listed, else everybody who has none.

    `guardians`: of a family its first guardian, or each one. `only` leaves out those that the
    other way would reach; with a later day in `planned_for` the codes go out on that day.
    """

    family_ids: tuple[UUID, ...] | None = Field(default=None, min_length=1, max_length=10_000)
    guardian_ids: tuple[UUID, ...] | None = Field(default=None, min_length=1, max_length=10_000)
    guardians: Guardians = "first"
    only: Channel | None = None
    planned_for: date | None = None

    @model_validator(mode="after")
    def _lists_one_kind(self) -> Self:
        if self.family_ids and self.guardian_ids:
            raise ValueError("Donnez des familles ou des responsables, non les deux.")
        return self

    @property
    def addressees(self) -> Addressees:
        """Who it is for, as the model has it."""
        return Addressees(self.family_ids, self.guardian_ids, self.guardians == "all")


class CodesAnswer(Answer):
    """What was issued; nothing yet when it is planned for a later day."""

    batch_id: UUID
    by_mail: int
    by_letter: int
    planned_for: date | None = None


class ClientBody(Body):
    """Where a request comes from, as the gateway sees it."""

    address: str = Field(default="", max_length=45)
    device: str = Field(default="", max_length=80)
    device_token: str = Field(default="", max_length=200)

    @property
    def value(self) -> Client:
        """The client as the model has it."""
        return Client(self.address, self.device, self.device_token)


class SignInBody(Body):
    """What somebody typed to come in."""

    login: Login
    password: Password
    totp: str | None = Field(default=None, max_length=20)
    client: ClientBody = ClientBody()


class SessionAnswer(Answer):
    """A session: its signed token, and what must be done before anything else.

    The browser keeps `device_token`: it is known by it the next time.
    """

    access_token: str
    must_change_password: bool
    must_enrol_second_factor: bool
    expires_at: datetime
    device_token: str = ""


class SessionStateAnswer(Answer):
    """Whether a session still counts."""

    active: bool


class PasswordBody(Body):
    """The present password, and the one to come; `repeated`: typed a second time."""

    current: Password
    new: Password
    repeated: Repeated | None = None
    device: str = Field(default="", max_length=80)


class MeAnswer(Answer):
    """The account that asks."""

    account_id: UUID
    login: str
    name: str
    roles: tuple[str, ...]
    family_id: UUID | None
    guardian_id: UUID | None


class StaffBody(Body):
    """A member of staff; `totp_secret` in base32."""

    login: str = Field(min_length=3, max_length=254, pattern=r"^[A-Za-z0-9._@+-]+$")
    name: str = Field(min_length=1, max_length=120)
    roles: tuple[StaffRole, ...] = Field(min_length=1, max_length=4)
    password: Password
    totp_secret: str | None = Field(default=None, pattern=r"^[A-Z2-7]{16,128}=*$")
    activity_ids: tuple[UUID, ...] | None = Field(default=None, max_length=200)


class StaffAnswer(Answer):
    """A member of staff who can sign in."""

    account_id: UUID
    login: str
    name: str
    roles: tuple[str, ...]
    totp: bool


class StaffRow(StaffAnswer):
    """The same in the list, with their last visit.

    `temporary`: the password is one to be changed; `activity_ids`: null is no limit.
    """

    last_login_at: datetime | None
    activity_ids: tuple[UUID, ...] | None
    disabled: bool
    temporary: bool
    expires_at: datetime | None


class StaffListAnswer(Answer):
    """Everybody of the staff."""

    accounts: tuple[StaffRow, ...]

"""What accounts tells: families, access codes, passwords."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.envelope import Event, Fact

Diet = Literal["standard", "no_pork", "vegetarian", "own_meal"]
Channel = Literal["mail", "letter"]


class FamilyRegistered(Event, producer="accounts"):
    """A family has a record in the town's file."""

    family_id: UUID
    record_version: int


class FamilyChanged(Event, producer="accounts"):
    """Something in a family's record is different; what it is stays private."""

    family_id: UUID
    record_version: int


class AccessCodesIssued(Event, producer="accounts"):
    """A guardian was given a login and a temporary password."""

    batch_id: UUID
    family_id: UUID
    account_id: UUID
    channel: Channel


class PasswordChanged(Event, producer="accounts", key="account_id"):
    """An account has a new password; its other sessions ended."""

    account_id: UUID
    family_id: UUID | None = None


class Address(Fact):
    """A postal address: up to three lines, then postcode and town."""

    lines: tuple[str, ...]
    postcode: str
    city: str


class GuardianFile(Fact):
    """An adult of the family; the first one listed receives its messages."""

    guardian_id: UUID
    first_name: str
    last_name: str
    mail: str | None = None
    phone: str | None = None


class ChildFile(Fact):
    """A child; the diet is a need at table, never a creed (CNIL NS-058)."""

    child_id: UUID
    first_name: str
    last_name: str
    birth_date: date
    school_code: str | None = None
    school_class: str | None = None
    diet: Diet = "standard"
    allergies: str | None = None


class FamilyFileUpdated(Event, producer="accounts", private=True):
    """The whole family file as it stands; a reader keeps the highest `record_version`.

    `quotient` is the quotient familial in whole euros, None when unknown.
    """

    family_id: UUID
    record_version: int
    reference: str
    resident: bool
    quotient: int | None = None
    quotient_valid_until: date | None = None
    address: Address
    guardians: tuple[GuardianFile, ...]
    children: tuple[ChildFile, ...]


class AccessCodeReady(Event, producer="accounts", private=True):
    """A temporary password to be carried to a guardian, sealed for notifications alone.

    `sealed_password` is a libsodium sealed box in base64.
    """

    account_id: UUID
    family_id: UUID
    guardian_id: UUID
    batch_id: UUID
    login: str
    sealed_password: str
    expires_at: datetime
    channel: Channel


class FamilyErasurePlanned(Event, producer="accounts"):
    """A family asked for its data to be erased; the staff may still refuse, the family withdraw."""

    family_id: UUID
    asked_at: datetime


class FamilyErased(Event, producer="accounts"):
    """A family's data is erased: each reader erases its own, but for what the law makes it keep."""

    family_id: UUID
    erased_at: datetime

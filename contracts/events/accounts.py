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
    """An adult of the family; the first one listed receives its messages.

    `address` where it is not the family's.
    """

    guardian_id: UUID
    first_name: str
    last_name: str
    mail: str | None = None
    phone: str | None = None
    address: Address | None = None


class StayFile(Fact):
    """Days, both ends included, on which a child is in this family's home."""

    family_id: UUID
    first: date
    last: date


class CustodyFile(Fact):
    """Garde alternée: `stays` first; else by the parity of the ISO week of the last change day."""

    even_family_id: UUID | None = None
    odd_family_id: UUID | None = None
    change_weekday: int | None = None
    stays: tuple[StayFile, ...] = ()


class PickUpFile(Fact):
    """Someone who may fetch the child; `relation` as the family says it."""

    name: str
    relation: str = ""
    phone: str | None = None


class ConsentFile(Fact):
    """What this home last answered to a text of the town ("Photographies"); None: not yet."""

    title: str
    granted: bool | None = None


class ChildFile(Fact):
    """A child; the diet is a need at table, never a creed (CNIL NS-058).

    A child in two homes stands in both families' files; `custody` is its calendar, if it has one.
    `care_instructions` are those of its care plan (PAI), valid until the end of
    `care_valid_until`, or without end.
    """

    child_id: UUID
    first_name: str
    last_name: str
    birth_date: date
    school_code: str | None = None
    school_class: str | None = None
    diet: Diet = "standard"
    allergies: str | None = None
    custody: CustodyFile | None = None
    pick_ups: tuple[PickUpFile, ...] = ()
    care_instructions: str = ""
    care_valid_until: date | None = None
    consents: tuple[ConsentFile, ...] = ()


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


class RecordChangeDecided(Event, producer="accounts", private=True):
    """The staff accepted or refused what a parent asked to change in the family record.

    `what` says in French which field of whom; `reason` is given for a refusal,
    `guardian_id` is who had asked.
    """

    change_id: UUID
    family_id: UUID
    guardian_id: UUID | None = None
    what: str
    accepted: bool
    reason: str | None = None
    decided_at: datetime


class JoinedChild(Fact):
    """A child that both records had: one id stays, the other is not used any more."""

    child_id: UUID
    merged_child_id: UUID


class FamiliesMerged(Event, producer="accounts"):
    """Two records were of one family: what was the merged one's is this family's from now on.

    `children` are those that both records had; the other children keep their ids.
    """

    family_id: UUID
    merged_family_id: UUID
    children: tuple[JoinedChild, ...] = ()


class AccountRequestReceived(Event, producer="accounts", private=True, key="request_id"):
    """A newcomer asks for an account; the mail address is to be confirmed by a link, once.

    `sealed_token` is what the link carries, a libsodium sealed box in base64. The request's id
    stands for the family's until there is one.
    """

    request_id: UUID
    first_name: str
    last_name: str
    mail: str
    sealed_token: str
    expires_at: datetime


class AccountRequestConfirmed(Event, producer="accounts", key="request_id"):
    """A newcomer's mail address is confirmed; the request awaits the staff."""

    request_id: UUID


class AccountRequestApproved(Event, producer="accounts"):
    """The staff gave a newcomer a family record, a new one or one that was there."""

    request_id: UUID
    family_id: UUID


class AccountRequestRefused(Event, producer="accounts", private=True, key="request_id"):
    """The staff refused a newcomer's request, for this reason."""

    request_id: UUID
    first_name: str
    last_name: str
    mail: str
    reason: str


class FamilyErasurePlanned(Event, producer="accounts"):
    """A family asked for its data to be erased; the staff may still refuse, the family withdraw."""

    family_id: UUID
    asked_at: datetime


class FamilyErased(Event, producer="accounts"):
    """A family's data is erased: each reader erases its own, but for what the law makes it keep."""

    family_id: UUID
    erased_at: datetime


class PasswordResetReady(Event, producer="accounts", private=True):
    """Somebody forgot their password: a link by which another is chosen, once, is to be mailed.

    `sealed_token` is a libsodium sealed box in base64, for notifications alone.
    """

    account_id: UUID
    family_id: UUID
    guardian_id: UUID
    reset_id: UUID
    login: str
    mail: str
    sealed_token: str
    expires_at: datetime


class MailChangeRequested(Event, producer="accounts", private=True):
    """A guardian wants another mail address: the new one is asked to confirm, the old one told.

    Both tokens are sealed as in PasswordResetReady; there is none for an old address that is none.
    With `old_confirms` the old address has to agree too: its token confirms as well as refuses.
    """

    change_id: UUID
    account_id: UUID
    family_id: UUID
    guardian_id: UUID
    new_mail: str
    old_mail: str | None = None
    sealed_confirmation: str
    sealed_cancellation: str | None = None
    expires_at: datetime
    old_confirms: bool = False

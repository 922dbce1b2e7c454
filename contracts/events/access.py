"""What accounts tells of ways in and of what families decide: facts by id, for whoever counts them.

Names, addresses and answers stay where they are.
"""

from datetime import date
from uuid import UUID

from contracts.envelope import Event


class AccessCodesPlanned(Event, producer="accounts", key="batch_id"):
    """Access codes will be issued on this day; until then the office may withdraw them."""

    batch_id: UUID
    planned_for: date


class AccessCodesWithdrawn(Event, producer="accounts", key="batch_id"):
    """The codes that were planned will not be issued."""

    batch_id: UUID


class SecondFactorTakenUp(Event, producer="accounts", key="account_id"):
    """An account is signed in to with a second factor from now on; `family_id` for a guardian's."""

    account_id: UUID
    family_id: UUID | None = None


class SecondFactorGivenUp(Event, producer="accounts", key="account_id"):
    """An account has no second factor any more: its owner gave it up, or it was lost."""

    account_id: UUID
    family_id: UUID | None = None


class FranceConnectLinked(Event, producer="accounts", key="account_id"):
    """A guardian's account may be signed in to with FranceConnect; the identity stays private."""

    account_id: UUID
    family_id: UUID | None = None


class FranceConnectUnlinked(Event, producer="accounts", key="account_id"):
    """FranceConnect signs in to this account no more."""

    account_id: UUID
    family_id: UUID | None = None


class StaffAccountCreated(Event, producer="accounts", key="account_id"):
    """A member of the staff has an account, with these roles."""

    account_id: UUID
    roles: tuple[str, ...]


class StaffAccountChanged(Event, producer="accounts", key="account_id"):
    """An account of the staff has these roles now, or is suspended; its sessions ended."""

    account_id: UUID
    roles: tuple[str, ...]
    disabled: bool = False


class ConsentTextPublished(Event, producer="accounts", key="consent_id"):
    """The town asks families for a consent, in this version; answers to earlier ones are old."""

    consent_id: UUID
    version: int


class ConsentTextWithdrawn(Event, producer="accounts", key="consent_id"):
    """The town asks for this consent no more."""

    consent_id: UUID


class ConsentAnswered(Event, producer="accounts"):
    """A home answered a text for its child; what it answered stays in the family's file."""

    family_id: UUID
    child_id: UUID
    consent_id: UUID
    version: int


class FamilyErasureWithdrawn(Event, producer="accounts"):
    """The family that asked to be forgotten has thought better of it."""

    family_id: UUID


class FamilyErasureRefused(Event, producer="accounts"):
    """The staff refused to forget a family; the reason is the family's to read."""

    family_id: UUID

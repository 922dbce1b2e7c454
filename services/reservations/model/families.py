"""Our copies of families and enrolments, as far as reservations need them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Child:
    """A child as its family's file has it; diet and allergies are for the day's lists alone.

    `custody` is the calendar of its two homes as it was told, if it has one.
    """

    child_id: UUID
    first_name: str
    last_name: str
    birth_date: date
    school_class: str | None
    diet: str
    allergies: str | None
    custody: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PickUp:
    """Who may fetch a child, and how they are reached."""

    name: str
    relation: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Consent:
    """What a home last answered to a text of the town; None: nothing yet."""

    title: str
    granted: bool | None


@dataclass(frozen=True, slots=True)
class ChildNotes:
    """What whoever looks after a child must know of it, in this home."""

    child_id: UUID
    school_code: str | None = None
    pick_ups: tuple[PickUp, ...] = ()
    care_instructions: str = ""
    care_valid_until: date | None = None
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """A family's children at one state of its file."""

    family_id: UUID
    record_version: int
    children: tuple[Child, ...]
    notes: tuple[ChildNotes, ...] = ()


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An accepted enrolment: the child may reserve the activity from and to these days."""

    enrolment_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A child leaves an activity after `last_day`; None when it never came in."""

    enrolment_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a child has in one session: its place, its wait, what it asked after the limit."""

    session_id: UUID
    reservation_id: UUID | None
    waiting_id: UUID | None
    ask_id: UUID | None

"""The parts of a family record as answers show them."""

from datetime import date, datetime
from uuid import UUID

from services.accounts.model.amending import Status
from services.accounts.model.care import Vaccine
from services.chassis.endpoints import Answer


class CarePlanAnswer(Answer):
    """A PAI: what to do, and until when it holds."""

    instructions: str
    valid_until: date | None


class VaccinationAnswer(Answer):
    """The last injection of a vaccine."""

    vaccine: Vaccine
    given_on: date


class DoctorAnswer(Answer):
    """Who treats the child."""

    name: str
    phone: str | None


class ContactAnswer(Answer):
    """Somebody who may fetch the child, or is called in an emergency."""

    name: str
    phone: str
    link: str
    may_pick_up: bool
    emergency: bool


class StayAnswer(Answer):
    """Days that the child spends in one home: `here` is the family whose record this is."""

    here: bool
    first: date
    last: date


class OtherHomeAnswer(Answer):
    """The child's other family, told to the staff alone."""

    family_id: UUID
    reference: str
    label: str


class CustodyAnswer(Answer):
    """Garde alternée as one home sees it; nothing of the other home but that it is.

    `even_weeks_here`: home of even ISO weeks; None when weeks settle nothing.
    """

    even_weeks_here: bool | None
    change_weekday: int | None
    stays: tuple[StayAnswer, ...]
    here_today: bool | None
    other_home: OtherHomeAnswer | None


class ConsentAnswered(Answer):
    """A text and what this home answered to the version in force; None before it did.

    `agreed_by_all` says to the staff whether every home of the child consents.
    """

    consent_id: UUID
    version: int
    title: str
    body: str
    granted: bool | None
    answered_at: datetime | None
    answered_by: str | None
    agreed_by_all: bool | None


class LackAnswer(Answer):
    """Something that the town asks for and the record does not hold."""

    code: str
    label: str
    person_id: UUID | None


class ChangeAnswer(Answer):
    """A field of the record before and after, in French, and what became of it."""

    change_id: UUID
    family_id: UUID
    person_id: UUID | None
    field: str
    label: str
    before: str
    after: str
    status: Status
    by_staff: bool
    asked_at: datetime
    decided_at: datetime | None
    reason: str | None

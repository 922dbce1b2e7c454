"""The whole family record: persons, quotient, consents; for the staff custody, rules, changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as day
from typing import Annotated, Literal

from pydantic import Field

from contracts.roles import ADMIN, DESK, GUARDIAN, OFFICE
from gateway.api.edge import ShortText, forward
from gateway.api.families import AddressBody
from gateway.clients.area import LONG
from gateway.clients.record import PATIENT
from gateway.readers import Family, FamilyChild, Guardian
from gateway.readers.reader import Reader
from gateway.readers.record import (
    ChangeQueue,
    Changes,
    Consents,
    ConsentText,
    ConsentTexts,
    Rules,
)
from services.chassis.endpoints import Body, Endpoint

PersonName = Annotated[str, Field(min_length=1, max_length=80)]
LongText = Annotated[str, Field(max_length=2000)]
Vaccine = Literal["dtp", "mmr", "hib", "pertussis", "hepatitis_b", "pneumococcus", "meningococcus"]


class GuardianChange(Body):
    """What is absent stays as it is; `address: null` means the family's."""

    first_name: ShortText | None = None
    last_name: ShortText | None = None
    link: Literal["mother", "father", "guardian", "other"] | None = None
    phone: ShortText | None = None
    mail: ShortText | None = None
    address: AddressBody | None = None


class NewGuardian(Body):
    first_name: PersonName
    last_name: PersonName
    link: Literal["mother", "father", "guardian", "other"] | None = None
    phone: ShortText | None = None
    mail: ShortText | None = None


class NewChild(Body):
    first_name: PersonName
    last_name: PersonName
    birth_date: day
    school_code: Annotated[str, Field(max_length=20)] | None = None
    school_class: Annotated[str, Field(max_length=40)] | None = None


class CarePlanBody(Body):
    instructions: LongText = ""
    valid_until: day | None = None


class VaccinationBody(Body):
    vaccine: Vaccine
    given_on: day


class DoctorBody(Body):
    name: ShortText
    phone: ShortText | None = None


class ContactBody(Body):
    name: ShortText
    phone: ShortText
    link: ShortText = ""
    may_pick_up: bool = False
    emergency: bool = False


class ChildChange(Body):
    """What is absent stays as it is; a list given replaces the old one."""

    first_name: ShortText | None = None
    last_name: ShortText | None = None
    birth_date: day | None = None
    school_code: ShortText | None = None
    school_class: ShortText | None = None
    diet: Literal["standard", "no_pork", "vegetarian", "own_meal"] | None = None
    allergies: ShortText | None = None
    pai: CarePlanBody | None = None
    vaccinations: Annotated[tuple[VaccinationBody, ...], Field(max_length=7)] | None = None
    doctor: DoctorBody | None = None
    contacts: Annotated[tuple[ContactBody, ...], Field(max_length=10)] | None = None


class QuotientBody(Body):
    """Whole euros."""

    quotient: Annotated[int, Field(ge=0, le=99_999, strict=True)] | None
    valid_until: day | None = None


class IdentityBody(Body):
    """The allocataire as in the civil register, and the family's agreement."""

    agreed: Literal[True]
    birth_name: ShortText
    used_name: ShortText | None = None
    first_names: Annotated[tuple[ShortText, ...], Field(min_length=1, max_length=6)]
    birth_date: day
    sex: Literal["M", "F"]
    birth_country: Annotated[str, Field(pattern=r"^99\d{3}$")] = "99100"
    birth_commune: Annotated[str, Field(pattern=r"^(\d{5}|2[AB]\d{3})$")] | None = None


class ConsentAnswerBody(Body):
    """The answer, and the version of the text that was read."""

    version: Annotated[int, Field(ge=1, le=1_000_000)]
    granted: bool


class ConsentTextBody(Body):
    title: Annotated[str, Field(min_length=1, max_length=80)]
    body: Annotated[str, Field(min_length=1, max_length=2000)]


class RulesBody(Body):
    """Codes of requirements and of fields; a list left out stays."""

    required: Annotated[tuple[ShortText, ...], Field(max_length=100)] | None = None
    reviewed: Annotated[tuple[ShortText, ...], Field(max_length=100)] | None = None


class ChangesQuery(Body):
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 25


class RefusalBody(Body):
    """The family reads the reason."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


@dataclass(frozen=True, slots=True)
class Part:
    """An operation on one record: a parent's on the own one, the office's on any."""

    method: Literal["GET", "POST", "PATCH"]
    path: str
    name: str
    summary: str
    body: type[Body] | None = None
    answer: type[Reader] = Family
    status: int = 200
    deadline: float = LONG

    def own(self) -> Endpoint:
        """For a parent."""
        return self._of("/family", "/families/{own_family}", "own", {GUARDIAN})

    def of_any(self) -> Endpoint:
        """For the office; looking is for all who read family files."""
        allow = OFFICE if self.body else DESK
        return self._of(_STAFF, "/families/{family_id}", "family", allow)

    def _of(self, start: str, at: str, whose: str, allow: Iterable[str]) -> Endpoint:
        return forward(
            self.method,
            start + self.path,
            self.name.format(whose),
            to="accounts",
            at=at + self.path,
            allow=allow,
            body=self.body,
            answer=self.answer,
            status=self.status,
            deadline=self.deadline,
            summary=self.summary,
        )


PARTS = (
    Part("GET", "/guardians/{guardian_id}", "read_{}_guardian", "One guardian.", answer=Guardian),
    Part("GET", "/children/{child_id}", "read_{}_child", "One child's file.", answer=FamilyChild),
    Part(
        "PATCH",
        "/guardians/{guardian_id}",
        "amend_{}_guardian",
        "Amend a guardian; some changes of parents wait for the staff.",
        GuardianChange,
    ),
    Part(
        "PATCH",
        "/children/{child_id}",
        "amend_{}_child",
        "Amend a child; some changes of parents wait for the staff.",
        ChildChange,
    ),
    Part(
        "POST",
        "/guardians",
        "add_{}_guardian",
        "Add a guardian; whom a parent adds waits for the staff.",
        NewGuardian,
        status=201,
    ),
    Part(
        "POST",
        "/children",
        "add_{}_child",
        "Add a child; whom a parent adds waits for the staff.",
        NewChild,
        status=201,
    ),
    Part(
        "POST",
        "/quotient",
        "type_{}_quotient",
        "Type the quotient familial; a parent's waits for the staff.",
        QuotientBody,
    ),
    Part(
        "POST",
        "/quotient/fetch",
        "fetch_{}_quotient",
        "Fetch the quotient familial from the CAF or the MSA (API Particulier).",
        IdentityBody,
        deadline=PATIENT,
    ),
    Part(
        "POST",
        "/children/{child_id}/consents/{consent_id}",
        "answer_{}_consent",
        "Answer a consent for a child, or note the answer given on paper.",
        ConsentAnswerBody,
        Consents,
    ),
    Part(
        "GET",
        "/changes",
        "list_{}_changes",
        "The record's last changes, the newest first.",
        answer=Changes,
    ),
)

_STAFF = "/staff/families/{family_id}"

ENDPOINTS = (
    *(part.own() for part in PARTS),
    *(part.of_any() for part in PARTS),
    forward(
        "GET",
        "/consents",
        "list_consent_texts",
        to="accounts",
        allow=DESK | {GUARDIAN},
        answer=ConsentTexts,
        summary="The consents that parents are asked for.",
    ),
    forward(
        "POST",
        "/staff/consents",
        "publish_consent",
        to="accounts",
        at="/consents",
        allow={ADMIN},
        body=ConsentTextBody,
        answer=ConsentText,
        status=201,
        summary="Ask parents for one more consent.",
    ),
    forward(
        "POST",
        "/staff/consents/{consent_id}/versions",
        "replace_consent",
        to="accounts",
        at="/consents/{consent_id}/versions",
        allow={ADMIN},
        body=ConsentTextBody,
        answer=ConsentText,
        status=201,
        summary="Publish a new version of a consent: every home is asked again.",
    ),
    forward(
        "DELETE",
        "/staff/consents/{consent_id}",
        "withdraw_consent",
        to="accounts",
        at="/consents/{consent_id}",
        allow={ADMIN},
        status=204,
        summary="Ask for a consent no more; the answers are kept.",
    ),
    forward(
        "GET",
        "/staff/record-rules",
        "read_record_rules",
        to="accounts",
        at="/record-rules",
        allow=DESK,
        answer=Rules,
        summary="What a complete record needs, and which changes of parents wait.",
    ),
    forward(
        "PATCH",
        "/staff/record-rules",
        "set_record_rules",
        to="accounts",
        at="/record-rules",
        allow={ADMIN},
        body=RulesBody,
        answer=Rules,
        summary="Choose what a complete record needs, and which changes of parents wait.",
    ),
    forward(
        "GET",
        "/staff/record-changes",
        "list_waiting_changes",
        to="accounts",
        at="/record-changes",
        allow=OFFICE,
        query=ChangesQuery,
        answer=ChangeQueue,
        summary="Changes of parents that wait for the staff, the oldest first.",
    ),
    forward(
        "POST",
        "/staff/record-changes/{change_id}/accept",
        "accept_change",
        to="accounts",
        at="/record-changes/{change_id}/accept",
        allow=OFFICE,
        status=204,
        summary="Accept a change; the family is told.",
    ),
    forward(
        "POST",
        "/staff/record-changes/{change_id}/refuse",
        "refuse_change",
        to="accounts",
        at="/record-changes/{change_id}/refuse",
        allow=OFFICE,
        body=RefusalBody,
        status=204,
        summary="Refuse a change, with a reason that the family reads.",
    ),
)

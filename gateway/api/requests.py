"""Enrolment requests: drafts, what becomes of each, leaving."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.roles import DESK, GUARDIAN, OFFICE
from gateway.api.edge import ShortText, forward
from gateway.api.enrolment import Code, YearLabel
from gateway.readers import (
    Application,
    BulkOutcomes,
    Choices,
    Enrolment,
    Enrolments,
    Renewals,
)
from services.chassis.endpoints import Body

Status = Literal["draft", "submitted", "returned", "waiting", "accepted", "refused", "withdrawn"]
Reason = Annotated[str, StringConstraints(min_length=3, max_length=500)]


class EnrolmentsQuery(Body):
    status: Status | None = None
    child_id: UUID | None = None
    school_year: YearLabel | None = None


class StaffEnrolmentsQuery(EnrolmentsQuery):
    family_id: UUID | None = None
    activity_id: UUID | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 200


class EnrolmentBody(Body):
    child_id: UUID
    activity_id: UUID
    regulations_accepted: bool


class StaffEnrolmentBody(EnrolmentBody):
    """`family_id`: which one asks, when the child has two homes."""

    family_id: UUID | None = None


class WishBody(Body):
    """`declared`: the codes of the activity's criteria that hold for this child."""

    child_id: UUID
    activity_id: UUID
    declared: Annotated[tuple[Code, ...], Field(max_length=50)] = ()


class ApplicationBody(Body):
    """Several children and activities at once; `together`: places all or none in an activity."""

    items: Annotated[tuple[WishBody, ...], Field(min_length=1, max_length=100)]
    together: bool = False


class SendingBody(Body):
    regulations_accepted: bool


class NoteBody(Body):
    note: ShortText = ""


class WithdrawalBody(Body):
    """`ends_on`: the child's last day; today unless given."""

    ends_on: date | None = None
    note: ShortText = ""


class RefusalBody(Body):
    reason: Reason


class ReturnBody(Body):
    note: Reason


class BulkBody(Body):
    enrolment_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class ChoicesQuery(Body):
    school_year: YearLabel | None = None


ENDPOINTS = (
    forward(
        "GET",
        "/enrolments",
        "list_enrolments",
        to="enrolment",
        allow={GUARDIAN},
        query=EnrolmentsQuery,
        answer=Enrolments,
        summary="The family's drafts, requests and enrolments, each with its dated history.",
    ),
    forward(
        "GET",
        "/enrolments/{enrolment_id}",
        "read_enrolment",
        to="enrolment",
        allow={GUARDIAN},
        answer=Enrolment,
        summary="One of them.",
    ),
    forward(
        "POST",
        "/enrolments",
        "request_enrolment",
        to="enrolment",
        allow={GUARDIAN},
        body=EnrolmentBody,
        answer=Enrolment,
        status=201,
        summary="Ask for a child's enrolment in an activity.",
    ),
    forward(
        "POST",
        "/enrolments/{enrolment_id}/completion",
        "complete_enrolment",
        to="enrolment",
        allow={GUARDIAN},
        body=NoteBody,
        answer=Enrolment,
        summary="Send a request again that was sent back to be completed.",
    ),
    forward(
        "POST",
        "/enrolments/{enrolment_id}/withdrawal",
        "withdraw_enrolment",
        to="enrolment",
        allow={GUARDIAN},
        body=WithdrawalBody,
        answer=Enrolment,
        summary="Withdraw a request, or leave an activity after a last day.",
    ),
    forward(
        "GET",
        "/enrolment-choices",
        "list_choices",
        to="enrolment",
        at="/choices",
        allow={GUARDIAN},
        query=ChoicesQuery,
        answer=Choices,
        summary="Each child with the activities of its age, and whether they can be asked for now.",
    ),
    forward(
        "GET",
        "/renewals",
        "list_renewals",
        to="enrolment",
        allow={GUARDIAN},
        answer=Renewals,
        summary="What the children could go on with in the school year after theirs.",
    ),
    forward(
        "POST",
        "/applications",
        "keep_application",
        to="enrolment",
        allow={GUARDIAN},
        body=ApplicationBody,
        answer=Application,
        status=201,
        summary="Keep a draft for several children and activities; nobody else sees it.",
    ),
    forward(
        "PUT",
        "/applications/{application_id}",
        "change_application",
        to="enrolment",
        allow={GUARDIAN},
        body=ApplicationBody,
        answer=Application,
        summary="Make the draft be this instead.",
    ),
    forward(
        "DELETE",
        "/applications/{application_id}",
        "discard_application",
        to="enrolment",
        allow={GUARDIAN},
        summary="Forget the draft.",
    ),
    forward(
        "POST",
        "/applications/{application_id}/send",
        "send_application",
        to="enrolment",
        allow={GUARDIAN},
        body=SendingBody,
        answer=Application,
        summary="Send the draft; each request has its own outcome.",
    ),
    forward(
        "GET",
        "/staff/enrolments",
        "list_all_enrolments",
        to="enrolment",
        at="/enrolments",
        allow=DESK,
        query=StaffEnrolmentsQuery,
        answer=Enrolments,
        summary="Every family's enrolments.",
    ),
    forward(
        "POST",
        "/staff/enrolments",
        "enrol_for_family",
        to="enrolment",
        at="/enrolments",
        allow=OFFICE,
        body=StaffEnrolmentBody,
        answer=Enrolment,
        status=201,
        summary="Hand in a request for a family, past the window if need be.",
    ),
    forward(
        "POST",
        "/staff/enrolments/accept",
        "accept_enrolments",
        to="enrolment",
        at="/acceptances",
        allow=OFFICE,
        body=BulkBody,
        answer=BulkOutcomes,
        summary="Accept several requests; each has its own outcome.",
    ),
    forward(
        "POST",
        "/staff/enrolments/{enrolment_id}/accept",
        "accept_enrolment",
        to="enrolment",
        at="/enrolments/{enrolment_id}/accept",
        allow=OFFICE,
        answer=Enrolment,
        summary="Accept a request; the child may then reserve.",
    ),
    forward(
        "POST",
        "/staff/enrolments/{enrolment_id}/refuse",
        "refuse_enrolment",
        to="enrolment",
        at="/enrolments/{enrolment_id}/refuse",
        allow=OFFICE,
        body=RefusalBody,
        answer=Enrolment,
        summary="Refuse a request, with the reason that the family reads.",
    ),
    forward(
        "POST",
        "/staff/enrolments/{enrolment_id}/return",
        "return_enrolment",
        to="enrolment",
        at="/enrolments/{enrolment_id}/return",
        allow=OFFICE,
        body=ReturnBody,
        answer=Enrolment,
        summary="Send a request back to the family, with what lacks.",
    ),
    forward(
        "POST",
        "/staff/enrolments/{enrolment_id}/wait",
        "put_on_waiting_list",
        to="enrolment",
        at="/enrolments/{enrolment_id}/wait",
        allow=OFFICE,
        body=NoteBody,
        answer=Enrolment,
        summary="Put a request on the waiting list, in the order of its arrival.",
    ),
    forward(
        "POST",
        "/staff/enrolments/{enrolment_id}/withdraw",
        "end_enrolment",
        to="enrolment",
        at="/enrolments/{enrolment_id}/withdrawal",
        allow=OFFICE,
        body=WithdrawalBody,
        answer=Enrolment,
        summary="Withdraw a request for a family, or end an enrolment after a last day.",
    ),
)

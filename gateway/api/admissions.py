"""Windows and places, the distribution by criteria, house rules."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from contracts.roles import DESK, GUARDIAN, OFFICE, SIGNED_IN
from gateway.api.edge import forward
from gateway.api.enrolment import Code, Name, YearLabel
from gateway.readers import (
    Admission,
    Admissions,
    Allocation,
    Allocations,
    OwedRegulationsList,
    Regulations,
    RegulationsVersions,
)
from services.chassis.endpoints import Body

Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC)),
]


class AdmissionsQuery(Body):
    school_year: YearLabel | None = None


class CriterionBody(Body):
    """What counts and how it is known: declared, or known to the town."""

    code: Code
    label: Name
    weight: Annotated[int, Field(ge=1, le=1000)]
    source: Literal["declared", "resident", "sibling", "school"]
    per_child: bool = False
    schools: Annotated[tuple[Code, ...], Field(max_length=50)] = ()


class AdmissionBody(Body):
    """`automatic`: accepted by itself while there are places, and freed places passed on.

    `papers`: what a missing compulsory paper does to a request.
    """

    opens_at: Instant | None = None
    closes_at: Instant | None = None
    mode: Literal["first_come", "allocation"] = "first_come"
    automatic: bool = False
    places: Annotated[int, Field(ge=0, le=100_000)] | None = None
    papers: Literal["show", "complete", "block"] = "show"
    criteria: Annotated[tuple[CriterionBody, ...], Field(max_length=30)] = ()


class AllocationBody(Body):
    """`seed` decides between equals: what was drawn in public, a new one unless given."""

    activity_id: UUID
    seed: Annotated[str, StringConstraints(max_length=60)] = ""


class AllocationsQuery(Body):
    activity_id: UUID | None = None


class RegulationsQuery(Body):
    school_year: YearLabel
    activity_id: UUID | None = None


class RegulationsBody(Body):
    school_year: YearLabel
    activity_id: UUID | None = None
    title: Name
    text: Annotated[str, StringConstraints(min_length=1, max_length=100_000)]


class AcceptanceBody(Body):
    """The version that was read."""

    school_year: YearLabel
    activity_id: UUID | None = None
    version: Annotated[int, Field(ge=1, le=1_000_000)]


ENDPOINTS = (
    forward(
        "GET",
        "/admissions",
        "list_admissions",
        to="enrolment",
        allow=SIGNED_IN,
        query=AdmissionsQuery,
        answer=Admissions,
        summary="When families may ask for each activity, how many places there are and are left.",
    ),
    forward(
        "GET",
        "/regulations",
        "read_regulations",
        to="enrolment",
        allow=SIGNED_IN,
        query=RegulationsQuery,
        answer=Regulations,
        summary="The house rules that an enrolment request accepts.",
    ),
    forward(
        "GET",
        "/regulations/owed",
        "list_owed_regulations",
        to="enrolment",
        allow={GUARDIAN},
        answer=OwedRegulationsList,
        summary="The house rules that the family is asked to accept.",
    ),
    forward(
        "POST",
        "/regulations/acceptances",
        "accept_regulations",
        to="enrolment",
        allow={GUARDIAN},
        body=AcceptanceBody,
        answer=Regulations,
        summary="Accept the house rules in force.",
    ),
    forward(
        "POST",
        "/staff/regulations",
        "publish_regulations",
        to="enrolment",
        at="/regulations",
        allow=OFFICE,
        body=RegulationsBody,
        answer=Regulations,
        summary="Publish house rules of a school year or an activity; families are asked again.",
    ),
    forward(
        "GET",
        "/staff/regulations",
        "list_regulations_versions",
        to="enrolment",
        at="/regulations/versions",
        allow=DESK,
        answer=RegulationsVersions,
        summary="Every version, and how many families accepted it.",
    ),
    forward(
        "PUT",
        "/staff/admissions/{activity_id}",
        "save_admission",
        to="enrolment",
        at="/admissions/{activity_id}",
        allow=OFFICE,
        body=AdmissionBody,
        answer=Admission,
        summary="Settle when families may ask, how many places there are and how they are given.",
    ),
    forward(
        "GET",
        "/staff/allocations",
        "list_allocations",
        to="enrolment",
        at="/allocations",
        allow=DESK,
        query=AllocationsQuery,
        answer=Allocations,
        summary="Previews and confirmed distributions of places, the newest first.",
    ),
    forward(
        "POST",
        "/staff/allocations",
        "preview_allocation",
        to="enrolment",
        at="/allocations",
        allow=OFFICE,
        body=AllocationBody,
        answer=Allocation,
        status=201,
        summary="Preview who would get a place by the criteria; nobody is told.",
    ),
    forward(
        "GET",
        "/staff/allocations/{allocation_id}",
        "read_allocation",
        to="enrolment",
        at="/allocations/{allocation_id}",
        allow=DESK,
        answer=Allocation,
        summary="Who gets a place and who waits, child by child, and why.",
    ),
    forward(
        "POST",
        "/staff/allocations/{allocation_id}/confirm",
        "confirm_allocation",
        to="enrolment",
        at="/allocations/{allocation_id}/confirm",
        allow=OFFICE,
        answer=Allocation,
        summary="Confirm a preview: exactly what it shows is decided.",
    ),
)

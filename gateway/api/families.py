"""The family file; for the staff every family, import, access codes."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.roles import DESK, GUARDIAN, OFFICE
from gateway.api.edge import ShortText, clients, forward, taking
from gateway.clients.area import IMPORT, TRANSFER
from gateway.readers import CodesIssued, CodesPreview, Family, FamilyList, ImportReport
from gateway.transfer import CHUNK, MAX_IMPORT_BYTES, file_too_large
from services.chassis.endpoints import Body, Call, post
from services.chassis.errors import TooLarge


class AddressBody(Body):
    lines: Annotated[tuple[ShortText, ...], Field(min_length=1, max_length=4)]
    postcode: Annotated[str, Field(min_length=1, max_length=10)]
    city: Annotated[str, Field(min_length=1, max_length=100)]


class FamilyChange(Body):
    """What is absent stays as it is."""

    phone: ShortText | None = None
    mail: ShortText | None = None
    address: AddressBody | None = None


class StaffFamilyChange(FamilyChange):
    guardian_id: UUID | None = None
    resident: bool | None = None


class FamiliesQuery(Body):
    search: Annotated[str, Field(max_length=100)] = ""
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 25


class ImportQuery(Body):
    """`school_codes`: those that the children's schools may have, commas between; empty: any."""

    dry_run: bool = False
    school_codes: Annotated[str, Field(max_length=4000)] = ""


class CheckedImportQuery(Body):
    dry_run: bool = False


class AccessCodesBody(Body):
    """Nobody listed: everybody of the complete families who has no account yet.

    `guardians`: of each family its first guardian, or every one.
    """

    family_ids: Annotated[tuple[UUID, ...], Field(max_length=10_000)] | None = None
    guardian_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=10_000)] | None = None
    guardians: Literal["first", "all"] = "first"
    only: Literal["mail", "letter"] | None = None
    planned_for: date | None = None


class CodesPreviewQuery(Body):
    guardians: Literal["first", "all"] = "first"


async def import_families(call: Call, query: ImportQuery) -> ImportReport:
    """Import families from CSV: all of them, or none and every bad line named."""
    if (call.request.content_length or 0) > MAX_IMPORT_BYTES:
        raise TooLarge(file_too_large(MAX_IMPORT_BYTES))
    return await clients(call).accounts.pour(
        ImportReport,
        "/imports/families",
        call.request.content.iter_chunked(CHUNK),
        "text/csv",
        deadline=IMPORT,
        dry_run=query.dry_run,
        school_codes=query.school_codes or None,
    )


ENDPOINTS = (
    forward(
        "GET",
        "/family",
        "read_own_family",
        to="accounts",
        at="/families/{own_family}",
        allow={GUARDIAN},
        answer=Family,
        summary="The caller's family file.",
    ),
    forward(
        "PATCH",
        "/family",
        "amend_own_family",
        to="accounts",
        at="/families/{own_family}",
        allow={GUARDIAN},
        body=FamilyChange,
        answer=Family,
        summary="Amend the caller's own contact details.",
    ),
    forward(
        "GET",
        "/staff/families",
        "list_families",
        to="accounts",
        at="/families",
        allow=DESK,
        query=FamiliesQuery,
        answer=FamilyList,
        summary="Families by name or reference.",
    ),
    taking(
        post("/staff/families/import", import_families, allow=OFFICE),
        kind="text/csv",
        schema={"type": "string"},
    ),
    forward(
        "POST",
        "/staff/imports/{import_id}/families",
        "import_checked_families",
        to="accounts",
        at="/imports/{import_id}/families",
        allow=OFFICE,
        query=CheckedImportQuery,
        answer=ImportReport,
        deadline=IMPORT,
        summary="Import the file of one's own check, or check it once more.",
    ),
    forward(
        "GET",
        "/staff/families/{family_id}",
        "read_family",
        to="accounts",
        at="/families/{family_id}",
        allow=DESK,
        answer=Family,
        summary="One family's file.",
    ),
    forward(
        "PATCH",
        "/staff/families/{family_id}",
        "amend_family",
        to="accounts",
        at="/families/{family_id}",
        allow=OFFICE,
        body=StaffFamilyChange,
        answer=Family,
        summary="Amend a guardian's contact details.",
    ),
    forward(
        "GET",
        "/staff/access-codes",
        "preview_access_codes",
        to="accounts",
        at="/access-codes",
        allow=OFFICE,
        query=CodesPreviewQuery,
        answer=CodesPreview,
        summary="How many families would receive codes, and how.",
    ),
    forward(
        "POST",
        "/staff/access-codes",
        "issue_access_codes",
        to="accounts",
        at="/access-codes",
        allow=OFFICE,
        body=AccessCodesBody,
        answer=CodesIssued,
        status=201,
        deadline=TRANSFER,
        summary="Issue access codes, by mail or by letter.",
    ),
)

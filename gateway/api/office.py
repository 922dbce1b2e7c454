"""What the office does in bulk, and newcomers' account requests."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field

from contracts.roles import ANONYMOUS, OFFICE, SIGNED_IN
from gateway.api.edge import ShortText, clients, filed, forward
from gateway.api.families import AddressBody
from gateway.clients.area import TRANSFER
from gateway.portal import PORTAL
from gateway.readers import CodesIssued, Family
from gateway.readers.office import (
    AccountRequest,
    AccountRequestList,
    ApprovedRequest,
    ClassLadder,
    CodeBatches,
    CodeRecipients,
    MergedFamily,
    MergePreview,
    RolledOver,
    RollOverPreview,
)
from gateway.visitor import network_address
from services.chassis.endpoints import Body, Call, get, post

ANYBODY = SIGNED_IN | {ANONYMOUS}


class AdultBody(Body):
    first_name: Annotated[str, Field(min_length=1, max_length=80)]
    last_name: Annotated[str, Field(min_length=1, max_length=80)]
    mail: ShortText | None = None
    phone: ShortText | None = None


class ChildBody(Body):
    first_name: Annotated[str, Field(min_length=1, max_length=80)]
    last_name: Annotated[str, Field(min_length=1, max_length=80)]
    birth_date: date
    school_code: Annotated[str, Field(max_length=20)] | None = None
    school_class: Annotated[str, Field(max_length=40)] | None = None


class AccountRequestBody(Body):
    """The first adult has a mail address: the confirmation link goes there."""

    adults: Annotated[tuple[AdultBody, ...], Field(min_length=1, max_length=2)]
    children: Annotated[tuple[ChildBody, ...], Field(min_length=1, max_length=10)]
    address: AddressBody


class NewFamilyBody(Body):
    """`although_alike`: the families that resemble it were looked at."""

    resident: bool = False
    adults: Annotated[tuple[AdultBody, ...], Field(min_length=1, max_length=2)]
    children: Annotated[tuple[ChildBody, ...], Field(max_length=10)] = ()
    address: AddressBody
    although_alike: bool = False


class ConfirmBody(Body):
    token: Annotated[str, Field(min_length=1, max_length=100)]


class RequestsQuery(Body):
    status: Literal["waiting", "approved", "refused"] = "waiting"
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 25


class ApproveBody(Body):
    """Into this family; without one a new record is made."""

    family_id: UUID | None = None
    resident: bool = False
    use_contacts: bool = False


class RefuseBody(Body):
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class RecipientsQuery(Body):
    outcome: Literal["mail", "letter", "incomplete", "already"] | None = None
    guardians: Literal["first", "all"] = "first"
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 50


class ReissueBody(Body):
    only: Literal["mail", "letter"] | None = None


class RollOverBody(Body):
    """`confirmed`: the school year once more, when it is not the time of its passage."""

    school_year: Annotated[str, Field(pattern=r"^20\d{2}-20\d{2}$")]
    confirmed: Annotated[str, Field(max_length=9)] = ""


class LadderBody(Body):
    steps: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=40)], ...],
        Field(min_length=1, max_length=30),
    ]


class MergeBody(Body):
    """`take` names the differences on which the record that goes is believed."""

    take: Annotated[tuple[Annotated[str, Field(max_length=80)], ...], Field(max_length=500)] = ()


async def ask_for_account(call: Call, body: AccountRequestBody) -> web.Response:
    """Ask for an account: a confirmation link is mailed, whoever asks."""
    household = body.model_dump(mode="json")
    await clients(call).office.ask_for_account(
        household, network_address(call.request, call.app[PORTAL].proxies)
    )
    return web.json_response({"status": "received"}, status=202)


async def import_report(call: Call, import_id: UUID) -> web.StreamResponse:
    """What became of each line of an imported file."""
    return await clients(call).office.import_report(import_id).send(call.request)


async def export_families(call: Call) -> web.StreamResponse:
    """Every family and child, as an import reads them back."""
    return await clients(call).office.export_families().send(call.request)


ENDPOINTS = (
    filed(
        get("/staff/imports/{import_id}/report.csv", import_report, allow=OFFICE), kind="text/csv"
    ),
    filed(get("/staff/families/export.csv", export_families, allow=OFFICE), kind="text/csv"),
    forward(
        "POST",
        "/staff/families",
        "open_family",
        to="accounts",
        at="/families",
        allow=OFFICE,
        body=NewFamilyBody,
        answer=Family,
        status=201,
        summary="Open a record by hand; refused when a family resembles it, unless one insists.",
    ),
    post("/account-requests", ask_for_account, allow=ANYBODY, status=202),
    forward(
        "POST",
        "/account-requests/confirm",
        "confirm_account_request",
        to="accounts",
        allow=ANYBODY,
        body=ConfirmBody,
        status=204,
        summary="Confirm the mail address of a request by the link's token, once.",
    ),
    forward(
        "GET",
        "/staff/account-requests",
        "list_account_requests",
        to="accounts",
        at="/account-requests",
        allow=OFFICE,
        query=RequestsQuery,
        answer=AccountRequestList,
        summary="Account requests whose mail address is confirmed.",
    ),
    forward(
        "GET",
        "/staff/account-requests/{request_id}",
        "read_account_request",
        to="accounts",
        at="/account-requests/{request_id}",
        allow=OFFICE,
        answer=AccountRequest,
        summary="One request, and the families that resemble it.",
    ),
    forward(
        "POST",
        "/staff/account-requests/{request_id}/approve",
        "approve_account_request",
        to="accounts",
        at="/account-requests/{request_id}/approve",
        allow=OFFICE,
        body=ApproveBody,
        answer=ApprovedRequest,
        summary="Put a request into a family record; the access code goes out.",
    ),
    forward(
        "POST",
        "/staff/account-requests/{request_id}/refuse",
        "refuse_account_request",
        to="accounts",
        at="/account-requests/{request_id}/refuse",
        allow=OFFICE,
        body=RefuseBody,
        status=204,
        summary="Refuse a request; the reason is mailed.",
    ),
    forward(
        "GET",
        "/staff/access-codes/recipients",
        "list_code_recipients",
        to="accounts",
        at="/access-codes/recipients",
        allow=OFFICE,
        query=RecipientsQuery,
        answer=CodeRecipients,
        summary="What an issue of codes would do for each family, and why.",
    ),
    forward(
        "GET",
        "/staff/access-codes/batches",
        "list_code_batches",
        to="accounts",
        at="/access-codes/batches",
        allow=OFFICE,
        answer=CodeBatches,
        summary="Batches of codes, planned and issued.",
    ),
    forward(
        "DELETE",
        "/staff/access-codes/batches/{batch_id}",
        "withdraw_code_batch",
        to="accounts",
        at="/access-codes/batches/{batch_id}",
        allow=OFFICE,
        status=204,
        summary="Withdraw a planned batch.",
    ),
    forward(
        "POST",
        "/staff/access-codes/batches/{batch_id}/reissue",
        "reissue_code_batch",
        to="accounts",
        at="/access-codes/batches/{batch_id}/reissue",
        allow=OFFICE,
        body=ReissueBody,
        answer=CodesIssued,
        status=201,
        deadline=TRANSFER,
        summary="New codes for those of a batch who have not used theirs.",
    ),
    forward(
        "GET",
        "/staff/roll-overs",
        "preview_roll_over",
        to="accounts",
        at="/roll-overs",
        allow=OFFICE,
        answer=RollOverPreview,
        summary="Who would go to which class, who would leave, and the years done.",
    ),
    forward(
        "POST",
        "/staff/roll-overs",
        "apply_roll_over",
        to="accounts",
        at="/roll-overs",
        allow=OFFICE,
        body=RollOverBody,
        answer=RolledOver,
        status=201,
        deadline=TRANSFER,
        summary="Move every child to its next class, once a school year.",
    ),
    forward(
        "POST",
        "/staff/class-ladder",
        "set_class_ladder",
        to="accounts",
        at="/class-ladder",
        allow=OFFICE,
        body=LadderBody,
        answer=ClassLadder,
        summary="The town's classes, from the first to the last.",
    ),
    forward(
        "GET",
        "/staff/families/{family_id}/merge/{other_id}",
        "preview_merge",
        to="accounts",
        at="/families/{family_id}/merge/{other_id}",
        allow=OFFICE,
        answer=MergePreview,
        summary="Two records side by side: what differs, who would be joined.",
    ),
    forward(
        "POST",
        "/staff/families/{family_id}/merge/{other_id}",
        "merge_families",
        to="accounts",
        at="/families/{family_id}/merge/{other_id}",
        allow=OFFICE,
        body=MergeBody,
        answer=MergedFamily,
        summary="Put another record into this one, for good.",
    ),
)

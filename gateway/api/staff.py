"""The staff's accounts, for the administrator."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.roles import ADMIN
from gateway.api.edge import forward
from gateway.readers.staff import HandedCode, StaffAccounts, StaffProfile
from services.chassis.endpoints import Body

Role = Literal["agent", "leader", "regisseur", "admin"]


class StaffBody(Body):
    """`activity_ids` limits an activity leader to these activities; null is no limit."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=4)]
    activity_ids: Annotated[tuple[UUID, ...], Field(max_length=200)] | None = None
    disabled: bool = False


class NewStaffBody(StaffBody):
    login: Annotated[str, Field(min_length=3, max_length=254, pattern=r"^[A-Za-z0-9._@+-]+$")]


ENDPOINTS = (
    forward(
        "GET",
        "/staff/accounts",
        "list_staff",
        to="accounts",
        at="/staff-accounts",
        allow={ADMIN},
        answer=StaffAccounts,
        summary="The staff's accounts.",
    ),
    forward(
        "POST",
        "/staff/accounts",
        "create_staff",
        to="accounts",
        at="/staff-accounts/new",
        allow={ADMIN},
        body=NewStaffBody,
        answer=HandedCode,
        status=201,
        summary="A new account; its temporary password is shown this once.",
    ),
    forward(
        "PUT",
        "/staff/accounts/{account_id}",
        "change_staff",
        to="accounts",
        at="/staff-accounts/{account_id}",
        allow={ADMIN},
        body=StaffBody,
        answer=StaffProfile,
        summary="Change, disable or enable an account.",
    ),
    forward(
        "POST",
        "/staff/accounts/{account_id}/code",
        "renew_staff_code",
        to="accounts",
        at="/staff-accounts/{account_id}/code",
        allow={ADMIN},
        answer=HandedCode,
        status=201,
        summary="Another temporary password, shown this once.",
    ),
)

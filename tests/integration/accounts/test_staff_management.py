"""The staff's accounts as an administrator keeps them."""

from typing import Any
from uuid import uuid4

import pytest

from contracts.events.access import StaffAccountChanged, StaffAccountCreated
from services.chassis.auth import Caller
from services.chassis.testing import Reply, staff
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    ADMIN_CALLER,
    PASSWORD,
    STRANGER,
    caller_of,
    new_family,
    new_parent,
    sign_in,
    told,
)


def described(**changes: object) -> dict[str, object]:
    return {"name": "Yann Le Bris", "roles": ["leader"], **changes}


async def created(town: Town, **changes: object) -> Any:
    body = described(login=f"yann-{uuid4().hex[:8]}", **changes)
    reply = await town.service.post("/staff-accounts/new", ADMIN_CALLER, json=body)
    assert reply.status == 201, reply.body
    return reply.json


async def changed(
    town: Town, account_id: str, caller: Caller = ADMIN_CALLER, **to: object
) -> Reply:
    path = f"/staff-accounts/{account_id}"
    return await town.service.call("PUT", path, caller, json=described(**to))


async def test_a_new_member_of_staff_gets_a_temporary_password_to_be_changed(town: Town) -> None:
    handed = await created(town)
    first = await sign_in(town.service, handed["login"], handed["temporary_password"])
    assert first.status == 201
    assert first.json["must_change_password"] is True
    caller = caller_of(town, first.json["access_token"])
    body = {"current": handed["temporary_password"], "new": PASSWORD}
    second = await town.service.post("/password", caller, json=body)
    assert second.json["must_change_password"] is False
    assert second.json["must_enrol_second_factor"] is True


async def test_a_leaders_activities_stand_in_the_token(town: Town) -> None:
    mine = sorted(str(uuid4()) for _ in range(2))
    handed = await created(town, activity_ids=mine)
    first = await sign_in(town.service, handed["login"], handed["temporary_password"])
    assert town.readers.claims(first.json["access_token"])["act"] == mine
    without = await created(town)
    free = await sign_in(town.service, without["login"], without["temporary_password"])
    assert "act" not in town.readers.claims(free.json["access_token"])


async def test_a_suspended_account_does_not_come_in_and_its_sessions_end(town: Town) -> None:
    handed = await created(town)
    login, code = handed["login"], handed["temporary_password"]
    token = (await sign_in(town.service, login, code)).json["access_token"]
    gone = await changed(town, handed["account_id"], disabled=True)
    assert gone.json["disabled"] is True
    refused = await sign_in(town.service, login, code)
    assert (refused.status, refused.json["type"]) == (401, "/problems/invalid-credentials")
    sid = town.readers.claims(token)["sid"]
    assert (await town.service.get(f"/sessions/{sid}", STRANGER)).json == {"active": False}
    await changed(town, handed["account_id"])
    assert (await sign_in(town.service, login, code)).status == 201
    account_id = handed["account_id"]
    (made,) = await told(town.service, StaffAccountCreated, account_id=account_id)
    assert made.roles == ("leader",)
    later = await told(town.service, StaffAccountChanged, account_id=account_id)
    assert [fact.disabled for fact in later] == [True, False]


async def test_saying_the_same_again_ends_no_session(town: Town) -> None:
    handed = await created(town)
    login, code = handed["login"], handed["temporary_password"]
    token = (await sign_in(town.service, login, code)).json["access_token"]
    assert (await changed(town, handed["account_id"])).status == 200
    sid = town.readers.claims(token)["sid"]
    assert (await town.service.get(f"/sessions/{sid}", STRANGER)).json == {"active": True}


async def test_a_new_code_replaces_the_password(town: Town) -> None:
    handed = await created(town)
    path = f"/staff-accounts/{handed['account_id']}/code"
    renewed = await town.service.post(path, ADMIN_CALLER)
    old, new = handed["temporary_password"], renewed.json["temporary_password"]
    assert (await sign_in(town.service, handed["login"], old)).status == 401
    assert (await sign_in(town.service, handed["login"], new)).status == 201


async def test_no_temporary_password_is_kept_for_a_repeated_request(town: Town) -> None:
    body = described(login=f"yann-{uuid4().hex[:8]}")
    headers = {"Idempotency-Key": uuid4().hex}
    made = await town.service.post("/staff-accounts/new", ADMIN_CALLER, json=body, headers=headers)
    async with town.service.database.connection() as connection:
        rows = await connection.fetch("SELECT idempotency_key::text AS t FROM idempotency_key")
    assert made.json["temporary_password"] not in "".join(row["t"] for row in rows)


async def test_an_administrator_cannot_shut_themselves_out(town: Town) -> None:
    handed = await created(town, roles=["admin"])
    first = await sign_in(town.service, handed["login"], handed["temporary_password"])
    oneself = caller_of(town, first.json["access_token"])
    path = f"/staff-accounts/{handed['account_id']}"
    for to in (described(disabled=True, roles=["admin"]), described(roles=["agent"])):
        reply = await town.service.call("PUT", path, oneself, json=to)
        assert (reply.status, reply.json["type"]) == (409, "/problems/not-oneself")


async def test_a_login_is_given_once(town: Town) -> None:
    handed = await created(town)
    parent = await new_parent(town, (await new_family(town.service))["family_id"])
    for login in (handed["login"].upper(), parent.login):
        body = described(login=login)
        reply = await town.service.post("/staff-accounts/new", ADMIN_CALLER, json=body)
        assert (reply.status, reply.json["errors"][0]["field"]) == (409, "login")


async def test_a_guardians_account_is_no_member_of_staff(town: Town) -> None:
    parent = await new_parent(town, (await new_family(town.service))["family_id"])
    assert (await changed(town, str(parent.caller.account_id))).status == 404
    assert (await changed(town, str(uuid4()))).status == 404


@pytest.mark.parametrize(
    ("to", "field"),
    [({"roles": []}, "roles"), ({"roles": ["guardian"]}, "roles.0"), ({"name": ""}, "name")],
)
async def test_a_wrong_description_names_the_field(
    town: Town, to: dict[str, object], field: str
) -> None:
    handed = await created(town)
    path = f"/staff-accounts/{handed['account_id']}"
    reply = await town.service.call("PUT", path, ADMIN_CALLER, json={**described(), **to})
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, field)


async def test_only_administrators_manage_the_staff(town: Town) -> None:
    handed = await created(town)
    for caller in (staff("agent"), staff("regisseur"), staff("leader")):
        assert (await changed(town, handed["account_id"], caller)).status == 403
        body = described(login="quelquun")
        assert (await town.service.post("/staff-accounts/new", caller, json=body)).status == 403

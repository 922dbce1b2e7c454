"""The staff's accounts: roles, second factor, and who may make them."""

from uuid import uuid4

import pyotp
import pytest

from services.chassis.testing import guardian, staff
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    ADMIN_CALLER,
    OPERATOR_CALLER,
    PASSWORD,
    STRANGER,
    caller_of,
    new_family,
    new_parent,
    sign_in,
)


def member(**changes: object) -> dict[str, object]:
    described = {
        "login": f"agent-{uuid4().hex[:8]}",
        "name": "Gwenola Bihan",
        "roles": ["agent"],
        "password": PASSWORD,
    }
    return {**described, **changes}


async def test_a_member_of_staff_signs_in_with_the_second_factor(town: Town) -> None:
    secret = pyotp.random_base32()
    body = member(totp_secret=secret, roles=["agent", "regisseur"])
    made = await town.service.post("/staff-accounts", OPERATOR_CALLER, json=body)
    assert made.status == 201, made.body
    login = str(body["login"])
    bare = await sign_in(town.service, login, PASSWORD)
    assert (bare.status, bare.json["type"]) == (401, "/problems/totp-required")
    wrong = await sign_in(town.service, login, PASSWORD, totp="000000")
    assert (wrong.status, wrong.json["type"]) == (401, "/problems/totp-invalid")
    code = pyotp.TOTP(secret).at(town.clock.now)
    good = await sign_in(town.service, login, PASSWORD, totp=code)
    assert good.status == 201, good.body
    claims = town.readers.claims(good.json["access_token"])
    assert (claims["roles"], claims["fam"], claims["mcp"]) == (["agent", "regisseur"], None, False)
    assert claims["name"] == "Gwenola Bihan"


async def test_a_second_factor_code_passes_once(town: Town) -> None:
    secret = pyotp.random_base32()
    body = member(totp_secret=secret)
    await town.service.post("/staff-accounts", OPERATOR_CALLER, json=body)
    code = pyotp.TOTP(secret).at(town.clock.now)
    replies = [await sign_in(town.service, str(body["login"]), PASSWORD, totp=code)
               for _ in range(2)]  # fmt: skip
    assert [r.status for r in replies] == [201, 401]
    town.clock.turn(seconds=30)
    later = pyotp.TOTP(secret).at(town.clock.now)
    assert (await sign_in(town.service, str(body["login"]), PASSWORD, totp=later)).status == 201


async def test_second_factor_codes_cannot_be_guessed_without_end(town: Town) -> None:
    body = member(totp_secret=pyotp.random_base32())
    await town.service.post("/staff-accounts", OPERATOR_CALLER, json=body)
    login = str(body["login"])
    for _ in range(3):  # asking for the second factor is no wrong attempt
        assert (await sign_in(town.service, login, PASSWORD)).status == 401
    statuses = [(await sign_in(town.service, login, PASSWORD, totp="abcdef")).status
                for _ in range(11)]  # fmt: skip
    assert statuses == [401] * 10 + [429]


async def test_describing_an_account_again_changes_nothing(town: Town) -> None:
    body = member()
    first = await town.service.post("/staff-accounts", ADMIN_CALLER, json=body)
    token = (await sign_in(town.service, str(body["login"]), PASSWORD)).json["access_token"]
    again = await town.service.post("/staff-accounts", ADMIN_CALLER, json=body)
    assert (again.status, again.json) == (201, first.json)
    sid = caller_of(town, token).session_id
    assert (await town.service.get(f"/sessions/{sid}", STRANGER)).json == {"active": True}


async def test_other_roles_end_the_sessions_that_had_the_old_ones(town: Town) -> None:
    body = member(roles=["admin"])
    await town.service.post("/staff-accounts", ADMIN_CALLER, json=body)
    token = (await sign_in(town.service, str(body["login"]), PASSWORD)).json["access_token"]
    changed = await town.service.post(
        "/staff-accounts", ADMIN_CALLER, json={**body, "roles": ["leader"]}
    )
    assert changed.json["roles"] == ["leader"]
    sid = caller_of(town, token).session_id
    assert (await town.service.get(f"/sessions/{sid}", STRANGER)).json == {"active": False}


async def test_a_guardians_login_is_not_to_be_had(town: Town) -> None:
    parent = await new_parent(town, (await new_family(town.service))["family_id"])
    reply = await town.service.post(
        "/staff-accounts", ADMIN_CALLER, json=member(login=parent.login)
    )
    assert (reply.status, reply.json["type"]) == (409, "/problems/login-taken")
    assert (await sign_in(town.service, parent.login, parent.password)).status == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"roles": []}, "roles"),
        ({"roles": ["guardian"]}, "roles.0"),
        ({"roles": ["operator"]}, "roles.0"),
        ({"password": "court"}, "password"),
        ({"totp_secret": "not base32"}, "totp_secret"),
        ({"login": "a b"}, "login"),
    ],
)
async def test_a_wrong_description_names_the_field(
    town: Town, changes: dict[str, object], field: str
) -> None:
    reply = await town.service.post("/staff-accounts", ADMIN_CALLER, json=member(**changes))
    assert reply.status == 422
    assert field in {e["field"] for e in reply.json["errors"]}


async def test_only_administrators_make_accounts(town: Town) -> None:
    for caller in (guardian(uuid4()), staff("agent"), staff("regisseur")):
        assert (await town.service.post("/staff-accounts", caller, json=member())).status == 403
        assert (await town.service.get("/staff-accounts", caller)).status == 403


async def test_the_list_of_staff_shows_no_secret(town: Town) -> None:
    secret = pyotp.random_base32()
    body = member(totp_secret=secret)
    await town.service.post("/staff-accounts", ADMIN_CALLER, json=body)
    listed = await town.service.get("/staff-accounts", ADMIN_CALLER)
    (mine,) = [a for a in listed.json["accounts"] if a["login"] == body["login"]]
    assert mine["totp"] is True
    assert secret not in listed.body.decode()
    async with town.service.database.connection() as connection:
        clear = await connection.fetchval("SELECT count(totp_secret) FROM account")
    assert clear == 0
    assert "argon2" not in listed.body.decode()

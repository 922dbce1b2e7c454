"""The second factor: taken up by oneself, kept encrypted, and what helps when it is lost."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest

from contracts.events.access import SecondFactorGivenUp, SecondFactorTakenUp
from contracts.events.audit import StaffActed
from services.chassis.auth import Caller
from services.chassis.testing import Reply
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    ADMIN_CALLER,
    AGENT_CALLER,
    PASSWORD,
    SignedIn,
    caller_of,
    new_family,
    new_parent,
    sign_in,
    told,
)
from tests.integration.accounts.test_staff import member


async def a_parent(town: Town) -> SignedIn:
    return await new_parent(town, (await new_family(town.service))["family_id"])


def code_of(town: Town, secret: str) -> str:
    return pyotp.TOTP(secret).at(town.clock.now)


async def begun(town: Town, caller: Caller) -> str:
    """The secret of an enrolment that waits for its first code."""
    reply = await town.service.post("/second-factor", caller, json={"password": PASSWORD})
    assert reply.status == 201, reply.body
    return str(reply.json["secret"])


async def confirm(town: Town, caller: Caller, code: str) -> Reply:
    return await town.service.post("/second-factor/confirmation", caller, json={"code": code})


async def enrolled(town: Town, caller: Caller) -> tuple[str, Any]:
    """The secret and the answer of an enrolment that was carried through."""
    secret = await begun(town, caller)
    reply = await confirm(town, caller, code_of(town, secret))
    assert reply.status == 201, reply.body
    town.clock.turn(seconds=30)
    return secret, reply.json


async def access(town: Town, caller: Caller) -> Any:
    return (await town.service.get("/access", caller)).json


async def test_a_parent_takes_up_a_second_factor_with_its_first_code(town: Town) -> None:
    parent = await a_parent(town)
    begun_with = await town.service.post(
        "/second-factor", parent.caller, json={"password": PASSWORD}
    )
    secret = begun_with.json["secret"]
    assert secret in begun_with.json["address"]
    assert begun_with.json["address"].startswith("otpauth://totp/")
    assert (await sign_in(town.service, parent.login, PASSWORD)).status == 201  # not yet in force
    shown = await town.service.get("/second-factor", parent.caller)
    assert shown.json == begun_with.json
    done = await confirm(town, parent.caller, code_of(town, secret))
    assert done.status == 201, done.body
    assert len(set(done.json["recovery_codes"])) == 10
    found = await access(town, caller_of(town, done.json["access_token"]))
    assert (found["second_factor"], found["recovery_codes"], found["compulsory"]) == (
        True,
        10,
        False,
    )
    bare = await sign_in(town.service, parent.login, PASSWORD)
    assert bare.json["type"] == "/problems/totp-required"
    town.clock.turn(seconds=30)
    good = await sign_in(town.service, parent.login, PASSWORD, totp=code_of(town, secret))
    assert good.status == 201


async def test_taking_it_up_ends_the_sessions_that_came_in_without(town: Town) -> None:
    parent = await a_parent(town)
    _secret, answer = await enrolled(town, parent.caller)
    state = await town.service.get(f"/sessions/{parent.caller.session_id}", parent.caller)
    assert state.json == {"active": False}
    fresh = caller_of(town, answer["access_token"])
    assert (await town.service.get(f"/sessions/{fresh.session_id}", fresh)).json["active"]


async def test_a_wrong_first_code_takes_nothing_up(town: Town) -> None:
    parent = await a_parent(town)
    await begun(town, parent.caller)
    refused = await confirm(town, parent.caller, "000000")
    assert (refused.status, refused.json["errors"][0]["field"]) == (401, "code")
    assert (await access(town, parent.caller))["second_factor"] is False


async def test_an_enrolment_does_not_wait_for_ever(town: Town) -> None:
    parent = await a_parent(town)
    secret = await begun(town, parent.caller)
    town.clock.turn(minutes=31)
    reply = await confirm(town, parent.caller, code_of(town, secret))
    assert (reply.status, reply.json["type"]) == (409, "/problems/no-enrolment")
    assert (await town.service.get("/second-factor", parent.caller)).status == 409


async def test_a_stolen_session_cannot_lock_the_owner_out(town: Town) -> None:
    parent = await a_parent(town)
    for path in ("", "/recovery-codes", "/removal"):
        reply = await town.service.post(
            f"/second-factor{path}", parent.caller, json={"password": "Une-Autre-Phrase-12"}
        )
        assert (reply.status, reply.json["type"]) == (422, "/problems/wrong-password")
    assert (await access(town, parent.caller))["second_factor"] is False


async def test_a_recovery_code_lets_in_once(town: Town) -> None:
    parent = await a_parent(town)
    _secret, answer = await enrolled(town, parent.caller)
    code, other = answer["recovery_codes"][:2]
    for typed, status in ((code, 201), (code, 401), (other.replace("-", "").lower(), 201)):
        assert (await sign_in(town.service, parent.login, PASSWORD, totp=typed)).status == status
    fresh = await sign_in(town.service, parent.login, PASSWORD, totp=answer["recovery_codes"][2])
    caller = caller_of(town, fresh.json["access_token"])
    assert (await access(town, caller))["recovery_codes"] == 7


async def test_a_recovery_code_used_by_two_at_once_lets_one_in(town: Town) -> None:
    parent = await a_parent(town)
    _secret, answer = await enrolled(town, parent.caller)
    code = answer["recovery_codes"][0]
    replies = await asyncio.gather(
        *(sign_in(town.service, parent.login, PASSWORD, totp=code) for _ in range(4))
    )
    assert sorted(r.status for r in replies) == [201, 401, 401, 401]


async def test_another_accounts_recovery_code_opens_nothing(town: Town) -> None:
    mine, theirs = await a_parent(town), await a_parent(town)
    await enrolled(town, mine.caller)
    _secret, answer = await enrolled(town, theirs.caller)
    code = answer["recovery_codes"][0]
    assert (await sign_in(town.service, mine.login, PASSWORD, totp=code)).status == 401


async def test_new_recovery_codes_replace_the_old_ones(town: Town) -> None:
    parent = await a_parent(town)
    _secret, answer = await enrolled(town, parent.caller)
    caller = caller_of(town, answer["access_token"])
    renewed = await town.service.post(
        "/second-factor/recovery-codes", caller, json={"password": PASSWORD}
    )
    assert renewed.status == 201
    old, new = answer["recovery_codes"][0], renewed.json["recovery_codes"][0]
    assert (await sign_in(town.service, parent.login, PASSWORD, totp=old)).status == 401
    assert (await sign_in(town.service, parent.login, PASSWORD, totp=new)).status == 201


async def test_a_parent_may_do_without_again(town: Town) -> None:
    parent = await a_parent(town)
    _secret, answer = await enrolled(town, parent.caller)
    caller = caller_of(town, answer["access_token"])
    gone = await town.service.post("/second-factor/removal", caller, json={"password": PASSWORD})
    assert gone.status == 204
    assert (await sign_in(town.service, parent.login, PASSWORD)).status == 201
    account_id = parent.caller.account_id
    (taken,) = await told(town.service, SecondFactorTakenUp, account_id=account_id)
    (given,) = await told(town.service, SecondFactorGivenUp, account_id=account_id)
    assert taken.family_id == given.family_id == parent.caller.family_id


async def test_the_staff_may_not_do_without(town: Town) -> None:
    body = member()
    await town.service.post("/staff-accounts", ADMIN_CALLER, json=body)
    first = await sign_in(town.service, str(body["login"]), PASSWORD)
    assert first.json["must_enrol_second_factor"] is True
    assert town.readers.claims(first.json["access_token"])["mse"] is True
    caller = caller_of(town, first.json["access_token"])
    _secret, answer = await enrolled(town, caller)
    assert answer["must_enrol_second_factor"] is False
    caller = caller_of(town, answer["access_token"])
    kept = await town.service.post("/second-factor/removal", caller, json={"password": PASSWORD})
    assert (kept.status, kept.json["type"]) == (409, "/problems/factor-required")


async def test_describing_a_member_of_staff_again_leaves_their_second_factor(town: Town) -> None:
    body = member()
    await town.service.post("/staff-accounts", ADMIN_CALLER, json=body)
    first = await sign_in(town.service, str(body["login"]), PASSWORD)
    await enrolled(town, caller_of(town, first.json["access_token"]))
    again = await town.service.post("/staff-accounts", ADMIN_CALLER, json=body)
    assert again.json["totp"] is True


async def test_an_administrator_resets_what_somebody_lost(town: Town) -> None:
    parent = await a_parent(town)
    await enrolled(town, parent.caller)
    path = f"/accounts/{parent.caller.account_id}/second-factor"
    assert (await town.service.delete(path, AGENT_CALLER)).status == 403
    assert (await town.service.delete(path, parent.caller)).status == 403
    for _ in range(2):  # taken away once; again there is none to take away
        assert (await town.service.delete(path, ADMIN_CALLER)).status == 204
    account_id = parent.caller.account_id
    assert len(await told(town.service, SecondFactorGivenUp, account_id=account_id)) == 1
    acts = await told(town.service, StaffActed, action="take_second_factor_away")
    assert parent.caller.family_id in {act.family_id for act in acts}
    assert (await sign_in(town.service, parent.login, PASSWORD)).status == 201
    unknown = f"/accounts/{uuid4()}/second-factor"
    assert (await town.service.delete(unknown, ADMIN_CALLER)).status == 404


async def test_no_secret_and_no_recovery_code_stands_in_the_database(town: Town) -> None:
    parent = await a_parent(town)
    secret, answer = await enrolled(town, parent.caller)
    async with town.service.database.connection() as connection:
        rows = await connection.fetch("SELECT account::text AS whole FROM account")
        codes = await connection.fetch("SELECT recovery_code::text AS whole FROM recovery_code")
    text = "\n".join(row["whole"] for row in (*rows, *codes))
    assert secret not in text
    assert secret.encode().hex() not in text
    for code in answer["recovery_codes"]:
        assert code.replace("-", "").encode().hex() not in text


async def test_secrets_kept_in_the_clear_before_are_sealed_at_start(town: Town) -> None:
    from services.accounts.commands.means import MEANS
    from services.accounts.commands.second_factor import seal_clear_secrets

    body = member()
    made = await town.service.post("/staff-accounts", ADMIN_CALLER, json=body)
    secret = pyotp.random_base32()
    async with town.service.database.transaction() as connection:
        await connection.execute(
            "UPDATE account SET totp_secret = $2 WHERE account_id = $1",
            UUID(made.json["account_id"]),
            secret,
        )
    assert await seal_clear_secrets(town.service.database, town.service.app[MEANS]) == 1
    assert await seal_clear_secrets(town.service.database, town.service.app[MEANS]) == 0
    login = str(body["login"])
    good = await sign_in(town.service, login, PASSWORD, totp=code_of(town, secret))
    assert good.status == 201


@pytest.mark.parametrize("body", [{}, {"password": ""}, {"password": "x" * 300}, {"code": 1}])
async def test_a_malformed_request_is_refused_as_such(town: Town, body: dict[str, object]) -> None:
    parent = await a_parent(town)
    assert (await town.service.post("/second-factor", parent.caller, json=body)).status == 422

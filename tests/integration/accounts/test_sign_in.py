"""Signing in and out, the password, and what a guesser learns: nothing."""

import asyncio
from uuid import UUID, uuid4

import pytest

from contracts.events.accounts import PasswordChanged
from services.chassis.testing import guardian
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    PASSWORD,
    STRANGER,
    caller_of,
    issue_code,
    new_family,
    new_parent,
    sign_in,
)


async def test_a_temporary_password_lets_in_and_must_be_changed(town: Town) -> None:
    family = await new_family(town.service)
    login, code = await issue_code(town, family["family_id"])
    first = await sign_in(town.service, login, code)
    assert (first.status, first.json["must_change_password"]) == (201, True)
    claims = town.readers.claims(first.json["access_token"])
    assert claims["fam"] == family["family_id"]
    assert claims["roles"] == ["guardian"]
    assert claims["name"] == "Anne LE GOFF"
    assert claims["mcp"] is True

    caller = caller_of(town, first.json["access_token"])
    changed = await town.service.post("/password", caller, json={"current": code, "new": PASSWORD})
    assert (changed.status, changed.json["must_change_password"]) == (201, False)
    assert town.readers.claims(changed.json["access_token"])["mcp"] is False
    assert (await sign_in(town.service, login, code)).status == 401
    again = await sign_in(town.service, login.upper(), PASSWORD)
    assert (again.status, again.json["must_change_password"]) == (201, False)
    told = {e.account_id: e.family_id for e in await town.service.outbox(PasswordChanged)}
    assert told[UUID(claims["sub"])] == UUID(family["family_id"])


async def test_wrong_password_and_unknown_login_are_answered_the_same(town: Town) -> None:
    family = await new_family(town.service)
    parent = await new_parent(town, family["family_id"])
    wrong = await sign_in(town.service, parent.login, "Une-Autre-Phrase-12")
    unknown = await sign_in(town.service, f"{uuid4().hex}@exemple.fr", "Une-Autre-Phrase-12")
    assert (wrong.status, wrong.body) == (unknown.status, unknown.body)
    assert wrong.json["type"] == "/problems/invalid-credentials"


async def test_ten_wrong_passwords_make_even_the_right_one_wait(town: Town) -> None:
    family = await new_family(town.service)
    parent = await new_parent(town, family["family_id"])
    guesses = await asyncio.gather(
        *(sign_in(town.service, parent.login, f"Guess-number-{n}!") for n in range(25))
    )
    assert sorted(g.status for g in guesses) == [401] * 10 + [429] * 15
    assert (await sign_in(town.service, parent.login, parent.password)).status == 429
    town.clock.turn(minutes=15)
    assert (await sign_in(town.service, parent.login, parent.password)).status == 201


async def test_an_unknown_login_is_throttled_like_any_other(town: Town) -> None:
    login = f"{uuid4().hex}@exemple.fr"
    statuses = [(await sign_in(town.service, login, "x")).status for _ in range(11)]
    assert statuses == [401] * 10 + [429]


async def test_coming_in_forgives_the_wrong_passwords_before(town: Town) -> None:
    family = await new_family(town.service)
    parent = await new_parent(town, family["family_id"])
    for _ in range(2):
        for _ in range(9):
            await sign_in(town.service, parent.login, "Une-Autre-Phrase-12")
        assert (await sign_in(town.service, parent.login, parent.password)).status == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"login": "", "password": ""},
        {"login": "x" * 300, "password": "x"},
        {"login": "a", "password": "x" * 5000},
        {"login": ["a"], "password": {"b": 1}},
        {"login": "a\u0000", "password": "b"},
        {"login": "a", "password": "b", "admin": True},
    ],
)
async def test_a_malformed_sign_in_is_refused_as_such(town: Town, body: object) -> None:
    reply = await town.service.post("/sessions", STRANGER, json=body)
    assert reply.status == 422
    assert reply.json["errors"]


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("court", "12 caractères"),
        ("motdepassetreslong", "12 caractères"),
        (None, "identifiant"),
        (PASSWORD, "différent de l’actuel"),
    ],
)
async def test_a_weak_password_is_refused_and_nothing_changes(
    town: Town, new: str | None, words: str
) -> None:
    mail = f"Parent-{uuid4().hex}@exemple.fr"
    parent = await new_parent(town, (await new_family(town.service, resp1_mail=mail))["family_id"])
    reply = await town.service.post(
        "/password", parent.caller, json={"current": parent.password, "new": new or mail}
    )
    assert reply.status == 422
    (error,) = reply.json["errors"]
    assert error["field"] == "new"
    assert words in error["message"]
    assert (await sign_in(town.service, parent.login, parent.password)).status == 201


async def test_a_stolen_session_cannot_guess_the_password(town: Town) -> None:
    parent = await new_parent(town, (await new_family(town.service))["family_id"])
    statuses = []
    for n in range(11):
        body = {"current": f"Guess-number-{n}!", "new": "Une-Autre-Phrase-12"}
        statuses.append((await town.service.post("/password", parent.caller, json=body)).status)
    assert statuses == [422] * 10 + [429]


async def test_a_new_password_ends_every_other_session(town: Town) -> None:
    parent = await new_parent(town, (await new_family(town.service))["family_id"])
    elsewhere = (await sign_in(town.service, parent.login, parent.password)).json["access_token"]
    changed = await town.service.post(
        "/password", parent.caller, json={"current": PASSWORD, "new": "Une-Autre-Phrase-12"}
    )
    tokens = [parent.token, elsewhere, changed.json["access_token"]]
    assert [await is_active(town, token) for token in tokens] == [False, False, True]


async def is_active(town: Town, token: str) -> bool:
    session_id = town.readers.claims(token)["sid"]
    reply = await town.service.get(f"/sessions/{session_id}", STRANGER)
    active: bool = reply.json["active"]
    return active


async def test_signing_out_ends_this_session_and_no_other(town: Town) -> None:
    parent = await new_parent(town, (await new_family(town.service))["family_id"])
    other = (await sign_in(town.service, parent.login, parent.password)).json["access_token"]
    for _ in range(2):
        out = await town.service.delete(f"/sessions/{parent.caller.session_id}", parent.caller)
        assert out.status == 204
    assert not await is_active(town, parent.token)
    assert await is_active(town, other)


async def test_signing_out_everywhere_ends_them_all(town: Town) -> None:
    parent = await new_parent(town, (await new_family(town.service))["family_id"])
    other = (await sign_in(town.service, parent.login, parent.password)).json["access_token"]
    assert (await town.service.delete("/sessions", parent.caller)).status == 204
    assert not await is_active(town, parent.token)
    assert not await is_active(town, other)


async def test_somebody_elses_session_cannot_be_ended(town: Town) -> None:
    parent = await new_parent(town, (await new_family(town.service))["family_id"])
    out = await town.service.delete(f"/sessions/{parent.caller.session_id}", guardian(uuid4()))
    assert out.status == 404
    assert await is_active(town, parent.token)


async def test_a_session_ends_after_twelve_hours(town: Town) -> None:
    parent = await new_parent(town, (await new_family(town.service))["family_id"])
    town.clock.turn(hours=12)
    assert not await is_active(town, parent.token)


async def test_a_session_that_never_was_is_not_active(town: Town) -> None:
    reply = await town.service.get(f"/sessions/{uuid4()}", STRANGER)
    assert (reply.status, reply.json) == (200, {"active": False})


async def test_one_sees_who_one_is(town: Town) -> None:
    family = await new_family(town.service)
    parent = await new_parent(town, family["family_id"])
    reply = await town.service.get("/me", parent.caller)
    assert reply.json["login"] == parent.login
    assert reply.json["family_id"] == family["family_id"]
    assert reply.json["guardian_id"] == family["guardians"][0]["guardian_id"]
    assert reply.json["roles"] == ["guardian"]


async def test_an_account_that_is_gone_has_nothing(town: Town) -> None:
    nobody = guardian(uuid4())
    assert (await town.service.get("/me", nobody)).status == 404
    body = {"current": PASSWORD, "new": "Une-Autre-Phrase-12"}
    assert (await town.service.post("/password", nobody, json=body)).status == 404

"""A forgotten password: a link by mail, once; and nobody learns which logins there are."""

import asyncio
from uuid import UUID, uuid4

import pytest

from contracts.events.accounts import PasswordChanged, PasswordResetReady
from services.chassis.testing import Reply, eventually
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    PASSWORD,
    STRANGER,
    SignedIn,
    new_family,
    new_parent,
    sign_in,
)

NEW = "Une-Autre-Phrase-12"


async def a_parent(town: Town, **cells: str) -> SignedIn:
    return await new_parent(town, (await new_family(town.service, **cells))["family_id"])


async def ask(town: Town, login: str, address: str = "") -> Reply:
    body = {"login": login, "address": address}
    return await town.service.post("/password-resets", STRANGER, json=body)


async def links_of(town: Town, parent: SignedIn) -> list[PasswordResetReady]:
    events = await town.service.outbox(PasswordResetReady)
    return [event for event in events if event.account_id == parent.caller.account_id]


async def mailed_link(town: Town, parent: SignedIn, number: int = 1) -> str:
    """The token of the parent's link, as notifications would read it."""

    async def found() -> list[PasswordResetReady]:
        links = await links_of(town, parent)
        return links if len(links) >= number else []

    links = await eventually(found, what="the link")
    return town.readers.open(links[number - 1].sealed_token)


async def choose(town: Town, token: str, new: str = NEW) -> Reply:
    body = {"token": token, "new": new}
    return await town.service.post("/password-resets/completion", STRANGER, json=body)


async def check(town: Town, token: str) -> Reply:
    return await town.service.post("/password-resets/check", STRANGER, json={"token": token})


async def test_a_link_lets_one_choose_another_password_and_ends_every_session(town: Town) -> None:
    parent = await a_parent(town)
    assert (await ask(town, f" {parent.login.upper()} ")).status == 202
    done = await choose(town, await mailed_link(town, parent))
    assert done.status == 200, done.body
    assert (await sign_in(town.service, parent.login, PASSWORD)).status == 401
    assert (await sign_in(town.service, parent.login, NEW)).status == 201
    state = await town.service.get(f"/sessions/{parent.caller.session_id}", STRANGER)
    assert state.json == {"active": False}
    told = [e.account_id for e in await town.service.outbox(PasswordChanged)]
    assert told.count(UUID(str(parent.caller.account_id))) == 2  # the first one was the code's


async def test_a_link_is_good_once_even_for_two_at_once(town: Town) -> None:
    parent = await a_parent(town)
    await ask(town, parent.login)
    token = await mailed_link(town, parent)
    replies = await asyncio.gather(*(choose(town, token, f"{NEW}{n}") for n in range(3)))
    assert sorted(r.status for r in replies) == [200, 410, 410]
    assert (await choose(town, token)).json["type"] == "/problems/link-spent"


async def test_a_link_expires_after_an_hour(town: Town) -> None:
    parent = await a_parent(town)
    await ask(town, parent.login)
    token = await mailed_link(town, parent)
    town.clock.turn(hours=1)
    assert (await choose(town, token)).status == 410
    assert (await sign_in(town.service, parent.login, PASSWORD)).status == 201


async def test_a_newer_link_replaces_the_older_one(town: Town) -> None:
    parent = await a_parent(town)
    await ask(town, parent.login)
    older = await mailed_link(town, parent)
    await ask(town, parent.login)
    newer = await mailed_link(town, parent, 2)
    assert (await choose(town, older)).status == 410
    assert (await choose(town, newer)).status == 200


async def test_a_changed_password_makes_the_link_worthless(town: Town) -> None:
    parent = await a_parent(town)
    await ask(town, parent.login)
    token = await mailed_link(town, parent)
    body = {"current": PASSWORD, "new": "Encore-Une-Phrase-34"}
    assert (await town.service.post("/password", parent.caller, json=body)).status == 201
    assert (await choose(town, token)).status == 410


async def test_a_weak_password_leaves_the_link_as_it_was(town: Town) -> None:
    parent = await a_parent(town)
    await ask(town, parent.login)
    token = await mailed_link(town, parent)
    weak = await choose(town, token, "court")
    assert (weak.status, weak.json["errors"][0]["field"]) == (422, "new")
    assert (await choose(town, token)).status == 200


async def test_a_link_can_be_checked_and_is_not_used_up(town: Town) -> None:
    parent = await a_parent(town)
    await ask(town, parent.login)
    token = await mailed_link(town, parent)
    for _ in range(2):
        assert (await check(town, token)).status == 204
    assert (await choose(town, token)).status == 200
    spent = await check(town, token)
    assert (spent.status, spent.json["type"]) == (410, "/problems/link-spent")


async def test_a_weak_password_typed_two_ways_is_told_both_and_uses_nothing_up(
    town: Town,
) -> None:
    parent = await a_parent(town)
    await ask(town, parent.login)
    token = await mailed_link(town, parent)
    for new, repeated, fields in (
        ("court", "autre", ["new", "repeated"]),
        ("court", "court", ["new"]),
        (NEW, "autre", ["repeated"]),
        (NEW, "", ["repeated"]),
    ):
        body = {"token": token, "new": new, "repeated": repeated}
        refused = await town.service.post("/password-resets/completion", STRANGER, json=body)
        assert refused.status == 422
        assert [error["field"] for error in refused.json["errors"]] == fields
    assert (await choose(town, token)).status == 200


async def test_both_slips_are_told_of_a_changed_password_too(town: Town) -> None:
    parent = await a_parent(town)
    body = {"current": parent.password, "new": "court", "repeated": "autre"}
    refused = await town.service.post("/password", parent.caller, json=body)
    assert [error["field"] for error in refused.json["errors"]] == ["new", "repeated"]


async def test_any_login_is_answered_the_same(town: Town) -> None:
    parent = await a_parent(town)
    without_mail = await a_parent(town, resp1_mail="")
    answers = [
        await ask(town, login)
        for login in (parent.login, without_mail.login, f"{uuid4().hex}@exemple.fr")
    ]
    assert len({(a.status, a.body) for a in answers}) == 1
    await mailed_link(town, parent)
    assert await links_of(town, without_mail) == []


async def test_asking_again_and_again_sends_no_flood(town: Town) -> None:
    parent = await a_parent(town)
    answers = [await ask(town, parent.login) for _ in range(8)]
    assert {a.status for a in answers} == {202}
    async with town.service.database.connection() as connection:

        async def worked_off() -> bool:
            return not await connection.fetchval("SELECT count(*) FROM reset_request")

        await eventually(worked_off, what="the requests being worked off")
    assert len(await links_of(town, parent)) <= 3


async def test_one_network_cannot_ask_for_everybody(town: Town) -> None:
    statuses = [
        (await ask(town, f"{uuid4().hex}@exemple.fr", "203.0.113.40")).status for _ in range(21)
    ]
    assert statuses == [202] * 20 + [429]


@pytest.mark.parametrize("token", ["x", "é", "A" * 43, "../..", "\\x00"])
async def test_a_forged_token_opens_nothing(town: Town, token: str) -> None:
    assert (await choose(town, token)).status == 410


async def test_the_link_tells_the_owner_of_the_browser_apart_from_strangers(town: Town) -> None:
    parent = await a_parent(town)
    await ask(town, parent.login)
    done = await choose(town, await mailed_link(town, parent))
    for _ in range(10):
        await sign_in(town.service, parent.login, "faux-mot-de-passe")
    body = {
        "login": parent.login,
        "password": NEW,
        "client": {"device_token": done.json["device_token"]},
    }
    assert (await town.service.post("/sessions", STRANGER, json=body)).status == 201


async def test_no_token_stands_in_the_database_or_on_the_bus_unsealed(town: Town) -> None:
    parent = await a_parent(town)
    await ask(town, parent.login)
    token = await mailed_link(town, parent)
    async with town.service.database.connection() as connection:
        rows = await connection.fetch("SELECT password_reset::text AS t FROM password_reset")
        events = await connection.fetch("SELECT body::text AS t FROM outbox")
    text = "".join(row["t"] for row in (*rows, *events))
    assert token not in text
    assert token.encode().hex() not in text

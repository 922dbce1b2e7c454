"""Guessing is slow, and the family whose login is guessed at comes in all the same."""

import asyncio
from typing import Any

from services.chassis.testing import Reply, eventually
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import PASSWORD, STRANGER, new_family, new_parent, sign_in

WRONG = "Une-Autre-Phrase-12"


async def attempt(town: Town, login: str, password: str, **client: str) -> Reply:
    body: dict[str, Any] = {"login": login, "password": password, "client": client}
    return await town.service.post("/sessions", STRANGER, json=body)


async def a_login(town: Town) -> str:
    return (await new_parent(town, (await new_family(town.service))["family_id"])).login


async def test_whoever_tries_a_login_does_not_lock_the_family_out(town: Town) -> None:
    login = await a_login(town)
    token = (await sign_in(town.service, login, PASSWORD)).json["device_token"]
    for n in range(12):
        await attempt(town, login, f"{WRONG}{n}", address=f"192.0.2.{n}")
    assert (await attempt(town, login, PASSWORD, address="192.0.2.200")).status == 429
    assert (await attempt(town, login, PASSWORD, device_token=token)).status == 201


async def test_a_known_browser_has_ten_attempts_of_its_own(town: Town) -> None:
    login = await a_login(town)
    token = (await sign_in(town.service, login, PASSWORD)).json["device_token"]
    statuses = [(await attempt(town, login, WRONG, device_token=token)).status for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    assert (await attempt(town, login, PASSWORD)).status == 201  # and no stranger's


async def test_a_device_token_of_another_login_makes_a_stranger(town: Town) -> None:
    token = (await sign_in(town.service, await a_login(town), PASSWORD)).json["device_token"]
    login = await a_login(town)
    for _ in range(10):
        await attempt(town, login, WRONG)
    assert (await attempt(town, login, PASSWORD, device_token=token)).status == 429


async def test_the_wait_is_told_and_grows(town: Town) -> None:
    login = await a_login(town)
    for _ in range(10):
        await attempt(town, login, WRONG)
    waits = []
    for _ in range(3):
        refused = await attempt(town, login, PASSWORD)
        assert refused.headers["Retry-After"] == str(refused.json["retry_after"])
        waits.append(refused.json["retry_after"])
        town.clock.turn(seconds=waits[-1])
        assert (await attempt(town, login, WRONG)).status == 401
    assert waits == [30, 60, 120]


async def test_waiting_in_vain_does_not_make_the_wait_longer(town: Town) -> None:
    login = await a_login(town)
    for _ in range(30):
        await attempt(town, login, WRONG)
    town.clock.turn(seconds=30)
    assert (await attempt(town, login, PASSWORD)).status == 201


async def test_one_network_cannot_try_many_logins(town: Town) -> None:
    logins = [f"inconnu-{n}@exemple.fr" for n in range(101)]
    statuses = [(await attempt(town, one, "x", address="203.0.113.5")).status for one in logins]
    assert statuses == [401] * 100 + [429]
    other = await attempt(town, "inconnu-101@exemple.fr", "x", address="203.0.113.6")
    assert other.status == 401


async def test_having_an_account_does_not_buy_a_network_more_attempts(town: Town) -> None:
    own = await a_login(town)
    for n in range(99):
        await attempt(town, f"personne-{n}@exemple.fr", "x", address="203.0.113.7")
    assert (await attempt(town, own, PASSWORD, address="203.0.113.7")).status == 201
    last = await attempt(town, "personne-100@exemple.fr", "x", address="203.0.113.7")
    over = await attempt(town, "personne-101@exemple.fr", "x", address="203.0.113.7")
    assert (last.status, over.status) == (401, 429)


async def test_whoever_signs_in_while_the_count_is_being_forgotten_comes_in(town: Town) -> None:
    """A parent's telephone and computer sign in at once: the first clears the second's count."""
    login = await a_login(town)
    assert (await attempt(town, login, WRONG)).status == 401
    async with town.service.database.transaction() as first:
        await first.execute("SELECT FROM attempt FOR UPDATE")
        second = asyncio.create_task(attempt(town, login, PASSWORD))
        await eventually(town.service.waits_for_a_lock, what="the second sign-in waiting")
        await first.execute("DELETE FROM attempt")
    assert (await second).status == 201

"""Sign-outs elsewhere are noticed within seconds, and accounts' absence signs nobody out."""

import asyncio
from uuid import UUID, uuid4

import pytest

from gateway.revocation import PAUSE_SECONDS, REMEMBERED_SECONDS, Revocations
from services.chassis.http_client import ServiceProblem, ServiceUnavailable

SESSION = uuid4()


class Accounts:
    """Answers what it is told to; counts how often it is asked."""

    def __init__(self) -> None:
        self.active = True
        self.failure: Exception | None = None
        self.asked = 0
        self.now = 1000.0

    async def ask(self, _session_id: UUID) -> bool:
        self.asked += 1
        await asyncio.sleep(0)
        if self.failure:
            raise self.failure
        return self.active

    def revocations(self) -> Revocations:
        return Revocations(self.ask, clock=lambda: self.now)


async def test_an_answer_is_remembered_for_a_moment() -> None:
    accounts = Accounts()
    revocations = accounts.revocations()
    assert await revocations.is_active(SESSION)
    accounts.active = False
    accounts.now += REMEMBERED_SECONDS - 0.1
    assert await revocations.is_active(SESSION)
    accounts.now += 0.2
    assert not await revocations.is_active(SESSION)
    assert accounts.asked == 2


async def test_requests_arriving_together_ask_once() -> None:
    accounts = Accounts()
    revocations = accounts.revocations()
    answers = await asyncio.gather(*(revocations.is_active(SESSION) for _ in range(50)))
    assert all(answers)
    assert accounts.asked == 1


async def test_while_accounts_is_away_the_last_answer_holds() -> None:
    accounts = Accounts()
    revocations = accounts.revocations()
    revocations.remember(SESSION, is_active=False)
    accounts.failure = ServiceUnavailable("accounts")
    accounts.now += REMEMBERED_SECONDS + 1
    assert not await revocations.is_active(SESSION)
    assert await revocations.is_active(uuid4())


async def test_while_accounts_is_away_it_is_asked_now_and_then_only() -> None:
    accounts = Accounts()
    revocations = accounts.revocations()
    accounts.failure = ServiceUnavailable("accounts")
    for _ in range(20):
        assert await revocations.is_active(uuid4())
    assert accounts.asked == 1
    accounts.now += PAUSE_SECONDS
    accounts.failure = None
    accounts.active = False
    assert not await revocations.is_active(uuid4())


async def test_a_session_that_accounts_does_not_know_is_over() -> None:
    accounts = Accounts()
    accounts.failure = ServiceProblem(404, {})
    assert not await accounts.revocations().is_active(SESSION)


async def test_a_sign_out_here_is_known_at_once() -> None:
    accounts = Accounts()
    revocations = accounts.revocations()
    assert await revocations.is_active(SESSION)
    revocations.remember(SESSION, is_active=False)
    assert not await revocations.is_active(SESSION)


class Teller:
    """Tells accounts of a sign-out; fails while accounts is away."""

    def __init__(self) -> None:
        self.failure: Exception | None = ServiceUnavailable("accounts")
        self.heard = asyncio.Event()

    async def __call__(self) -> None:
        if self.failure:
            raise self.failure
        self.heard.set()


async def test_a_sign_out_while_accounts_is_away_does_not_come_back() -> None:
    accounts, tell = Accounts(), Teller()
    revocations = accounts.revocations()
    assert await revocations.is_active(SESSION)
    await revocations.end(SESSION, tell)
    for _ in range(3):
        accounts.now += REMEMBERED_SECONDS + 1
        assert not await revocations.is_active(SESSION)
    await revocations.close()


async def test_accounts_is_told_of_the_sign_out_once_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.revocation.PAUSE_SECONDS", 0.01)
    tell = Teller()
    revocations = Accounts().revocations()
    await revocations.end(SESSION, tell)
    assert not tell.heard.is_set()
    tell.failure = None
    await asyncio.wait_for(tell.heard.wait(), 5)
    await revocations.close()


async def test_a_sign_out_that_accounts_refuses_still_counts_here() -> None:
    tell = Teller()
    tell.failure = ServiceProblem(404, {})
    revocations = Accounts().revocations()
    await revocations.end(SESSION, tell)
    assert not await revocations.is_active(SESSION)
    await revocations.close()

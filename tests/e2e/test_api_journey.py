"""The whole way over the JSON API: undisturbed, and with any one part killed on the way."""

import os
import signal
from collections.abc import AsyncIterator
from functools import partial

import aiohttp
import asyncpg
import pytest

from contracts.topics import SERVICES
from deploy.trial import TrialTown, trial_town
from services.chassis.testing import eventually
from tests.e2e.api_journey import Journey

FAMILIES = 12


@pytest.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TrialTown]:
    async with trial_town(FAMILIES, tmp_path_factory.mktemp("town")) as (running, _seconds):
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(20)) as made:
        yield made


async def test_a_family_goes_the_whole_way(town: TrialTown, session: aiohttp.ClientSession) -> None:
    journey = Journey(town, session)
    end = await journey.whole_way()
    assert end["payment"]["amount_cents"] == end["invoice"]["total_cents"] > 0
    await nothing_lost_nothing_twice(journey, end["family_id"])


@pytest.mark.timeout(300)
@pytest.mark.parametrize("victim", [*SERVICES, "gateway", "bus"])
async def test_whatever_is_killed_on_the_way_nothing_is_lost_and_nothing_comes_twice(
    town: TrialTown, session: aiohttp.ClientSession, victim: str
) -> None:
    async def kill(step: str) -> None:
        if step in ("code issued", "enrolment accepted", "reserved", "billed"):
            os.kill(await eventually(lambda: pid_of(town, victim)), signal.SIGKILL)

    journey = Journey(town, session, kill)
    end = await journey.whole_way()
    assert end["payment"]["amount_cents"] == end["invoice"]["total_cents"] > 0
    await nothing_lost_nothing_twice(journey, end["family_id"])


async def pid_of(town: TrialTown, name: str) -> int | None:
    return town.processes().get(name)


async def nothing_lost_nothing_twice(journey: Journey, family_id: str) -> None:
    """One reservation, one charge, one invoice, one payment, one message of each kind."""
    billing = await asyncpg.connect(journey.town.database_url("billing"))
    reservations = await asyncpg.connect(journey.town.database_url("reservations"))
    try:
        for database, table in (
            (reservations, "reservation"),
            (billing, "invoice"),
            (billing, "payment"),
        ):
            rows = await database.fetchval(
                f"SELECT count(*) FROM {table} WHERE family_id = $1",  # noqa: S608 - names above
                family_id,
            )
            assert rows == 1, table
    finally:
        await billing.close()
        await reservations.close()
    for subject in ("vos accès", "est acceptée", "votre facture", "est bien reçu"):
        await eventually(partial(journey.mails, subject), within=60, what=f"the mail: {subject}")
    all_mails = await journey.mails("")
    assert len({mail["subject"] for mail in all_mails}) == len(all_mails) == 4, all_mails

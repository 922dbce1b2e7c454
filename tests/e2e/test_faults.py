"""Any one part is killed on a family's way: nothing is lost, nothing comes twice."""

import os
import signal

import aiohttp
import pytest

from contracts.topics import SERVICES
from deploy.trial import TrialTown
from services.chassis.testing import eventually
from tests.e2e.api_journey import Journey, nothing_lost_nothing_twice


@pytest.mark.timeout(300)
@pytest.mark.parametrize("victim", [*SERVICES, "gateway", "bus"])
async def test_whatever_is_killed_on_the_way_nothing_is_lost_and_nothing_comes_twice(
    demo_town: TrialTown, session: aiohttp.ClientSession, victim: str
) -> None:
    async def kill(step: str) -> None:
        if step in ("code issued", "reserved", "billed"):
            os.kill(await eventually(lambda: pid_of(demo_town, victim)), signal.SIGKILL)

    journey = Journey(demo_town, session, kill)
    end = await journey.whole_way()
    assert end["payment"]["amount_cents"] == end["invoice"]["total_cents"] > 0
    await nothing_lost_nothing_twice(journey, end["family_id"])


async def pid_of(town: TrialTown, name: str) -> int | None:
    return town.processes().get(name)

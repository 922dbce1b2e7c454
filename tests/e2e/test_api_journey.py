"""The whole way of a family over the JSON API."""

import aiohttp

from deploy.trial import TrialTown
from tests.e2e.api_journey import Journey, nothing_lost_nothing_twice


async def test_a_family_goes_the_whole_way(
    demo_town: TrialTown, session: aiohttp.ClientSession
) -> None:
    journey = Journey(demo_town, session)
    end = await journey.whole_way()
    assert end["payment"]["amount_cents"] == end["invoice"]["total_cents"] > 0
    await nothing_lost_nothing_twice(journey, end["family_id"])

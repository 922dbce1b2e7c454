"""The published examples, from the reading side: who hears of an event takes its example in."""

import pytest

from contracts.envelope import Event
from contracts.topics import SERVICES
from tests.contract.published import example_of
from tests.contract.test_subscribers import heard_by
from tests.integration.trust.town import WholeTown

HEARD = [
    (service, event)
    for service in SERVICES
    for event in sorted(heard_by(service), key=lambda event: event.type_name())
]


@pytest.mark.parametrize(
    ("service", "event"), HEARD, ids=[f"{name}-{event.type_name()}" for name, event in HEARD]
)
async def test_a_subscriber_takes_the_published_example_in(
    town: WholeTown, service: str, event: type[Event]
) -> None:
    reader = town.services[service]
    (event_id,) = await reader.publish(event.model_validate(example_of(event)))
    await reader.handled(event_id)
    async with reader.database.connection() as connection:
        reasons = await connection.fetch(
            "SELECT reason FROM dead_letter WHERE event_id = $1", event_id
        )
    assert reasons == [], "nothing of it was set aside"

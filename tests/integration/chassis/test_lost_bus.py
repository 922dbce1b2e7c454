"""The embedded bus is killed with all it held, and filled again from the outboxes."""

from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from aiokafka.errors import KafkaError

from contracts import topics
from contracts.roles import OPERATOR
from deploy.bus import EmbeddedBus
from deploy.postgres import EmbeddedPostgres
from deploy.refill import all_events_to_tell_again
from services.chassis.bus import wait_for_topics
from services.chassis.testing import RunningService, eventually, staff
from tests.conftest import KAFKA, StartService, stand_at
from tests.integration.chassis.conftest import (
    Listener,
    heard,
    reservation,
    tell,
    teller,
    until_all_is_told,
    until_heard,
)

pytestmark = pytest.mark.skipif(KAFKA, reason="Apache Kafka keeps its log on disk")


async def test_what_the_bus_held_is_told_again_and_has_one_effect(
    start_service: StartService,
    listener: Listener,
    mortal_bus: EmbeddedBus,
    postgres: EmbeddedPostgres,
) -> None:
    family = uuid4()
    servers = mortal_bus.bootstrap
    database = await postgres.create(f"teller_{uuid4().hex}")
    async with await start_service(
        "reservations", teller, bus_servers=servers, database_url=database
    ) as telling:
        await tell(telling.database, *(reservation(family, n) for n in range(1, 31)))
        await until_all_is_told(telling.database)
        mortal_bus.kill()
        await tell(telling.database, reservation(family, 31))
        # As the launcher does it: what a relay sent before the topics are there would be lost.
        async with all_events_to_tell_again([database]):
            mortal_bus.start()
            await wait_for_topics(servers, topics.ALL)
        async with await start_service("billing", listener, bus_servers=servers) as hearing:
            # What was on its way when the bus died may come first: readers compare versions.
            assert sorted(await until_heard(hearing, family, 31)) == list(range(1, 32))


async def test_a_subscriber_goes_on_listening_after_the_bus_came_back_empty(
    start_service: StartService, listener: Listener, mortal_bus: EmbeddedBus
) -> None:
    family = uuid4()
    servers = mortal_bus.bootstrap
    async with (
        await start_service("reservations", teller, bus_servers=servers) as telling,
        await start_service("billing", listener, bus_servers=servers) as hearing,
    ):
        await tell(telling.database, *(reservation(family, n) for n in range(1, 11)))
        await until_heard(hearing, family, 10)
        mortal_bus.kill()
        await telling.post("/outbox/replay", staff(OPERATOR), json={})
        await tell(telling.database, *(reservation(family, n) for n in range(11, 21)))
        assert await heard(hearing, family) == list(range(1, 11))
        mortal_bus.start()
        assert sorted(await until_heard(hearing, family, 20)) == list(range(1, 21))
        await tell(telling.database, reservation(family, 21))
        assert sorted(await until_heard(hearing, family, 21)) == list(range(1, 22))


async def test_a_subscriber_is_not_held_by_a_bus_that_came_back_without_topics(
    start_service: StartService, listener: Listener, mortal_bus: EmbeddedBus
) -> None:
    family = uuid4()
    async with await start_service(
        "billing", listener, bus_servers=mortal_bus.bootstrap
    ) as hearing:
        await hearing.tell(reservation(family, 1))
        mortal_bus.kill()
        mortal_bus.start()
        await tell_until_heard(hearing, family, 2)
        await hearing.publish(reservation(family, 3))
        await eventually(lambda: has_heard(hearing, family, 3), within=60, what="the next event")


async def test_what_was_acknowledged_in_a_former_life_hides_nothing(
    start_service: StartService,
    listener: Listener,
    mortal_bus: EmbeddedBus,
    postgres: EmbeddedPostgres,
) -> None:
    family = uuid4()
    servers = mortal_bus.bootstrap
    group = f"listener_{uuid4().hex}"
    await stand_at(servers, group, 4)
    async with await start_service(
        "billing", listener, bus_servers=servers, database_url=await postgres.create(group)
    ) as hearing:
        await hearing.publish(reservation(family, 1), reservation(family, 2))
        assert await until_heard(hearing, family, 2) == [1, 2]


async def test_a_batch_that_outlives_its_bus_hides_nothing_of_the_next(
    start_service: StartService, listener: Listener, mortal_bus: EmbeddedBus
) -> None:
    family = uuid4()
    servers = mortal_bus.bootstrap
    async with await start_service("billing", listener, bus_servers=servers) as hearing:
        await hearing.tell(*(reservation(family, n) for n in range(1, 5)))
        async with hearing.database.transaction() as connection:
            await connection.execute("LOCK TABLE heard")  # the effect of the next waits for us
            await hearing.publish(reservation(family, 5))
            await eventually(hearing.waits_for_a_lock, what="the batch on its way")
            mortal_bus.kill()
            mortal_bus.start()
            await wait_for_topics(servers, topics.ALL)
        await until_heard(hearing, family, 5)
        await tell_until_heard(hearing, family, 6)


async def tell_until_heard(service: RunningService, family: UUID, version: int) -> None:
    """As a producer that lived through the loss: it asks nobody whether the topic is there."""

    async def told_again() -> bool:
        with suppress(KafkaError):  # it may notice the loss at its next record only
            await service.publish(reservation(family, version))
        return await has_heard(service, family, version)

    await eventually(told_again, within=60, what="an event after the loss")


async def has_heard(hearing: RunningService, family: UUID, version: int) -> bool:
    return version in await heard(hearing, family)

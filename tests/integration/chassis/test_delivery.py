"""Nothing lost, nothing twice: between two services over the bus that the run was given."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer

from contracts.dead_letter import EventSetAside
from contracts.roles import OPERATOR
from contracts.topics import dead_letter_topic
from deploy.postgres import EmbeddedPostgres
from services.chassis.database import CHASSIS_MIGRATIONS, connect, migrate
from services.chassis.testing import staff
from tests.conftest import StartService
from tests.integration.chassis.conftest import (
    POISON,
    Listener,
    heard,
    reservation,
    tell,
    teller,
    until_all_is_told,
    until_heard,
)


async def test_an_event_committed_by_a_process_that_died_still_arrives(
    start_service: StartService, listener: Listener, postgres: EmbeddedPostgres
) -> None:
    family = uuid4()
    url = await postgres.create("teller_that_died")
    dying = await connect(url, pool_size=2)
    await migrate(dying, CHASSIS_MIGRATIONS)
    await tell(dying, reservation(family, 1))
    await dying.close()
    async with await start_service("billing", listener) as hearing:
        assert await heard(hearing, family) == []
        async with await start_service("reservations", teller, database_url=url):
            assert await until_heard(hearing, family, 1) == [1]


async def test_the_same_event_twice_has_one_effect(
    start_service: StartService, listener: Listener
) -> None:
    family, event_id = uuid4(), uuid4()
    async with await start_service("billing", listener) as hearing:
        event = reservation(family, 1)
        await hearing.publish(event, event_id=event_id)
        await hearing.publish(event, event_id=event_id)
        await hearing.tell(reservation(family, 2))
        assert await heard(hearing, family) == [1, 2]


async def test_poison_is_set_aside_with_its_reason_and_the_others_go_on(
    start_service: StartService, listener: Listener, bus: str
) -> None:
    family, neighbour = uuid4(), uuid4()
    async with await start_service("billing", listener) as hearing:
        ids = await hearing.publish(
            reservation(family, 1), reservation(family, POISON), reservation(neighbour, 1)
        )
        for headers in ([], [("ce_type", None)], [("a\0b", b"\0")]):
            await hearing.publish_raw("portail.reservations", "k\0", headers, b"not an event\0")
        await hearing.tell(reservation(family, 2))
        await hearing.handled(*ids)
        assert await heard(hearing, family) == [1, 2]
        assert await heard(hearing, neighbour) == [1]
        told = await hearing.outbox(EventSetAside)
        assert {"ValueError: this event is poison"} < {event.reason for event in told}
        await _on_dead_letter_topic(bus, {event.dead_letter_id for event in told})


async def test_a_dead_letter_is_replayed_once_its_cause_is_gone(
    start_service: StartService, listener: Listener
) -> None:
    family, operator = uuid4(), staff(OPERATOR)
    async with await start_service("billing", listener) as hearing:
        await hearing.tell(reservation(family, POISON))
        letters = (await hearing.get("/dead-letters", operator)).json["dead_letters"]
        (letter,) = [letter for letter in letters if letter["key"] == str(family)]
        path = f"/dead-letters/{letter['id']}/replay"
        assert (await hearing.post(path, operator)).status == 500
        assert await heard(hearing, family) == []
        async with hearing.database.transaction() as connection:
            await connection.execute("CREATE TABLE cured ()")
        assert (await hearing.post(path, operator)).status == 204
        assert (await hearing.post(path, operator)).status == 404
        assert await heard(hearing, family) == [POISON]


async def test_a_subscriber_that_was_down_catches_up(
    start_service: StartService, listener: Listener, postgres: EmbeddedPostgres
) -> None:
    family = uuid4()
    url = await postgres.create("listener_that_was_down")
    async with (
        await start_service("reservations", teller) as telling,
        await start_service("billing", listener, database_url=url) as hearing,
    ):
        await tell(telling.database, reservation(family, 1))
        await until_heard(hearing, family, 1)
    async with await start_service("reservations", teller) as telling:
        await tell(telling.database, *(reservation(family, n) for n in range(2, 50)))
        async with await start_service("billing", listener, database_url=url) as hearing:
            assert await until_heard(hearing, family, 49) == list(range(1, 50))


async def test_two_copies_share_the_work_and_keep_each_family_in_order(
    start_service: StartService, listener: Listener, postgres: EmbeddedPostgres
) -> None:
    families = [uuid4() for _ in range(20)]
    url = await postgres.create("listener_in_two_copies")
    async with (
        await start_service("reservations", teller) as telling,
        await start_service("billing", listener, database_url=url) as second,
    ):
        async with await start_service("billing", listener, database_url=url):
            for version in range(1, 6):
                await tell(telling.database, *(reservation(f, version) for f in families))
            await until_heard(second, families[0], 2)
        for version in range(6, 11):
            await tell(telling.database, *(reservation(f, version) for f in families))
        for family in families:
            assert await until_heard(second, family, 10) == list(range(1, 11))


async def test_two_relays_of_one_service_send_each_event_once_and_in_order(
    start_service: StartService, listener: Listener, postgres: EmbeddedPostgres
) -> None:
    family = uuid4()
    url = await postgres.create("teller_in_two_copies")
    async with (
        await start_service("billing", listener) as hearing,
        await start_service("reservations", teller, database_url=url) as first,
    ):
        async with await start_service("reservations", teller, database_url=url) as second:
            for version in range(1, 41):
                copy = first if version % 2 else second
                await tell(copy.database, reservation(family, version))
            await until_heard(hearing, family, 40)
        await tell(first.database, reservation(family, 41))
        assert await until_heard(hearing, family, 41) == list(range(1, 42))


async def test_a_refilled_bus_changes_nothing_twice(
    start_service: StartService, listener: Listener
) -> None:
    family = uuid4()
    async with (
        await start_service("reservations", teller) as telling,
        await start_service("billing", listener) as hearing,
    ):
        await tell(telling.database, *(reservation(family, n) for n in range(1, 21)))
        await until_heard(hearing, family, 20)
        await until_all_is_told(telling.database)
        answer = await telling.post("/outbox/replay", staff(OPERATOR), json={})
        assert answer.json["events"] == 20
        await tell(telling.database, reservation(family, 21))
        assert await until_heard(hearing, family, 21) == list(range(1, 22))


async def test_a_database_that_ends_every_session_costs_no_event(
    start_service: StartService, listener: Listener, postgres: EmbeddedPostgres
) -> None:
    family = uuid4()
    url = await postgres.create("listener_cut_off")
    async with (
        await start_service("reservations", teller) as telling,
        await start_service("billing", listener, database_url=url) as hearing,
    ):
        await tell(telling.database, *(reservation(family, n) for n in range(1, 11)))
        await until_heard(hearing, family, 1)
        admin = await asyncpg.connect(postgres.admin_url)
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
            "listener_cut_off",
        )
        await admin.close()
        await tell(telling.database, *(reservation(family, n) for n in range(11, 21)))
        assert await until_heard(hearing, family, 20) == list(range(1, 21))


async def _on_dead_letter_topic(bus: str, announced: set[UUID]) -> None:
    """Wait until all these announcements stand there."""
    consumer = AIOKafkaConsumer(
        dead_letter_topic("billing"), bootstrap_servers=bus, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        async with asyncio.timeout(30):
            while announced:
                record = await consumer.getone()
                announced.discard(EventSetAside.model_validate_json(record.value).dead_letter_id)
    finally:
        await consumer.stop()

"""Capacity is exact, whoever comes at the same time."""

import asyncio
from collections import Counter
from datetime import date
from random import Random

from contracts.events.reservations import ReservationCancelled, ReservationMade
from services.chassis.testing import RunningService
from tests.integration.reservations.town import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    Home,
    cancel,
    canteen,
    counts,
    enrol_home,
    enrol_homes,
    enrolled,
    outcomes,
    reserve,
)

THURSDAY = date(2026, 12, 3)
DAYS = (FRIDAY, MONDAY, TUESDAY, THURSDAY)


async def test_fifty_at_once_get_ten_places(reservations: RunningService) -> None:
    homes = await enrol_homes(reservations, 50, capacity=10)
    answers = await asyncio.gather(
        *(reserve(reservations, home.guardian, home.item()) for home in homes)
    )
    assert Counter(reason for answer in answers for reason in outcomes(answer)) == {
        "confirmed": 10,
        "session-full": 40,
    }
    activity_id = homes[0].activity.activity_id
    assert await counts(reservations, activity_id) == (10, 10)
    told = [e for e in await reservations.outbox(ReservationMade) if e.activity_id == activity_id]
    assert len(told) == len({e.child_id for e in told}) == 10


async def test_one_family_sending_twenty_times_at_once_has_one_place(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations, capacity=1)
    answers = await asyncio.gather(
        *(reserve(reservations, home.guardian, home.item()) for _ in range(20))
    )
    assert {reason for answer in answers for reason in outcomes(answer)} == {"confirmed"}
    assert len({answer[0]["reservation_id"] for answer in answers}) == 1
    assert await counts(reservations, home.activity.activity_id) == (1, 1)


async def test_baskets_in_opposite_orders_do_not_wait_for_each_other(
    reservations: RunningService,
) -> None:
    homes = await enrol_homes(reservations, 20, capacity=7)
    shuffle = Random(7).sample
    answers = await asyncio.gather(
        *(
            reserve(reservations, home.guardian, *(home.item(day) for day in shuffle(DAYS, 4)))
            for home in homes
        )
    )
    assert sum(len(answer) for answer in answers) == 80
    for day in DAYS:
        assert await counts(reservations, homes[0].activity.activity_id, day) == (7, 7)


async def test_two_homes_at_once_get_one_place_for_their_child(
    reservations: RunningService,
) -> None:
    for _ in range(5):
        mother = await enrol_home(reservations)
        father = await enrol_home(reservations, mother.activity)
        theirs = enrolled(father.family, mother.child, mother.activity)
        await reservations.tell(theirs)
        answers = await asyncio.gather(
            *(reserve(reservations, h.guardian, mother.item()) for h in (mother, father))
        )
        assert sorted(outcomes([answer[0] for answer in answers])) == [
            "confirmed",
            "reserved-by-other-home",
        ]
        assert await counts(reservations, mother.activity.activity_id) == (1, 1)


async def test_coming_and_going_at_once_never_overbooks_and_tells_every_change(
    reservations: RunningService,
) -> None:
    homes = await enrol_homes(reservations, 30, capacity=5)
    activity_id = homes[0].activity.activity_id

    async def come_and_go(home: Home) -> None:
        for _ in range(4):
            [found] = await reserve(reservations, home.guardian, home.item())
            if found["outcome"] == "confirmed":
                await cancel(reservations, home.guardian, found["reservation_id"])

    await asyncio.gather(*(come_and_go(home) for home in homes))
    assert await counts(reservations, activity_id) == (0, 0)
    made = [e for e in await reservations.outbox(ReservationMade) if e.activity_id == activity_id]
    gone = [
        e for e in await reservations.outbox(ReservationCancelled) if e.activity_id == activity_id
    ]
    assert len(made) == len(gone) > 0
    versions = Counter((e.child_id, e.version) for events in (made, gone) for e in events)
    assert set(versions.values()) == {1}


async def test_republishing_while_families_reserve_loses_no_place(
    reservations: RunningService,
) -> None:
    homes = await enrol_homes(reservations, 20, canteen_to_change := canteen(capacity=10))
    await reservations.tell(canteen_to_change)
    changed = [
        canteen_to_change.model_copy(update={"version": version, "capacity": 12})
        for version in (2, 3, 4)
    ]
    answers, _ = await asyncio.gather(
        asyncio.gather(
            *(reserve(reservations, h.guardian, *(h.item(day) for day in DAYS)) for h in homes)
        ),
        reservations.tell(*changed),
    )
    confirmed = Counter(
        item["session_id"] for answer in answers for item in answer if not item["reason"]
    )
    for day in DAYS:
        booked, held = await counts(reservations, canteen_to_change.activity_id, day)
        assert booked == held == confirmed[homes[0].item(day)["session_id"]]
        assert 10 <= booked <= 12

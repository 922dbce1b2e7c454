"""Waiting for a place: in order, offered or given, and never against the line."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from contracts.events.accounts import FamilyErased
from contracts.events.reservations import PlaceOffered, WaitingListJoined, WaitingListLeft
from services.chassis.testing import RunningService
from tests.integration.reservations.town import (
    OFFICE_AGENT,
    Home,
    SetClock,
    cancel,
    canteen,
    counts,
    enrol_homes,
    entry_of,
    follow_lines_of,
    outcomes,
    reserve,
    reserved,
    wait_for,
    waits_of,
)

GIVE = {"mode": "give", "answer_hours": 24, "notice_hours": 24}
OFFER = {"mode": "offer", "answer_hours": 10, "notice_hours": 24}
NO_LIST = {"mode": "none"}


async def full_session(
    service: RunningService, waiting_list: Mapping[str, object], homes: int = 4
) -> list[Home]:
    """Homes of which the first holds the only place and the others wait, in their order."""
    offered = canteen(capacity=1, waiting_list=waiting_list)
    await service.tell(offered)
    found = await enrol_homes(service, homes, offered)
    for home in found:
        await wait_for(service, home)
    return found


async def test_a_full_session_is_waited_for_in_the_order_of_arrival(
    reservations: RunningService,
) -> None:
    homes = await full_session(reservations, OFFER)
    [wait] = await waits_of(reservations, homes[2])
    assert (wait["state"], wait["rank"]) == ("waiting", 2)
    again = await wait_for(reservations, homes[2])
    assert (again["outcome"], again["rank"]) == ("waitlisted", 2)
    assert again["waiting_id"] == wait["waiting_id"]
    entry = await entry_of(reservations, homes[2])
    assert (entry["state"], entry["rank"], entry["has_waiting_list"]) == ("full", 2, True)


async def test_a_freed_place_is_offered_to_the_first_and_held_for_it(
    reservations: RunningService,
) -> None:
    holder, first, second, stranger = homes = await full_session(reservations, OFFER)
    await cancel(reservations, holder.guardian, await reserved(reservations, holder))
    [offer] = await waits_of(reservations, first)
    assert (offer["state"], offer["answer_until"]) == ("offered", "2026-11-23T19:30:00Z")
    refused = await reserve(reservations, stranger.guardian, stranger.item())
    assert [item["outcome"] for item in refused] == ["waitlisted"]
    staff = await reserve(reservations, OFFICE_AGENT, holder.item())
    assert outcomes(staff) == ["session-full"]

    path = f"/waiting/{offer['waiting_id']}/accept"
    taken = await reservations.post(path, first.guardian)
    assert taken.status == 200, taken.body
    assert (await reservations.post(path, first.guardian)).json == taken.json
    assert await counts(reservations, homes[0].activity.activity_id) == (1, 1)
    assert await waits_of(reservations, first) == []
    assert [wait["rank"] for wait in await waits_of(reservations, second)] == [1]


async def test_an_offer_that_is_declined_or_not_answered_goes_to_the_next(
    reservations: RunningService, clock: SetClock
) -> None:
    holder, first, second, third = await full_session(reservations, OFFER)
    await cancel(reservations, holder.guardian, await reserved(reservations, holder))
    [offer] = await waits_of(reservations, first)
    declined = await reservations.post(f"/waiting/{offer['waiting_id']}/decline", first.guardian)
    assert declined.json["state"] == "given_up"
    [offer] = await waits_of(reservations, second)
    clock.now += timedelta(hours=10, seconds=1)
    late = await reservations.post(f"/waiting/{offer['waiting_id']}/accept", second.guardian)
    assert (late.status, late.json["type"]) == (409, "/problems/no-offer")
    await follow_lines_of(reservations, clock)
    assert await waits_of(reservations, second) == []
    assert [wait["state"] for wait in await waits_of(reservations, third)] == ["offered"]
    told = [
        event
        for event in await reservations.outbox(WaitingListLeft)
        if event.session_id == (await reservations.outbox(PlaceOffered))[-1].session_id
    ]
    assert [event.cause for event in told] == ["given_up", "unanswered"]


async def test_where_the_town_gives_places_the_next_in_line_has_it_at_once(
    reservations: RunningService,
) -> None:
    holder, first, second, _ = await full_session(reservations, GIVE)
    await cancel(reservations, holder.guardian, await reserved(reservations, holder))
    assert (await entry_of(reservations, first))["state"] == "reserved"
    assert [wait["rank"] for wait in await waits_of(reservations, second)] == [1]


async def test_the_place_of_an_erased_family_goes_to_the_next_in_line(
    reservations: RunningService, clock: SetClock
) -> None:
    holder, first, second, third = await full_session(reservations, GIVE)
    for gone in (holder, first):
        erased = FamilyErased(family_id=gone.family.family_id, erased_at=clock.now)
        await reservations.tell(erased)
    assert (await entry_of(reservations, second))["state"] == "reserved"
    assert [wait["rank"] for wait in await waits_of(reservations, third)] == [1]
    assert await counts(reservations, holder.activity.activity_id) == (1, 1)


async def test_at_short_notice_the_line_is_over_and_places_are_anyones(
    reservations: RunningService, clock: SetClock
) -> None:
    holder, first, *_ = await full_session(reservations, OFFER)
    reservation_id = await reserved(reservations, holder)
    clock.now += timedelta(days=3, hours=2)
    await cancel(reservations, holder.guardian, reservation_id)
    assert [wait["state"] for wait in await waits_of(reservations, first)] == ["waiting"]
    await follow_lines_of(reservations, clock)
    assert await waits_of(reservations, first) == []
    causes = Counter(
        event.cause
        for event in await reservations.outbox(WaitingListLeft)
        if event.activity_id == first.activity.activity_id
    )
    assert causes == {"over": 3}


async def test_a_raised_capacity_serves_the_line_before_anyone_else(
    reservations: RunningService,
) -> None:
    holder, first, second, third = await full_session(reservations, GIVE)
    larger = holder.activity.model_copy(update={"version": 2, "capacity": 3})
    await reservations.tell(larger)
    states = [(await entry_of(reservations, home))["state"] for home in (first, second, third)]
    assert states == ["reserved", "reserved", "full"]


async def test_the_staff_see_the_line_and_leave_a_trace_when_they_pass_it(
    reservations: RunningService, clock: SetClock
) -> None:
    holder, *others = await full_session(reservations, OFFER)
    session = holder.item()["session_id"]
    shown = await reservations.get(f"/sessions/{session}/waiting", OFFICE_AGENT)
    assert [w["child_id"] for w in shown.json["line"]] == [str(o.child.child_id) for o in others]
    assert [w["rank"] for w in shown.json["line"]] == [1, 2, 3]
    assert (await reservations.get(f"/sessions/{session}/waiting", holder.guardian)).status == 403
    reservation_id = await reserved(reservations, holder)
    clock.now += timedelta(days=3, hours=2)  # nobody in the line has a claim any more
    await cancel(reservations, OFFICE_AGENT, reservation_id)
    await reserve(reservations, OFFICE_AGENT, others[2].item())
    query = {"from": "2026-11-27", "to": "2026-11-27"}
    listed = await reservations.get("/reservations", others[2].guardian, params=query)
    assert [found["past_line"] for found in listed.json["reservations"]] == [True]


async def test_without_a_list_a_full_session_says_so(reservations: RunningService) -> None:
    _, waiting, *_ = await full_session(reservations, NO_LIST, homes=2)
    outcome = await wait_for(reservations, waiting)
    assert (outcome["outcome"], outcome["reason"]) == ("refused", "no-waiting-list")


async def test_another_familys_wait_does_not_exist(reservations: RunningService) -> None:
    _, first, second, _ = await full_session(reservations, OFFER)
    [wait] = await waits_of(reservations, first)
    for path in (f"/waiting/{wait['waiting_id']}/accept", f"/waiting/{wait['waiting_id']}/decline"):
        assert (await reservations.post(path, second.guardian)).status == 404
    theirs = await reservations.delete(f"/waiting/{wait['waiting_id']}", second.guardian)
    nobodys = await reservations.delete(f"/waiting/{uuid4()}", second.guardian)
    assert (theirs.status, theirs.json) == (nobodys.status, nobodys.json) == (404, nobodys.json)
    assert [w["state"] for w in await waits_of(reservations, first)] == ["waiting"]


async def test_many_at_once_coming_going_and_waiting_keep_the_order(
    reservations: RunningService,
) -> None:
    offered = canteen(capacity=3, waiting_list=GIVE)
    await reservations.tell(offered)
    homes = await enrol_homes(reservations, 24, offered)

    async def come_and_go(home: Home, *, leaves: bool) -> None:
        found = await wait_for(reservations, home)
        if leaves and found["outcome"] == "confirmed":
            await cancel(reservations, home.guardian, found["reservation_id"])
        elif leaves:
            await reservations.delete(f"/waiting/{found['waiting_id']}", home.guardian)

    await asyncio.gather(*(come_and_go(home, leaves=n % 3 > 0) for n, home in enumerate(homes)))
    assert await counts(reservations, offered.activity_id) == (3, 3)
    async with reservations.database.connection() as connection:
        rows = await connection.fetch(
            """SELECT w.state, w.position FROM waiting w JOIN session s USING (session_id)
               WHERE s.activity_id = $1 AND w.state <> 'given_up' ORDER BY w.position""",
            offered.activity_id,
        )
    # Whoever was placed stood before all who still wait.
    states = [row["state"] for row in rows]
    assert states == sorted(states)
    joined = [
        e
        for e in await reservations.outbox(WaitingListJoined)
        if e.activity_id == offered.activity_id
    ]
    left = [
        e
        for e in await reservations.outbox(WaitingListLeft)
        if e.activity_id == offered.activity_id
    ]
    assert len({e.waiting_id for e in left}) == len(left) <= len(joined)
    assert states.count("waiting") == len(joined) - len(left)

"""Marks that tablets kept for a while: each taken once, in the order in which it was taken."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.enrolment import Slot
from contracts.events.reservations import AttendanceRecorded
from contracts.roles import LEADER
from services.chassis.auth import Caller
from services.chassis.testing import Reply, RunningService, staff
from tests.integration.reservations.town import (
    ACTIVITY_LEADER,
    FRIDAY,
    Home,
    SetClock,
    enrol_home,
    enrol_homes,
    reserved,
)

EVENING: dict[str, Any] = {
    "kind": "evening_care",
    "slots": (Slot(starts_at="16:30", ends_at="18:30"),),
}


@pytest.fixture(autouse=True)
def friday_evening(clock: SetClock) -> None:
    clock.now = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


def at(hour: int, minute: int = 0) -> str:
    return datetime(2026, 11, 27, hour, minute, tzinfo=UTC).isoformat()


def mark(home: Home, state: str, taken_at: str, **said: Any) -> dict[str, Any]:
    known = {"child_id": str(home.child.child_id), "state": state, "taken_at": taken_at}
    return {"mark_id": str(uuid4()), **known, **said}


async def send(
    service: RunningService,
    home: Home,
    *marks: dict[str, Any],
    caller: Caller = ACTIVITY_LEADER,
    **body: Any,
) -> Reply:
    path = f"/sessions/{home.item()['session_id']}/attendance"
    return await service.post(path, caller, json={"marks": marks, "device": "Tablette", **body})


async def sent(service: RunningService, home: Home, *marks: dict[str, Any]) -> list[str]:
    """What became of each mark."""
    reply = await send(service, home, *marks)
    assert reply.status == 200, reply.body
    return [answer["outcome"] for answer in reply.json["marks"]]


async def roll(service: RunningService, home: Home) -> dict[str, dict[str, Any]]:
    path = f"/sessions/{home.item()['session_id']}/attendance"
    lines = (await service.get(path, ACTIVITY_LEADER)).json["lines"]
    return {line["child_id"]: line for line in lines}


async def told_of(service: RunningService, home: Home) -> list[AttendanceRecorded]:
    found = await service.outbox(AttendanceRecorded)
    return [event for event in found if event.child_id == home.child.child_id]


async def test_a_batch_sent_twice_is_taken_once(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    await reserved_before(reservations, home)
    batch = [mark(home, "absent", at(11)), mark(home, "present", at(11, 5))]
    assert await sent(reservations, home, *batch) == ["superseded", "recorded"]
    assert await sent(reservations, home, *batch) == ["superseded", "recorded"]
    line = (await roll(reservations, home))[str(home.child.child_id)]
    assert [m["mark_id"] for m in line["marks"]] == [m["mark_id"] for m in batch]
    assert [m["device"] for m in line["marks"]] == ["Tablette"] * 2
    assert [(e.version, e.state) for e in await told_of(reservations, home)] == [(1, "present")]


async def reserved_before(service: RunningService, home: Home) -> None:
    """The place was kept in time, by the clock of the days before."""
    async with service.database.connection() as connection:
        await connection.execute(
            "UPDATE session SET reserve_until = $2, late_until = $2 WHERE session_id = $1",
            UUID(home.item()["session_id"]),
            datetime(2026, 12, 24, tzinfo=UTC),
        )
    await reserved(service, home)


async def test_the_same_batch_at_once_from_many_tries_is_taken_once(
    reservations: RunningService,
) -> None:
    homes = await enrol_homes(reservations, 3)
    batch = [mark(home, "present", at(11)) for home in homes]
    replies = await asyncio.gather(*(send(reservations, homes[0], *batch) for _ in range(6)))
    assert {reply.status for reply in replies} == {200}
    lines = await roll(reservations, homes[0])
    assert [len(line["marks"]) for line in lines.values()] == [1, 1, 1]


async def test_two_leaders_marks_merge_by_the_time_they_were_taken(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations, **EVENING)
    gone = mark(home, "present", at(17), left_at=at(17))
    came = mark(home, "present", at(15, 30), arrived_at=at(15, 30))
    assert await sent(reservations, home, gone) == ["recorded"]
    assert await sent(reservations, home, came) == ["recorded"]
    absent = mark(home, "absent", at(15))
    assert await sent(reservations, home, absent) == ["superseded"]
    event = (await told_of(reservations, home))[-1]
    assert (event.arrived_at, event.left_at) == (
        datetime(2026, 11, 27, 15, 30, tzinfo=UTC),
        datetime(2026, 11, 27, 17, 0, tzinfo=UTC),
    )


async def test_a_child_fetched_late_is_told_with_the_minutes(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations, **EVENING)
    await sent(reservations, home, mark(home, "present", at(17, 42), left_at=at(17, 42)))
    [event] = await told_of(reservations, home)
    assert event.late_pickup_minutes == 12
    line = (await roll(reservations, home))[str(home.child.child_id)]
    assert line["late_pickup_minutes"] == 12


async def test_a_wrong_mark_is_refused_alone_with_its_reason(
    reservations: RunningService,
) -> None:
    home, other = await enrol_home(reservations), await enrol_home(reservations)
    reply = await send(
        reservations,
        home,
        mark(other, "present", at(11)),
        mark(home, "present", at(11), arrived_at="2026-11-26T11:00:00Z"),
        mark(home, "present", at(11, 1)),
    )
    assert [m["outcome"] for m in reply.json["marks"]] == ["refused", "refused", "recorded"]
    assert "ni attendu ni inscrit" in reply.json["marks"][0]["reason"]
    assert await told_of(reservations, other) == []


async def test_a_number_serves_one_mark_alone(reservations: RunningService) -> None:
    first, second = await enrol_homes(reservations, 2)
    once = mark(first, "present", at(11))
    again = {**mark(second, "present", at(11)), "mark_id": once["mark_id"]}
    assert await sent(reservations, first, once) == ["recorded"]
    assert await sent(reservations, first, again) == ["refused"]


async def test_a_tablet_with_a_wrong_clock_does_not_decide_what_is_latest(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    tomorrow = "2026-11-28T12:00:00Z"
    assert (
        await send(
            reservations, home, mark(home, "absent", tomorrow), sent_at="2026-11-28T18:00:00Z"
        )
    ).status == 200
    assert await sent(reservations, home, mark(home, "present", at(17))) == ["recorded"]
    line = (await roll(reservations, home))[str(home.child.child_id)]
    assert (line["state"], len(line["marks"])) == ("present", 2)


async def test_marks_are_not_sent_under_another_login(reservations: RunningService) -> None:
    home, mine, theirs = await enrol_home(reservations), staff(LEADER), staff(LEADER)
    body = {"account_id": str(theirs.account_id)}
    reply = await send(reservations, home, mark(home, "present", at(11)), caller=mine, **body)
    assert (reply.status, reply.json["type"]) == (409, "/problems/other-account")
    reply = await send(reservations, home, mark(home, "present", at(11)), caller=theirs, **body)
    assert reply.status == 200
    line = (await roll(reservations, home))[str(home.child.child_id)]
    assert (line["marked_by"], len(line["marks"])) == (str(theirs.account_id), 1)


async def test_a_leader_reads_the_roll_of_own_activities_alone(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    path = f"/sessions/{home.item(FRIDAY)['session_id']}/attendance"
    stranger = Caller(frozenset({LEADER}), uuid4(), activities=frozenset({uuid4()}))
    assert (await reservations.get(path, stranger)).status == 404
    assert (await reservations.get(path, home.guardian)).status == 403

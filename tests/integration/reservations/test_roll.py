"""The day's list and the roll."""

import asyncio
from datetime import time
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.reservations import AttendanceRecorded
from contracts.roles import AGENT, LEADER, REGISSEUR
from services.chassis.auth import Caller
from services.chassis.testing import Reply, RunningService, staff
from services.reservations.model.deadlines import at_paris
from tests.integration.reservations.town import (
    ACTIVITY_LEADER,
    FRIDAY,
    OFFICE_AGENT,
    Home,
    SetClock,
    cancel,
    canteen,
    child_file,
    enrol_home,
    enrol_homes,
    enrolled,
    family_file,
    reserved,
)


async def roster(service: RunningService, home: Home) -> dict[str, Any]:
    session = home.item()["session_id"]
    reply = await service.get(f"/sessions/{session}/roster", ACTIVITY_LEADER)
    assert reply.status == 200, reply.body
    found: dict[str, Any] = reply.json
    return found


async def mark(service: RunningService, home: Home, **states: str) -> Reply:
    """Mark children by id (the leader)."""
    session = home.item()["session_id"]
    marks = [{"child_id": child_id, "state": state} for child_id, state in states.items()]
    return await service.post(
        f"/sessions/{session}/attendance", ACTIVITY_LEADER, json={"marks": marks}
    )


async def told_of(service: RunningService, home: Home) -> list[AttendanceRecorded]:
    return [
        e for e in await service.outbox(AttendanceRecorded) if e.family_id == home.family.family_id
    ]


async def test_the_list_has_the_expected_with_what_the_table_must_know(
    reservations: RunningService,
) -> None:
    activity = canteen()
    lea = child_file(diet="no_pork", allergies="Arachide")
    family = family_file(lea)
    await reservations.tell(activity, family, enrolled(family, lea, activity))
    home = Home(family, lea, activity)
    other = await enrol_home(reservations, activity)
    reservation_id = await reserved(reservations, home)
    found = await roster(reservations, home)
    [child] = found["children"]
    known = ("child_id", "school_class", "diet", "allergies", "reservation_id", "state", "age")
    assert [child[name] for name in known] == [
        str(lea.child_id),
        "CE1",
        "no_pork",
        "Arachide",
        reservation_id,
        None,
        7,
    ]
    assert [child["child_id"] for child in found["enrolled"]] == [str(other.child.child_id)]
    assert (found["session"]["booked"], found["session"]["marked"]) == (1, 0)


async def test_present_is_recorded_and_told_with_its_reservation(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    reservation_id = await reserved(reservations, home)
    reply = await mark(reservations, home, **{str(home.child.child_id): "present"})
    [answer] = reply.json["marks"]
    assert (answer["state"], answer["version"]) == ("present", 1)
    [event] = await told_of(reservations, home)
    assert (str(event.reservation_id), event.state, event.version) == (
        reservation_id,
        "present",
        1,
    )
    assert str(event.attendance_id) == answer["attendance_id"]
    found = await roster(reservations, home)
    assert found["children"][0]["state"] == "present"
    assert found["session"]["marked"] == 1


async def test_the_same_mark_again_is_not_told_and_a_correction_is(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    await reserved(reservations, home)
    child = str(home.child.child_id)
    for state in ("absent", "absent", "excused"):
        assert (await mark(reservations, home, **{child: state})).status == 200
    told = await told_of(reservations, home)
    assert [(e.version, e.state) for e in told] == [(1, "absent"), (2, "excused")]
    assert len({e.attendance_id for e in told}) == 1


async def test_a_child_who_came_unexpected_is_present_without_reservation(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    await mark(reservations, home, **{str(home.child.child_id): "present"})
    [event] = await told_of(reservations, home)
    assert event.reservation_id is None
    found = await roster(reservations, home)
    assert [(c["state"], c["reservation_id"]) for c in found["children"]] == [("present", None)]
    assert found["enrolled"] == []


async def test_a_place_given_back_leaves_the_list(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    await cancel(reservations, home.guardian, await reserved(reservations, home))
    found = await roster(reservations, home)
    assert found["children"] == []
    assert [child["child_id"] for child in found["enrolled"]] == [str(home.child.child_id)]


async def test_a_place_given_back_before_its_day_takes_the_early_mark_with_it(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    reservation_id = await reserved(reservations, home)
    child = str(home.child.child_id)
    await mark(reservations, home, **{child: "present"})
    await cancel(reservations, home.guardian, reservation_id)
    told = await told_of(reservations, home)
    assert [(e.version, e.state) for e in told] == [(1, "present"), (2, "absent")]
    found = await roster(reservations, home)
    assert (found["children"], found["session"]["marked"]) == ([], 0)
    assert [one["child_id"] for one in found["enrolled"]] == [child]

    await reserved(reservations, home)
    [expected] = (await roster(reservations, home))["children"]
    assert (expected["child_id"], expected["state"]) == (child, None)
    await mark(reservations, home, **{child: "present"})
    assert (await told_of(reservations, home))[-1].state == "present"


async def test_a_place_given_back_on_the_day_itself_leaves_the_mark(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations)
    reservation_id = await reserved(reservations, home)
    clock.now = at_paris(FRIDAY, time(13))
    await mark(reservations, home, **{str(home.child.child_id): "present"})
    assert (await cancel(reservations, OFFICE_AGENT, reservation_id)).status == 200
    assert [e.state for e in await told_of(reservations, home)] == ["present"]


async def test_a_stranger_is_refused_by_name_and_nothing_is_recorded(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    await reserved(reservations, home)
    marks = {str(home.child.child_id): "present", str(uuid4()): "present"}
    reply = await mark(reservations, home, **marks)
    assert (reply.status, reply.json["type"]) == (422, "/problems/not-on-the-roll")
    assert [error["field"] for error in reply.json["errors"]] == ["marks.1.child_id"]
    assert await told_of(reservations, home) == []


async def test_two_tablets_at_once_make_one_order_of_versions(
    reservations: RunningService,
) -> None:
    homes = await enrol_homes(reservations, 4)
    children = [str(home.child.child_id) for home in homes]
    states = ["present", "absent"] * 6
    replies = await asyncio.gather(
        *(mark(reservations, homes[0], **dict.fromkeys(children, state)) for state in states)
    )
    assert {reply.status for reply in replies} == {200}
    for home in homes:
        versions = [e.version for e in await told_of(reservations, home)]
        assert versions == list(range(1, len(versions) + 1))


async def test_a_child_of_two_homes_is_charged_to_the_home_that_reserved(
    reservations: RunningService,
) -> None:
    activity, lea = canteen(), child_file()
    homes = [Home(family_file(lea), lea, activity) for _ in range(2)]
    await reservations.tell(
        activity,
        *(home.family for home in homes),
        *(enrolled(home.family, lea, activity) for home in homes),
    )
    for home in homes:
        reservation_id = await reserved(reservations, home)
        await mark(reservations, home, **{str(lea.child_id): "present"})
        [event] = await told_of(reservations, home)
        assert event.reservation_id == UUID(reservation_id)
        await cancel(reservations, home.guardian, reservation_id)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"marks": []}, "marks"),
        ({"marks": [{"child_id": str(uuid4()), "state": "ill"}]}, "marks.0.state"),
        ({"marks": [{"child_id": str(UUID(int=1)), "state": "absent"}] * 2}, "marks"),
    ],
)
async def test_a_malformed_roll_is_refused_by_field(
    reservations: RunningService, body: dict[str, Any], field: str
) -> None:
    home = await enrol_home(reservations)
    path = f"/sessions/{home.item()['session_id']}/attendance"
    reply = await reservations.post(path, OFFICE_AGENT, json=body)
    assert reply.status == 422
    assert field in [error["field"] for error in reply.json["errors"]]


async def test_an_unknown_session_has_no_list(reservations: RunningService) -> None:
    for path in (f"/sessions/{uuid4()}/roster",):
        reply = await reservations.get(path, OFFICE_AGENT)
        assert (reply.status, reply.json["type"]) == (404, "/problems/unknown-session")
    mark_one = {"marks": [{"child_id": str(uuid4()), "state": "present"}]}
    reply = await reservations.post(f"/sessions/{uuid4()}/attendance", OFFICE_AGENT, json=mark_one)
    assert (reply.status, reply.json["type"]) == (404, "/problems/unknown-session")


async def test_families_and_the_till_have_no_business_with_the_roll(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    path = f"/sessions/{home.item()['session_id']}/roster"
    for caller in (home.guardian, staff(REGISSEUR)):
        assert (await reservations.get(path, caller)).status == 403


async def test_a_leader_sees_and_marks_own_activities_alone(reservations: RunningService) -> None:
    home, other = await enrol_home(reservations), await enrol_home(reservations)
    own = Caller(frozenset({LEADER}), uuid4(), activities=frozenset({home.activity.activity_id}))
    mine, theirs = home.item()["session_id"], other.item()["session_id"]
    assert (await reservations.get(f"/sessions/{mine}/roster", own)).status == 200
    assert (await reservations.get(f"/sessions/{theirs}/roster", own)).status == 404
    marks = {"marks": [{"child_id": str(other.child.child_id), "state": "present"}]}
    refused = await reservations.post(f"/sessions/{theirs}/attendance", own, json=marks)
    assert refused.status == 404
    assert await told_of(reservations, other) == []
    day = {"from": FRIDAY.isoformat(), "to": FRIDAY.isoformat()}
    listed = (await reservations.get("/sessions", own, params=day)).json["sessions"]
    assert {s["activity_id"] for s in listed} == {str(home.activity.activity_id)}


async def test_limits_of_a_leader_do_not_limit_another_role_of_the_same_person(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    both = Caller(frozenset({LEADER, AGENT}), uuid4(), activities=frozenset())
    session = home.item()["session_id"]
    assert (await reservations.get(f"/sessions/{session}/roster", both)).status == 200

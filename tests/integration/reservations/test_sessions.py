"""Sessions follow the activity as it was last published; events may come in any order."""

from datetime import date, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

from contracts.envelope import Attributes
from contracts.events.deadlines import WorkingDaysBefore
from contracts.events.enrolment import ActivityPublishedV2, Slot
from contracts.roles import ADMIN, OPERATOR
from services.chassis.testing import RunningService, eventually, staff
from services.reservations.model.activities import session_id
from tests.integration.reservations.town import (
    FRIDAY,
    MONDAY,
    OFFICE_AGENT,
    TUESDAY,
    Home,
    SetClock,
    calendar_of,
    canteen,
    counts,
    enrol_home,
    enrol_homes,
    enrolled,
    entry_of,
    family_file,
    outcomes,
    reserve,
    reserved,
)

PARTS_OF_DAY = (
    Slot(code="matin", name="Matin", starts_at="08:00", ends_at="12:00"),
    Slot(code="soir", name="Soir", starts_at="13:30", ends_at="18:00"),
    Slot(code="journee", name="Journée", starts_at="08:00", ends_at="18:00"),
)
NOON = Slot(starts_at="12:00", ends_at="13:30")


def changed(activity: ActivityPublishedV2, version: int = 2, **changes: Any) -> ActivityPublishedV2:
    return canteen(**{**activity.model_dump(), "version": version, **changes})


async def sessions_of(
    service: RunningService, activity: ActivityPublishedV2, first: date, last: date
) -> list[dict[str, Any]]:
    query = {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "activity_id": str(activity.activity_id),
    }
    reply = await service.get("/sessions", OFFICE_AGENT, params=query)
    assert reply.status == 200, reply.body
    sessions: list[dict[str, Any]] = reply.json["sessions"]
    return sessions


async def test_sessions_are_made_for_the_whole_school_year(reservations: RunningService) -> None:
    activity = canteen()
    await reservations.tell(activity)
    async with reservations.database.connection() as connection:
        made = await connection.fetchval(
            "SELECT count(*) FROM session WHERE activity_id = $1", activity.activity_id
        )
    assert made == 139
    week = await sessions_of(reservations, activity, date(2026, 11, 9), date(2026, 11, 15))
    assert [s["date"] for s in week] == ["2026-11-09", "2026-11-10", "2026-11-12", "2026-11-13"]
    assert (week[0]["starts_at"], week[0]["ends_at"]) == ("11:45", "13:30")
    assert (week[0]["capacity"], week[0]["booked"], week[0]["marked"]) == (120, 0, 0)


async def test_republishing_the_same_changes_nothing(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    await reserved(reservations, home)
    before = await sessions_of(reservations, home.activity, FRIDAY, date(2026, 12, 18))
    await reservations.tell(home.activity, changed(home.activity, version=2))
    assert await sessions_of(reservations, home.activity, FRIDAY, date(2026, 12, 18)) == before


async def test_a_new_rule_and_capacity_hold_for_coming_sessions_only(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    rule = WorkingDaysBefore(days=1, at="18:00")
    await reservations.tell(changed(home.activity, capacity=80, reserve_rule=rule))
    entry = await entry_of(reservations, home)
    assert (entry["reserve_until"], entry["remaining"]) == ("2026-11-26T17:00:00Z", 80)
    past = await entry_of(reservations, home, date(2026, 11, 20))
    assert (past["reserve_until"], past["remaining"]) == ("2026-11-18T11:00:00Z", 120)


async def test_each_part_of_a_day_is_named_and_reserved_by_itself(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations, slots=PARTS_OF_DAY)
    [day] = (await calendar_of(reservations, home))["days"]
    assert {entry["slot"]: entry["activity_name"] for entry in day["entries"]} == {
        "matin": "Restaurant scolaire – Matin",
        "soir": "Restaurant scolaire – Soir",
        "journee": "Restaurant scolaire – Journée",
    }
    # A weekly pattern means the whole day, not its parts besides.
    pattern = fridays_pattern(home)
    preview = await reservations.post("/reservations/patterns/preview", home.guardian, json=pattern)
    assert [d["activity_name"] for d in preview.json["days"]] == ["Restaurant scolaire – Journée"]
    reply = await reservations.post("/reservations/patterns", home.guardian, json=pattern)
    [item] = reply.json["items"]
    whole_day = session_id(home.activity.activity_id, FRIDAY, "journee")
    assert (item["outcome"], item["session_id"]) == ("confirmed", str(whole_day))


async def test_a_weekly_pattern_may_name_a_part_of_the_day(reservations: RunningService) -> None:
    home = await enrol_home(reservations, slots=PARTS_OF_DAY)
    path = "/reservations/patterns"
    mornings = {**fridays_pattern(home), "slot": "matin"}
    made = await reservations.post(path, home.guardian, json=mornings)
    [item] = made.json["items"]
    morning = session_id(home.activity.activity_id, FRIDAY, "matin")
    assert (item["outcome"], item["session_id"]) == ("confirmed", str(morning))
    evenings = {**fridays_pattern(home), "slot": "soir"}
    given = await reservations.post(f"{path}/cancel", home.guardian, json=evenings)
    assert given.json["cancelled"] == []
    given = await reservations.post(f"{path}/cancel", home.guardian, json=mornings)
    assert [g["outcome"] for g in given.json["cancelled"]] == ["cancelled"]


def fridays_pattern(home: Home) -> dict[str, object]:
    """The one Friday, as a weekly pattern."""
    return {
        "child_id": str(home.child.child_id),
        "activity_id": str(home.activity.activity_id),
        "weekdays": [5],
        "from": FRIDAY.isoformat(),
        "to": FRIDAY.isoformat(),
    }


async def test_an_older_version_that_comes_late_is_ignored(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    await reservations.tell(changed(home.activity, version=3, capacity=80))
    await reservations.tell(changed(home.activity, version=2, capacity=40))
    assert (await entry_of(reservations, home))["remaining"] == 80


async def test_a_smaller_capacity_takes_nobody_s_place(reservations: RunningService) -> None:
    homes = await enrol_homes(reservations, 3, capacity=3)
    for home in homes[:2]:
        await reserved(reservations, home)
    await reservations.tell(changed(homes[0].activity, capacity=1))
    assert await counts(reservations, homes[0].activity.activity_id) == (2, 2)
    assert (await entry_of(reservations, homes[0]))["remaining"] == 0
    assert outcomes(await reserve(reservations, homes[2].guardian, homes[2].item())) == [
        "session-full"
    ]


async def test_a_day_that_leaves_the_calendar_closes_and_what_is_held_stays(
    reservations: RunningService,
) -> None:
    home, other = await enrol_homes(reservations, 2)
    await reserved(reservations, home)
    await reservations.tell(changed(home.activity, weekdays=(1, 2, 4)))
    assert (await entry_of(reservations, home))["state"] == "reserved"
    assert (await calendar_of(reservations, other))["days"][0]["entries"] == []
    assert outcomes(await reserve(reservations, other.guardian, other.item())) == ["session-closed"]
    await reservations.tell(changed(home.activity, version=3))
    assert (await entry_of(reservations, other))["state"] == "free"


async def test_an_enrolment_may_come_before_its_activity_and_its_family(
    reservations: RunningService,
) -> None:
    for order in permutations(range(3)):
        activity, family = canteen(), family_file()
        events = [activity, family, enrolled(family, family.children[0], activity)]
        for position in order:
            await reservations.tell(events[position])
        home = Home(family, family.children[0], activity)
        assert (await entry_of(reservations, home))["state"] == "free"
        await reserved(reservations, home)


async def test_a_place_can_be_kept_before_the_family_file_arrives(
    reservations: RunningService,
) -> None:
    activity, family = canteen(), family_file()
    home = Home(family, family.children[0], activity)
    await reservations.tell(activity, enrolled(family, home.child, activity))
    assert (await calendar_of(reservations, home))["children"] == []
    await reserved(reservations, home)
    await reservations.tell(family)
    assert (await entry_of(reservations, home))["state"] == "reserved"


async def test_the_same_event_twice_and_older_files_change_nothing(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    renamed = home.child.model_copy(update={"first_name": "Léonie"})
    newer = family_file(renamed, family_id=home.family.family_id, version=3)
    older = family_file(home.child, family_id=home.family.family_id, version=2)
    event_id = uuid4()
    await reservations.publish(newer, event_id=event_id)
    await reservations.publish(newer, event_id=event_id)
    await reservations.handled(event_id)
    await reservations.tell(older)
    found = await calendar_of(reservations, home)
    assert [child["first_name"] for child in found["children"]] == ["Léonie"]


async def test_an_older_enrolment_that_comes_late_is_ignored(
    reservations: RunningService,
) -> None:
    activity, family = canteen(), family_file()
    child = family.children[0]
    newer = enrolled(family, child, activity, version=4, ends_on=FRIDAY)
    older = newer.model_copy(update={"version": 2, "ends_on": activity.ends_on})
    await reservations.tell(activity, family, newer)
    await reservations.tell(older)
    home = Home(family, child, activity)
    assert (await calendar_of(reservations, home, MONDAY))["days"][0]["entries"] == []


async def test_a_session_that_has_begun_is_not_rewritten(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations)
    await reserved(reservations, home)
    clock.now += timedelta(days=4, hours=2)
    await reservations.tell(changed(home.activity, weekdays=(1,), slots=(NOON,)))
    entry = await entry_of(reservations, home)
    assert (entry["state"], entry["starts_at"]) == ("reserved", "11:45")
    assert (await entry_of(reservations, home, MONDAY))["starts_at"] == "12:00"
    assert (await calendar_of(reservations, home, TUESDAY))["days"][0]["entries"] == []


async def test_an_activity_that_makes_no_sense_is_set_aside_and_holds_nobody_up(
    reservations: RunningService,
) -> None:
    nonsense = canteen(slots=(Slot(starts_at="25:99", ends_at="26:99"),))
    await reservations.publish(nonsense)
    home = await enrol_home(reservations)
    assert (await entry_of(reservations, home))["state"] == "free"

    async def set_aside() -> bool:
        reply = await reservations.get("/dead-letters", staff(OPERATOR))
        return str(nonsense.activity_id) in reply.body.decode()

    await eventually(set_aside, what="the dead letter")


async def test_a_malformed_record_is_set_aside_at_once(reservations: RunningService) -> None:
    activity_id = uuid4()
    [event_id] = await reservations.publish(canteen())
    headers = Attributes(
        id=uuid4(),
        type=ActivityPublishedV2.type_name(),
        source="/services/enrolment",
        time=(await _created(reservations)),
        correlation_id="test",
    ).headers()
    await reservations.publish_raw(
        ActivityPublishedV2.topic(), str(activity_id), headers, b'{"activity_id": "nobody"}'
    )
    await reservations.handled(event_id)

    async def set_aside() -> bool:
        reply = await reservations.get("/dead-letters", staff(OPERATOR))
        return str(activity_id) in reply.body.decode()

    await eventually(set_aside, what="the dead letter")


async def _created(service: RunningService) -> Any:
    async with service.database.connection() as connection:
        return await connection.fetchval("SELECT now()")


async def test_sessions_of_one_day_and_of_a_period(reservations: RunningService) -> None:
    activity = canteen()
    await reservations.tell(activity)
    admin = staff(ADMIN)
    query = {"date": FRIDAY.isoformat(), "activity_id": str(activity.activity_id)}
    reply = await reservations.get("/sessions", admin, params=query)
    assert [s["date"] for s in reply.json["sessions"]] == ["2026-11-27"]
    for bad, field in (
        ({}, "from"),
        ({"from": "2026-11-27"}, "to"),
        ({"from": "2026-11-27", "to": "2026-11-20"}, "to"),
        ({"from": "2026-01-01", "to": "2026-12-31"}, "to"),
        ({"date": "27/11/2026"}, "date"),
        ({"date": "0001-01-01"}, "date"),
    ):
        reply = await reservations.get("/sessions", admin, params=bad)
        assert reply.status == 422, bad
        assert [e["field"] for e in reply.json["errors"]] == [field]

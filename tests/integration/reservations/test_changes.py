"""Baskets that change places: given back, exchanged and kept in one request, each by itself."""

from datetime import date
from uuid import uuid4

from contracts.events.accounts import CustodyFile
from contracts.events.enrolment import Slot
from contracts.events.reservations import ReservationCancelled, ReservationMade
from services.chassis.testing import RunningService, guardian
from services.reservations.model.activities import session_id
from tests.integration.reservations.town import (
    FRIDAY,
    MONDAY,
    OFFICE_AGENT,
    TUESDAY,
    Home,
    cancel,
    canteen,
    change,
    child_file,
    counts,
    enrol_home,
    enrol_homes,
    enrolled,
    family_file,
    outcomes,
    reserve,
    reserved,
    wait_for,
    waits_of,
)


async def two_at_the_same_hours(service: RunningService) -> tuple[Home, Home]:
    """One child enrolled in two activities that take place at the same hours."""
    canteen_home = await enrol_home(service)
    picnic = canteen(
        name="Pique-nique", slots=(Slot(starts_at="12:00", ends_at="14:00"),), capacity=1
    )
    await service.tell(picnic, enrolled(canteen_home.family, canteen_home.child, picnic))
    return canteen_home, Home(canteen_home.family, canteen_home.child, picnic)


async def test_one_request_gives_back_and_keeps_and_tells_of_each(
    reservations: RunningService,
) -> None:
    home, other = await enrol_homes(reservations, 2)
    friday, theirs = await reserved(reservations, home), await reserved(reservations, other)
    done = await change(
        reservations,
        home.guardian,
        cancel=[friday, theirs],
        reserve=[home.item(MONDAY), home.item(date(2026, 12, 25))],
    )
    assert [(c["outcome"], c["reason"]) for c in done["cancelled"]] == [
        ("cancelled", None),
        ("refused", "unknown-reservation"),
    ]
    assert outcomes(done["reserved"]) == ["confirmed", "unknown-session"]
    assert await counts(reservations, home.activity.activity_id) == (1, 1)


async def test_the_same_key_is_done_once(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    friday = await reserved(reservations, home)
    asked = {"cancel": [friday], "reserve": [home.item(MONDAY)]}
    headers = {"Idempotency-Key": str(uuid4())}
    first, again = [
        await reservations.post("/changes", home.guardian, json=asked, headers=headers)
        for _ in range(2)
    ]
    assert first.json == again.json
    told = [
        e
        for e in await reservations.outbox(ReservationCancelled)
        if e.family_id == home.family.family_id
    ]
    assert len(told) == 1


async def test_a_child_cannot_be_at_two_sessions_at_once(reservations: RunningService) -> None:
    lunch, picnic = await two_at_the_same_hours(reservations)
    held = await reserved(reservations, lunch)
    [refused] = await reserve(reservations, lunch.guardian, picnic.item())
    assert (refused["reason"], refused["instead_of"]) == ("overlap", held)
    assert "Restaurant scolaire" in refused["detail"]
    both = await reserve(reservations, lunch.guardian, lunch.item(MONDAY), picnic.item(MONDAY))
    assert outcomes(both) == ["confirmed", "overlap"]


async def test_an_exchange_is_one_step(reservations: RunningService) -> None:
    lunch, picnic = await two_at_the_same_hours(reservations)
    held = await reserved(reservations, lunch)
    done = await change(
        reservations, lunch.guardian, swap=[{"cancel": held, "reserve": picnic.item()}]
    )
    assert done["swapped"][0]["outcome"] == "swapped"
    assert await counts(reservations, lunch.activity.activity_id) == (0, 0)
    assert await counts(reservations, picnic.activity.activity_id) == (1, 1)


async def test_an_exchange_for_a_place_that_is_gone_changes_nothing(
    reservations: RunningService,
) -> None:
    lunch, picnic = await two_at_the_same_hours(reservations)
    quicker = await enrol_home(reservations, picnic.activity)
    await reserved(reservations, quicker)
    held = await reserved(reservations, lunch)
    told = len(await reservations.outbox(ReservationCancelled))
    done = await change(
        reservations, lunch.guardian, swap=[{"cancel": held, "reserve": picnic.item()}]
    )
    [swap] = done["swapped"]
    assert (swap["outcome"], swap["reserve"]["reason"]) == ("refused", "session-full")
    assert await counts(reservations, lunch.activity.activity_id) == (1, 1)
    assert len(await reservations.outbox(ReservationCancelled)) == told


async def test_an_exchange_within_a_full_session_does_not_pass_the_line(
    reservations: RunningService,
) -> None:
    holder, waiting = await enrol_homes(reservations, 2, capacity=1)
    held = await reserved(reservations, holder)
    await wait_for(reservations, waiting)
    sibling = child_file(first_name="Tom")
    grown = family_file(holder.child, sibling, family_id=holder.family.family_id, version=2)
    await reservations.tell(grown, enrolled(grown, sibling, holder.activity))
    item = {**holder.item(), "child_id": str(sibling.child_id)}
    done = await change(reservations, holder.guardian, swap=[{"cancel": held, "reserve": item}])
    assert done["swapped"][0]["outcome"] == "refused"
    assert (await counts(reservations, holder.activity.activity_id)) == (1, 1)
    assert [wait["state"] for wait in await waits_of(reservations, waiting)] == ["waiting"]


async def test_who_gives_back_and_asks_anew_stands_behind_those_who_wait(
    reservations: RunningService,
) -> None:
    holder, waiting = await enrol_homes(reservations, 2, capacity=1)
    held = await reserved(reservations, holder)
    await wait_for(reservations, waiting)
    done = await change(reservations, holder.guardian, cancel=[held], reserve=[holder.item()])
    assert outcomes(done["reserved"]) == ["session-full"]
    assert [wait["state"] for wait in await waits_of(reservations, waiting)] == ["offered"]


async def test_a_day_of_the_other_home_needs_a_word_more(reservations: RunningService) -> None:
    mother, father, activity = uuid4(), uuid4(), canteen()
    # Friday 27 November 2026 is in week 48: even, the father's.
    custody = CustodyFile(even_family_id=father, odd_family_id=mother, change_weekday=1)
    child = child_file(custody=custody)
    homes = [family_file(child, family_id=home) for home in (mother, father)]
    await reservations.tell(activity, *homes, *(enrolled(h, child, activity) for h in homes))
    item = {
        "child_id": str(child.child_id),
        "session_id": str(session_id(activity.activity_id, FRIDAY)),
    }
    refused = await reserve(reservations, guardian(mother), item)
    assert outcomes(refused) == ["other-homes-day"]
    allowed = await reserve(reservations, guardian(mother), {**item, "other_home": True})
    assert outcomes(allowed) == ["confirmed"]
    await cancel(reservations, guardian(mother), allowed[0]["reservation_id"])
    by_staff = await reserve(reservations, OFFICE_AGENT, item, family_id=str(mother))
    assert outcomes(by_staff) == ["confirmed"]


async def test_each_age_group_has_its_own_places_within_the_sessions(
    reservations: RunningService,
) -> None:
    groups = (
        {"name": "3-5 ans", "min_age": 3, "max_age": 5, "capacity": 1, "children_per_adult": 8},
        {"name": "6-11 ans", "min_age": 6, "max_age": 11},
    )
    activity = canteen(capacity=3, age_groups=groups)
    await reservations.tell(activity)
    small = [child_file(birth_date=date(2022, 1, 1)) for _ in range(2)]
    big = [child_file(birth_date=date(2018, 1, 1)) for _ in range(3)]
    family = family_file(*small, *big)
    await reservations.tell(family, *(enrolled(family, c, activity) for c in (*small, *big)))
    session = str(session_id(activity.activity_id, FRIDAY))
    basket = [{"child_id": str(c.child_id), "session_id": session} for c in (*small, *big)]
    kept = await reserve(reservations, guardian(family.family_id), *basket)
    assert outcomes(kept) == [
        "confirmed",
        "session-full",
        "confirmed",
        "confirmed",
        "session-full",
    ]
    shown = await reservations.get(f"/sessions/{session}/waiting", OFFICE_AGENT)
    assert [(g["booked"], g["adults"]) for g in shown.json["groups"]] == [(1, 1), (2, None)]


async def test_a_pattern_is_shown_before_it_is_made_and_may_be_given_back(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    child, activity = str(home.child.child_id), str(home.activity.activity_id)
    pattern = {
        "lines": [{"child_id": child, "activity_id": activity, "weekdays": [1, 2]}],
        "from": MONDAY.isoformat(),
        "to": "2026-12-18",
        "weeks": "odd",
        "but_for": [TUESDAY.isoformat()],
    }
    path = "/reservations/patterns"
    preview = await reservations.post(f"{path}/preview", home.guardian, json=pattern)
    days = [(day["date"], day["expected"]) for day in preview.json["days"]]
    assert days == [
        ("2026-11-30", "confirmed"),
        ("2026-12-14", "confirmed"),
        ("2026-12-15", "confirmed"),
    ]
    assert not [
        e
        for e in await reservations.outbox(ReservationMade)
        if e.family_id == home.family.family_id
    ]
    made = await reservations.post(path, home.guardian, json=pattern)
    assert outcomes(made.json["items"]) == ["confirmed"] * 3
    seen = await reservations.post(
        f"{path}/preview", home.guardian, json={**pattern, "cancel": True}
    )
    assert [day["expected"] for day in seen.json["days"]] == ["cancelled"] * 3
    given = await reservations.post(f"{path}/cancel", home.guardian, json=pattern)
    assert [c["charged"] for c in given.json["cancelled"]] == [False] * 3
    assert await counts(reservations, home.activity.activity_id, MONDAY) == (0, 0)

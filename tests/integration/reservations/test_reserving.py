"""Keeping places: baskets, deadlines, patterns, two homes, the staff."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.events.reservations import ReservationMade
from services.chassis.testing import RunningService, guardian
from tests.integration.reservations.town import (
    FRIDAY,
    MONDAY,
    OFFICE_AGENT,
    TUESDAY,
    Home,
    SetClock,
    calendar_of,
    canteen,
    child_file,
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


async def told_of(service: RunningService, home: Home) -> list[ReservationMade]:
    family_id = home.family.family_id
    return [e for e in await service.outbox(ReservationMade) if e.family_id == family_id]


async def test_a_place_is_kept_shown_and_told(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    assert (await entry_of(reservations, home))["state"] == "free"
    reservation_id = await reserved(reservations, home)
    entry = await entry_of(reservations, home)
    assert (entry["state"], entry["reservation_id"]) == ("reserved", reservation_id)
    assert entry["remaining"] == 119
    [event] = await told_of(reservations, home)
    assert (str(event.reservation_id), event.version, event.date) == (reservation_id, 1, FRIDAY)


async def test_each_item_of_a_basket_has_its_own_outcome(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    stranger = {**home.item(), "child_id": str(uuid4())}
    nowhere = {**home.item(), "session_id": str(uuid4())}
    past = home.item(date(2026, 11, 20))
    basket = [home.item(MONDAY), stranger, nowhere, past, home.item(TUESDAY), home.item(MONDAY)]
    found = await reserve(reservations, home.guardian, *basket)
    assert outcomes(found) == [
        *("confirmed", "not-enrolled", "unknown-session", "deadline-passed"),
        *("confirmed", "confirmed"),
    ]
    assert found[0]["reservation_id"] == found[-1]["reservation_id"]
    assert len(await told_of(reservations, home)) == 2


async def test_reserving_again_is_confirmed_again_and_not_told(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    first = await reserved(reservations, home)
    assert await reserved(reservations, home) == first
    assert len(await told_of(reservations, home)) == 1
    assert await counts(reservations, home.activity.activity_id) == (1, 1)


async def test_siblings_of_one_basket_share_the_last_place_in_order(
    reservations: RunningService,
) -> None:
    activity = canteen(capacity=1)
    lea, paul = child_file(), child_file(first_name="Paul")
    family = family_file(lea, paul)
    await reservations.tell(
        activity, family, enrolled(family, lea, activity), enrolled(family, paul, activity)
    )
    homes = [Home(family, paul, activity), Home(family, lea, activity)]
    found = await reserve(reservations, homes[0].guardian, *(home.item() for home in homes))
    assert outcomes(found) == ["confirmed", "session-full"]
    assert found[1]["detail"] == "Il n’y a plus de place à cette séance."
    assert (await entry_of_child(reservations, homes[1]))["state"] == "full"


async def entry_of_child(service: RunningService, home: Home) -> dict[str, Any]:
    entries = (await calendar_of(service, home))["days"][0]["entries"]
    [entry] = [e for e in entries if e["child_id"] == str(home.child.child_id)]
    only: dict[str, Any] = entry
    return only


async def test_the_deadline_holds_to_the_second(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations)
    entry = await entry_of(reservations, home)
    assert entry["reserve_until"] == "2026-11-25T11:00:00Z"  # Wednesday noon in Paris
    clock.now += timedelta(days=2, hours=1, minutes=30, seconds=1)
    [late] = await reserve(reservations, home.guardian, home.item())
    assert late["reason"] == "deadline-passed"
    assert late["detail"] == "La réservation était possible jusqu’au mercredi 25 novembre à 12:00."
    assert (await entry_of(reservations, home))["state"] == "closed"
    clock.now -= timedelta(seconds=1)
    assert await reserved(reservations, home)


async def test_the_staff_reserve_past_the_deadline_and_it_is_recorded(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations)
    clock.now += timedelta(days=4)
    assert outcomes(await reserve(reservations, OFFICE_AGENT, home.item())) == ["confirmed"]
    listed = await reservations.get(
        "/reservations", home.guardian, params={"from": "2026-11-27", "to": "2026-11-27"}
    )
    [found] = listed.json["reservations"]
    assert (found["past_deadline"], found["by_staff"], found["state"]) == (True, True, "confirmed")
    assert (found["starts_at"], found["first_name"]) == ("11:45", "Léa")


async def test_even_the_staff_cannot_overbook(reservations: RunningService) -> None:
    first, second = await enrol_homes(reservations, 2, capacity=1)
    await reserved(reservations, first)
    assert outcomes(await reserve(reservations, OFFICE_AGENT, second.item())) == ["session-full"]


async def test_a_family_cannot_reserve_for_a_child_of_another(
    reservations: RunningService,
) -> None:
    home, other = await enrol_homes(reservations, 2)
    assert outcomes(await reserve(reservations, other.guardian, home.item())) == ["not-enrolled"]
    # A guardian who names the other family names none.
    claim = {"items": [home.item()], "family_id": str(home.family.family_id)}
    assert (await reservations.post("/reservations", other.guardian, json=claim)).status == 404


async def test_a_child_of_two_homes_has_one_place(reservations: RunningService) -> None:
    activity, lea = canteen(), child_file()
    mother, father = family_file(lea), family_file(lea)
    await reservations.tell(
        *(activity, mother, father),
        *(enrolled(mother, lea, activity), enrolled(father, lea, activity)),
    )
    here, there = Home(mother, lea, activity), Home(father, lea, activity)
    assert outcomes(await reserve(reservations, OFFICE_AGENT, here.item())) == ["two-homes"]
    first = await reserved(reservations, here)
    assert outcomes(await reserve(reservations, there.guardian, there.item())) == [
        "reserved-by-other-home"
    ]
    shown = await entry_of(reservations, there)
    assert (shown["state"], shown["reservation_id"]) == ("reserved", None)
    assert (await reservations.delete(f"/reservations/{first}", there.guardian)).status == 404
    await reservations.delete(f"/reservations/{first}", here.guardian)
    second = await reserved(reservations, there)
    # The place changed hands: a new reservation, and still one order of versions.
    assert second != first
    assert [e.version for e in await told_of(reservations, there)] == [3]
    [named] = await reserve(
        reservations, OFFICE_AGENT, there.item(), family_id=str(father.family_id)
    )
    assert named["reservation_id"] == second


async def test_an_enrolment_opens_its_own_days_only(reservations: RunningService) -> None:
    activity, family = canteen(), family_file()
    child = family.children[0]
    enrolment = enrolled(family, child, activity, starts_on=MONDAY, ends_on=MONDAY)
    await reservations.tell(activity, family, enrolment)
    home = Home(family, child, activity)
    found = await reserve(
        reservations, home.guardian, *(home.item(day) for day in (FRIDAY, MONDAY, TUESDAY))
    )
    assert outcomes(found) == ["not-enrolled", "confirmed", "not-enrolled"]


async def test_a_weekly_pattern_reserves_the_coming_sessions_of_a_period(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    pattern = {
        "child_id": str(home.child.child_id),
        "activity_id": str(home.activity.activity_id),
        "weekdays": [1, 4],
        "from": "2026-11-01",
        "to": "2027-01-10",
    }
    reply = await reservations.post("/reservations/patterns", home.guardian, json=pattern)
    found = reply.json["items"]
    # Today is Monday 23: the limit of its own session is past, that of Thursday's is tomorrow.
    assert outcomes(found) == ["deadline-passed", *["confirmed"] * 9]
    days = [f"{e.date:%d/%m}" for e in await told_of(reservations, home)]
    assert days == [
        *("26/11", "30/11", "03/12", "07/12", "10/12", "14/12", "17/12"),
        *("04/01", "07/01"),
    ]


async def test_repeating_a_request_with_its_key_returns_the_first_answer(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    request = {"json": {"items": [home.item()]}, "headers": {"Idempotency-Key": uuid4().hex}}
    caller = home.guardian
    first = await reservations.post("/reservations", caller, **request)
    await reservations.delete(f"/reservations/{first.json['items'][0]['reservation_id']}", caller)
    again = await reservations.post("/reservations", caller, **request)
    assert again.json == first.json
    assert (await entry_of(reservations, home))["state"] == "free"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"items": []}, "items"),
        ({"items": [{"child_id": "x", "session_id": str(uuid4())}]}, "items.0.child_id"),
        ({"items": [{"child_id": str(uuid4())}]}, "items.0.session_id"),
        ({}, "items"),
        ({"items": [], "price": 0}, "price"),
    ],
)
async def test_a_malformed_basket_is_refused_by_field(
    reservations: RunningService, body: dict[str, Any], field: str
) -> None:
    reply = await reservations.post("/reservations", guardian(uuid4()), json=body)
    assert reply.status == 422
    assert field in {error["field"] for error in reply.json["errors"]}


async def test_a_basket_has_at_most_two_hundred_items(reservations: RunningService) -> None:
    items = [{"child_id": str(uuid4()), "session_id": str(uuid4())} for _ in range(201)]
    reply = await reservations.post("/reservations", guardian(uuid4()), json={"items": items})
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, "items")

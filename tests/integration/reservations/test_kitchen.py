"""What the kitchen is told: by school and kind of meal, once, and again when it changes."""

from datetime import UTC, datetime, time
from typing import Any

from contracts.events.enrolment import Slot
from contracts.events.reservations import MealsOrdered
from contracts.roles import REGISSEUR
from services.chassis.testing import RunningService, staff
from services.reservations.commands.order_meals import order_meals
from services.reservations.official_calendar import OFFICIAL
from tests.integration.reservations.town import (
    ACTIVITY_LEADER,
    FRIDAY,
    Home,
    SetClock,
    cancel,
    canteen,
    child_file,
    enrolled,
    family_file,
    reserved,
)

BEFORE = datetime(2026, 11, 26, 8, 59, tzinfo=UTC)
THE_HOUR = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)


def hours(starts_at: str, ends_at: str) -> tuple[Slot, ...]:
    return (Slot(starts_at=starts_at, ends_at=ends_at),)


async def table(service: RunningService, *diets: str) -> list[Home]:
    """A canteen with one reserved child for each of these diets."""
    activity = canteen()
    homes = []
    for diet in diets:
        child = child_file(diet=diet, school_code="BOURG")
        family = family_file(child)
        await service.tell(activity, family, enrolled(family, child, activity))
        homes.append(Home(family, child, activity))
        await reserved(service, homes[-1])
    return homes


async def told_of(service: RunningService, home: Home) -> list[MealsOrdered]:
    found = await service.outbox(MealsOrdered)
    return [event for event in found if event.activity_id == home.activity.activity_id]


async def order_at(service: RunningService, now: datetime) -> None:
    async with service.database.transaction() as connection:
        await order_meals(connection, time(10), service.app[OFFICIAL].shipped, now)


async def kitchen(service: RunningService, home: Home) -> dict[str, Any]:
    day = {"from": FRIDAY.isoformat(), "to": FRIDAY.isoformat()}
    reply = await service.get("/kitchen", staff(REGISSEUR), params=day)
    assert reply.status == 200, reply.body
    own = str(home.activity.activity_id)
    [found] = [s for s in reply.json["sessions"] if s["activity_id"] == own]
    assert isinstance(found, dict)
    return found


def meals(counted: list[dict[str, Any]]) -> dict[str, int]:
    return {meal["diet"]: meal["count"] for meal in counted}


async def test_meals_are_ordered_when_the_hour_comes_and_once(
    reservations: RunningService,
) -> None:
    home, *_ = await table(reservations, "standard", "standard", "own_meal", "no_pork")
    await order_at(reservations, BEFORE)
    assert await told_of(reservations, home) == []
    for now in (THE_HOUR, LATER):
        await order_at(reservations, now)
    [event] = await told_of(reservations, home)
    assert (event.version, event.date, event.place) == (1, FRIDAY, "École du Bourg")
    assert {(m.school_code, m.diet, m.count) for m in event.meals} == {
        ("BOURG", "standard", 2),
        ("BOURG", "own_meal", 1),
        ("BOURG", "no_pork", 1),
    }


async def test_a_change_after_the_order_is_a_correction_and_the_page_shows_both(
    reservations: RunningService, clock: SetClock
) -> None:
    home, other = await table(reservations, "standard", "vegetarian")
    await order_at(reservations, THE_HOUR)
    held = await reservations.get(
        "/reservations", other.guardian, params={"from": "2026-11-27", "to": "2026-11-27"}
    )
    await cancel(reservations, other.guardian, held.json["reservations"][0]["reservation_id"])
    shown = await kitchen(reservations, home)
    assert meals(shown["meals"]) == {"standard": 1}
    assert meals(shown["order"]["first_meals"]) == {"standard": 1, "vegetarian": 1}
    await order_at(reservations, LATER)
    first, second = await told_of(reservations, home)
    assert (second.order_id, second.version) == (first.order_id, 2)
    assert [(m.diet, m.count) for m in second.meals] == [("standard", 1)]
    order = (await kitchen(reservations, home))["order"]
    assert (order["version"], order["ordered_at"], order["told_at"]) == (
        2,
        "2026-11-26T09:00:00Z",
        "2026-11-26T14:00:00Z",
    )


async def test_who_is_said_not_to_come_is_not_cooked_for_and_who_comes_is(
    reservations: RunningService,
) -> None:
    absent, away, present = await table(reservations, "standard", "standard", "standard")
    announced = {
        "child_id": str(absent.child.child_id),
        "from": FRIDAY.isoformat(),
        "to": FRIDAY.isoformat(),
        "reason_kind": "illness",
    }
    assert (await reservations.post("/absences", absent.guardian, json=announced)).status == 201
    path = f"/sessions/{away.item()['session_id']}/attendance"
    marks = [
        {"child_id": str(away.child.child_id), "state": "absent"},
        {"child_id": str(present.child.child_id), "state": "present"},
    ]
    await reservations.post(path, ACTIVITY_LEADER, json={"marks": marks})
    assert meals((await kitchen(reservations, absent))["meals"]) == {"standard": 1}


async def test_morning_and_evening_care_serve_no_meals(reservations: RunningService) -> None:
    care = canteen(kind="evening_care", slots=hours("16:30", "18:30"))
    half_day = canteen(
        kind="wednesday", days="wednesdays", weekdays=(3,), slots=hours("13:30", "17:00")
    )
    whole = canteen(
        kind="wednesday", days="wednesdays", weekdays=(3,), slots=hours("09:00", "17:00")
    )
    await reservations.tell(care, half_day, whole)
    week = {"from": "2026-11-23", "to": "2026-11-29"}
    reply = await reservations.get("/kitchen", ACTIVITY_LEADER, params=week)
    served = {session["activity_id"] for session in reply.json["sessions"]}
    assert str(whole.activity_id) in served
    assert not {str(care.activity_id), str(half_day.activity_id)} & served

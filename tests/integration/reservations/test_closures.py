"""The town closes: what families hold is given back, told, and never charged."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from contracts.events.deadlines import WorkingDaysBefore
from contracts.events.reservations import ReservationCancelled, SessionClosed
from contracts.roles import ADMIN, LEADER
from services.chassis.testing import RunningService, staff
from tests.integration.reservations.town import (
    FRIDAY,
    MONDAY,
    OFFICE_AGENT,
    TUESDAY,
    Home,
    SetClock,
    cancel,
    counts,
    enrol_home,
    enrol_homes,
    entry_of,
    outcomes,
    reserve,
    reserved,
)
from tests.unit.reservations.test_official_file import ALL_ZONES, file_of


def strike(home: Home, day: date = FRIDAY, last: date | None = None) -> dict[str, Any]:
    return {
        "from": day.isoformat(),
        "to": (last or day).isoformat(),
        "activity_ids": [str(home.activity.activity_id)],
        "reason": "Grève",
    }


async def close(service: RunningService, body: dict[str, Any]) -> dict[str, Any]:
    reply = await service.post("/closures", OFFICE_AGENT, json=body)
    assert reply.status == 201, reply.body
    closure: dict[str, Any] = reply.json
    return closure


async def cancellations(service: RunningService, home: Home) -> list[ReservationCancelled]:
    events = await service.outbox(ReservationCancelled)
    return [event for event in events if event.family_id == home.family.family_id]


async def test_a_closure_gives_back_what_families_hold_and_tells_why(
    reservations: RunningService,
) -> None:
    home, other = await enrol_homes(reservations, 2)
    await reserved(reservations, home)
    preview = await reservations.post("/closures/preview", OFFICE_AGENT, json=strike(home))
    assert preview.json == {"sessions": 1, "reservations": 1, "families": 1}
    # Foreseeing changes nothing.
    assert (await entry_of(reservations, home))["state"] == "reserved"

    closed = await close(reservations, strike(home))
    assert closed["cancelled"] == preview.json
    assert await counts(reservations, home.activity.activity_id) == (0, 0)
    for family in (home, other):
        entry = await entry_of(reservations, family)
        assert (entry["state"], entry["closed_reason"]) == ("closed", "Grève")
    [told] = await cancellations(reservations, home)
    assert (told.cause, told.late) == ("closure", False)
    sessions = await reservations.outbox(SessionClosed)
    [session] = [s for s in sessions if s.activity_id == home.activity.activity_id]
    assert (session.date, session.reason) == (FRIDAY, "Grève")
    refused = await reserve(reservations, other.guardian, other.item())
    assert outcomes(refused) == ["session-closed"]
    # Not even the staff book what does not take place.
    assert outcomes(await reserve(reservations, OFFICE_AGENT, other.item())) == ["session-closed"]


async def test_who_had_given_back_too_late_is_not_charged_either(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations)
    reservation_id = await reserved(reservations, home)
    clock.now += timedelta(days=3)
    assert (await cancel(reservations, home.guardian, reservation_id)).json["charged"]
    await close(reservations, strike(home))
    late, freed = await cancellations(reservations, home)
    assert (late.late, freed.late, freed.cause) == (True, False, "closure")
    assert freed.version == late.version + 1


async def test_lifting_a_closure_opens_the_session_and_families_reserve_anew(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    await reserved(reservations, home)
    closure = await close(reservations, strike(home))
    path = f"/closures/{closure['closure_id']}"
    for _ in range(2):
        lifted = await reservations.delete(path, OFFICE_AGENT)
        assert lifted.status == 200, lifted.body
        assert lifted.json["lifted_at"]
    entry = await entry_of(reservations, home)
    assert (entry["state"], entry["closed_reason"]) == ("free", None)
    await reserved(reservations, home)
    unknown = await reservations.delete(f"/closures/{uuid4()}", OFFICE_AGENT)
    assert (unknown.status, unknown.json["type"]) == (404, "/problems/unknown-closure")


async def test_deadlines_that_do_not_count_closures_move_with_them(
    reservations: RunningService,
) -> None:
    rule = WorkingDaysBefore(
        days=2, at="12:00", not_counted=("saturday", "sunday", "public_holiday", "closure")
    )
    home = await enrol_home(reservations, reserve_rule=rule)
    assert (await entry_of(reservations, home, TUESDAY))["reserve_until"] == "2026-11-27T11:00:00Z"
    await close(reservations, strike(home, FRIDAY))
    assert (await entry_of(reservations, home, TUESDAY))["reserve_until"] == "2026-11-26T11:00:00Z"


async def test_an_activity_published_after_the_closure_is_closed_as_well(
    reservations: RunningService,
) -> None:
    far = date(2027, 6, 14)
    everything = {"from": far.isoformat(), "to": far.isoformat(), "reason": "Fête communale"}
    closure = await close(reservations, everything)
    try:
        home = await enrol_home(reservations)
        assert (await entry_of(reservations, home, far))["closed_reason"] == "Fête communale"
    finally:
        await reservations.delete(f"/closures/{closure['closure_id']}", OFFICE_AGENT)


async def test_a_closure_that_makes_no_sense_is_refused_beside_its_field(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    good = strike(home)
    for wrong, field in (
        ({"from": "2026-11-20", "to": "2026-11-20"}, "to"),
        ({"to": "2026-11-20"}, "to"),
        ({"activity_ids": [str(uuid4())]}, "activity_ids"),
        ({"activity_ids": []}, "activity_ids"),
        ({"reason": ""}, "reason"),
    ):
        for path in ("/closures", "/closures/preview"):
            refused = await reservations.post(path, OFFICE_AGENT, json=good | wrong)
            assert refused.status == 422, (wrong, refused.body)
            assert [error["field"] for error in refused.json["errors"]] == [field]
    assert (await entry_of(reservations, home))["state"] == "free"
    for stranger in (home.guardian, staff(LEADER)):
        assert (await reservations.post("/closures", stranger, json=good)).status == 403


async def test_the_year_shows_holidays_public_holidays_and_closures(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    closure = await close(reservations, strike(home, MONDAY))
    query = {"from": "2026-11-01", "to": "2027-05-10"}
    year = (await reservations.get("/school-calendar", OFFICE_AGENT, params=query)).json
    days = {day["date"]: day for day in year["days"]}
    assert (year["zone"], year["alsace_moselle"]) == ("B", False)
    assert days["2026-11-11"] == {
        "date": "2026-11-11",
        "kind": "public_holiday",
        "label": "Armistice",
        "closures": [],
    }
    assert days["2027-05-07"]["kind"] == "bridge"
    assert closure["closure_id"] in days["2026-11-30"]["closures"]
    assert closure["closure_id"] in [c["closure_id"] for c in year["closures"]]


async def test_the_official_file_moves_the_holidays_and_tells_who_loses_a_day(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    before_spring = date(2027, 4, 16)
    await reserved(reservations, home, before_spring)
    admin = staff(ADMIN)
    moved = tuple(
        ("20270414", back, name) if "Printemps" in name else (first, back, name)
        for first, back, name in ALL_ZONES
    )
    for caller, content, status in (
        (OFFICE_AGENT, file_of(moved), 403),
        (admin, b"not a calendar", 422),
    ):
        reply = await reservations.post("/school-calendar/ics", caller, data=content)
        assert reply.status == status
    try:
        reply = await reservations.post("/school-calendar/ics", admin, data=file_of(moved))
        assert reply.status == 200, reply.body
        assert reply.json["school_years"] == ["2026-2027"]
        [told] = await cancellations(reservations, home)
        assert (told.date, told.cause) == (before_spring, "closure")
        closed = await reservations.outbox(SessionClosed)
        mine = [s for s in closed if s.activity_id == home.activity.activity_id]
        assert [(s.date.day, s.reason) for s in mine] == [
            (15, "Vacances de Printemps"),
            (16, "Vacances de Printemps"),
        ]
    finally:
        reply = await reservations.post("/school-calendar/ics", admin, data=file_of(ALL_ZONES))
    assert (await entry_of(reservations, home, before_spring))["state"] == "free"

"""Giving places back, in time and late, and keeping them again."""

from datetime import timedelta
from uuid import uuid4

from contracts.events.reservations import ReservationCancelled, ReservationMade
from services.chassis.testing import RunningService
from tests.integration.reservations.town import (
    OFFICE_AGENT,
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


async def cancellations(service: RunningService, home: Home) -> list[ReservationCancelled]:
    family_id = home.family.family_id
    return [e for e in await service.outbox(ReservationCancelled) if e.family_id == family_id]


async def test_in_time_the_place_is_free_and_nothing_is_charged(
    reservations: RunningService,
) -> None:
    home, next_home = await enrol_homes(reservations, 2, capacity=1)
    reservation_id = await reserved(reservations, home)
    reply = await cancel(reservations, home.guardian, reservation_id)
    assert reply.json == {"reservation_id": reservation_id, "charged": False}
    [event] = await cancellations(reservations, home)
    assert (event.version, event.late) == (2, False)
    assert await reserved(reservations, next_home)
    assert await counts(reservations, home.activity.activity_id) == (1, 1)


async def test_late_the_place_is_free_and_still_charged(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations)
    reservation_id = await reserved(reservations, home)
    assert (await entry_of(reservations, home))["late_cancel"] is False
    clock.now += timedelta(days=3)
    assert (await entry_of(reservations, home))["late_cancel"] is True
    reply = await cancel(reservations, home.guardian, reservation_id)
    assert reply.json["charged"] is True
    [event] = await cancellations(reservations, home)
    assert event.late
    query = {"from": "2026-11-27", "to": "2026-11-27", "cancelled": "true"}
    listed = await reservations.get("/reservations", home.guardian, params=query)
    [found] = listed.json["reservations"]
    assert (found["state"], found["charged"]) == ("cancelled", True)


async def test_twice_is_once(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    reservation_id = await reserved(reservations, home)
    first = await cancel(reservations, home.guardian, reservation_id)
    again = await cancel(reservations, home.guardian, reservation_id)
    assert first.json == again.json
    assert len(await cancellations(reservations, home)) == 1
    assert await counts(reservations, home.activity.activity_id) == (0, 0)


async def test_a_place_kept_again_is_the_same_reservation_with_growing_versions(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    first = await reserved(reservations, home)
    await cancel(reservations, home.guardian, first)
    assert await reserved(reservations, home) == first
    await cancel(reservations, home.guardian, first)
    family_id = home.family.family_id
    made = [e for e in await reservations.outbox(ReservationMade) if e.family_id == family_id]
    assert [e.version for e in made] == [1, 3]
    assert [e.version for e in await cancellations(reservations, home)] == [2, 4]


async def test_what_has_begun_only_the_staff_can_give_back(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations)
    reservation_id = await reserved(reservations, home)
    clock.now += timedelta(days=4, hours=3)
    refused = await cancel(reservations, home.guardian, reservation_id)
    assert (refused.status, refused.json["type"]) == (409, "/problems/session-started")
    assert "vendredi 27 novembre à 11:45" in refused.json["detail"]
    assert (await cancel(reservations, OFFICE_AGENT, reservation_id)).json["charged"] is True


async def test_another_family_cannot_tell_that_it_exists(reservations: RunningService) -> None:
    home, other = await enrol_homes(reservations, 2)
    reservation_id = await reserved(reservations, home)
    theirs = await cancel(reservations, other.guardian, reservation_id)
    nobodys = await cancel(reservations, other.guardian, str(uuid4()))
    assert theirs.status == nobodys.status == 404
    assert theirs.json == nobodys.json
    assert outcomes(await reserve(reservations, home.guardian, home.item())) == ["confirmed"]


async def test_an_id_that_is_none_is_refused_by_name(reservations: RunningService) -> None:
    reply = await cancel(reservations, OFFICE_AGENT, "not-an-id")
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, "reservation_id")

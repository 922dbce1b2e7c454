"""After the limit: kept with a surcharge, or asked of the staff, as the activity says."""

from datetime import timedelta
from typing import Any

from contracts.events.enrolment import AfterDeadline
from contracts.events.reservations import (
    LateReservationAnswered,
    LateReservationAsked,
    LateReservationWithdrawn,
    ReservationMade,
)
from contracts.roles import LEADER
from services.chassis.testing import RunningService, staff
from tests.integration.reservations.town import (
    FRIDAY,
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

ASK, LATE = AfterDeadline(policy="ask"), AfterDeadline(policy="late")
PAST_THE_LIMIT = timedelta(days=3)
SESSION_BEGUN = timedelta(days=2)


async def waiting(service: RunningService, home: Home) -> list[dict[str, Any]]:
    reply = await service.get("/late-requests", OFFICE_AGENT)
    assert reply.status == 200, reply.body
    return [a for a in reply.json["asks"] if a["family_id"] == str(home.family.family_id)]


async def asked(service: RunningService, home: Home) -> str:
    [outcome] = await reserve(service, home.guardian, home.item())
    assert outcome["outcome"] == "requested", outcome
    [ask] = await waiting(service, home)
    ask_id: str = ask["ask_id"]
    return ask_id


async def states(service: RunningService, home: Home) -> list[str]:
    """What the family's history tells of its requests, the newest first."""
    reply = await service.get("/late-requests/own", home.guardian)
    return [asked["state"] for asked in reply.json["late_requests"]]


async def told(service: RunningService, event: type[Any], home: Home) -> list[Any]:
    return [e for e in await service.outbox(event) if e.family_id == home.family.family_id]


async def test_a_late_place_is_kept_and_told_as_late(
    reservations: RunningService, clock: SetClock
) -> None:
    home, other = await enrol_homes(reservations, 2, after_deadline=LATE)
    await reserved(reservations, other)
    clock.now += PAST_THE_LIMIT
    entry = await entry_of(reservations, home)
    assert (entry["state"], entry["late"]) == ("free", "late")
    [outcome] = await reserve(reservations, home.guardian, home.item())
    assert (outcome["outcome"], outcome["late"]) == ("confirmed", True)
    assert [made.late for made in await told(reservations, ReservationMade, home)] == [True]
    assert [made.late for made in await told(reservations, ReservationMade, other)] == [False]


async def test_what_the_staff_book_past_the_limit_is_not_late(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations, after_deadline=LATE)
    clock.now += PAST_THE_LIMIT
    [outcome] = await reserve(reservations, OFFICE_AGENT, home.item())
    assert (outcome["outcome"], outcome["late"]) == ("confirmed", False)
    assert [made.late for made in await told(reservations, ReservationMade, home)] == [False]


async def test_an_accepted_request_keeps_the_place_once(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations, after_deadline=ASK)
    clock.now += PAST_THE_LIMIT
    assert (await entry_of(reservations, home))["late"] == "ask"
    ask_id = await asked(reservations, home)
    # Asked twice is asked once.
    assert await asked(reservations, home) == ask_id
    assert len(await told(reservations, LateReservationAsked, home)) == 1
    assert (await entry_of(reservations, home))["asked"] == "pending"
    assert await counts(reservations, home.activity.activity_id) == (0, 0)
    for _ in range(2):
        accepted = await reservations.post(f"/late-requests/{ask_id}/accept", OFFICE_AGENT)
        assert (accepted.status, accepted.json["state"]) == (200, "accepted")
    assert (await entry_of(reservations, home))["state"] == "reserved"
    assert await counts(reservations, home.activity.activity_id) == (1, 1)
    [answered] = await told(reservations, LateReservationAnswered, home)
    assert (answered.accepted, answered.version) == (True, 2)
    assert [made.late for made in await told(reservations, ReservationMade, home)] == [False]
    refused = await reservations.post(
        f"/late-requests/{ask_id}/refuse", OFFICE_AGENT, json={"reason": "Trop tard"}
    )
    assert (refused.status, refused.json["type"]) == (409, "/problems/late-request-answered")


async def test_a_refused_request_tells_the_family_why_and_may_be_asked_again(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations, after_deadline=ASK)
    clock.now += PAST_THE_LIMIT
    ask_id = await asked(reservations, home)
    refused = await reservations.post(
        f"/late-requests/{ask_id}/refuse", OFFICE_AGENT, json={"reason": "Repas déjà commandés"}
    )
    assert refused.json["state"] == "refused"
    entry = await entry_of(reservations, home)
    assert (entry["asked"], entry["asked_reason"]) == ("refused", "Repas déjà commandés")
    [answered] = await told(reservations, LateReservationAnswered, home)
    assert not answered.accepted
    clock.now += timedelta(minutes=5)
    assert await asked(reservations, home) != ask_id
    assert (await entry_of(reservations, home))["asked"] == "pending"
    assert await states(reservations, home) == ["pending", "refused"]
    [ask] = await waiting(reservations, home)
    assert ask["refused_before"] == "Repas déjà commandés"
    clock.now += SESSION_BEGUN
    over = await reserve(reservations, home.guardian, home.item())
    assert outcomes(over) == ["deadline-passed"]


async def test_a_request_whose_place_is_gone_cannot_be_accepted(
    reservations: RunningService, clock: SetClock
) -> None:
    home, quicker = await enrol_homes(reservations, 2, after_deadline=ASK, capacity=1)
    clock.now += PAST_THE_LIMIT
    ask_id = await asked(reservations, home)
    assert outcomes(await reserve(reservations, OFFICE_AGENT, quicker.item())) == ["confirmed"]
    gone = await reservations.post(f"/late-requests/{ask_id}/accept", OFFICE_AGENT)
    assert (gone.status, gone.json["type"]) == (409, "/problems/late-request-outdated")
    assert len(await waiting(reservations, home)) == 1


async def test_a_closure_answers_what_was_asked(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations, after_deadline=ASK)
    clock.now += PAST_THE_LIMIT
    await asked(reservations, home)
    body = {
        "from": FRIDAY.isoformat(),
        "to": FRIDAY.isoformat(),
        "activity_ids": [str(home.activity.activity_id)],
        "reason": "Grève",
    }
    await reservations.post("/closures", OFFICE_AGENT, json=body)
    assert await waiting(reservations, home) == []
    assert (await entry_of(reservations, home))["asked_reason"] == "Grève"


async def test_who_gave_an_accepted_place_back_may_ask_again(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations, after_deadline=ASK)
    clock.now += PAST_THE_LIMIT
    ask_id = await asked(reservations, home)
    await reservations.post(f"/late-requests/{ask_id}/accept", OFFICE_AGENT)
    entry = await entry_of(reservations, home)
    await cancel(reservations, home.guardian, entry["reservation_id"])
    clock.now += timedelta(minutes=5)
    assert await asked(reservations, home) != ask_id
    assert await states(reservations, home) == ["pending", "accepted"]


async def test_a_family_takes_back_what_it_asked_until_it_is_answered(
    reservations: RunningService, clock: SetClock
) -> None:
    home, stranger = await enrol_homes(reservations, 2, after_deadline=ASK)
    clock.now += PAST_THE_LIMIT
    path = f"/late-requests/{await asked(reservations, home)}"
    assert (await reservations.delete(path, stranger.guardian)).status == 404
    for _ in range(2):
        assert (await reservations.delete(path, home.guardian)).status == 204
    assert await waiting(reservations, home) == []
    assert len(await told(reservations, LateReservationWithdrawn, home)) == 1
    late = await reservations.post(f"{path}/accept", OFFICE_AGENT)
    assert (late.status, late.json["type"]) == (409, "/problems/late-request-answered")
    clock.now += timedelta(minutes=5)
    path = f"/late-requests/{await asked(reservations, home)}"
    await reservations.post(f"{path}/accept", OFFICE_AGENT)
    assert (await reservations.delete(path, home.guardian)).status == 409
    assert await states(reservations, home) == ["accepted", "withdrawn"]


async def test_late_requests_are_for_the_office(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations, after_deadline=ASK)
    clock.now += PAST_THE_LIMIT
    ask_id = await asked(reservations, home)
    for stranger in (home.guardian, staff(LEADER)):
        assert (await reservations.get("/late-requests", stranger)).status == 403
        accepting = await reservations.post(f"/late-requests/{ask_id}/accept", stranger)
        assert accepting.status == 403

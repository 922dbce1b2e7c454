"""A child leaves an activity: its coming places, waits and late requests go, without charge."""

from datetime import date, timedelta

from contracts.events.enrolment import AfterDeadline, EnrolmentAccepted, EnrolmentWithdrawn
from contracts.events.reservations import (
    LateReservationAnswered,
    ReservationCancelled,
    WaitingListLeft,
)
from services.chassis.testing import RunningService
from tests.integration.reservations.town import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    Home,
    SetClock,
    cancel,
    canteen,
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


def leaves(
    home: Home, last_day: date | None, *, accepted: EnrolmentAccepted, version: int = 3
) -> EnrolmentWithdrawn:
    """The home's child leaves its activity after this day."""
    return EnrolmentWithdrawn(
        enrolment_id=accepted.enrolment_id,
        version=version,
        family_id=home.family.family_id,
        child_id=home.child.child_id,
        activity_id=home.activity.activity_id,
        school_year=home.activity.school_year,
        ends_on=last_day,
    )


async def only_enrolment(
    service: RunningService, **offered: object
) -> tuple[Home, EnrolmentAccepted]:
    """A family whose child is enrolled once, and that enrolment."""
    family, activity = family_file(), canteen(**offered)
    home = Home(family, family.children[0], activity)
    accepted = enrolled(family, home.child, activity)
    await service.tell(activity, family, accepted)
    return home, accepted


async def test_places_after_the_last_day_are_given_back_without_charge(
    reservations: RunningService,
) -> None:
    home, accepted = await only_enrolment(reservations)
    items = [home.item(day) for day in (FRIDAY, MONDAY, TUESDAY)]
    assert outcomes(await reserve(reservations, home.guardian, *items)) == ["confirmed"] * 3
    await reservations.tell(leaves(home, FRIDAY, accepted=accepted))
    assert await counts(reservations, home.activity.activity_id, FRIDAY) == (1, 1)
    assert await counts(reservations, home.activity.activity_id, MONDAY) == (0, 0)
    told = [
        e
        for e in await reservations.outbox(ReservationCancelled)
        if e.family_id == home.family.family_id
    ]
    assert [(e.date, e.late, e.cause) for e in sorted(told, key=lambda e: e.date)] == [
        (MONDAY, False, "withdrawal"),
        (TUESDAY, False, "withdrawal"),
    ]
    again = await reserve(reservations, home.guardian, home.item(MONDAY))
    assert outcomes(again) == ["not-enrolled"]


async def test_who_leaves_waits_no_more_and_the_next_in_line_is_offered_the_place(
    reservations: RunningService,
) -> None:
    home, accepted = await only_enrolment(
        reservations, capacity=1, waiting_list={"mode": "offer", "answer_hours": 10}
    )
    holder, behind = await enrol_homes(reservations, 2, home.activity)
    place = await reserved(reservations, holder, MONDAY)
    await reserved(reservations, holder, FRIDAY)
    for waiting in (home, behind):
        await wait_for(reservations, waiting, MONDAY)
    await wait_for(reservations, home, FRIDAY)
    await cancel(reservations, holder.guardian, place)
    assert {w["state"] for w in await waits_of(reservations, home)} == {"offered", "waiting"}

    await reservations.tell(leaves(home, FRIDAY, accepted=accepted))
    assert [w["date"] for w in await waits_of(reservations, home)] == [FRIDAY.isoformat()]
    assert [w["state"] for w in await waits_of(reservations, behind)] == ["offered"]
    left = await reservations.outbox(WaitingListLeft)
    assert [(e.date, e.cause) for e in left if e.family_id == home.family.family_id] == [
        (MONDAY, "given_up")
    ]


async def test_what_was_asked_late_is_refused_with_the_reason(
    reservations: RunningService, clock: SetClock
) -> None:
    home, accepted = await only_enrolment(reservations, after_deadline=AfterDeadline(policy="ask"))
    clock.now += timedelta(days=3)
    [asked] = await reserve(reservations, home.guardian, home.item(FRIDAY))
    assert asked["outcome"] == "requested"
    await reservations.tell(leaves(home, FRIDAY - timedelta(days=1), accepted=accepted))
    told = await reservations.outbox(LateReservationAnswered)
    assert [e.accepted for e in told if e.family_id == home.family.family_id] == [False]
    [own] = (await reservations.get("/late-requests/own", home.guardian)).json["late_requests"]
    assert (own["state"], own["reason"]) == (
        "refused",
        "L’enfant n’est plus inscrit à cette activité ce jour-là.",
    )


async def test_an_acceptance_that_comes_after_the_withdrawal_changes_nothing(
    reservations: RunningService,
) -> None:
    family, activity = family_file(), canteen()
    home = Home(family, family.children[0], activity)
    accepted = enrolled(family, home.child, activity)
    await reservations.tell(activity, family)
    await reservations.tell(leaves(home, FRIDAY, accepted=accepted))
    await reservations.tell(accepted)
    assert outcomes(await reserve(reservations, home.guardian, home.item(MONDAY))) == [
        "not-enrolled"
    ]


async def test_what_another_enrolment_covers_stays(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    accepted = enrolled(home.family, home.child, home.activity)
    await reservations.tell(accepted)
    await reserve(reservations, home.guardian, home.item(MONDAY))
    await reservations.tell(leaves(home, FRIDAY, accepted=accepted))
    assert await counts(reservations, home.activity.activity_id, MONDAY) == (1, 1)


async def test_a_request_that_never_came_in_leaves_no_trace(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    await reserve(reservations, home.guardian, home.item(MONDAY))
    accepted = enrolled(home.family, home.child, home.activity)
    await reservations.tell(leaves(home, None, accepted=accepted, version=2))
    assert await counts(reservations, home.activity.activity_id, MONDAY) == (1, 1)

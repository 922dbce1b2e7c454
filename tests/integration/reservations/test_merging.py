"""Two families made one: places and rolls under the one that stays, no place held twice."""

from contracts.events.accounts import ChildFile, FamiliesMerged, FamilyFileUpdated, JoinedChild
from services.chassis.testing import RunningService, guardian
from tests.integration.reservations.test_roll import mark, roster
from tests.integration.reservations.town import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    Home,
    cancel,
    canteen,
    counts,
    enrol_homes,
    enrolled,
    entry_of,
    reserve,
    reserved,
)


def merged(
    survivor: FamilyFileUpdated, gone: FamilyFileUpdated, *joined: tuple[ChildFile, ChildFile]
) -> FamiliesMerged:
    """The second family is the first from now on; of each pair the first child stays."""
    return FamiliesMerged(
        family_id=survivor.family_id,
        merged_family_id=gone.family_id,
        children=tuple(
            JoinedChild(child_id=kept.child_id, merged_child_id=left.child_id)
            for kept, left in joined
        ),
    )


def joined(first: Home, second: Home) -> FamiliesMerged:
    """The families of both homes are one, and their children are one child."""
    return merged(first.family, second.family, (first.child, second.child))


async def test_places_follow_under_the_child_that_stays(reservations: RunningService) -> None:
    first, second = await enrol_homes(reservations, 2)
    kept = await reserved(reservations, second)
    await reservations.tell(joined(first, second))
    assert (await entry_of(reservations, first))["reservation_id"] == kept
    assert await counts(reservations, first.activity.activity_id) == (1, 1)
    assert (await cancel(reservations, first.guardian, kept)).status == 200
    assert await counts(reservations, first.activity.activity_id) == (0, 0)


async def test_a_place_that_one_child_had_twice_is_free_again(
    reservations: RunningService,
) -> None:
    first, second, third = await enrol_homes(reservations, 3, capacity=2)
    kept = await reserved(reservations, first)
    await reserved(reservations, second)
    await reserved(reservations, second, MONDAY)
    await reservations.tell(joined(first, second))
    assert await counts(reservations, first.activity.activity_id) == (1, 1)
    assert await counts(reservations, first.activity.activity_id, MONDAY) == (1, 1)
    assert (await entry_of(reservations, first))["reservation_id"] == kept
    assert await reserved(reservations, third)


async def test_a_kept_place_outlives_a_given_back_one(reservations: RunningService) -> None:
    first, second = await enrol_homes(reservations, 2)
    given_back = await reserved(reservations, first)
    await cancel(reservations, first.guardian, given_back)
    kept = await reserved(reservations, second)
    await reservations.tell(joined(first, second))
    assert (await entry_of(reservations, first))["reservation_id"] == kept
    assert await counts(reservations, first.activity.activity_id) == (1, 1)


async def test_what_the_roll_says_follows(reservations: RunningService) -> None:
    first, second = await enrol_homes(reservations, 2)
    await reserved(reservations, second)
    await mark(reservations, second, **{str(second.child.child_id): "present"})
    await reservations.tell(joined(first, second))
    children = {c["child_id"]: c for c in (await roster(reservations, first))["children"]}
    assert str(second.child.child_id) not in children
    assert children[str(first.child.child_id)]["state"] == "present"


async def test_an_enrolment_that_comes_late_is_the_survivors(
    reservations: RunningService,
) -> None:
    activity = canteen()
    first, second = await enrol_homes(reservations, 2)
    await reservations.tell(activity, joined(first, second))
    await reservations.tell(enrolled(second.family, second.child, activity))
    home = Home(first.family, first.child, activity)
    assert await reserved(reservations, home, TUESDAY)
    stranger = Home(second.family, second.child, activity)
    [refused] = await reserve(
        reservations, guardian(second.family.family_id), stranger.item(FRIDAY)
    )
    assert refused["outcome"] == "refused"

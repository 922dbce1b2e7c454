"""Two families made one: enrolments and children under the one that stays."""

from uuid import uuid4

from contracts.events.accounts import ChildFile, FamiliesMerged, FamilyFileUpdated, JoinedChild
from services.chassis.testing import RunningService, guardian
from tests.integration.enrolment.test_subscribers import children_of
from tests.integration.enrolment.town import (
    OFFICE_AGENT,
    ask,
    child_file,
    family_file,
    publish_canteen,
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


async def listed(service: RunningService, family: FamilyFileUpdated) -> list[tuple[str, str, str]]:
    reply = await service.get(f"/enrolments?family_id={family.family_id}", OFFICE_AGENT)
    return [(e["child_id"], e["child_name"], e["status"]) for e in reply.json["enrolments"]]


async def test_enrolments_and_children_follow(enrolment: RunningService) -> None:
    activity = await publish_canteen(enrolment)
    lea, twin, tom = child_file(), child_file(), child_file(first_name="Tom")
    first, second = family_file(lea), family_file(twin, tom)
    await enrolment.tell(first, second)
    for child in (twin, tom):
        await ask(enrolment, guardian(second.family_id), child, activity)
    event, event_id = merged(first, second, (lea, twin)), uuid4()
    await enrolment.publish(event, event_id=event_id)
    await enrolment.publish(event, event_id=event_id)
    await enrolment.handled(event_id)
    assert sorted(await listed(enrolment, first), key=lambda e: e[1]) == [
        (str(lea.child_id), "Léa Martin", "submitted"),
        (str(tom.child_id), "Tom Martin", "submitted"),
    ]
    assert await listed(enrolment, second) == []
    names = [c["first_name"] for c in await children_of(enrolment, first.family_id)]
    assert sorted(names) == ["Léa", "Tom"]


async def test_of_two_enrolments_of_one_child_the_accepted_one_stays(
    enrolment: RunningService,
) -> None:
    activity = await publish_canteen(enrolment)
    lea, twin = child_file(), child_file()
    first, second = family_file(lea), family_file(twin)
    await enrolment.tell(first, second)
    await ask(enrolment, guardian(first.family_id), lea, activity)
    asked = await ask(enrolment, guardian(second.family_id), twin, activity)
    path = f"/enrolments/{asked['enrolment_id']}/accept"
    assert (await enrolment.post(path, OFFICE_AGENT)).status == 200
    await enrolment.tell(merged(first, second, (lea, twin)))
    assert await listed(enrolment, first) == [(str(lea.child_id), "Léa Martin", "accepted")]


async def test_a_late_file_of_the_family_that_is_gone_is_nothing(
    enrolment: RunningService,
) -> None:
    first, second = family_file(), family_file()
    await enrolment.tell(first, merged(first, second))
    await enrolment.tell(second)
    assert await children_of(enrolment, second.family_id) == []


async def test_mergers_may_come_in_any_order(enrolment: RunningService) -> None:
    activity = await publish_canteen(enrolment)
    first, second, third = family_file(), family_file(), family_file()
    await enrolment.tell(first, second, third)
    (child,) = third.children
    await ask(enrolment, guardian(third.family_id), child, activity)
    # The third was put into the second, the second into the first; heard of the other way round.
    await enrolment.tell(merged(first, second))
    await enrolment.tell(merged(second, third))
    assert [e[0] for e in await listed(enrolment, first)] == [str(child.child_id)]

"""Our copies of the families follow accounts, whatever order its events come in."""

from typing import Any
from uuid import uuid4

from contracts.events.accounts import CustodyFile
from services.chassis.testing import RunningService, guardian
from tests.integration.enrolment.town import (
    OFFICE_AGENT,
    ask,
    child_file,
    family_file,
    publish_canteen,
)


async def children_of(service: RunningService, family_id: Any) -> list[dict[str, Any]]:
    reply = await service.get("/children", guardian(family_id))
    children: list[dict[str, Any]] = reply.json["children"]
    return children


async def test_the_newest_state_of_a_file_holds_whichever_comes_last(
    enrolment: RunningService,
) -> None:
    family_id, lea = uuid4(), child_file()
    newer = family_file(
        lea.model_copy(update={"school_class": "CE2"}), family_id=family_id, version=3
    )
    older = family_file(lea, child_file(), family_id=family_id, version=2)
    await enrolment.tell(newer)
    await enrolment.tell(older)
    assert [c["school_class"] for c in await children_of(enrolment, family_id)] == ["CE2"]


async def test_the_same_event_twice_is_one_effect(enrolment: RunningService) -> None:
    family, event_id = family_file(), uuid4()
    await enrolment.publish(family, event_id=event_id)
    await enrolment.publish(family, event_id=event_id)
    await enrolment.handled(event_id)
    await enrolment.tell(family_file())
    assert len(await children_of(enrolment, family.family_id)) == 1


async def test_a_child_that_left_the_file_keeps_its_name_in_its_enrolments(
    enrolment: RunningService,
) -> None:
    canteen = await publish_canteen(enrolment)
    lea, paul = child_file(), child_file(first_name="Paul")
    family = family_file(lea, paul)
    await enrolment.tell(family)
    await ask(enrolment, guardian(family.family_id), paul, canteen)
    await enrolment.tell(family_file(lea, family_id=family.family_id, version=2))
    assert [c["first_name"] for c in await children_of(enrolment, family.family_id)] == ["Léa"]
    listed = await enrolment.get(f"/enrolments?family_id={family.family_id}", OFFICE_AGENT)
    assert [e["child_name"] for e in listed.json["enrolments"]] == ["Paul Martin"]


async def test_a_child_is_shown_with_the_name_of_its_school(enrolment: RunningService) -> None:
    school = {"code": "EMV", "name": "École maternelle des Bords de Vire"}
    await enrolment.post("/schools", OFFICE_AGENT, json=school)
    family = family_file(child_file(school_code="EMV"))
    await enrolment.tell(family)
    (child,) = await children_of(enrolment, family.family_id)
    assert child["school_name"] == "École maternelle des Bords de Vire"


async def test_a_child_in_two_homes_stands_in_both_files_and_leaves_one_alone(
    enrolment: RunningService,
) -> None:
    lea = child_file()
    mother, father = family_file(lea), family_file(lea)
    weeks = CustodyFile(
        even_family_id=mother.family_id, odd_family_id=father.family_id, change_weekday=5
    )
    shared = lea.model_copy(update={"custody": weeks})
    both = [family_file(shared, family_id=home.family_id, version=2) for home in (mother, father)]
    await enrolment.tell(mother, father, *both)
    for home in both:
        shown = await children_of(enrolment, home.family_id)
        assert [c["child_id"] for c in shown] == [str(lea.child_id)]
    parted = family_file(family_id=father.family_id, version=3)
    await enrolment.tell(parted.model_copy(update={"children": ()}))
    assert await children_of(enrolment, father.family_id) == []
    assert len(await children_of(enrolment, mother.family_id)) == 1

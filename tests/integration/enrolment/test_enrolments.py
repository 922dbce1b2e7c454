"""From a family's request to the staff's decision."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.enrolment import EnrolmentAccepted, EnrolmentRefused, EnrolmentRequested
from contracts.roles import LEADER, REGISSEUR
from services.chassis.testing import RunningService, guardian, staff
from tests.integration.enrolment.town import (
    OFFICE_AGENT,
    ask,
    canteen_and_family,
    child_file,
    family_file,
    publish_canteen,
    wish,
)


async def test_a_request_is_followed_from_submission_to_acceptance(
    enrolment: RunningService,
) -> None:
    canteen, family = await canteen_and_family(enrolment)
    parent = guardian(family.family_id)
    asked = await ask(enrolment, parent, family.children[0], canteen)
    assert (asked["status"], asked["child_name"]) == ("submitted", "Léa Martin")
    assert asked["birth_date"], "the office decides on one page"
    path = f"/enrolments/{asked['enrolment_id']}/accept"
    accepted = await enrolment.post(path, OFFICE_AGENT)
    assert (accepted.status, accepted.json["status"]) == (200, "accepted")
    (mine,) = (await enrolment.get("/enrolments", parent)).json["enrolments"]
    assert [step["status"] for step in mine["history"]] == ["submitted", "accepted"]
    assert mine["decided_at"] is not None
    told = [e for e in await enrolment.outbox(EnrolmentAccepted) if e.family_id == family.family_id]
    assert [(e.version, e.starts_on, e.ends_on) for e in told] == [
        (2, date(2026, 9, 1), date(2027, 7, 2))
    ]


async def test_the_regulations_in_force_are_those_that_were_accepted(
    enrolment: RunningService,
) -> None:
    canteen = await publish_canteen(enrolment)
    rules = {"school_year": "2026-2027", "title": "Règlement intérieur", "text": "Article 1."}
    published = await enrolment.post("/regulations", OFFICE_AGENT, json=rules)
    family = family_file()
    await enrolment.tell(family)
    asked = await ask(enrolment, guardian(family.family_id), family.children[0], canteen)
    assert asked["regulations_version"] == published.json["version"]


async def test_a_refusal_tells_the_family_why_and_the_others_only_that(
    enrolment: RunningService,
) -> None:
    canteen, family = await canteen_and_family(enrolment)
    parent = guardian(family.family_id)
    asked = await ask(enrolment, parent, family.children[0], canteen)
    path = f"/enrolments/{asked['enrolment_id']}/refuse"
    refused = await enrolment.post(path, OFFICE_AGENT, json={"reason": "Assurance expirée."})
    assert refused.json["reason"] == "Assurance expirée."
    again = await ask(enrolment, parent, family.children[0], canteen)
    assert again["enrolment_id"] != asked["enrolment_id"]
    told = [e for e in await enrolment.outbox(EnrolmentRefused) if e.family_id == family.family_id]
    assert [str(e.enrolment_id) for e in told] == [asked["enrolment_id"]]


async def test_one_request_gets_through_however_many_come_at_once(
    enrolment: RunningService,
) -> None:
    canteen, family = await canteen_and_family(enrolment)
    parent, body = guardian(family.family_id), wish(family.children[0], canteen)
    replies = await asyncio.gather(
        *(enrolment.post("/enrolments", parent, json=body) for _ in range(8))
    )
    assert sorted(reply.status for reply in replies) == [201] + [409] * 7
    told = await enrolment.outbox(EnrolmentRequested)
    assert len([event for event in told if event.family_id == family.family_id]) == 1


async def test_agents_who_decide_at_once_do_not_contradict_each_other(
    enrolment: RunningService,
) -> None:
    canteen, family = await canteen_and_family(enrolment)
    parent = guardian(family.family_id)
    asked = await ask(enrolment, parent, family.children[0], canteen)
    path = f"/enrolments/{asked['enrolment_id']}"
    replies = await asyncio.gather(
        enrolment.post(path + "/accept", OFFICE_AGENT),
        enrolment.post(path + "/refuse", OFFICE_AGENT, json={"reason": "Complet."}),
        enrolment.post(path + "/accept", OFFICE_AGENT),
    )
    (mine,) = (await enrolment.get("/enrolments", parent)).json["enrolments"]
    assert len(mine["history"]) == 2
    assert {r.json["status"] for r in replies if r.status == 200} == {mine["status"]}
    assert {r.status for r in replies} == {200, 409}


async def test_repeating_a_request_with_its_key_returns_the_first_answer(
    enrolment: RunningService,
) -> None:
    canteen, family = await canteen_and_family(enrolment)
    parent, body = guardian(family.family_id), wish(family.children[0], canteen)
    headers = {"Idempotency-Key": uuid4().hex}
    first = await enrolment.post("/enrolments", parent, json=body, headers=headers)
    again = await enrolment.post("/enrolments", parent, json=body, headers=headers)
    assert (first.status, again.status, again.json) == (201, 201, first.json)


async def test_a_parent_reaches_only_the_own_family(enrolment: RunningService) -> None:
    canteen = await publish_canteen(enrolment)
    ours, theirs = family_file(), family_file()
    await enrolment.tell(ours, theirs)
    await ask(enrolment, guardian(theirs.family_id), theirs.children[0], canteen)
    us = guardian(ours.family_id)
    body = wish(theirs.children[0], canteen)
    assert (await enrolment.post("/enrolments", us, json=body)).status == 404
    claimed = body | {"family_id": str(theirs.family_id)}
    assert (await enrolment.post("/enrolments", us, json=claimed)).status == 404
    spied = await enrolment.get(f"/enrolments?family_id={theirs.family_id}", us)
    assert spied.status == 404
    assert {c["child_id"] for c in (await enrolment.get("/children", us)).json["children"]} == {
        str(ours.children[0].child_id)
    }


async def test_only_the_office_decides(enrolment: RunningService) -> None:
    canteen, family = await canteen_and_family(enrolment)
    parent = guardian(family.family_id)
    asked = await ask(enrolment, parent, family.children[0], canteen)
    for caller in (parent, staff(LEADER), staff(REGISSEUR)):
        reply = await enrolment.post(f"/enrolments/{asked['enrolment_id']}/accept", caller)
        assert reply.status == 403


async def test_the_office_enrols_for_a_family_without_a_computer(
    enrolment: RunningService,
) -> None:
    canteen, family = await canteen_and_family(enrolment)
    asked = await ask(enrolment, OFFICE_AGENT, family.children[0], canteen)
    assert asked["family_id"] == str(family.family_id)


async def test_for_a_child_in_two_homes_the_office_says_which_one_asks(
    enrolment: RunningService,
) -> None:
    canteen = await publish_canteen(enrolment)
    child = child_file()
    mother, father = family_file(child), family_file(child)
    await enrolment.tell(mother, father)
    body = wish(child, canteen)
    unclear = await enrolment.post("/enrolments", OFFICE_AGENT, json=body)
    assert unclear.json["errors"][0]["field"] == "family_id"
    for home in (mother, father):
        clear = body | {"family_id": str(home.family_id)}
        assert (await enrolment.post("/enrolments", OFFICE_AGENT, json=clear)).status == 201


@pytest.mark.parametrize(
    ("change", "status", "slug", "field"),
    [
        ({"regulations_accepted": False}, 422, "regulations-not-accepted", "regulations_accepted"),
        ({"activity_id": str(uuid4())}, 404, "unknown-activity", None),
        ({"child_id": str(uuid4())}, 404, "unknown-child", None),
        ({"child_id": "Léa"}, 422, "invalid-request", "child_id"),
        ({"colour": "red"}, 422, "invalid-request", "colour"),
    ],
)
async def test_a_wrong_request_is_refused_and_changes_nothing(
    enrolment: RunningService, change: dict[str, Any], status: int, slug: str, field: str | None
) -> None:
    canteen, family = await canteen_and_family(enrolment)
    parent = guardian(family.family_id)
    body = wish(family.children[0], canteen) | change
    refused = await enrolment.post("/enrolments", parent, json=body)
    assert (refused.status, refused.json["type"]) == (status, f"/problems/{slug}")
    assert field in {error["field"] for error in refused.json["errors"]} | {None}
    assert (await enrolment.get("/enrolments", parent)).json["total"] == 0


async def test_a_child_too_young_is_refused_by_name_of_the_field(
    enrolment: RunningService,
) -> None:
    canteen = await publish_canteen(enrolment)
    family = family_file(child_file(born=date(2024, 2, 1)))
    await enrolment.tell(family)
    body = wish(family.children[0], canteen)
    refused = await enrolment.post("/enrolments", guardian(family.family_id), json=body)
    assert (refused.status, refused.json["type"]) == (422, "/problems/age-out-of-range")
    assert refused.json["errors"][0]["field"] == "child_id"


async def test_an_activity_that_ended_takes_no_request(enrolment: RunningService) -> None:
    autumn = await publish_canteen(enrolment, kind="holiday", ends_on="2026-10-30")
    family = family_file()
    await enrolment.tell(family)
    body = wish(family.children[0], autumn)
    refused = await enrolment.post("/enrolments", guardian(family.family_id), json=body)
    assert (refused.status, refused.json["type"]) == (409, "/problems/activity-over")


async def test_the_staff_see_what_waits_for_them(enrolment: RunningService) -> None:
    canteen = await publish_canteen(enrolment)
    family = family_file(child_file(), child_file(), name="Lefèvre")
    await enrolment.tell(family)
    parent = guardian(family.family_id)
    first, second = [await ask(enrolment, parent, c, canteen) for c in family.children]
    await enrolment.post(f"/enrolments/{first['enrolment_id']}/accept", OFFICE_AGENT)
    path = f"/enrolments?status=submitted&activity_id={canteen['activity_id']}"
    waiting = (await enrolment.get(path, OFFICE_AGENT)).json
    assert [e["enrolment_id"] for e in waiting["enrolments"]] == [second["enrolment_id"]]
    assert waiting["enrolments"][0]["family_label"] == "LEFÈVRE"
    paged = await enrolment.get(
        f"/enrolments?activity_id={canteen['activity_id']}&size=1&page=2", OFFICE_AGENT
    )
    assert (paged.json["total"], len(paged.json["enrolments"])) == (2, 1)


async def test_an_enrolment_that_is_not_there_cannot_be_decided(
    enrolment: RunningService,
) -> None:
    missing: UUID = uuid4()
    reply = await enrolment.post(f"/enrolments/{missing}/accept", OFFICE_AGENT)
    assert (reply.status, reply.json["type"]) == (404, "/problems/unknown-enrolment")

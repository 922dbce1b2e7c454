"""Windows, places for the year, waiting lists and the distribution by criteria."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.events.accounts import FamilyErased, FamilyFileUpdated
from contracts.events.enrolment import EnrolmentAccepted, EnrolmentWaitlisted
from contracts.roles import LEADER
from services.chassis.testing import Reply, RunningService, guardian, staff
from tests.integration.enrolment.town import (
    OFFICE_AGENT,
    ask,
    child_file,
    family_file,
    publish_canteen,
    settle,
    wish,
)
from tests.unit.enrolment.builders import NOW, TODAY

CRITERIA = [
    {"code": "travail", "label": "Deux parents au travail", "weight": 10, "source": "declared"},
    {"code": "fratrie", "label": "Frère ou sœur inscrit", "weight": 5, "source": "sibling"},
]
YESTERDAY = (NOW - timedelta(days=1)).isoformat()


async def families(service: RunningService, count: int) -> list[FamilyFileUpdated]:
    found = [family_file() for _ in range(count)]
    await service.tell(*found)
    return found


async def one_each(
    service: RunningService, activity: dict[str, Any], asking: list[FamilyFileUpdated]
) -> list[dict[str, Any]]:
    return [await ask(service, guardian(f.family_id), f.children[0], activity) for f in asking]


async def listed(service: RunningService, activity: dict[str, Any]) -> dict[str, tuple[str, Any]]:
    reply = await service.get(f"/enrolments?activity_id={activity['activity_id']}", OFFICE_AGENT)
    return {e["enrolment_id"]: (e["status"], e["rank"]) for e in reply.json["enrolments"]}


async def figures(service: RunningService, activity: dict[str, Any]) -> dict[str, Any]:
    found = (await service.get("/admissions", OFFICE_AGENT)).json["admissions"]
    one: dict[str, Any] = next(a for a in found if a["activity_id"] == activity["activity_id"])
    return one


async def test_outside_the_window_families_are_told_when_and_the_staff_may_enter(
    enrolment: RunningService,
) -> None:
    canteen = await publish_canteen(enrolment)
    await settle(enrolment, canteen, closes_at=YESTERDAY)
    (family,) = await families(enrolment, 1)
    body = wish(family.children[0], canteen)
    late = await enrolment.post("/enrolments", guardian(family.family_id), json=body)
    assert (late.status, late.json["type"]) == (409, "/problems/window-closed")
    assert late.json["detail"] == "Les demandes ont été closes le 22/11/2026 à 10:30."
    assert (await ask(enrolment, OFFICE_AGENT, family.children[0], canteen))["status"] == (
        "submitted"
    )


async def test_places_are_given_in_the_order_of_arrival_and_never_one_too_many(
    enrolment: RunningService,
) -> None:
    canteen = await publish_canteen(enrolment)
    await settle(enrolment, canteen, automatic=True, places=3)
    asking = await families(enrolment, 8)

    async def request(family: FamilyFileUpdated) -> Reply:
        body = wish(family.children[0], canteen)
        return await enrolment.post("/enrolments", guardian(family.family_id), json=body)

    answers = await asyncio.gather(*(request(family) for family in asking))
    assert sorted(a.json["status"] for a in answers) == ["accepted"] * 3 + ["waiting"] * 5
    ranks = [rank for status, rank in (await listed(enrolment, canteen)).values() if rank]
    assert sorted(ranks) == [1, 2, 3, 4, 5]
    now = await figures(enrolment, canteen)
    assert (now["left"], now["counts"]) == (0, {"accepted": 3, "waiting": 5})


async def test_a_freed_place_goes_to_the_next_in_line_from_the_day_it_is_free(
    enrolment: RunningService,
) -> None:
    canteen = await publish_canteen(enrolment)
    await settle(enrolment, canteen, automatic=True, places=1)
    asking = await families(enrolment, 3)
    first, second, third = await one_each(enrolment, canteen, asking)
    last = TODAY + timedelta(days=18)
    path = f"/enrolments/{first['enrolment_id']}/withdrawal"
    body = {"ends_on": last.isoformat()}
    assert (await enrolment.post(path, guardian(asking[0].family_id), json=body)).status == 200
    told = [
        e
        for e in await enrolment.outbox(EnrolmentAccepted)
        if e.family_id in {asking[1].family_id, asking[2].family_id}
    ]
    assert [(str(e.enrolment_id), e.starts_on) for e in told] == [
        (second["enrolment_id"], last + timedelta(days=1))
    ]
    assert (await listed(enrolment, canteen))[third["enrolment_id"]] == ("waiting", 1)
    await settle(enrolment, canteen, automatic=True, places=2)
    assert (await listed(enrolment, canteen))[third["enrolment_id"]] == ("accepted", None)


async def test_the_place_of_an_erased_family_goes_to_the_next_in_line(
    enrolment: RunningService,
) -> None:
    canteen = await publish_canteen(enrolment)
    await settle(enrolment, canteen, automatic=True, places=1)
    asking = await families(enrolment, 4)
    first, second, third, fourth = await one_each(enrolment, canteen, asking)
    # The second waits itself, and goes before its turn comes.
    for gone in (asking[1], asking[0]):
        await enrolment.tell(FamilyErased(family_id=gone.family_id, erased_at=NOW))
    assert await listed(enrolment, canteen) == {
        third["enrolment_id"]: ("accepted", None),
        fourth["enrolment_id"]: ("waiting", 1),
    }
    assert first["status"] == "accepted"
    assert second["status"] == "waiting"


async def test_the_staff_cannot_accept_one_more_than_there_are_places(
    enrolment: RunningService,
) -> None:
    canteen = await publish_canteen(enrolment)
    await settle(enrolment, canteen, places=1)
    first, second = await one_each(enrolment, canteen, await families(enrolment, 2))
    replies = await asyncio.gather(
        *(
            enrolment.post(f"/enrolments/{one['enrolment_id']}/accept", OFFICE_AGENT)
            for one in (first, second)
        )
    )
    assert sorted(r.status for r in replies) == [200, 409]
    (refused,) = [r for r in replies if r.status == 409]
    assert refused.json["type"] == "/problems/activity-full"


async def test_places_are_distributed_exactly_as_previewed(enrolment: RunningService) -> None:
    centre = await publish_canteen(enrolment, kind="holiday")
    how = {"mode": "allocation", "places": 1, "criteria": CRITERIA}
    await settle(enrolment, centre, **how)
    poor, rich = await families(enrolment, 2)
    (waits,) = await one_each(enrolment, centre, [poor])
    parent = guardian(rich.family_id)
    item = wish(rich.children[0], centre) | {"declared": ["travail"]}
    del item["regulations_accepted"]
    kept = (await enrolment.post("/applications", parent, json={"items": [item]})).json
    sent = await enrolment.post(
        f"/applications/{kept['application_id']}/send", parent, json={"regulations_accepted": True}
    )
    assert sent.json["items"][0]["status"] == "submitted"
    preview = await enrolment.post(
        "/allocations",
        OFFICE_AGENT,
        json={"activity_id": centre["activity_id"], "seed": "2 juin"},
    )
    assert [(line["outcome"], line["points"]) for line in preview.json["lines"]] == [
        ("placed", 10),
        ("short", 0),
    ]
    assert {s for s, _rank in (await listed(enrolment, centre)).values()} == {"submitted"}
    path = f"/allocations/{preview.json['allocation_id']}/confirm"
    confirmed = await enrolment.post(path, OFFICE_AGENT)
    assert confirmed.json["confirmed_at"] is not None
    assert (await enrolment.post(path, OFFICE_AGENT)).status == 200
    (mine,) = (await enrolment.get("/enrolments", guardian(poor.family_id))).json["enrolments"]
    assert (mine["status"], mine["rank"], mine["seed"]) == ("waiting", 1, "2 juin")
    assert "Le dernier enfant retenu avait 10 points." in mine["explanation"]
    told = [
        e
        for e in await enrolment.outbox(EnrolmentWaitlisted)
        if str(e.enrolment_id) == waits["enrolment_id"]
    ]
    assert len(told) == 1


async def test_a_preview_that_no_longer_holds_is_not_confirmed(enrolment: RunningService) -> None:
    centre = await publish_canteen(enrolment, kind="holiday")
    how = {"mode": "allocation", "places": 1, "criteria": CRITERIA}
    await settle(enrolment, centre, closes_at=(NOW + timedelta(days=1)).isoformat(), **how)
    first, second = await families(enrolment, 2)
    await one_each(enrolment, centre, [first])
    body = {"activity_id": centre["activity_id"]}
    preview = await enrolment.post("/allocations", OFFICE_AGENT, json=body)
    path = f"/allocations/{preview.json['allocation_id']}/confirm"
    early = await enrolment.post(path, OFFICE_AGENT)
    assert early.json["type"] == "/problems/window-still-open"
    await one_each(enrolment, centre, [second])
    await settle(enrolment, centre, closes_at=YESTERDAY, **how)
    changed = await enrolment.post(path, OFFICE_AGENT)
    assert (changed.status, changed.json["type"]) == (409, "/problems/requests-changed")
    assert {s for s, _rank in (await listed(enrolment, centre)).values()} == {"submitted"}


async def test_siblings_already_enrolled_count_for_those_who_follow(
    enrolment: RunningService,
) -> None:
    big, small = (
        await publish_canteen(enrolment, kind="holiday"),
        await publish_canteen(enrolment, kind="holiday"),
    )
    await settle(enrolment, small, mode="allocation", places=4, criteria=CRITERIA)
    lea, tom = child_file(), child_file(first_name="Tom")
    family = family_file(lea, tom)
    await enrolment.tell(family)
    asked = await ask(enrolment, OFFICE_AGENT, lea, big)
    await enrolment.post(f"/enrolments/{asked['enrolment_id']}/accept", OFFICE_AGENT)
    await ask(enrolment, OFFICE_AGENT, tom, small)
    body = {"activity_id": small["activity_id"]}
    preview = await enrolment.post("/allocations", OFFICE_AGENT, json=body)
    assert preview.json["lines"][0]["reasons"] == [{"label": "Frère ou sœur inscrit", "points": 5}]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mode": "allocation"}, "places"),
        ({"opens_at": "2027-06-02T08:30:00"}, "opens_at"),
        ({"opens_at": "0001-01-01T00:00:00+14:00"}, "opens_at"),
        ({"opens_at": NOW.isoformat(), "closes_at": YESTERDAY}, "closes_at"),
        ({"criteria": [CRITERIA[0] | {"source": "richesse"}]}, "criteria.0.source"),
        ({"criteria": [CRITERIA[0], CRITERIA[0]]}, "criteria"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_name_of_the_field(
    enrolment: RunningService, change: dict[str, Any], field: str
) -> None:
    canteen = await publish_canteen(enrolment)
    path = f"/admissions/{canteen['activity_id']}"
    refused = await enrolment.put(path, OFFICE_AGENT, json=change)
    assert refused.status == 422
    assert field in [error["field"] for error in refused.json["errors"]]
    assert (await figures(enrolment, canteen))["mode"] == "first_come"


async def test_only_the_office_settles_and_distributes(enrolment: RunningService) -> None:
    canteen = await publish_canteen(enrolment)
    path, body = f"/admissions/{canteen['activity_id']}", {"activity_id": canteen["activity_id"]}
    for caller in (guardian(uuid4()), staff(LEADER)):
        assert (await enrolment.put(path, caller, json={})).status == 403
        assert (await enrolment.post("/allocations", caller, json=body)).status == 403
    by_order = await enrolment.post("/allocations", OFFICE_AGENT, json=body)
    assert by_order.json["type"] == "/problems/not-by-criteria"

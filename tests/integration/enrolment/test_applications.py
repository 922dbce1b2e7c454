"""Several children and activities at once: drafts, sending, completing, withdrawing."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from contracts.events.enrolment import (
    EnrolmentAccepted,
    EnrolmentRequested,
    EnrolmentReturned,
    EnrolmentWithdrawn,
)
from contracts.roles import REGISSEUR
from services.chassis.auth import Caller
from services.chassis.testing import RunningService, guardian, staff
from tests.integration.enrolment.test_papers import a_document, a_type, the_town_asks
from tests.integration.enrolment.town import (
    OFFICE_AGENT,
    ask,
    canteen_and_family,
    child_file,
    family_file,
    publish_canteen,
    settle,
    wish,
)
from tests.unit.enrolment.builders import NOW, TODAY

ACCEPTED = {"regulations_accepted": True}


def item(child: Any, activity: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"child_id": str(child.child_id), "activity_id": activity["activity_id"], **more}


async def draft(
    service: RunningService, caller: Caller, *items: dict[str, Any], **more: Any
) -> dict[str, Any]:
    reply = await service.post("/applications", caller, json={"items": items, **more})
    assert reply.status == 201, reply.body
    kept: dict[str, Any] = reply.json
    return kept


async def enrolments_of(service: RunningService, caller: Caller, **query: str) -> list[Any]:
    reply = await service.get("/enrolments", caller, params=query)
    found: list[Any] = reply.json["enrolments"]
    return found


async def test_siblings_are_asked_for_together_and_each_has_its_own_answer(
    enrolment: RunningService,
) -> None:
    canteen = await publish_canteen(enrolment)
    nursery = await publish_canteen(enrolment, min_age=2, max_age=5)
    lea, tom = child_file(), child_file(first_name="Tom")
    family = family_file(lea, tom)
    await enrolment.tell(family)
    parent = guardian(family.family_id)
    kept = await draft(
        enrolment, parent, item(lea, canteen), item(tom, canteen), item(tom, nursery)
    )
    assert {i["reason"] for i in kept["items"]} == {None, "age-out-of-range"}
    assert await enrolments_of(enrolment, OFFICE_AGENT, family_id=str(family.family_id)) == []
    path = f"/applications/{kept['application_id']}/send"
    refused = await enrolment.post(path, parent, json={"regulations_accepted": False})
    assert refused.json["errors"][0]["field"] == "regulations_accepted"
    sent = await enrolment.post(path, parent, json=ACCEPTED)
    assert [i["status"] for i in sent.json["items"]] == ["submitted", "submitted"]
    mine = await enrolments_of(enrolment, parent)
    assert [[s["status"] for s in e["history"]] for e in mine] == [["draft", "submitted"]] * 2
    told = [
        e for e in await enrolment.outbox(EnrolmentRequested) if e.family_id == family.family_id
    ]
    assert [e.version for e in told] == [2, 2]
    assert (await enrolment.post(path, parent, json=ACCEPTED)).status == 404


async def test_a_draft_is_taken_up_again_and_thrown_away(enrolment: RunningService) -> None:
    canteen, other = await publish_canteen(enrolment), await publish_canteen(enrolment)
    family = family_file()
    (lea,) = family.children
    await enrolment.tell(family)
    parent = guardian(family.family_id)
    path = f"/applications/{(await draft(enrolment, parent, item(lea, canteen)))['application_id']}"
    changed = await enrolment.put(path, parent, json={"items": [item(lea, other)]})
    assert changed.status == 200
    [kept] = await enrolments_of(enrolment, parent, status="draft")
    assert (kept["activity_id"], kept["submitted_at"]) == (other["activity_id"], None)
    stranger = guardian(uuid4())
    assert (await enrolment.delete(path, stranger)).status == 404
    assert (await enrolment.delete(path, parent)).status == 204
    assert await enrolments_of(enrolment, parent) == []


async def test_what_is_refused_on_sending_stays_a_draft(enrolment: RunningService) -> None:
    canteen, soon = await publish_canteen(enrolment), await publish_canteen(enrolment)
    await settle(enrolment, soon, opens_at=(NOW + timedelta(days=3)).isoformat())
    family = family_file()
    (lea,) = family.children
    await enrolment.tell(family)
    parent = guardian(family.family_id)
    await ask(enrolment, parent, lea, canteen)
    kept = await draft(enrolment, parent, item(lea, canteen), item(lea, soon))
    path = f"/applications/{kept['application_id']}/send"
    sent = await enrolment.post(path, parent, json=ACCEPTED)
    assert {i["reason"] for i in sent.json["items"]} == {"already-enrolled", "window-not-open"}
    details = " ".join(i["detail"] for i in sent.json["items"])
    assert "Les demandes ouvrent le 26/11/2026 à 10:30." in details
    assert len(await enrolments_of(enrolment, parent, status="draft")) == 2


async def test_another_familys_child_refuses_the_whole_draft(enrolment: RunningService) -> None:
    canteen = await publish_canteen(enrolment)
    ours, theirs = family_file(), family_file()
    await enrolment.tell(ours, theirs)
    us = guardian(ours.family_id)
    items = [item(ours.children[0], canteen), item(theirs.children[0], canteen)]
    assert (await enrolment.post("/applications", us, json={"items": items})).status == 404
    assert await enrolments_of(enrolment, us) == []


async def test_the_staff_send_a_request_back_and_the_family_completes_it(
    enrolment: RunningService,
) -> None:
    canteen, family = await canteen_and_family(enrolment)
    parent = guardian(family.family_id)
    asked = await ask(enrolment, parent, family.children[0], canteen)
    path = f"/enrolments/{asked['enrolment_id']}"
    assert (await enrolment.post(f"{path}/return", parent, json={"note": "Non"})).status == 403
    note = {"note": "Il manque le certificat de l’employeur."}
    back = await enrolment.post(f"{path}/return", OFFICE_AGENT, json=note)
    assert (back.json["status"], back.json["reason"]) == ("returned", note["note"])
    stranger = guardian(uuid4())
    assert (await enrolment.post(f"{path}/completion", stranger, json={})).status == 404
    again = await enrolment.post(f"{path}/completion", parent, json={"note": "Déposé."})
    assert [(s["status"], s["actor"]) for s in again.json["history"]] == [
        ("submitted", "family"),
        ("returned", "staff"),
        ("submitted", "family"),
    ]
    told = [e for e in await enrolment.outbox(EnrolmentReturned) if e.family_id == family.family_id]
    assert [e.version for e in told] == [2]


async def test_a_missing_compulsory_paper_blocks_or_has_the_request_completed(
    enrolment: RunningService,
) -> None:
    await the_town_asks(enrolment, a_type("insurance"))
    strict = await publish_canteen(enrolment, document_types=["insurance"])
    lenient = await publish_canteen(enrolment, document_types=["insurance"])
    await settle(enrolment, strict, papers="block")
    await settle(enrolment, lenient, papers="complete")
    family = family_file()
    (lea,) = family.children
    await enrolment.tell(family)
    parent = guardian(family.family_id)
    blocked = await enrolment.post("/enrolments", parent, json=wish(lea, strict))
    assert (blocked.status, blocked.json["type"]) == (409, "/problems/papers-missing")
    returned = await ask(enrolment, parent, lea, lenient)
    assert returned["status"] == "returned"
    assert [s["actor"] for s in returned["history"]] == ["family", "town"]
    path = f"/enrolments/{returned['enrolment_id']}/completion"
    assert (await enrolment.post(path, parent, json={})).status == 409
    await enrolment.tell(a_document(family, lea, "submitted"))
    assert (await enrolment.post(path, parent, json={})).json["status"] == "submitted"
    assert (await ask(enrolment, parent, lea, strict))["status"] == "submitted"


async def test_a_family_leaves_after_a_day_to_come(enrolment: RunningService) -> None:
    canteen, family = await canteen_and_family(enrolment)
    parent = guardian(family.family_id)
    asked = await ask(enrolment, parent, family.children[0], canteen)
    path = f"/enrolments/{asked['enrolment_id']}"
    await enrolment.post(f"{path}/accept", OFFICE_AGENT)
    yesterday = {"ends_on": (TODAY - timedelta(days=1)).isoformat()}
    refused = await enrolment.post(f"{path}/withdrawal", parent, json=yesterday)
    assert refused.json["errors"][0]["field"] == "ends_on"
    last = TODAY + timedelta(days=11)
    gone = await enrolment.post(f"{path}/withdrawal", parent, json={"ends_on": last.isoformat()})
    assert (gone.json["status"], gone.json["left_on"]) == ("withdrawn", last.isoformat())
    told = [
        e for e in await enrolment.outbox(EnrolmentWithdrawn) if e.family_id == family.family_id
    ]
    assert [(e.version, e.ends_on) for e in told] == [(3, last)]
    assert (await ask(enrolment, parent, family.children[0], canteen))["status"] == "submitted"


async def test_several_requests_are_accepted_in_one_go(enrolment: RunningService) -> None:
    canteen = await publish_canteen(enrolment)
    lea, tom = child_file(), child_file(first_name="Tom")
    family = family_file(lea, tom)
    await enrolment.tell(family)
    parent = guardian(family.family_id)
    first, second = [await ask(enrolment, parent, child, canteen) for child in (lea, tom)]
    path = f"/enrolments/{second['enrolment_id']}/refuse"
    await enrolment.post(path, OFFICE_AGENT, json={"reason": "Trop jeune."})
    ids = [first["enrolment_id"], second["enrolment_id"], str(uuid4())]
    body = {"enrolment_ids": ids}
    assert (await enrolment.post("/acceptances", staff(REGISSEUR), json=body)).status == 403
    done = await enrolment.post("/acceptances", OFFICE_AGENT, json=body)
    assert {i["enrolment_id"]: i["reason"] for i in done.json["items"]} == dict(
        zip(ids, [None, "already-decided", "unknown-enrolment"], strict=True)
    )
    told = [e for e in await enrolment.outbox(EnrolmentAccepted) if e.family_id == family.family_id]
    assert len(told) == 1


async def test_next_year_is_proposed_as_this_year_was_and_nothing_is_sent(
    enrolment: RunningService,
) -> None:
    code = f"cantine-{uuid4().hex[:8]}"
    canteen = await publish_canteen(enrolment, code=code)
    year = {"label": "2027-2028", "starts_on": "2027-09-01", "ends_on": "2028-07-04"}
    assert (await enrolment.post("/school-years", OFFICE_AGENT, json=year)).status == 200
    following = await publish_canteen(enrolment, code=code, school_year="2027-2028")
    small, big = child_file(), child_file(born=TODAY.replace(year=2015))
    family = family_file(small, big)
    await enrolment.tell(family)
    parent = guardian(family.family_id)
    for child in (small, big):
        asked = await ask(enrolment, parent, child, canteen)
        await enrolment.post(f"/enrolments/{asked['enrolment_id']}/accept", OFFICE_AGENT)
    [proposal] = (await enrolment.get("/renewals", parent)).json["renewals"]
    assert (proposal["child_id"], proposal["activity_id"]) == (
        str(small.child_id),
        following["activity_id"],
    )
    choices = (await enrolment.get("/choices?school_year=2027-2028", parent)).json
    [chosen] = [
        c for c in choices["children"][1]["choices"] if c["activity_id"] == proposal["activity_id"]
    ]
    assert (chosen["state"], chosen["proposed"]) == ("open", True)
    assert [e["school_year"] for e in await enrolments_of(enrolment, parent)] == ["2026-2027"] * 2

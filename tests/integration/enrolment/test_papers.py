"""What is asked of families in papers follows documents' events and the activities."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from contracts.events.accounts import ChildFile, FamilyFileUpdated
from contracts.events.audit import StaffActed
from contracts.events.documents import (
    DocumentStateChanged,
    DocumentTypeListed,
    DocumentTypesPublished,
)
from services.chassis.testing import RunningService, guardian, staff
from tests.contract.published import example_of
from tests.integration.enrolment.town import (
    OFFICE_AGENT,
    ask,
    canteen,
    child_file,
    family_file,
    publish_canteen,
)
from tests.unit.enrolment.builders import NOW

CATALOGUE = uuid4()
# Above those of the documents services that share the bus of all tests.
VERSIONS = iter(range(1_000_000, 2_000_000))
TODAY = NOW.date()


def a_type(code: str, **changes: Any) -> DocumentTypeListed:
    known = {"label": code.title(), "per_child": True, "asked_of": "activities"}
    return DocumentTypeListed(code=code, compulsory=True, **{**known, **changes})


async def the_town_asks(service: RunningService, *types: DocumentTypeListed) -> None:
    """This list of types holds from now on."""
    await service.tell(
        DocumentTypesPublished(catalogue_id=CATALOGUE, version=next(VERSIONS), types=types)
    )


def a_document(
    family: FamilyFileUpdated, child: ChildFile | None, state: str = "accepted", **changes: Any
) -> DocumentStateChanged:
    fields = {
        "document_id": uuid4(),
        "version": 1,
        "family_id": family.family_id,
        "child_id": child.child_id if child else None,
        "document_type": "insurance",
        "state": state,
        "deposited_at": NOW,
        **changes,
    }
    return DocumentStateChanged.model_validate(fields)


async def papers_of(service: RunningService, family_id: UUID, **query: str) -> dict[str, Any]:
    reply = await service.get("/papers", guardian(family_id), params=query)
    assert reply.status == 200, reply.body
    answer: dict[str, Any] = reply.json
    return answer


async def an_enrolled_family(
    service: RunningService,
) -> tuple[FamilyFileUpdated, ChildFile, dict[str, Any]]:
    """A child that asks for a canteen that asks for an insurance."""
    await the_town_asks(service, a_type("insurance"))
    activity = await publish_canteen(service, document_types=["insurance"])
    lea = child_file()
    family = family_file(lea)
    await service.tell(family)
    await ask(service, guardian(family.family_id), lea, activity)
    return family, lea, activity


async def test_one_deposit_serves_every_activity_that_asks_for_it(
    enrolment: RunningService,
) -> None:
    family, lea, canteen_ = await an_enrolled_family(enrolment)
    centre = await publish_canteen(enrolment, name="Centre", document_types=["insurance"])
    await ask(enrolment, guardian(family.family_id), lea, centre)
    before = await papers_of(enrolment, family.family_id)
    [paper] = before["papers"]
    assert (paper["standing"], before["complete"]) == ("missing", False)
    assert {a["name"] for a in paper["activities"]} == {canteen_["name"], "Centre"}
    document = a_document(family, lea, valid_until=TODAY + timedelta(days=300))
    await enrolment.tell(document)
    after = await papers_of(enrolment, family.family_id)
    [paper] = after["papers"]
    assert (paper["standing"], after["complete"]) == ("held", True)
    assert paper["document_id"] == str(document.document_id)


async def test_where_a_document_stands_follows_its_newest_version(
    enrolment: RunningService,
) -> None:
    family, lea, _ = await an_enrolled_family(enrolment)
    deposited = a_document(family, lea, "submitted")
    rejected = deposited.model_copy(update={"version": 2, "state": "rejected"})
    await enrolment.tell(rejected)
    await enrolment.tell(deposited)
    [paper] = (await papers_of(enrolment, family.family_id))["papers"]
    assert paper["standing"] == "rejected"
    await enrolment.tell(deposited.model_copy(update={"version": 3, "state": "erased"}))
    await enrolment.tell(rejected)
    [paper] = (await papers_of(enrolment, family.family_id))["papers"]
    assert paper["standing"] == "missing"


async def test_the_published_examples_are_taken_in(enrolment: RunningService) -> None:
    await enrolment.tell(
        DocumentStateChanged.model_validate(example_of(DocumentStateChanged)),
        DocumentTypesPublished.model_validate(example_of(DocumentTypesPublished)),
    )


async def test_an_older_list_of_types_changes_nothing(enrolment: RunningService) -> None:
    family, _, _ = await an_enrolled_family(enrolment)
    older = DocumentTypesPublished(catalogue_id=CATALOGUE, version=0, types=())
    await enrolment.tell(older)
    assert len((await papers_of(enrolment, family.family_id))["papers"]) == 1


async def test_the_form_shows_what_an_activity_would_ask(enrolment: RunningService) -> None:
    await the_town_asks(
        enrolment,
        a_type("insurance"),
        a_type("address", per_child=False, asked_of="everyone"),
    )
    activity = await publish_canteen(enrolment, document_types=["insurance"])
    lea = child_file()
    family = family_file(lea)
    await enrolment.tell(family)
    query = {"child_id": str(lea.child_id), "activity_id": activity["activity_id"]}
    [paper] = (await papers_of(enrolment, family.family_id, **query))["papers"]
    assert paper["document_type"] == "insurance"
    everything = await papers_of(enrolment, family.family_id)
    assert [p["document_type"] for p in everything["papers"]] == ["address"]
    stranger = await enrolment.get("/papers", guardian(uuid4()), params=query)
    assert (stranger.status, stranger.json["type"]) == (404, "/problems/unknown-child")


async def test_the_staff_see_beside_each_enrolment_what_is_missing(
    enrolment: RunningService,
) -> None:
    family, lea, _ = await an_enrolled_family(enrolment)
    path = f"/enrolments?family_id={family.family_id}"
    [listed] = (await enrolment.get(path, OFFICE_AGENT)).json["enrolments"]
    assert [(p["label"], p["standing"]) for p in listed["papers"]] == [("Insurance", "missing")]
    await enrolment.tell(a_document(family, lea, "submitted"))
    [listed] = (await enrolment.get(path, OFFICE_AGENT)).json["enrolments"]
    assert [p["standing"] for p in listed["papers"]] == ["waiting"]


async def test_nobody_reads_another_family_s_papers(enrolment: RunningService) -> None:
    family, _, _ = await an_enrolled_family(enrolment)
    path = f"/papers?family_id={family.family_id}"
    assert (await enrolment.get(path, guardian(uuid4()))).status == 404
    assert (await enrolment.get(path, staff("leader"))).status == 403
    assert (await enrolment.get(path, OFFICE_AGENT)).status == 200
    nameless = await enrolment.get("/papers", OFFICE_AGENT)
    assert (nameless.status, nameless.json["errors"][0]["field"]) == (422, "family_id")


async def test_the_office_that_reads_a_familys_papers_leaves_a_line(
    enrolment: RunningService,
) -> None:
    agent, family = staff("agent"), family_file(child_file())
    await enrolment.tell(family)
    reply = await enrolment.get(f"/papers?family_id={family.family_id}", agent)
    assert reply.status == 200
    (line,) = [a for a in await enrolment.outbox(StaffActed) if a.account_id == agent.account_id]
    assert (line.action, line.family_id) == ("list_papers", family.family_id)


async def test_a_paper_past_its_last_day_is_out_of_date_before_anyone_says_so(
    enrolment: RunningService,
) -> None:
    family, lea, _ = await an_enrolled_family(enrolment)
    await enrolment.tell(a_document(family, lea, valid_until=TODAY - timedelta(days=1)))
    [paper] = (await papers_of(enrolment, family.family_id))["papers"]
    assert paper["standing"] == "expired"
    assert date.fromisoformat(paper["valid_until"]) == TODAY - timedelta(days=1)


async def test_an_activity_asks_only_for_papers_of_the_list(enrolment: RunningService) -> None:
    await the_town_asks(enrolment, a_type("insurance"), a_type("photo"))
    activity = await publish_canteen(enrolment, document_types=["photo"])
    refused = await enrolment.post(
        "/activities", OFFICE_AGENT, json=canteen(document_types=["passport"])
    )
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "document_types")
    await the_town_asks(enrolment, a_type("insurance"), a_type("photo", retired=True))
    body = canteen(code=activity["code"], document_types=["photo"], capacity=40)
    kept = await enrolment.post("/activities", OFFICE_AGENT, json=body)
    assert (kept.status, kept.json["capacity"]) == (200, 40)

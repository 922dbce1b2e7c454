"""The office reviews documents; time reminds of them, ends them and lets go of them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.envelope import Event
from contracts.events.documents import (
    DocumentAccepted,
    DocumentExpired,
    DocumentExpiring,
    DocumentRejected,
    DocumentStateChanged,
    DocumentTypesPublished,
)
from services.chassis.clock import paris_date
from services.chassis.testing import Reply, guardian, staff
from services.documents.commands import papers as papers_commands
from services.documents.storage import STORAGE
from tests.integration.documents.conftest import Archive, Home, family_file
from tests.unit.documents.builders import pdf

AGENT = staff("agent")
MONTH, YEAR = timedelta(days=30), timedelta(days=365)
SIZES = iter(range(1000, 1_000_000))


async def deposited(archive: Archive, home: Home, **params: str) -> str:
    """A new document of the child: insurance, unless another is named."""
    query = {"type": "insurance", "child_id": str(home.child_id), **params}
    reply = await archive.deposit(home.guardian, pdf(next(SIZES)), **query)
    assert reply.status == 201, reply.body
    return str(reply.json["document_id"])


async def accept(archive: Archive, document_id: str, **dates: str) -> Reply:
    return await archive.service.post(f"/documents/{document_id}/accept", AGENT, json=dates)


async def reject(archive: Archive, document_id: str, reason: str = "Illisible.") -> Reply:
    body = {"reason": reason}
    return await archive.service.post(f"/documents/{document_id}/reject", AGENT, json=body)


async def detail(archive: Archive, document_id: str, caller: Any = AGENT) -> dict[str, Any]:
    reply = await archive.service.get(f"/documents/{document_id}", caller)
    assert reply.status == 200, reply.body
    found: dict[str, Any] = reply.json
    return found


async def told(archive: Archive, kind: type[Event], document_id: str) -> list[Any]:
    events = await archive.service.outbox(kind)
    return [e for e in events if e.document_id == UUID(document_id)]  # type: ignore[attr-defined]


async def states(archive: Archive, document_id: str) -> list[tuple[str, bool]]:
    """What was told of the document's states, and whether each was news to the family."""
    events = await told(archive, DocumentStateChanged, document_id)
    return [(event.state, event.tell_family) for event in events]


async def follow(archive: Archive, now: datetime) -> None:
    await papers_commands.follow_validity(archive.service.database, now, MONTH)


async def test_an_accepted_document_holds_as_its_type_says_and_is_told(
    archive: Archive, home: Home
) -> None:
    document_id = await deposited(archive, home)
    reply = await accept(archive, document_id)
    assert (reply.status, reply.json["state"]) == (200, "accepted")
    assert reply.json["valid_until"].endswith("-08-31")
    [event] = await told(archive, DocumentAccepted, document_id)
    assert set(event.model_dump()) == {"document_id", "version", "family_id", "child_id"}
    assert await states(archive, document_id) == [("submitted", False), ("accepted", True)]
    again = await accept(archive, document_id)
    assert again.json == reply.json
    assert len(await told(archive, DocumentAccepted, document_id)) == 1


async def test_a_rejected_document_says_why_to_the_family_and_not_to_the_town(
    archive: Archive, home: Home
) -> None:
    document_id = await deposited(archive, home)
    assert (await reject(archive, document_id, "La photo est floue.")).status == 200
    [listed] = (await archive.service.get("/documents", home.guardian)).json["documents"]
    assert (listed["state"], listed["reason"]) == ("rejected", "La photo est floue.")
    [event] = await told(archive, DocumentRejected, document_id)
    assert "floue" not in event.model_dump_json()
    [*_, private] = await told(archive, DocumentStateChanged, document_id)
    assert "floue" not in private.model_dump_json()
    assert private.called == "Attestation d’assurance scolaire et extrascolaire"


async def test_a_discreet_paper_is_not_named_in_messages(archive: Archive, home: Home) -> None:
    document_id = await deposited(archive, home, type="care_plan")
    await accept(archive, document_id)
    events = await told(archive, DocumentStateChanged, document_id)
    assert {event.called for event in events} == {""}


async def test_the_queue_has_names_and_leaves_out_what_is_decided(
    archive: Archive, home: Home
) -> None:
    await archive.service.tell(family_file(home.family_id, 5, home.child_id))
    document_id = await deposited(archive, home, type="identity_photo")
    path = "/reviews?type=identity_photo&size=200"
    found = (await archive.service.get(path, AGENT)).json
    [mine] = [d for d in found["documents"] if d["document_id"] == document_id]
    assert (mine["family_reference"], mine["child_name"]) == ("D1", "Zoé")
    assert (found["scanned"], found["quarantined"]) == (False, 0)
    await accept(archive, document_id)
    left = (await archive.service.get(path, AGENT)).json
    assert left["total"] == found["total"] - 1
    assert document_id not in {d["document_id"] for d in left["documents"]}


async def test_a_document_shows_its_life_and_who_reviewed_it_to_the_office_alone(
    archive: Archive, home: Home
) -> None:
    document_id = await deposited(archive, home)
    await accept(archive, document_id)
    office = await detail(archive, document_id)
    assert [s["state"] for s in office["history"]] == ["submitted", "accepted"]
    assert office["history"][1]["by"] == str(AGENT.account_id)
    parent = await detail(archive, document_id, home.guardian)
    assert {s["by"] for s in parent["history"]} == {None}
    assert str(AGENT.account_id) not in str(parent)
    listed = await archive.service.get("/documents", home.guardian)
    assert str(AGENT.account_id).encode() not in listed.body


async def test_only_the_office_reviews_and_a_stranger_s_document_does_not_exist(
    archive: Archive, home: Home
) -> None:
    document_id = await deposited(archive, home)
    path = f"/documents/{document_id}"
    for caller in (home.guardian, staff("leader"), staff("regisseur")):
        assert (await archive.service.post(f"{path}/accept", caller, json={})).status == 403
    assert (await archive.service.get(path, guardian(uuid4()))).status == 404
    assert (await accept(archive, str(uuid4()))).status == 404
    too_short = await reject(archive, document_id, "x")
    assert (too_short.status, too_short.json["errors"][0]["field"]) == (422, "reason")
    over = await accept(archive, document_id, valid_until="2020-01-01")
    assert (over.status, over.json["errors"][0]["field"]) == (422, "valid_until")
    assert (await detail(archive, document_id))["state"] == "submitted"


async def test_a_replacement_takes_the_place_of_a_paper_only_once_it_is_accepted(
    archive: Archive, home: Home
) -> None:
    first = await deposited(archive, home)
    await accept(archive, first)
    second = await deposited(archive, home, type="", replaces=first)
    assert (await detail(archive, second))["document_type"] == "insurance"
    assert (await detail(archive, first))["state"] == "accepted"
    await accept(archive, second)
    found = await detail(archive, second)
    assert [(v["document_id"], v["state"]) for v in found["versions"]] == [
        (second, "accepted"),
        (first, "replaced"),
    ]
    assert (await accept(archive, first)).status == 409
    assert (await archive.read(home.guardian, first)).status == 200


async def test_a_replacement_of_what_was_refused_takes_its_place_at_once(
    archive: Archive, home: Home
) -> None:
    first = await deposited(archive, home)
    await reject(archive, first)
    await deposited(archive, home, replaces=first)
    assert (await detail(archive, first))["state"] == "replaced"
    stranger = await archive.deposit(guardian(uuid4()), pdf(), replaces=first)
    assert stranger.status == 404


async def test_a_refused_file_may_be_sent_again(archive: Archive, home: Home) -> None:
    first = await archive.deposit(home.guardian, pdf(700))
    await reject(archive, first.json["document_id"])
    again = await archive.deposit(home.guardian, pdf(700))
    assert again.json["document_id"] != first.json["document_id"]
    assert again.json["state"] == "submitted"


async def test_a_family_is_reminded_once_and_told_of_the_end_once(
    archive: Archive, home: Home
) -> None:
    document_id = await deposited(archive, home)
    until = datetime.now(UTC) + timedelta(days=100)
    await accept(archive, document_id, valid_until=until.date().isoformat())
    for days in (-40, -29, -10, 0):
        await follow(archive, until + timedelta(days=days))
    [expiring] = await told(archive, DocumentExpiring, document_id)
    assert expiring.valid_until == until.date()
    for days in (2, 3):
        await follow(archive, until + timedelta(days=days))
    assert len(await told(archive, DocumentExpired, document_id)) == 1
    assert (await states(archive, document_id))[2:] == [("expiring", True), ("expired", True)]


async def test_who_has_sent_the_next_one_is_not_reminded(archive: Archive, home: Home) -> None:
    document_id = await deposited(archive, home)
    until = datetime.now(UTC) + timedelta(days=100)
    await accept(archive, document_id, valid_until=paris_date(until).isoformat())
    await deposited(archive, home)
    await follow(archive, until)
    assert (await states(archive, document_id))[-1] == ("expiring", False)


async def test_what_has_been_of_no_use_for_long_is_erased_with_its_content(
    archive: Archive, home: Home
) -> None:
    rejected, kept = await deposited(archive, home), await deposited(archive, home)
    await reject(archive, rejected)
    await accept(archive, kept)
    database, storage = archive.service.database, archive.service.app[STORAGE]
    now = datetime.now(UTC)
    await papers_commands.purge(database, storage, now + timedelta(days=364), YEAR)
    assert len(archive.objects(home.family_id)) == 2
    await papers_commands.purge(database, storage, now + timedelta(days=366), YEAR)
    [left] = archive.objects(home.family_id)
    assert left.name == kept
    assert (await archive.service.get(f"/documents/{rejected}", AGENT)).status == 404
    last = (await told(archive, DocumentStateChanged, rejected))[-1]
    assert (last.state, last.version) == ("erased", 3)


async def test_documents_older_than_the_review_are_told_by_a_job(
    archive: Archive, home: Home
) -> None:
    document_id = await deposited(archive, home)
    async with archive.service.database.transaction() as connection:
        await connection.execute(
            "UPDATE document SET standing_told = false WHERE document_id = $1", UUID(document_id)
        )
    await papers_commands.tell_standings(archive.service.database)
    await papers_commands.tell_standings(archive.service.database)
    assert await states(archive, document_id) == [("submitted", False)] * 2


def a_type(**changes: Any) -> dict[str, Any]:
    known = {"code": f"type-{uuid4().hex[:8]}", "label": "Certificat de natation"}
    return {**known, "per_child": True, **changes}


async def save_type(archive: Archive, body: dict[str, Any]) -> Reply:
    return await archive.service.post("/document-types", AGENT, json=body)


async def catalogues(archive: Archive) -> list[DocumentTypesPublished]:
    return await archive.service.outbox(DocumentTypesPublished)


async def test_the_list_of_types_is_told_at_start_and_with_each_change(
    archive: Archive,
) -> None:
    first = (await catalogues(archive))[0]
    assert first.version == 1
    assert {"insurance", "care_plan"} <= {kind.code for kind in first.types}
    body = a_type(validity="months", validity_months=6, help="Demandez-le à la piscine.")
    reply = await save_type(archive, body)
    assert (reply.status, reply.json["validity_months"]) == (200, 6)
    before = (await catalogues(archive))[-1]
    assert before.types[-1].code == body["code"]
    await save_type(archive, body)
    assert (await catalogues(archive))[-1] == before
    await save_type(archive, {**body, "retired": True})
    after = (await catalogues(archive))[-1]
    assert (after.version, after.types[-1].retired) == (before.version + 1, True)


async def test_a_type_given_up_takes_no_more_documents(archive: Archive, home: Home) -> None:
    body = a_type(per_child=False)
    await save_type(archive, body)
    assert (await archive.deposit(home.guardian, pdf(), type=body["code"])).status == 201
    await save_type(archive, {**body, "retired": True})
    refused = await archive.deposit(home.guardian, pdf(900), type=body["code"])
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "type")
    path = "/document-types"
    for caller, listed in ((home.guardian, False), (AGENT, True)):
        types = (await archive.service.get(path, caller)).json["types"]
        assert (body["code"] in {t["code"] for t in types}) is listed


async def test_a_type_takes_only_its_formats(archive: Archive, home: Home) -> None:
    body = a_type(per_child=False, accepts=["image/jpeg"])
    await save_type(archive, body)
    refused = await archive.deposit(home.guardian, pdf(), type=body["code"])
    assert (refused.status, refused.json["type"]) == (415, "/problems/file-type-refused")
    assert "photo JPEG" in refused.json["detail"]
    assert archive.objects(home.family_id) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"validity": "months"}, "validity_months"),
        ({"validity_months": 3}, "validity_months"),
        ({"accepts": []}, "accepts"),
        ({"code": "é t"}, "code"),
        ({"label": ""}, "label"),
    ],
)
async def test_a_type_that_contradicts_itself_names_the_field(
    archive: Archive, changes: dict[str, Any], field: str
) -> None:
    refused = await save_type(archive, a_type(**changes))
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, field)


async def test_whom_a_type_is_for_stays_once_families_have_sent_it(
    archive: Archive, home: Home
) -> None:
    body = a_type(per_child=False)
    await save_type(archive, body)
    await archive.deposit(home.guardian, pdf(), type=body["code"])
    refused = await save_type(archive, {**body, "per_child": True})
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "per_child")


async def test_only_the_office_settles_the_types(archive: Archive, home: Home) -> None:
    for caller in (home.guardian, staff("regisseur"), staff("leader")):
        reply = await archive.service.post("/document-types", caller, json=a_type())
        assert reply.status == 403


async def test_certificates_of_two_absences_stand_beside_each_other(
    archive: Archive, home: Home
) -> None:
    absences = [str(uuid4()), str(uuid4())]
    kind = {"type": "medical_certificate"}
    first = await deposited(archive, home, **kind, absence_id=absences[0])
    second = await deposited(archive, home, **kind, absence_id=absences[1])
    for document, absence in zip((first, second), absences, strict=True):
        await accept(archive, document)
        last = (await told(archive, DocumentStateChanged, document))[-1]
        assert (last.state, str(last.absence_id)) == ("accepted", absence)
    assert (await detail(archive, first))["state"] == "accepted"

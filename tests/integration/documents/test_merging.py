"""Two families made one: their papers under the one that stays, and still readable."""

from uuid import uuid4

from contracts.events.accounts import FamiliesMerged, JoinedChild
from services.chassis.testing import guardian
from tests.integration.documents.conftest import Archive, Home, family_file
from tests.unit.documents.builders import pdf


async def another(archive: Archive) -> Home:
    family_id, child_id = uuid4(), uuid4()
    await archive.service.tell(family_file(family_id, 1, child_id))
    return Home(family_id, child_id, guardian(family_id))


def merged(survivor: Home, gone: Home) -> FamiliesMerged:
    pair = JoinedChild(child_id=survivor.child_id, merged_child_id=gone.child_id)
    return FamiliesMerged(
        family_id=survivor.family_id, merged_family_id=gone.family_id, children=(pair,)
    )


async def test_papers_follow_and_open_under_the_key_they_were_sealed_with(
    archive: Archive, home: Home
) -> None:
    gone = await another(archive)
    own = await archive.deposit(home.guardian, pdf(500))
    theirs = await archive.deposit(
        gone.guardian, pdf(700), type="insurance", child_id=str(gone.child_id)
    )
    await archive.read(gone.guardian, theirs.json["document_id"])
    event, event_id = merged(home, gone), uuid4()
    await archive.service.publish(event, event_id=event_id)
    await archive.service.publish(event, event_id=event_id)
    await archive.service.handled(event_id)

    listed = await archive.service.get("/documents", home.guardian)
    documents = {d["document_id"]: d for d in listed.json["documents"]}
    assert documents.keys() == {own.json["document_id"], theirs.json["document_id"]}
    followed = documents[theirs.json["document_id"]]
    assert followed["child_id"] == str(home.child_id)
    read = await archive.read(home.guardian, theirs.json["document_id"])
    assert (read.status, read.body) == (200, pdf(700))
    assert (await archive.read(gone.guardian, theirs.json["document_id"])).status == 404
    opened = await archive.fetchval(
        "SELECT count(*) FROM opening WHERE family_id = $1", home.family_id
    )
    assert opened == 2


async def test_a_third_family_may_follow_the_second(archive: Archive, home: Home) -> None:
    second, third = await another(archive), await another(archive)
    deposited = await archive.deposit(third.guardian, pdf(600))
    await archive.service.tell(merged(second, third), merged(home, second))
    read = await archive.read(home.guardian, deposited.json["document_id"])
    assert (read.status, read.body) == (200, pdf(600))


async def test_a_late_file_of_the_family_that_is_gone_is_nothing(
    archive: Archive, home: Home
) -> None:
    gone = await another(archive)
    await archive.service.tell(merged(home, gone))
    await archive.service.tell(family_file(gone.family_id, 2, gone.child_id))
    known = await archive.fetchval(
        "SELECT count(*) FROM family WHERE family_id = $1", gone.family_id
    )
    assert known == 0

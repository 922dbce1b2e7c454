"""Depositing supporting documents: what is taken, kept, told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import aiohttp
import asyncpg
import pytest

from contracts.events.documents import DocumentDeposited
from services.chassis.testing import eventually, guardian, staff
from services.documents import commands, repository
from services.documents.commands import remove_orphans
from services.documents.storage import STORAGE
from tests.integration.documents.conftest import Archive, Home, family_file
from tests.unit.documents.builders import in_parts, jpeg, pdf, png

MEGABYTE = 1024 * 1024


async def told(archive: Archive, home: Home) -> list[DocumentDeposited]:
    events = await archive.service.outbox(DocumentDeposited)
    return [event for event in events if event.family_id == home.family_id]


async def test_a_deposit_is_kept_encrypted_and_told(archive: Archive, home: Home) -> None:
    reply = await archive.deposit(home.guardian, pdf(200_000), filename="../Facture d’été.pdf")
    assert reply.status == 201
    assert reply.json["filename"] == "Facture d’été.pdf"
    assert reply.json["content_type"] == "application/pdf"
    assert reply.json["label"] == "Justificatif de domicile de moins de trois mois"
    assert reply.json["size"] == len(pdf(200_000))
    [stored] = archive.objects(home.family_id)
    assert b"xxxxxxxx" not in stored.read_bytes()
    [event] = await told(archive, home)
    assert str(event.document_id) == reply.json["document_id"]
    assert event.child_id is None


async def test_a_document_of_a_child_is_listed_with_the_child(archive: Archive, home: Home) -> None:
    await archive.deposit(home.guardian, pdf())
    child_id = str(home.child_id)
    await archive.deposit(home.guardian, png(), type="insurance", child_id=child_id, filename="a")
    listed = (await archive.service.get("/documents", home.guardian)).json["documents"]
    assert [(d["document_type"], d["child_id"], d["filename"]) for d in listed] == [
        ("insurance", child_id, "a.png"),
        ("proof_of_address", None, "facture.pdf"),
    ]


async def test_the_types_are_those_of_the_town(archive: Archive) -> None:
    types = (await archive.service.get("/document-types", guardian(uuid4()))).json["types"]
    insurance = next(t for t in types if t["code"] == "insurance")
    assert (insurance["per_child"], insurance["validity"]) == (True, "school_year")
    assert "’" in insurance["label"]


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b"", 422, "file-refused"),
        (b"MZ" + b"x" * 5000, 415, "file-type-refused"),
        (pdf()[:-20], 422, "file-refused"),
        (jpeg(ended=False), 422, "file-refused"),
        (pdf(11 * MEGABYTE), 413, "file-too-large"),
    ],
)
async def test_a_refused_file_leaves_nothing(
    archive: Archive, home: Home, content: bytes, status: int, slug: str
) -> None:
    reply = await archive.deposit(home.guardian, content)
    assert (reply.status, reply.json["type"]) == (status, f"/problems/{slug}")
    assert reply.json["errors"][0]["field"] == "file"
    assert archive.objects(home.family_id) == []
    assert await told(archive, home) == []


async def test_a_file_of_unknown_length_is_cut_at_ten_megabytes(
    archive: Archive, home: Home
) -> None:
    reply = await archive.deposit(home.guardian, in_parts(pdf(30 * MEGABYTE)))
    assert reply.status == 413
    assert archive.objects(home.family_id) == []


async def test_a_child_of_another_family_does_not_exist(archive: Archive, home: Home) -> None:
    child = {"type": "insurance", "child_id": str(uuid4())}
    assert (await archive.deposit(home.guardian, pdf(), **child)).status == 404
    assert not archive.objects(home.family_id)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"type": "shoe_size"}, "type"),
        ({"type": "insurance"}, "child_id"),
        ({"child_id": "zoé"}, "child_id"),
        ({"colour": "blue"}, "colour"),
    ],
)
async def test_a_deposit_that_says_wrongly_what_it_is_names_the_field(
    archive: Archive, home: Home, params: dict[str, str], field: str
) -> None:
    reply = await archive.deposit(home.guardian, pdf(), **params)
    assert reply.status == 422
    assert [e["field"] for e in reply.json["errors"]] == [field]
    assert archive.objects(home.family_id) == []


async def test_the_same_file_again_is_the_first_document(archive: Archive, home: Home) -> None:
    first = await archive.deposit(home.guardian, pdf())
    again = await archive.deposit(home.guardian, pdf())
    assert (again.status, again.json) == (201, first.json)
    assert len(archive.objects(home.family_id)) == 1
    assert len(await told(archive, home)) == 1


async def test_first_deposits_at_once_share_the_family_s_key(archive: Archive, home: Home) -> None:
    replies = await asyncio.gather(
        *(archive.deposit(home.guardian, pdf(n), filename=f"{n}.pdf") for n in range(600, 608))
    )
    for n, reply in zip(range(600, 608), replies, strict=True):
        assert (await archive.read(home.guardian, reply.json["document_id"])).body == pdf(n)


async def test_the_office_deposits_for_a_family_that_it_names(archive: Archive, home: Home) -> None:
    agent = staff("agent")
    assert (await archive.deposit(agent, pdf())).json["errors"][0]["field"] == "family_id"
    assert (await archive.deposit(agent, pdf(), family_id=str(uuid4()))).status == 404
    reply = await archive.deposit(agent, pdf(), family_id=str(home.family_id))
    assert reply.status == 201
    assert (await archive.read(home.guardian, reply.json["document_id"])).body == pdf()


async def test_nobody_deposits_for_another_family(archive: Archive, home: Home) -> None:
    reply = await archive.deposit(guardian(uuid4()), pdf(), family_id=str(home.family_id))
    assert reply.status == 404
    assert (await archive.deposit(staff("leader"), pdf())).status == 403


async def test_an_older_family_file_changes_nothing(archive: Archive, home: Home) -> None:
    newcomer = uuid4()
    await archive.service.tell(family_file(home.family_id, 3, home.child_id, newcomer))
    await archive.service.tell(family_file(home.family_id, 2, home.child_id))
    reply = await archive.deposit(home.guardian, pdf(), type="insurance", child_id=str(newcomer))
    assert reply.status == 201


async def test_an_upload_that_breaks_off_leaves_nothing(archive: Archive, home: Home) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield pdf(300_000)[:200_000]
        raise ConnectionError("the phone lost its network")

    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await archive.deposit(home.guardian, broken())
    assert (await archive.deposit(home.guardian, pdf())).status == 201

    async def only_the_whole_one() -> bool:
        return len(archive.objects(home.family_id)) == 1

    await eventually(only_the_whole_one, what="the service noticing that the upload broke off")


async def test_content_without_a_row_is_an_orphan_and_is_removed_in_time(
    archive: Archive, home: Home
) -> None:
    kept = await archive.deposit(home.guardian, pdf())
    storage, database = archive.service.app[STORAGE], archive.service.database
    async with database.transaction() as connection:
        ticket = await commands.begin_deposit(
            connection,
            storage.master_key,
            home.guardian,
            family_id=None,
            document_type="proof_of_address",
            child_id=None,
            filename="perdu.pdf",
        )
    # The process dies here, after the object was written and before the row.
    await commands.store_content(storage, ticket, in_parts(pdf(900)), datetime.now(UTC))
    assert len(archive.objects(home.family_id)) == 2
    await remove_orphans(database, storage, datetime.now(UTC))
    assert len(archive.objects(home.family_id)) == 2
    await remove_orphans(database, storage, datetime.now(UTC) + timedelta(hours=25))
    [left] = archive.objects(home.family_id)
    assert left.name == kept.json["document_id"]


async def test_a_row_that_cannot_be_written_answers_with_a_problem_and_no_document(
    archive: Archive, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_args: object) -> None:
        raise asyncpg.PostgresConnectionError("gone")

    monkeypatch.setattr(repository, "add", fails)
    assert (await archive.deposit(home.guardian, pdf())).status == 503
    monkeypatch.undo()
    assert (await archive.service.get("/documents", home.guardian)).json["documents"] == []
    assert (await archive.deposit(home.guardian, pdf())).status == 201


async def test_deposits_reach_the_bus(archive: Archive, home: Home) -> None:
    reply = await archive.deposit(home.guardian, pdf())

    async def published() -> bool:
        return bool(
            await archive.fetchval(
                "SELECT published_at IS NOT NULL FROM outbox WHERE body LIKE '%' || $1 || '%'",
                str(UUID(reply.json["document_id"])),
            )
        )

    await eventually(published, what="the event being published")


async def test_a_paper_of_a_child_in_two_homes_is_the_home_s_that_deposited_it(
    archive: Archive, home: Home
) -> None:
    other = uuid4()
    await archive.service.tell(family_file(other, 1, home.child_id))
    asked = {"type": "vaccination", "child_id": str(home.child_id)}
    for caller in (home.guardian, guardian(other)):
        assert (await archive.deposit(caller, pdf(2000), **asked)).status == 201
        listed = await archive.service.get("/documents", caller)
        assert [d["child_id"] for d in listed.json["documents"]] == [str(home.child_id)]
    await archive.service.tell(family_file(other, 2))
    assert (await archive.deposit(home.guardian, pdf(2000), **asked)).status in (200, 201)
    refused = await archive.deposit(guardian(other), pdf(2000), **asked)
    assert refused.status == 404

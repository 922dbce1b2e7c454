"""Reading documents back: by whom, under which headers, with what trace."""

import asyncio
import os
import resource
from uuid import uuid4

import aiohttp
import pytest

from services.chassis.testing import guardian, staff
from tests.integration.documents.conftest import Archive, Home
from tests.unit.documents.builders import in_parts, jpeg, pdf


async def deposited(archive: Archive, home: Home, size: int = 600, name: str = "a.pdf") -> str:
    reply = await archive.deposit(home.guardian, pdf(size), filename=name)
    return str(reply.json["document_id"])


@pytest.mark.parametrize("size", [600, 64 * 1024, 1_000_000, 9_900_000])
async def test_what_was_deposited_comes_back(archive: Archive, home: Home, size: int) -> None:
    document_id = await deposited(archive, home, size)
    reply = await archive.read(home.guardian, document_id)
    assert (reply.status, reply.body) == (200, pdf(size))


async def test_a_browser_saves_it_and_runs_nothing(archive: Archive, home: Home) -> None:
    document_id = await deposited(archive, home, name='a";été.pdf')
    headers = (await archive.read(home.guardian, document_id)).headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"a___t_.pdf\"; filename*=UTF-8''a__%C3%A9t%C3%A9.pdf"
    )
    assert "no-store" in headers["Cache-Control"]
    assert "sandbox" in headers["Content-Security-Policy"]


async def test_each_opening_is_recorded(archive: Archive, home: Home) -> None:
    document_id = await deposited(archive, home)
    agent = staff("agent")
    await archive.read(home.guardian, document_id)
    await archive.read(agent, document_id)
    async with archive.service.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT account_id, roles, family_id FROM opening WHERE document_id = $1 "
            "ORDER BY opening_id",
            document_id,
        )
    assert [tuple(row) for row in rows] == [
        (home.guardian.account_id, ["guardian"], home.family_id),
        (agent.account_id, ["agent"], home.family_id),
    ]


async def test_another_family_s_document_does_not_exist(archive: Archive, home: Home) -> None:
    document_id = await deposited(archive, home)
    stranger = guardian(uuid4())
    refused = await archive.read(stranger, document_id)
    unknown = await archive.read(stranger, str(uuid4()))
    assert (refused.status, refused.json) == (404, unknown.json)
    opened = await archive.fetchval(
        "SELECT count(*) FROM opening WHERE document_id = $1", document_id
    )
    assert opened == 0
    listing = await archive.service.get(f"/documents?family_id={home.family_id}", stranger)
    assert listing.status == 404


async def test_only_the_office_reads_other_families_documents(archive: Archive, home: Home) -> None:
    document_id = await deposited(archive, home)
    for role, status in (("agent", 200), ("admin", 200), ("leader", 403), ("regisseur", 403)):
        assert (await archive.read(staff(role), document_id)).status == status
    path = f"/documents?family_id={home.family_id}"
    assert len((await archive.service.get(path, staff("agent"))).json["documents"]) == 1
    assert (await archive.service.get("/documents", staff("agent"))).status == 422


async def test_a_lost_or_altered_document_is_told_as_such(archive: Archive, home: Home) -> None:
    document_id = await deposited(archive, home, 200_000)
    [stored] = archive.objects(home.family_id)
    whole = stored.read_bytes()
    stored.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
    reply = await archive.read(home.guardian, document_id)
    assert (reply.status, reply.json["type"]) == (500, "/problems/document-damaged")
    stored.unlink()
    assert (await archive.read(home.guardian, document_id)).status == 500


async def test_damage_further_in_never_passes_for_the_whole_document(
    archive: Archive, home: Home
) -> None:
    document_id = await deposited(archive, home, 9_000_000)
    [stored] = archive.objects(home.family_id)
    os.truncate(stored, stored.stat().st_size - 70_000)
    with pytest.raises(aiohttp.ClientError):
        await archive.read(home.guardian, document_id)


async def test_one_document_put_in_the_place_of_another_is_noticed(
    archive: Archive, home: Home
) -> None:
    first = await deposited(archive, home, 700)
    second = await deposited(archive, home, 800)
    folder = archive.folder / "families" / str(home.family_id)
    (folder / first).write_bytes((folder / second).read_bytes())
    assert (await archive.read(home.guardian, first)).status == 500


async def test_a_picture_comes_back_as_a_picture(archive: Archive, home: Home) -> None:
    reply = await archive.deposit(home.guardian, jpeg(), filename="IMG_0001.JPG")
    read = await archive.read(home.guardian, reply.json["document_id"])
    assert (read.headers["Content-Type"], read.body) == ("image/jpeg", jpeg())


async def test_many_files_at_once_never_stand_whole_in_memory(archive: Archive, home: Home) -> None:
    content = pdf(9_900_000)
    await archive.deposit(home.guardian, pdf(9_800_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    replies = await asyncio.gather(
        *(
            archive.deposit(home.guardian, in_parts(content), filename="a", type=kind)
            for kind in ("proof_of_address", "family_book", "family_allowance", "custody_ruling")
        )
    )
    assert [reply.status for reply in replies] == [201] * 4
    grown_kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    # Four files are 40 MB; client and server are in this one process.
    assert grown_kilobytes < 20_000

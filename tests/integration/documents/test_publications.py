"""What the town publishes: who may have it, and until when."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.events.documents import (
    AdministrativeDocumentPublished,
    AdministrativeDocumentWithdrawn,
)
from contracts.roles import ANONYMOUS
from services.chassis.auth import Caller
from services.chassis.testing import Reply, guardian, staff
from services.documents.commands import publication as publication_commands
from services.documents.storage import STORAGE
from tests.integration.documents.conftest import Archive
from tests.unit.documents.builders import pdf, png

TODAY = datetime.now(UTC).date()
ANYONE, AGENT = Caller(frozenset({ANONYMOUS})), staff("agent")


async def publish(archive: Archive, content: Any = None, **given: str) -> Reply:
    query = {
        "title": f"Menus {uuid4()}",
        "kind": "menu",
        "audience": "everyone",
        "valid_from": str(TODAY),
        "filename": "menus.pdf",
        **given,
    }
    return await archive.service.post(
        "/publications", AGENT, data=content or pdf(20_000), params=query
    )


async def listed(archive: Archive, caller: Caller) -> list[str]:
    reply = await archive.service.get("/publications", caller)
    return [p["publication_id"] for p in reply.json["publications"]]


async def read(archive: Archive, caller: Caller, publication_id: str) -> Reply:
    return await archive.service.get(f"/publications/{publication_id}/content", caller)


async def told(archive: Archive, publication_id: str) -> list[int]:
    events = await archive.service.outbox(AdministrativeDocumentPublished)
    return [e.version for e in events if str(e.document_id) == publication_id]


async def test_what_is_for_everyone_is_read_by_anyone(archive: Archive) -> None:
    made = (await publish(archive)).json["publication_id"]
    for caller in (ANYONE, guardian(uuid4()), AGENT, staff("leader")):
        assert made in await listed(archive, caller)
        assert (await read(archive, caller, made)).body == pdf(20_000)
    assert await told(archive, made) == [1]


async def test_what_is_for_families_is_not_for_passers_by(archive: Archive) -> None:
    made = (await publish(archive, audience="families")).json["publication_id"]
    assert made not in await listed(archive, ANYONE)
    assert (await read(archive, ANYONE, made)).status == 404
    assert (await read(archive, guardian(uuid4()), made)).status == 200


@pytest.mark.parametrize(
    ("first", "last"), [(1, None), (-9, -1)], ids=["not yet valid", "no longer valid"]
)
async def test_out_of_its_time_only_the_staff_see_it(
    archive: Archive, first: int, last: int | None
) -> None:
    dates = {"valid_from": str(TODAY + timedelta(days=first))}
    if last is not None:
        dates["valid_until"] = str(TODAY + timedelta(days=last))
    made = (await publish(archive, **dates)).json["publication_id"]
    assert made not in await listed(archive, guardian(uuid4()))
    assert (await read(archive, guardian(uuid4()), made)).status == 404
    assert made in await listed(archive, AGENT)


async def test_a_replaced_document_keeps_its_address_and_nothing_of_the_old_file(
    archive: Archive,
) -> None:
    made = (await publish(archive)).json["publication_id"]
    before = set((archive.folder / "town").glob("*"))
    path = f"/publications/{made}/content"
    replaced = await archive.service.post(path, AGENT, data=pdf(900), params={"filename": "v2"})
    assert replaced.json["version"] == 2
    assert (await read(archive, ANYONE, made)).body == pdf(900)
    assert len(set((archive.folder / "town").glob("*"))) == len(before)
    assert await told(archive, made) == [1, 2]


async def test_a_withdrawn_document_is_gone_for_readers_and_cannot_be_replaced(
    archive: Archive,
) -> None:
    made = (await publish(archive)).json["publication_id"]
    for _ in range(2):
        reply = await archive.service.post(f"/publications/{made}/withdraw", AGENT)
        assert reply.json["withdrawn_at"]
    assert (await read(archive, ANYONE, made)).status == 404
    replaced = await archive.service.post(f"/publications/{made}/content", AGENT, data=pdf())
    assert replaced.status == 409
    events = await archive.service.outbox(AdministrativeDocumentWithdrawn)
    assert len([e for e in events if str(e.document_id) == made]) == 1


@pytest.mark.parametrize(
    ("content", "given", "status", "field"),
    [
        (png(), {}, 415, "file"),
        (b"MZ" + b"x" * 3000, {}, 415, "file"),
        (pdf()[:-30], {}, 422, "file"),
        (None, {"title": ""}, 422, "title"),
        (None, {"kind": "poem"}, 422, "kind"),
        (None, {"valid_until": "2020-01-01"}, 422, "valid_until"),
        (None, {"valid_from": "demain"}, 422, "valid_from"),
    ],
)
async def test_what_cannot_be_published_names_the_field_and_leaves_nothing(
    archive: Archive, content: bytes | None, given: dict[str, str], status: int, field: str
) -> None:
    before = set((archive.folder / "town").glob("*"))
    reply = await publish(archive, content, **given)
    assert (reply.status, reply.json["errors"][0]["field"]) == (status, field)
    assert set((archive.folder / "town").glob("*")) == before


@pytest.mark.parametrize("role", ["leader", "regisseur"])
async def test_only_the_office_publishes(archive: Archive, role: str) -> None:
    query = {"title": "x", "kind": "menu", "audience": "everyone", "valid_from": str(TODAY)}
    for caller in (staff(role), guardian(uuid4())):
        reply = await archive.service.post("/publications", caller, data=pdf(), params=query)
        assert reply.status == 403
    assert (await archive.service.post("/publications", ANYONE, params=query)).status == 401


async def test_an_unknown_publication_does_not_exist(archive: Archive) -> None:
    for path in ("content", "withdraw"):
        reply = await archive.service.post(f"/publications/{uuid4()}/{path}", AGENT, data=pdf())
        assert reply.status == 404


async def test_files_that_were_never_published_are_removed_in_time(archive: Archive) -> None:
    made = (await publish(archive)).json["publication_id"]
    stray = archive.folder / "town" / str(uuid4())
    stray.write_bytes(b"cut short")
    database, storage = archive.service.database, archive.service.app[STORAGE]
    await publication_commands.remove_orphans(database, storage, datetime.now(UTC))
    assert stray.exists()
    later = datetime.now(UTC) + timedelta(hours=25)
    await publication_commands.remove_orphans(database, storage, later)
    assert not stray.exists()
    assert (await read(archive, ANYONE, made)).status == 200

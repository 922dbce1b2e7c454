"""Several files handed in become one document; pages are looked at as pictures."""

import io
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from services.chassis.testing import Reply, guardian, staff
from services.documents.model import MAX_BYTES
from tests.integration.documents.conftest import Archive, Home
from tests.unit.documents.builders import jpeg, locked_pages, pages, pdf, png, widths

AGENT = staff("agent")


def a_form(*files: tuple[str, bytes]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, content in files:
        form.add_field("file", content, filename=name)
    return form


async def deposit(
    archive: Archive, home: Home, files: Sequence[tuple[str, bytes]], **params: str
) -> Reply:
    """Hand in these files as one document."""
    return await archive.deposit(home.guardian, a_form(*files), **params)


async def test_several_pages_become_one_document_in_their_order(
    archive: Archive, home: Home
) -> None:
    files = [("recto.png", png()), ("verso.pdf", pages(2, 222)), ("suite.pdf", pages(1, 333))]
    reply = await deposit(archive, home, files)
    assert reply.status == 201, reply.body
    assert (reply.json["filename"], reply.json["content_type"]) == ("recto.pdf", "application/pdf")
    read = await archive.read(home.guardian, reply.json["document_id"])
    assert widths(read.body)[1:] == [222, 222, 333]
    [kept] = archive.objects(home.family_id)
    assert kept.name == reply.json["document_id"]


async def test_a_form_with_one_file_keeps_it_as_it_is(archive: Archive, home: Home) -> None:
    reply = await deposit(archive, home, [("photo.jpg", jpeg())])
    assert (reply.json["filename"], reply.json["content_type"]) == ("photo.jpg", "image/jpeg")
    assert (await archive.read(home.guardian, reply.json["document_id"])).body == jpeg()


@pytest.mark.parametrize(
    ("files", "status", "words"),
    [
        ([("a.pdf", pages()), ("b.exe", b"MZ" + b"x" * 5000)], 415, "PDF, JPEG et PNG"),
        ([("a.pdf", pages()), ("b.pdf", locked_pages())], 422, "mot de passe"),
        ([("a.pdf", locked_pages())], 422, "mot de passe"),
        ([("a.pdf", pages()), ("b.pdf", pdf()[:-20])], 422, "incomplet"),
        ([("a.pdf", pages()), ("b.pdf", pdf())], 422, "abîmé"),
        ([("a.pdf", pages()), ("b.png", b"")], 422, "vide"),
        ([("a.pdf", pages()), ("b.pdf", pdf() + jpeg() + b"<html>")], 422, "plusieurs formats"),
        ([("a.pdf", pdf(6_000_000)), ("b.pdf", pdf(6_000_000))], 413, "10 Mo"),
        ([(f"{n}.pdf", pages()) for n in range(21)], 422, "20 fichiers"),
    ],
)
async def test_one_bad_page_and_nothing_of_it_is_kept(
    archive: Archive, home: Home, files: list[tuple[str, bytes]], status: int, words: str
) -> None:
    reply = await deposit(archive, home, files)
    assert reply.status == status, reply.body
    assert words in reply.json["detail"]
    assert archive.objects(home.family_id) == []
    assert (await archive.service.get("/documents", home.guardian)).json["documents"] == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\maman\\scan.pdf", "scan.pdf"),
        ("..%2f..%2fsecret.pdf", ".._2f.._2fsecret.pdf"),
        ("nul.pdf", "document nul.pdf"),
    ],
)
async def test_tricks_with_paths_in_names_lead_nowhere(
    archive: Archive, home: Home, given: str, kept: str
) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", pages(), filename=given.replace("\\", "\\\\"))
    reply = await archive.deposit(home.guardian, form)
    assert (reply.status, reply.json["filename"]) == (201, kept.removeprefix(".. ").lstrip("."))
    assert [o.parent.name for o in archive.objects(home.family_id)] == [str(home.family_id)]


@pytest.mark.parametrize(
    "body",
    [b"garbage", b"--abc\r\n\r\n", b"--abc\r\nContent-Disposition: form-data\r\n\r\nx\r\n--abc--"],
)
async def test_a_malformed_form_is_refused_in_form(
    archive: Archive, home: Home, body: bytes
) -> None:
    reply = await archive.service.post(
        "/documents",
        home.guardian,
        data=body,
        params={"type": "proof_of_address"},
        headers={"Content-Type": "multipart/form-data; boundary=abc"},
    )
    assert reply.status == 422, reply.body
    assert archive.objects(home.family_id) == []


async def test_a_paper_that_is_no_pdf_is_one_file(archive: Archive, home: Home) -> None:
    body = {"code": f"photo-{uuid4().hex[:8]}", "label": "Photo", "per_child": False}
    only_png: dict[str, Any] = {**body, "accepts": ["image/png"]}
    await archive.service.post("/document-types", AGENT, json=only_png)
    code = str(body["code"])
    assert (await deposit(archive, home, [("a.png", png())], type=code)).status == 201
    two = [("a.png", png(700)), ("b.png", png(800))]
    refused = await deposit(archive, home, two, type=code)
    assert (refused.status, "un seul fichier" in refused.json["detail"]) == (422, True)
    assert len(archive.objects(home.family_id)) == 1


async def test_a_page_is_seen_as_a_picture_by_its_owner_and_the_office_alone(
    archive: Archive, home: Home
) -> None:
    reply = await deposit(archive, home, [("a.pdf", pages(2))])
    document_id = reply.json["document_id"]
    path = f"/documents/{document_id}"
    for caller in (home.guardian, AGENT):
        assert (await archive.service.get(f"{path}/pages", caller)).json == {"pages": 2}
        seen = await archive.service.get(f"{path}/picture?page=2", caller)
        assert (seen.status, seen.headers["Content-Type"]) == (200, "image/png")
        assert "sandbox" in seen.headers["Content-Security-Policy"]
        assert seen.body.startswith(b"\x89PNG")
    assert (await archive.service.get(f"{path}/picture?page=3", AGENT)).status == 404
    assert (await archive.service.get(f"{path}/picture?page=0", AGENT)).status == 422
    stranger = guardian(uuid4())
    for part in ("pages", "picture"):
        assert (await archive.service.get(f"{path}/{part}", stranger)).status == 404
        assert (await archive.service.get(f"{path}/{part}", staff("leader"))).status == 403
    opened = await archive.fetchval(
        "SELECT count(*) FROM opening WHERE document_id = $1", document_id
    )
    assert opened >= 4


async def test_a_document_that_cannot_be_drawn_says_so(archive: Archive, home: Home) -> None:
    reply = await archive.deposit(home.guardian, pdf())
    seen = await archive.service.get(f"/documents/{reply.json['document_id']}/picture", AGENT)
    assert (seen.status, seen.json["type"]) == (422, "/problems/file-refused")


async def test_the_limit_is_on_all_the_files_together(archive: Archive, home: Home) -> None:
    half = pdf(MAX_BYTES // 2)
    reply = await deposit(archive, home, [("a.pdf", half), ("b.pdf", half)])
    assert reply.status == 413
    assert io.BytesIO(half).getbuffer().nbytes < MAX_BYTES

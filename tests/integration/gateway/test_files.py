"""Files pass through the gateway as streams, in both directions."""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import uuid4

import aiohttp
from aiohttp import web
from aiohttp.base_protocol import BaseProtocol
from multidict import CIMultiDict

from gateway.transfer import MAX_FILE_BYTES
from tests.integration.gateway.standins import Asked, RunningPortal, session_token
from tests.integration.gateway.test_pages import form_token

DEPOSITED = {
    "document_id": str(uuid4()),
    "document_type": "assurance",
    "filename": "attestation.pdf",
    "deposited_at": "2026-11-23T10:00:00Z",
}


def deposit_form(csrf: str, content: bytes | aiohttp.Payload, **fields: str) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in {"csrf_token": csrf, "type": "assurance", **fields}.items():
        form.add_field(name, value)
    form.add_field("fichier", content, filename="attestation.pdf", content_type="application/pdf")
    return form


async def files_in(asked: Asked) -> list[tuple[str, bytes]]:
    """The names and contents of the files that reached the service, in order."""
    stream = aiohttp.StreamReader(
        BaseProtocol(asyncio.get_running_loop()), 2**24, loop=asyncio.get_running_loop()
    )
    stream.feed_data(asked.body)
    stream.feed_eof()
    kind = CIMultiDict({"Content-Type": asked.headers["Content-Type"]})
    files = []
    async for part in aiohttp.MultipartReader(kind, stream):
        assert isinstance(part, aiohttp.BodyPartReader)
        files.append((part.filename or "", bytes(await part.read())))
    return files


async def test_several_pages_reach_their_service_in_order_and_empty_fields_do_not(
    portal: RunningPortal,
) -> None:
    portal.documents.answer("POST", "/documents", DEPOSITED, 201)
    token = session_token()
    form = deposit_form(await form_token(portal, token), b"%PDF-1.7 first")
    form.add_field("fichier", b"second", filename='page "2" é/../x.png')
    form.add_field("photo", b"", filename="", content_type="application/octet-stream")
    form.add_field("photo", b"third", filename="photo.jpg")
    assert (await portal.post("/documents", token, data=form)).status == 303
    asked = portal.documents.requests("POST", "/documents")[0]
    names, contents = zip(*(await files_in(asked)), strict=True)
    assert contents == (b"%PDF-1.7 first", b"second", b"third")
    assert (names[0], names[2]) == ("attestation.pdf", "photo.jpg")


async def test_a_document_reaches_its_service_with_its_name_and_kind(
    portal: RunningPortal,
) -> None:
    portal.documents.answer("POST", "/documents", DEPOSITED, 201)
    token = session_token()
    csrf = await form_token(portal, token)
    content = b"%PDF-1.7 " + b"x" * 300_000
    response = await portal.post("/documents", token, data=deposit_form(csrf, content))
    assert response.status == 303
    asked = portal.documents.requests("POST", "/documents")[0]
    assert asked.query == {"type": "assurance"}
    assert await files_in(asked) == [("attestation.pdf", content)]


async def test_a_document_is_passed_on_while_it_still_arrives(portal: RunningPortal) -> None:
    first_part_seen = asyncio.Event()

    async def take(request: web.Request) -> web.Response:
        await request.content.readany()
        first_part_seen.set()
        await request.content.read()
        return web.json_response(DEPOSITED, status=201)

    async def slow_file() -> AsyncIterator[bytes]:
        yield b"%PDF-1.7 " + b"x" * 200_000
        # The second half is only sent once the service has the first.
        await asyncio.wait_for(first_part_seen.wait(), 10)
        yield b"y" * 200_000

    portal.documents.serve("POST", "/documents", take)
    portal.documents.reads_bodies = False
    token = session_token()
    response = await portal.api("POST", "/documents", token, data=api_form(slow_file()))
    assert response.status == 201


def api_form(content: object) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("type", "assurance")
    form.add_field("file", content, filename="attestation.pdf")
    return form


async def test_a_file_above_the_limit_is_refused_beside_its_field(portal: RunningPortal) -> None:
    token = session_token()
    csrf = await form_token(portal, token)
    content = b"x" * (MAX_FILE_BYTES + 200_000)
    response = await portal.post("/documents", token, data=deposit_form(csrf, content))
    assert response.status == 422
    assert portal.documents.asked == []


async def test_a_form_without_a_file_says_so(portal: RunningPortal) -> None:
    token = session_token()
    form = aiohttp.FormData()
    form.add_field("csrf_token", await form_token(portal, token))
    form.add_field("fichier", b"", filename="", content_type="application/octet-stream")
    response = await portal.post("/documents", token, data=form)
    assert response.status == 422
    assert "Corrigez les champs signalés." in await response.text()


async def test_an_upload_without_the_forms_token_changes_nothing(portal: RunningPortal) -> None:
    response = await portal.post("/documents", session_token(), data=deposit_form("faux", b"x"))
    assert response.status == 403
    assert portal.documents.asked == []


async def test_the_services_refusal_of_a_file_comes_back_to_the_form(
    portal: RunningPortal,
) -> None:
    portal.documents.refuse("POST", "/documents", 422, "file-type-refused", fichier="PDF attendu.")
    token = session_token()
    csrf = await form_token(portal, token)
    response = await portal.post("/documents", token, data=deposit_form(csrf, b"MZ"))
    assert response.status == 422
    assert "Refusé : file-type-refused." in await response.text()


async def test_a_pdf_comes_through_with_its_headers(portal: RunningPortal) -> None:
    invoice_id = uuid4()

    async def pdf(_request: web.Request) -> web.Response:
        return web.Response(
            body=b"%PDF" * 100_000,
            content_type="application/pdf",
            headers={"Content-Disposition": 'inline; filename="facture.pdf"'},
        )

    portal.billing.serve("GET", f"/invoices/{invoice_id}.pdf", pdf)
    for response in (
        await portal.get(f"/factures/{invoice_id}.pdf", session_token()),
        await portal.api("GET", f"/invoices/{invoice_id}.pdf", session_token()),
    ):
        assert response.status == 200
        assert await response.read() == b"%PDF" * 100_000
        assert response.headers["Content-Disposition"] == 'inline; filename="facture.pdf"'
        assert response.headers["Cache-Control"] == "no-store"


async def test_another_familys_pdf_is_not_there(portal: RunningPortal) -> None:
    invoice_id = uuid4()
    portal.billing.refuse("GET", f"/invoices/{invoice_id}.pdf", 404, "not-found")
    page = await portal.get(f"/factures/{invoice_id}.pdf", session_token())
    api = await portal.api("GET", f"/invoices/{invoice_id}.pdf", session_token())
    assert (page.status, page.content_type) == (404, "text/html")
    assert (api.status, api.content_type) == (404, "application/problem+json")


async def test_a_download_that_breaks_off_is_not_taken_for_whole(portal: RunningPortal) -> None:
    invoice_id = uuid4()

    async def broken(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000000"})
        await response.prepare(request)
        await response.write(b"x" * 100_000)
        assert request.transport
        request.transport.abort()
        return response

    portal.billing.serve("GET", f"/invoices/{invoice_id}.pdf", broken)
    try:
        await portal.api("GET", f"/invoices/{invoice_id}.pdf", session_token())
    except aiohttp.ClientError:
        return
    raise AssertionError("the reader was told that this was all")


async def test_malformed_multipart_is_refused_in_form(portal: RunningPortal) -> None:
    token = session_token()
    kind = "multipart/form-data; boundary=abc"
    bodies = (
        b"",
        b"garbage",
        b"--abc\r\n\r\n",
        b'--abc\r\nContent-Disposition: form-data; name="type"\r\n\r\n\xff\xfe\r\n--abc--\r\n',
        b"--abc\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x--\r\n--abc--\r\n",
    )
    for body in bodies:
        response = await portal.api(
            "POST", "/documents", token, data=body, headers={"Content-Type": kind}
        )
        assert response.status == 422, body
        assert response.content_type == "application/problem+json"
    for kind in ("multipart/form-data", "application/json", "text/plain"):
        response = await portal.api(
            "POST", "/documents", token, data=b"{}", headers={"Content-Type": kind}
        )
        assert response.status == 422, kind
    assert portal.documents.asked == []


async def test_an_import_is_streamed_and_its_bad_lines_come_back(portal: RunningPortal) -> None:
    portal.accounts.answer(
        "POST", "/imports/families", {"dry_run": True, "families": 1, "guardians": 2, "children": 3}
    )
    token = session_token("agent")
    csv = "dossier;adresse\nF-1;1 rue des Écoles\n".encode()
    path = "/staff/families/import?dry_run=true"
    response = await portal.api("POST", path, token, data=csv)
    assert response.status == 200
    assert json.loads(await response.read())["children"] == 3
    asked = portal.accounts.requests("POST", "/imports/families")[0]
    assert (asked.body, asked.query) == (csv, {"dry_run": "true"})

    refused = {"ligne 12, quotient": "Un nombre entier est attendu."}
    portal.accounts.refuse("POST", "/imports/families", 422, "import-refused", **refused)
    problem = await (await portal.api("POST", path, token, data=csv)).json(content_type=None)
    assert problem["errors"][0]["field"] == "ligne 12, quotient"

"""The vault through the gateway: what opens it is in one cookie, and nowhere else."""

from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web

from gateway.pages import ROUTES
from gateway.transfer import MAX_FILE_BYTES
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token
from tests.integration.gateway.test_pages import hidden

OPENED = {"token": "a-sealed-token", "expires_at": "2100-01-01T00:00:00Z"}
MINE = {
    "exists": True,
    "is_mine": True,
    "parents": 1,
    "quota_bytes": 1 << 30,
    "file_bytes": 1 << 28,
}
DOCUMENT = {
    "document_id": str(uuid4()),
    "filename": "jugement.pdf",
    "size": 5,
    "added_at": "2026-11-23T10:00:00Z",
}
OPEN = {"portail_coffre": "a-sealed-token"}


@pytest.fixture
async def real_pages() -> Any:
    """The portal's own pages before stand-in services."""
    async with running_portal(ROUTES) as portal:
        yield portal


async def csrf_of(portal: RunningPortal, token: str) -> str:
    portal.documents.answer("GET", "/vault", MINE)
    return hidden(await (await portal.get("/coffre-fort", token)).text(), "csrf_token")


def cookies_of(response: aiohttp.ClientResponse) -> SimpleCookie:
    found = SimpleCookie()
    for header in response.headers.getall("Set-Cookie", []):
        found.load(header)
    return found


async def test_opening_puts_the_token_into_a_cookie_that_no_script_reads(
    real_pages: RunningPortal,
) -> None:
    token = session_token()
    csrf = await csrf_of(real_pages, token)
    real_pages.documents.answer("POST", "/vault/unlock", OPENED)
    form = {"csrf_token": csrf, "phrase": "sept petits canards"}
    response = await real_pages.post("/coffre-fort/ouvrir", token, data=form)
    assert response.status == 303
    cookie = cookies_of(response)["portail_coffre"]
    assert cookie.value == OPENED["token"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    [asked] = real_pages.documents.requests("POST", "/vault/unlock")
    assert "Idempotency-Key" not in asked.headers


async def test_the_recovery_key_is_on_the_answer_and_in_no_cookie_or_address(
    real_pages: RunningPortal,
) -> None:
    token = session_token()
    csrf = await csrf_of(real_pages, token)
    made = {**OPENED, "recovery_key": "ABCD-EFGH"}
    real_pages.documents.answer("POST", "/vault", made, 201)
    form = {"csrf_token": csrf, "phrase": "mots", "confirmation": "mots"}
    response = await real_pages.post("/coffre-fort", token, data=form)
    assert response.status == 200
    assert "ABCD-EFGH" in await response.text()
    assert response.headers["Cache-Control"] == "no-store"
    assert "ABCD" not in str(response.headers)


async def test_a_shut_vault_asks_for_the_passphrase_again(real_pages: RunningPortal) -> None:
    token = session_token()
    real_pages.documents.answer("GET", "/vault", MINE)
    real_pages.documents.refuse("GET", "/vault/documents", 423, "vault-locked")
    response = await real_pages.get("/coffre-fort", token, cookies=OPEN)
    assert "Votre phrase secrète" in await response.text()
    path = f"/vault/documents/{DOCUMENT['document_id']}/content"
    real_pages.documents.refuse("GET", path, 423, "vault-locked")
    response = await real_pages.get(
        f"/coffre-fort/documents/{DOCUMENT['document_id']}/contenu", token, cookies=OPEN
    )
    assert (response.status, response.headers["Location"]) == (303, "/coffre-fort")
    assert cookies_of(response)["portail_coffre"].value == ""


async def test_a_file_larger_than_other_uploads_passes_on_to_the_vault(
    real_pages: RunningPortal,
) -> None:
    token = session_token()
    csrf = await csrf_of(real_pages, token)
    received = 0

    async def take(request: web.Request) -> web.Response:
        nonlocal received
        async for part in request.content.iter_any():
            received += len(part)
        return web.json_response(DOCUMENT, status=201)

    real_pages.documents.serve("POST", "/vault/documents", take)
    real_pages.documents.reads_bodies = False
    form = aiohttp.FormData()
    form.add_field("csrf_token", csrf)
    form.add_field("fichier", b"x" * (2 * MAX_FILE_BYTES), filename="film.mp4")
    response = await real_pages.post("/coffre-fort/documents", token, data=form, cookies=OPEN)
    assert response.status == 303
    assert received == 2 * MAX_FILE_BYTES


async def test_signing_out_shuts_the_vault(real_pages: RunningPortal) -> None:
    token = session_token()
    csrf = await csrf_of(real_pages, token)
    response = await real_pages.post("/deconnexion", token, data={"csrf_token": csrf}, cookies=OPEN)
    assert cookies_of(response)["portail_coffre"].value == ""


async def test_a_program_carries_the_token_in_a_header(real_pages: RunningPortal) -> None:
    real_pages.documents.answer("GET", "/vault/documents", {"documents": [DOCUMENT]})
    response = await real_pages.api(
        "GET", "/vault/documents", session_token(), headers={"X-Vault-Token": "mine"}
    )
    assert (await response.json())["documents"][0]["filename"] == "jugement.pdf"
    [asked] = real_pages.documents.requests("GET", "/vault/documents")
    assert asked.headers["X-Vault-Token"] == "mine"

"""The family's vault, for guardians alone; `X-Vault-Token` carries it once it is open."""

from collections.abc import AsyncIterator
from typing import Any, Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field

from contracts.roles import GUARDIAN
from gateway.api.edge import Described, clients
from gateway.clients.vault import TOKEN_HEADER, VaultClient
from gateway.readers.vault import (
    Invitation,
    RecoveryKey,
    Vault,
    VaultDocument,
    VaultDocuments,
    VaultOpened,
)
from services.chassis.endpoints import Body, Call, Endpoint, delete, get, post

CHUNK = 256 * 1024
LONGEST = 500


class PassphraseBody(Body):
    """A parent's own passphrase."""

    passphrase: str = Field(min_length=1, max_length=LONGEST)


class ChangeBody(Body):
    """The passphrase in force and the one that follows it."""

    current: str = Field(min_length=1, max_length=LONGEST)
    new: str = Field(min_length=1, max_length=LONGEST)


class RecoverBody(Body):
    """The printed key, and the passphrase to be."""

    recovery_key: str = Field(min_length=1, max_length=100)
    passphrase: str = Field(min_length=1, max_length=LONGEST)


class JoinBody(Body):
    """The code that the other parent gave, and the passphrase to be."""

    code: str = Field(min_length=1, max_length=100)
    passphrase: str = Field(min_length=1, max_length=LONGEST)


class EraseBody(Body):
    """Erasing cannot be undone."""

    confirmation: Literal["EFFACER"]


class PutInQuery(Body):
    """The name of the file, which is the request's body."""

    filename: str = Field(default="", max_length=LONGEST)


async def show_vault(call: Call) -> Vault:
    """The vault while it is shut: whether there is one, who opens it, how full it is."""
    return await opened_by(call).state()


async def create_vault(call: Call, body: PassphraseBody) -> VaultOpened:
    """Make the family's vault; the answer holds the recovery key, once."""
    return await opened_by(call).create(body.passphrase)


async def unlock_vault(call: Call, body: PassphraseBody) -> VaultOpened:
    """Open the vault for a while."""
    return await opened_by(call).unlock(body.passphrase)


async def change_vault_passphrase(call: Call, body: ChangeBody) -> VaultOpened:
    """Replace one's own passphrase; what it had opened is shut."""
    return await opened_by(call).change_passphrase(body.current, body.new)


async def recover_vault(call: Call, body: RecoverBody) -> VaultOpened:
    """Choose a new passphrase by the recovery key, which is replaced."""
    return await opened_by(call).recover(body.recovery_key, body.passphrase)


async def renew_vault_recovery_key(call: Call) -> RecoveryKey:
    """A new recovery key; the one before opens nothing any more."""
    return RecoveryKey(recovery_key=await opened_by(call).renew_recovery_key())


async def invite_to_vault(call: Call) -> Invitation:
    """A code for the family's other parent, good once."""
    return await opened_by(call).invite()


async def join_vault(call: Call, body: JoinBody) -> VaultOpened:
    """Open the family's vault to oneself by the other parent's code."""
    return await opened_by(call).join(body.code, body.passphrase)


async def erase_vault(call: Call, body: EraseBody) -> None:
    """Delete the vault with all that is in it, opened or not."""
    await opened_by(call).erase(body.confirmation)


async def list_vault_documents(call: Call) -> VaultDocuments:
    """The documents of the opened vault, newest first."""
    return VaultDocuments(documents=tuple(await opened_by(call).documents()))


async def put_into_vault(call: Call, query: PutInQuery) -> VaultDocument:
    """Put a file into the opened vault; the request's body is the file itself."""
    return await opened_by(call).put_in(query.filename, _body(call.request))


async def read_vault_document(call: Call, document_id: UUID) -> web.StreamResponse:
    """The content of a document, as it was put in."""
    return await opened_by(call).content(document_id).send(call.request)


async def delete_vault_document(call: Call, document_id: UUID) -> None:
    """Delete a document of the opened vault."""
    await opened_by(call).take_out(document_id)


def opened_by(call: Call) -> VaultClient:
    """The vault, opened by what the program carries."""
    return clients(call).vault(call.request.headers.get(TOKEN_HEADER, ""))


def _body(request: web.Request) -> AsyncIterator[bytes]:
    return request.content.iter_chunked(CHUNK)


_TOKEN_PARAMETER = {
    "name": TOKEN_HEADER,
    "in": "header",
    "required": True,
    "description": "what opening the vault answered",
    "schema": {"type": "string", "maxLength": 1000},
}
_FILE = {"schema": {"type": "string", "format": "binary"}}


def once_open(endpoint: Endpoint, **operation: Any) -> Described:
    """An operation that needs the vault open."""
    return Described(endpoint, {"parameters": [_TOKEN_PARAMETER], **operation})


PARENTS = {GUARDIAN}

ENDPOINTS = (
    get("/vault", show_vault, allow=PARENTS),
    post("/vault", create_vault, allow=PARENTS, status=201),
    post("/vault/unlock", unlock_vault, allow=PARENTS),
    post("/vault/passphrase", change_vault_passphrase, allow=PARENTS),
    post("/vault/recover", recover_vault, allow=PARENTS),
    post("/vault/join", join_vault, allow=PARENTS),
    post("/vault/erase", erase_vault, allow=PARENTS),
    once_open(post("/vault/recovery-key", renew_vault_recovery_key, allow=PARENTS)),
    once_open(post("/vault/invitations", invite_to_vault, allow=PARENTS, status=201)),
    once_open(get("/vault/documents", list_vault_documents, allow=PARENTS)),
    once_open(
        post("/vault/documents", put_into_vault, allow=PARENTS, status=201),
        requestBody={"required": True, "content": {"application/octet-stream": _FILE}},
    ),
    once_open(
        get("/vault/documents/{document_id}/content", read_vault_document, allow=PARENTS),
        responses={
            "200": {"description": "Fichier", "content": {"application/octet-stream": _FILE}}
        },
    ),
    once_open(delete("/vault/documents/{document_id}", delete_vault_document, allow=PARENTS)),
)

"""The HTTP side of vaults: for guardians alone.

Every endpoint is bare, so that no answer with a secret is kept beside an idempotency key.
"""

from contextlib import aclosing
from dataclasses import asdict
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN
from services.chassis.web import Call, delete, get, post
from services.documents import vault_keys
from services.documents.commands.vault import access, contents
from services.documents.commands.vault.strongroom import STRONGROOM, Opened, Parent
from services.documents.errors import DocumentNotFound
from services.documents.model.vault import Label, VaultDocument
from services.documents.queries import vault as vault_queries
from services.documents.schemas.vault import (
    ChangeBody,
    EraseBody,
    InvitationAnswer,
    JoinBody,
    PassphraseBody,
    PutInQuery,
    RecoverBody,
    RecoveryAnswer,
    RecoveryKeyAnswer,
    UnlockedAnswer,
    VaultAnswer,
    VaultDocumentAnswer,
    VaultDocumentsAnswer,
)
from services.documents.serving import download_headers, send
from services.documents.storage import READ_BYTES, vault_path
from services.documents.vault_keys import Unlocked

TOKEN_HEADER = "X-Vault-Token"  # noqa: S105 - a header's name


async def show_vault(call: Call) -> VaultAnswer:
    """Voir l’état du coffre-fort"""
    parent, limits = Parent.calling(call.caller), call.app[STRONGROOM].limits
    async with call.database.connection() as connection:
        state = await vault_queries.state(connection, parent.family_id, parent.account_id, call.now)
    known = asdict(state) if state else {}
    return VaultAnswer(
        exists=state is not None,
        quota_bytes=limits.quota_bytes,
        file_bytes=limits.file_bytes,
        **known,
    )


async def create_vault(call: Call, body: PassphraseBody) -> RecoveryAnswer:
    """Créer le coffre-fort"""
    parent = Parent.calling(call.caller)
    passphrase = body.passphrase.get_secret_value()
    made = await access.create_vault(call.app[STRONGROOM], parent, passphrase, call.now)
    return _with_recovery_key(made)


async def unlock(call: Call, body: PassphraseBody) -> UnlockedAnswer:
    """Ouvrir le coffre-fort"""
    parent = Parent.calling(call.caller)
    passphrase = body.passphrase.get_secret_value()
    opened = await access.unlock(call.app[STRONGROOM], parent, passphrase, call.now)
    return UnlockedAnswer(token=opened.token, expires_at=opened.expires_at)


async def change_passphrase(call: Call, body: ChangeBody) -> UnlockedAnswer:
    """Changer sa phrase secrète"""
    opened = await access.change_passphrase(
        call.app[STRONGROOM],
        Parent.calling(call.caller),
        body.current.get_secret_value(),
        body.new.get_secret_value(),
        call.now,
    )
    return UnlockedAnswer(token=opened.token, expires_at=opened.expires_at)


async def recover(call: Call, body: RecoverBody) -> RecoveryAnswer:
    """Rouvrir le coffre-fort avec la clé de secours"""
    recovered = await access.recover(
        call.app[STRONGROOM],
        Parent.calling(call.caller),
        body.recovery_key.get_secret_value(),
        body.passphrase.get_secret_value(),
        call.now,
    )
    return _with_recovery_key(recovered)


async def renew_recovery_key(call: Call) -> RecoveryKeyAnswer:
    """Renouveler la clé de secours"""
    parent, unlocked = Parent.calling(call.caller), await _unlocked(call)
    key = await access.renew_recovery_key(call.app[STRONGROOM], parent, unlocked, call.now)
    return RecoveryKeyAnswer(recovery_key=key)


async def invite(call: Call) -> InvitationAnswer:
    """Inviter l’autre responsable au coffre-fort"""
    parent, unlocked = Parent.calling(call.caller), await _unlocked(call)
    code, until = await access.invite(call.app[STRONGROOM], parent, unlocked, call.now)
    return InvitationAnswer(code=code, expires_at=until)


async def join(call: Call, body: JoinBody) -> UnlockedAnswer:
    """Rejoindre le coffre-fort de la famille"""
    opened = await access.join(
        call.app[STRONGROOM],
        Parent.calling(call.caller),
        body.code.get_secret_value(),
        body.passphrase.get_secret_value(),
        call.now,
    )
    return UnlockedAnswer(token=opened.token, expires_at=opened.expires_at)


async def list_vault(call: Call) -> VaultDocumentsAnswer:
    """Lister les documents du coffre-fort"""
    unlocked = await _unlocked(call)
    async with call.database.connection() as connection:
        found = await vault_queries.documents(connection, unlocked.family_id)
    return VaultDocumentsAnswer(
        documents=[_shown(document, _label(unlocked, document)) for document in found]
    )


async def put_in(call: Call, query: PutInQuery) -> VaultDocumentAnswer:
    """Déposer un document au coffre-fort"""
    unlocked = await _unlocked(call)
    document, label = await contents.put_in(
        call.app[STRONGROOM],
        unlocked,
        query.filename,
        call.request.content.iter_chunked(READ_BYTES),
        call.now,
    )
    return _shown(document, label)


async def read_out(call: Call, document_id: UUID) -> web.StreamResponse:
    """Ouvrir un document du coffre-fort"""
    unlocked = await _unlocked(call)
    async with call.database.connection() as connection:
        found = await vault_queries.documents(connection, unlocked.family_id, document_id)
    if not found:
        raise DocumentNotFound
    label = _label(unlocked, found[0])
    path = vault_path(unlocked.family_id, document_id)
    storage = call.app[STRONGROOM].storage
    async with aclosing(storage.content_at(path, document_id, unlocked.vault_key)) as content:
        # Whatever it is, a browser must save it and not show it.
        headers = download_headers("application/octet-stream", label.filename, found[0].size)
        return await send(call.request, headers, content)


async def take_out(call: Call, document_id: UUID) -> None:
    """Supprimer un document du coffre-fort"""
    await contents.take_out(call.app[STRONGROOM], await _unlocked(call), document_id)


async def erase(call: Call, body: EraseBody) -> None:  # noqa: ARG001 - its presence is the point
    """Effacer le coffre-fort"""
    await access.erase_vault(call.app[STRONGROOM], Parent.calling(call.caller), call.now)


async def _unlocked(call: Call) -> Unlocked:
    token = call.request.headers.get(TOKEN_HEADER, "")
    async with call.database.connection() as connection:
        return await access.unlocked_by(
            connection, call.app[STRONGROOM], Parent.calling(call.caller), token, call.now
        )


def _with_recovery_key(opened: Opened) -> RecoveryAnswer:
    return RecoveryAnswer(
        token=opened.token, expires_at=opened.expires_at, recovery_key=opened.recovery_key
    )


def _label(unlocked: Unlocked, document: VaultDocument) -> Label:
    return vault_keys.open_label(document.sealed_label, unlocked.vault_key, document.document_id)


def _shown(document: VaultDocument, label: Label) -> VaultDocumentAnswer:
    return VaultDocumentAnswer(
        document_id=document.document_id,
        filename=label.filename,
        content_type=label.content_type,
        size=document.size,
        added_at=document.added_at,
    )


PARENTS = {GUARDIAN}

ENDPOINTS = (
    get("/vault", show_vault, allow=PARENTS, bare=True),
    post("/vault", create_vault, allow=PARENTS, status=201, bare=True),
    post("/vault/unlock", unlock, allow=PARENTS, bare=True),
    post("/vault/passphrase", change_passphrase, allow=PARENTS, bare=True),
    post("/vault/recover", recover, allow=PARENTS, bare=True),
    post("/vault/recovery-key", renew_recovery_key, allow=PARENTS, bare=True),
    post("/vault/invitations", invite, allow=PARENTS, status=201, bare=True),
    post("/vault/join", join, allow=PARENTS, bare=True),
    post("/vault/erase", erase, allow=PARENTS, bare=True),
    get("/vault/documents", list_vault, allow=PARENTS, bare=True),
    post("/vault/documents", put_in, allow=PARENTS, status=201, bare=True),
    get("/vault/documents/{document_id}/content", read_out, allow=PARENTS, bare=True),
    delete("/vault/documents/{document_id}", take_out, allow=PARENTS, bare=True),
)

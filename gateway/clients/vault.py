"""A family's vault, as the portal asks the documents service for it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from gateway.clients.area import LONG, Area
from gateway.readers.vault import (
    Invitation,
    RecoveryKey,
    Vault,
    VaultDocument,
    VaultDocuments,
    VaultOpened,
)
from gateway.transfer import Download

R = TypeVar("R", bound=BaseModel)

TOKEN_HEADER = "X-Vault-Token"  # noqa: S105 - a header's name
# The largest file over the slowest line that anyone would wait for.
LONG_TRANSFER = 3600.0


@dataclass(slots=True)
class VaultClient(Area):
    """The vault; what `token` opens is opened. No command leaves an idempotency key behind."""

    token: str = ""

    async def state(self) -> Vault:
        return await self.read(Vault, "/vault")

    async def create(self, passphrase: str) -> VaultOpened:
        return await self._ask(VaultOpened, "", {"passphrase": passphrase})

    async def unlock(self, passphrase: str) -> VaultOpened:
        return await self._ask(VaultOpened, "/unlock", {"passphrase": passphrase})

    async def change_passphrase(self, current: str, new: str) -> VaultOpened:
        return await self._ask(VaultOpened, "/passphrase", {"current": current, "new": new})

    async def recover(self, recovery_key: str, passphrase: str) -> VaultOpened:
        body = {"recovery_key": recovery_key, "passphrase": passphrase}
        return await self._ask(VaultOpened, "/recover", body)

    async def renew_recovery_key(self) -> str:
        return (await self._ask(RecoveryKey, "/recovery-key")).recovery_key

    async def invite(self) -> Invitation:
        return await self._ask(Invitation, "/invitations")

    async def join(self, code: str, passphrase: str) -> VaultOpened:
        return await self._ask(VaultOpened, "/join", {"code": code, "passphrase": passphrase})

    async def erase(self, confirmation: str) -> None:
        await self.order("POST", "/vault/erase", {"confirmation": confirmation})

    async def documents(self) -> Sequence[VaultDocument]:
        reply = await self.service.call(
            "GET", "/vault/documents", caller=self.caller, headers=self._opened
        )
        return VaultDocuments.model_validate_json(reply.body).documents

    async def put_in(self, filename: str, content: AsyncIterator[bytes]) -> VaultDocument:
        """A file of any kind, as large as the town's settings allow."""
        return await self.pour(
            VaultDocument,
            "/vault/documents",
            content,
            "application/octet-stream",
            headers=self._opened,
            deadline=LONG_TRANSFER,
            filename=filename[:500],
        )

    def content(self, document_id: UUID) -> Download:
        path = f"/vault/documents/{document_id}/content"
        return Download(self.service, self.session, self.caller, "GET", path, self._opened)

    async def take_out(self, document_id: UUID) -> None:
        await self.service.call(
            "DELETE",
            f"/vault/documents/{document_id}",
            caller=self.caller,
            headers=self._opened,
            deadline=LONG,
        )

    async def _ask(self, reader: type[R], path: str, body: Mapping[str, Any] | None = None) -> R:
        reply = await self.service.call(
            "POST",
            f"/vault{path}",
            caller=self.caller,
            body=body,
            headers=self._opened,
            deadline=LONG,
        )
        return reader.model_validate_json(reply.body)

    @property
    def _opened(self) -> dict[str, str]:
        return {TOKEN_HEADER: self.token}

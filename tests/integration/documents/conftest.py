"""The documents service on a real database, bus and folder."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.accounts import Address, ChildFile, FamilyFileUpdated
from services.chassis.auth import Caller
from services.chassis.testing import Reply, RunningService, guardian
from services.documents.main import application
from services.documents.settings import DocumentsSettings

# Whom certificates name.
TOWN = {
    "portal_url": "https://famille.kerlann.example",
    "town_name": "Kerlann",
    "office_name": "Service enfance et jeunesse",
}
# Keys are derived as ever, but in next to no memory: here they protect nobody.
LIGHT_PASSPHRASES = {"passphrase_kibibytes": 64}
MASTER_KEY = "bWFzdGVyIGtleSBmb3IgdGVzdHMsIDMyIGJ5dGVzIC4="


@dataclass(frozen=True)
class Archive:
    """The running service and the folder it writes to."""

    service: RunningService
    folder: Path

    def objects(self, family_id: UUID) -> list[Path]:
        """The files of a family in storage."""
        return sorted((self.folder / "families" / str(family_id)).glob("*"))

    async def deposit(self, caller: Caller, content: Any, **params: str) -> Reply:
        """Deposit a file; without more it is a proof of address."""
        query = {"type": "proof_of_address", "filename": "facture.pdf", **params}
        return await self.service.post("/documents", caller, data=content, params=query)

    async def read(self, caller: Caller, document_id: str) -> Reply:
        """Download a document."""
        return await self.service.get(f"/documents/{document_id}/content", caller)

    async def fetchval(self, query: str, *args: Any) -> Any:
        """Look into the database."""
        async with self.service.database.connection() as connection:
            return await connection.fetchval(query, *args)


@dataclass(frozen=True)
class Home:
    """A family that the service knows: its guardian and its child."""

    family_id: UUID
    child_id: UUID
    guardian: Caller


@pytest.fixture(scope="package")
async def archive(start_service: Any, tmp_path_factory: Any) -> AsyncIterator[Archive]:
    """One running service for all these tests; each has its own family."""
    folder = tmp_path_factory.mktemp("documents")
    async with await start_service(
        "documents",
        application,
        DocumentsSettings,
        storage_url=folder.as_uri(),
        master_key=MASTER_KEY,
        **TOWN,
        vault_file_megabytes=1,
        vault_quota_megabytes=2,
        options=LIGHT_PASSPHRASES,
    ) as service:
        yield Archive(service, folder)


def family_file(family_id: UUID, version: int, *children: UUID) -> FamilyFileUpdated:
    """The file of a family with these children."""
    return FamilyFileUpdated(
        family_id=family_id,
        record_version=version,
        reference="D1",
        resident=True,
        address=Address(lines=("3 rue de l’Église",), postcode="56890", city="Plescop"),
        guardians=(),
        children=tuple(
            ChildFile(child_id=c, first_name="Zoé", last_name="Le Goff", birth_date="2019-03-01")
            for c in children
        ),
    )


@pytest.fixture
async def home(archive: Archive) -> Home:
    """A family of one guardian and one child."""
    family_id, child_id = uuid4(), uuid4()
    await archive.service.tell(family_file(family_id, 1, child_id))
    return Home(family_id, child_id, guardian(family_id))

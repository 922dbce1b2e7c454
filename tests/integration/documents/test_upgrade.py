"""Documents deposited before there was a review are brought into it, and told."""

import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

from contracts.events.documents import DocumentStateChanged
from services import documents
from services.chassis import database
from services.chassis.database import CHASSIS_MIGRATIONS
from services.chassis.testing import eventually, staff
from services.documents.main import application
from services.documents.settings import DocumentsSettings
from tests.integration.documents.conftest import MASTER_KEY, TOWN

MIGRATIONS = Path(documents.__file__).parent / "migrations"
OLD_DOCUMENT = """
INSERT INTO document (document_id, family_id, document_type, filename, content_type, size,
                      fingerprint, deposited_at)
VALUES ($1, $2, 'family_book', 'livret.pdf', 'application/pdf', 900, '', now())
"""


async def test_an_old_document_waits_for_the_office_and_is_told_once(
    postgres: Any, start_service: Any, tmp_path: Path
) -> None:
    url = await postgres.create(f"upgrade_{uuid4().hex[:8]}")
    before = tmp_path / "documents" / "migrations"
    before.mkdir(parents=True)
    shutil.copy(MIGRATIONS / "0001_initial.sql", before)
    old = await database.connect(url, pool_size=2)
    await database.migrate(old, CHASSIS_MIGRATIONS, before)
    document_id, family_id = uuid4(), uuid4()
    async with old.transaction() as connection:
        await connection.execute(OLD_DOCUMENT, document_id, family_id)
    await old.close()
    async with await start_service(
        "documents",
        application,
        DocumentsSettings,
        database_url=url,
        storage_url=(tmp_path / "files").as_uri(),
        master_key=MASTER_KEY,
        **TOWN,
    ) as service:

        async def told() -> list[DocumentStateChanged]:
            found: list[DocumentStateChanged] = await service.outbox(DocumentStateChanged)
            return found

        [event] = await eventually(told, what="the old document being told")
        assert (event.document_id, event.state, event.tell_family) == (
            document_id,
            "submitted",
            False,
        )
        reply = await service.get(f"/documents/{document_id}", staff("agent"))
        assert [step["state"] for step in reply.json["history"]] == ["submitted"]

"""Content in an S3 bucket: the same promises as in a folder."""

import os
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from obstore.exceptions import PermissionDeniedError

from services.documents.errors import DocumentDamaged
from services.documents.storage import S3_PART_BYTES, MasterKey, Storage, path_of, seal, vault_path
from tests.integration.documents.bucket import Bucket, running_bucket
from tests.unit.documents.builders import gathered, in_parts

KEY, FAMILY = b"k" * 32, UUID(int=1)


@pytest.fixture
async def bucket(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bucket]:
    """An S3 server, and the environment that leads to it."""
    async with running_bucket("mairie") as made:
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def storage(bucket: Bucket) -> Storage:
    """The storage that the settings name."""
    return Storage.at("s3://mairie/portail/documents", MasterKey(b"m" * 32))


async def keep(storage: Storage, content: bytes, document_id: UUID) -> None:
    parts = in_parts(content, 100_000)
    await storage.write(FAMILY, document_id, seal(parts, KEY, document_id))


@pytest.mark.parametrize("size", [0, 3000, 2 * S3_PART_BYTES + 4321])
async def test_what_was_written_is_read_in_parts_under_the_prefix(
    storage: Storage, bucket: Bucket, size: int
) -> None:
    content, document_id = os.urandom(size), uuid4()
    await keep(storage, content, document_id)
    (key,) = bucket.objects
    assert key == f"portail/documents/{path_of(FAMILY, document_id)}"
    assert not bucket.uploads
    assert await gathered(storage.content(FAMILY, document_id, KEY)) == content
    assert bucket.longest_read <= S3_PART_BYTES
    assert content[:64] not in bucket.objects[key] or not content


async def test_an_upload_that_breaks_off_leaves_nothing(storage: Storage, bucket: Bucket) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield os.urandom(S3_PART_BYTES + 1)
        raise ConnectionError("the phone lost its network")

    with pytest.raises(ConnectionError):
        await storage.write(FAMILY, uuid4(), broken())
    assert not bucket.objects
    assert not bucket.uploads


async def test_what_is_gone_is_damaged_to_read_and_no_error_to_remove(storage: Storage) -> None:
    document_id = uuid4()
    with pytest.raises(DocumentDamaged):
        await gathered(storage.content(FAMILY, document_id, KEY))
    await storage.remove(path_of(FAMILY, document_id))


async def test_the_list_of_orphans_to_be_goes_past_one_page(storage: Storage) -> None:
    wanted = {uuid4() for _ in range(7)}
    for document_id in wanted:
        await keep(storage, b"content", document_id)
    await storage.put(vault_path(FAMILY, uuid4()), in_parts(b"of a vault", 10))
    found = [stored async for batch in storage.listing() for stored in batch]
    assert {stored.document_id for stored in found} == wanted
    await storage.remove(*(stored.path for stored in found))
    assert [batch async for batch in storage.listing() if batch] == []


async def test_another_key_opens_no_bucket(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "une-autre")
    storage = Storage.at("s3://mairie/portail", MasterKey(b"m" * 32))
    with pytest.raises(PermissionDeniedError):
        await keep(storage, b"content", uuid4())
    assert not bucket.objects

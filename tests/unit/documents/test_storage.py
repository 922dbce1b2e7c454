"""Encrypted content: whole or not at all, for one family, for one document."""

import os
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.documents.errors import DocumentDamaged
from services.documents.model import WrappedKey
from services.documents.storage import (
    CHUNK,
    HEADER_BYTES,
    TAG_BYTES,
    Fingerprint,
    MasterKey,
    seal,
    unseal,
)
from tests.unit.documents.builders import gathered, in_parts

KEY = b"k" * 32
DOCUMENT = UUID(int=7)
SEALED_CHUNK = CHUNK + TAG_BYTES


async def sealed(content: bytes, part_size: int = 50_000) -> bytes:
    return await gathered(seal(in_parts(content, part_size), KEY, DOCUMENT))


async def unsealed(data: bytes, *, key: bytes = KEY, document: UUID = DOCUMENT) -> bytes:
    return await gathered(unseal(in_parts(data, 10_001), key, document))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])
async def test_what_was_sealed_comes_back(size: int) -> None:
    content = os.urandom(size)
    assert await unsealed(await sealed(content)) == content


async def test_objects_of_the_first_form_are_still_read() -> None:
    content, salt = os.urandom(150_000), os.urandom(32)
    purpose = b"portail document 1 " + DOCUMENT.bytes
    cipher = AESGCM(HKDF(SHA256(), 32, salt=salt, info=purpose).derive(KEY))
    parts = [content[at : at + 65_536] for at in range(0, len(content), 65_536)]
    chunks = [
        cipher.encrypt(n.to_bytes(11, "big") + bytes([n == len(parts) - 1]), part, None)
        for n, part in enumerate(parts)
    ]
    assert await unsealed(b"PFD1" + salt + b"".join(chunks)) == content


async def test_nothing_of_the_content_shows() -> None:
    assert b"secret" not in await sealed(b"secret" * 100)


async def test_the_same_content_never_looks_the_same() -> None:
    assert await sealed(b"content") != await sealed(b"content")


def chunks_of(data: bytes) -> tuple[bytes, list[bytes]]:
    body = data[HEADER_BYTES:]
    return data[:HEADER_BYTES], [
        body[i : i + SEALED_CHUNK] for i in range(0, len(body), SEALED_CHUNK)
    ]


@pytest.mark.parametrize(
    "order", [[0, 1], [0], [1, 0, 2], [0, 2], [0, 1, 2, 2], [0, 0, 1, 2], [2], []]
)
async def test_chunks_cut_off_or_moved_are_noticed(order: list[int]) -> None:
    header, chunks = chunks_of(await sealed(os.urandom(2 * CHUNK + 100)))
    assert len(chunks) == 3
    with pytest.raises(DocumentDamaged):
        await unsealed(header + b"".join(chunks[i] for i in order))


@pytest.mark.parametrize("place", [0, 5, HEADER_BYTES, HEADER_BYTES + 70_000, -1])
async def test_a_changed_byte_is_noticed(place: int) -> None:
    data = bytearray(await sealed(os.urandom(CHUNK + 9000)))
    data[place] ^= 1
    with pytest.raises(DocumentDamaged):
        await unsealed(bytes(data))


@pytest.mark.parametrize("length", [0, 3, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 5])
async def test_a_remnant_is_noticed(length: int) -> None:
    with pytest.raises(DocumentDamaged):
        await unsealed((await sealed(b"content"))[:length])


async def test_another_family_s_key_opens_nothing() -> None:
    with pytest.raises(DocumentDamaged):
        await unsealed(await sealed(b"content"), key=b"j" * 32)


async def test_one_document_cannot_stand_for_another() -> None:
    with pytest.raises(DocumentDamaged):
        await unsealed(await sealed(b"content"), document=uuid4())


async def test_no_wrong_byte_comes_before_the_damage_is_told() -> None:
    content = os.urandom(2 * CHUNK)
    data = bytearray(await sealed(content))
    data[HEADER_BYTES + SEALED_CHUNK + 1] ^= 1
    seen: list[bytes] = []
    with pytest.raises(DocumentDamaged):
        await gathered(unseal(in_parts(bytes(data)), KEY, DOCUMENT), seen)
    assert b"".join(seen) == content[:CHUNK]


def test_a_family_key_opens_with_the_master_key_for_this_family_alone() -> None:
    master, family = MasterKey(b"m" * 32), uuid4()
    wrapped = master.new_family_key(family)
    assert len(master.unwrap(wrapped, family)) == 32
    with pytest.raises(DocumentDamaged):
        master.unwrap(wrapped, uuid4())
    with pytest.raises(DocumentDamaged):
        MasterKey(b"n" * 32).unwrap(wrapped, family)
    with pytest.raises(DocumentDamaged):
        master.unwrap(WrappedKey(wrapped.master_id, wrapped.wrapped[:-1] + b"\0"), family)


def test_a_master_key_is_named_without_being_told() -> None:
    assert MasterKey(b"m" * 32).master_id != MasterKey(b"n" * 32).master_id


async def test_the_fingerprint_knows_the_same_content_of_one_family_only() -> None:
    async def fingerprint(key: bytes, content: bytes) -> bytes:
        mark = Fingerprint(key)
        await gathered(mark.watch(in_parts(content, 4)))
        return mark.digest()

    assert await fingerprint(KEY, b"content") == await fingerprint(KEY, b"content")
    assert await fingerprint(KEY, b"content") != await fingerprint(b"j" * 32, b"content")
    assert await fingerprint(KEY, b"content") != await fingerprint(KEY, b"contents")

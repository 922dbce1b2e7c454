"""Where the content of documents lies: encrypted in chunks, in a folder or an S3 bucket."""

import hashlib
import hmac
import os
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
import structlog
from aiohttp import web
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from obstore.store import LocalStore, from_url

from services.documents.errors import DocumentDamaged
from services.documents.model import WrappedKey

log = structlog.get_logger()

# An object is a magic word, a salt, then chunks and their tags; only the last chunk is shorter.
# The word says how long chunks are: larger ones cost less per byte, older ones are read for ever.
MAGIC: Final = b"PFD2"
CHUNK: Final = 1024 * 1024
CHUNK_BY_MAGIC: Final = {MAGIC: CHUNK, b"PFD1": 64 * 1024}
SALT_BYTES: Final = 32
HEADER_BYTES: Final = len(MAGIC) + SALT_BYTES
TAG_BYTES: Final = 16
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32

# How much of a request's body is taken at once: what the transport gives, seldom more.
READ_BYTES: Final = 256 * 1024
# The least that S3 takes as a part; a folder takes any, so less stays in memory.
S3_PART_BYTES: Final = 5 * 1024 * 1024
FOLDER_PART_BYTES: Final = 1024 * 1024


class MasterKey:
    """Wraps the data key of each family. The database alone opens nothing.

    While keys are rotated the previous master key still opens what it wrapped; only the
    present one wraps.
    """

    def __init__(self, raw: bytes, previous: bytes | None = None) -> None:
        self.master_id = _name_of(raw)
        known = (raw, previous) if previous else (raw,)
        self.previous_id = _name_of(previous or raw)
        self._by_id = {_name_of(key): AESGCM(key) for key in known}

    def new_family_key(self, family_id: UUID) -> WrappedKey:
        """A fresh data key, wrapped for this family and no other."""
        return self.wrap(AESGCM.generate_key(KEY_BYTES * 8), family_purpose(family_id))

    def unwrap(self, key: WrappedKey, family_id: UUID) -> bytes:
        """The family's data key. Raises DocumentDamaged when no master key here opens it."""
        return self.open(key, family_purpose(family_id))

    def rewrap(self, key: WrappedKey, purpose: bytes) -> WrappedKey:
        """What was wrapped for this purpose, under the present key. Raises DocumentDamaged."""
        return self.wrap(self.open(key, purpose), purpose)

    def wrap(self, secret: bytes, purpose: bytes) -> WrappedKey:
        """The secret, wrapped by the present master key for this purpose and no other."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._by_id[self.master_id].encrypt(nonce, secret, purpose)
        return WrappedKey(self.master_id, nonce + sealed)

    def open(self, key: WrappedKey, purpose: bytes) -> bytes:
        """What was wrapped for this purpose. Raises DocumentDamaged."""
        aead = self._by_id.get(key.master_id)
        if aead is None or len(key.wrapped) <= NONCE_BYTES:
            raise DocumentDamaged
        try:
            return aead.decrypt(key.wrapped[:NONCE_BYTES], key.wrapped[NONCE_BYTES:], purpose)
        except InvalidTag as error:
            raise DocumentDamaged from error


def _name_of(raw: bytes) -> str:
    # Names the key without telling it, so that a rotation knows what is left to wrap anew.
    return hashlib.sha256(b"portail master key" + raw).hexdigest()[:16]


def family_purpose(family_id: UUID) -> bytes:
    """What the wrapping of a family's key is bound to."""
    return b"portail family key " + family_id.bytes


def derived_key(family_key: bytes, purpose: bytes, salt: bytes = b"") -> bytes:
    """A key of its own for one purpose."""
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=salt, info=purpose).derive(family_key)


def _document_cipher(family_key: bytes, document_id: UUID, salt: bytes) -> AESGCM:
    """One key a document, bound to its id: nonces never meet, and objects cannot be exchanged."""
    return AESGCM(derived_key(family_key, b"portail document 1 " + document_id.bytes, salt))


def _nonce(index: int, *, last: bool) -> bytes:
    # The place of the chunk and whether it is the last: moving or cutting chunks fails the tag.
    return index.to_bytes(NONCE_BYTES - 1, "big") + bytes([last])


async def seal(
    content: AsyncIterator[bytes], family_key: bytes, document_id: UUID
) -> AsyncIterator[bytes]:
    """The content encrypted, a chunk at a time."""
    salt = os.urandom(SALT_BYTES)
    cipher = _document_cipher(family_key, document_id, salt)
    yield MAGIC + salt
    held, index = bytearray(), 0
    async for part in content:
        held += part
        # More than a whole chunk must be there: the last one is known only at the end.
        while len(held) > CHUNK:
            with memoryview(held) as view:
                sealed = cipher.encrypt(_nonce(index, last=False), view[:CHUNK], None)
            del held[:CHUNK]
            yield sealed
            index += 1
    yield cipher.encrypt(_nonce(index, last=True), held, None)


async def unseal(
    sealed: AsyncIterator[bytes], family_key: bytes, document_id: UUID
) -> AsyncIterator[bytes]:
    """The content decrypted, a chunk at a time. Raises DocumentDamaged before a wrong byte."""
    held, index, cipher, whole = bytearray(), 0, None, 0
    try:
        async for part in sealed:
            held += part
            if cipher is None and len(held) >= HEADER_BYTES:
                cipher, whole = _read_header(held, family_key, document_id)
            while cipher and len(held) > whole:
                with memoryview(held) as view:
                    chunk = cipher.decrypt(_nonce(index, last=False), view[:whole], None)
                del held[:whole]
                yield chunk
                index += 1
        if cipher is None:
            raise DocumentDamaged
        yield cipher.decrypt(_nonce(index, last=True), held, None)
    except InvalidTag as error:
        raise DocumentDamaged from error


def _read_header(held: bytearray, family_key: bytes, document_id: UUID) -> tuple[AESGCM, int]:
    """The cipher of an object, and how long its sealed chunks are."""
    header = bytes(held[:HEADER_BYTES])
    del held[:HEADER_BYTES]
    magic, salt = header[: len(MAGIC)], header[len(MAGIC) :]
    if magic not in CHUNK_BY_MAGIC:
        raise DocumentDamaged
    return _document_cipher(family_key, document_id, salt), CHUNK_BY_MAGIC[magic] + TAG_BYTES


class Fingerprint:
    """Tells the same content deposited twice; without the family's key it tells nothing."""

    def __init__(self, family_key: bytes) -> None:
        self._mac = hmac.new(derived_key(family_key, b"portail fingerprint 1"), digestmod="sha256")

    async def watch(self, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same content, read."""
        async for part in content:
            self._mac.update(part)
            yield part

    def digest(self) -> bytes:
        """The fingerprint of what was read."""
        return self._mac.digest()


@dataclass(frozen=True, slots=True)
class Stored:
    """An object in storage."""

    document_id: UUID
    path: str
    written_at: datetime


class Storage:
    """Objects by family and document, in whatever store the settings name."""

    def __init__(self, store: Any, master_key: MasterKey) -> None:
        self._store = store
        self._part_bytes = FOLDER_PART_BYTES if isinstance(store, LocalStore) else S3_PART_BYTES
        self.master_key = master_key

    @classmethod
    def at(cls, url: str, master_key: MasterKey) -> "Storage":
        """The storage at this address; a folder is made when it is missing."""
        parts = urlsplit(url)
        if parts.scheme == "file":
            folder = Path(unquote(parts.path))
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return cls(LocalStore(folder), master_key)
        return cls(from_url(url), master_key)

    async def write(self, family_id: UUID, document_id: UUID, sealed: AsyncIterator[bytes]) -> None:
        """Write a family's object; when `sealed` raises, nothing appears."""
        await self.put(path_of(family_id, document_id), sealed)

    async def put(self, path: str, sealed: AsyncIterator[bytes]) -> None:
        """Write the object at this path; when `sealed` raises, nothing appears."""
        await obstore.put_async(
            self._store,
            path,
            sealed,
            chunk_size=self._part_bytes,
            max_concurrency=1,
        )

    async def read(self, path: str) -> AsyncIterator[bytes]:
        """The object's bytes in order. Raises DocumentDamaged when it is not there or is empty.

        By ranges: the store's own stream of a folder reads 8 KiB at a time, ten times slower.
        """
        try:
            size = (await obstore.head_async(self._store, path))["size"]
            for start in range(0, size, self._part_bytes):
                length = min(self._part_bytes, size - start)
                yield bytes(
                    await obstore.get_range_async(self._store, path, start=start, length=length)
                )
        except FileNotFoundError as error:
            raise DocumentDamaged from error

    async def content(
        self, family_id: UUID, document_id: UUID, family_key: bytes
    ) -> AsyncGenerator[bytes, None]:
        """A family's object decrypted, a chunk at a time. Raises DocumentDamaged."""
        path = path_of(family_id, document_id)
        async with aclosing(self.content_at(path, document_id, family_key)) as content:
            async for chunk in content:
                yield chunk

    async def content_at(
        self, path: str, document_id: UUID, key: bytes
    ) -> AsyncGenerator[bytes, None]:
        """The object at this path decrypted, a chunk at a time. Raises DocumentDamaged."""
        try:
            async for chunk in unseal(self.read(path), key, document_id):
                yield chunk
        except DocumentDamaged:
            log.error("document_damaged", document_id=str(document_id))
            raise

    async def remove(self, *paths: str) -> None:
        """Delete objects; one that is gone already is no error."""
        for path in paths:
            try:
                await obstore.delete_async(self._store, path)
            except FileNotFoundError:
                continue

    async def listing(self, prefix: str = "families") -> AsyncIterator[Sequence[Stored]]:
        """Every document's object, some hundreds at a time; what is not ours is passed over."""
        async for batch in obstore.list(self._store, prefix=prefix, chunk_size=500):
            yield [stored for entry in batch if (stored := _stored(entry)) is not None]


def path_of(family_id: UUID, document_id: UUID) -> str:
    """Where the content of a document lies; no name of anyone is in it."""
    return f"families/{family_id}/{document_id}"


def vault_path(family_id: UUID, document_id: UUID) -> str:
    """Where the content of a document in a family's vault lies."""
    return f"vaults/{family_id}/{document_id}"


def publication_path(content_id: UUID) -> str:
    """Where the content of what the town publishes lies."""
    return f"town/{content_id}"


def _stored(entry: Any) -> Stored | None:
    try:
        document_id = UUID(entry["path"].rsplit("/", 1)[-1])
    except ValueError:
        return None
    return Stored(document_id, entry["path"], entry["last_modified"])


STORAGE = web.AppKey("storage", Storage)

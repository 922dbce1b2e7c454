"""What a service encrypts and signs with: one key from its settings, a derived one a purpose."""

import hmac
import os
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
# The first byte of what is sealed, so that another way can come beside this one.
VERSION: Final = b"\x01"


class SealBroken(ValueError):
    """What was sealed does not open: another key, another owner, or it was altered."""


class Secrets:
    """Seals for one owner and one purpose; what is copied to another row does not open there."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, purpose: str, owner: UUID | bytes, text: str) -> bytes:
        """The text, encrypted (AES-256-GCM) and bound to its owner."""
        return self.seal_bytes(purpose, owner, text.encode())

    def open(self, purpose: str, owner: UUID | bytes, sealed: bytes) -> str:
        """What `seal` sealed for this owner. Raises SealBroken."""
        return self.open_bytes(purpose, owner, sealed).decode()

    def seal_bytes(self, purpose: str, owner: UUID | bytes, content: bytes) -> bytes:
        """The content of a file, or a part of it, sealed as texts are."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self._derived(purpose)).encrypt(nonce, content, _bound(owner))
        return VERSION + nonce + sealed

    def open_bytes(self, purpose: str, owner: UUID | bytes, sealed: bytes) -> bytes:
        """What `seal_bytes` sealed for this owner. Raises SealBroken."""
        nonce, content = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            if sealed[:1] != VERSION:
                raise SealBroken("sealed in a way that is not known here")
            return AESGCM(self._derived(purpose)).decrypt(nonce, content, _bound(owner))
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"{purpose} does not open") from error

    def proof(self, purpose: str, content: bytes) -> bytes:
        """What only the holder of the key can make of this content (HMAC-SHA256)."""
        return hmac.digest(self._derived(purpose), content, "sha256")

    def _derived(self, purpose: str) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(self._key)


def _bound(owner: UUID | bytes) -> bytes:
    return owner.bytes if isinstance(owner, UUID) else owner

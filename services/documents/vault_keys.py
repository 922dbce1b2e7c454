"""How the key of a vault is derived, wrapped and carried, so that it is kept nowhere."""

import base64
import json
import os
import secrets
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.documents.errors import DocumentDamaged
from services.documents.errors.vault import VaultLocked
from services.documents.model import WrappedKey
from services.documents.model.vault import ALPHABET, Label, Opener, OpenerKind
from services.documents.storage import KEY_BYTES, NONCE_BYTES, MasterKey

SALT_BYTES: Final = 16
# RFC 9106, the second recommended choice: 64 MiB, three passes.
ARGON2_PASSES, ARGON2_KIBIBYTES, ARGON2_LANES = 3, 64 * 1024, 4
# 32 of 31 letters are 158 bits: no guessing, so no slow derivation either.
PRINTED_LETTERS, PRINTED_GROUP = 32, 4
_CARRIED: Final = struct.Struct(">32s16s16s16sQ")
_MASTER_ID_LETTERS: Final = 16


def from_passphrase(passphrase: str, salt: bytes, kibibytes: int) -> bytes:
    """The key that a passphrase stands for: slow on purpose, so run it in the process pool.

    Each number of kibibytes makes another key.
    """
    return hash_secret_raw(
        passphrase.encode(),
        salt,
        time_cost=ARGON2_PASSES,
        memory_cost=kibibytes,
        parallelism=ARGON2_LANES,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def from_printed(key: str, salt: bytes) -> bytes:
    """The key that a printed or told code stands for; it is random, so one hash is enough."""
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=salt, info=b"portail vault code 1").derive(
        key.encode()
    )


def new_printed_key() -> str:
    """A random code to be written on paper, in groups of four."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(PRINTED_LETTERS))
    groups = range(0, PRINTED_LETTERS, PRINTED_GROUP)
    return "-".join(letters[at : at + PRINTED_GROUP] for at in groups)


def new_salt() -> bytes:
    """A salt for one opener."""
    return os.urandom(SALT_BYTES)


def new_vault_key() -> bytes:
    """The key of a new vault."""
    return AESGCM.generate_key(KEY_BYTES * 8)


def outer_purpose(family_id: UUID) -> bytes:
    """What the master key's outer wrapping of an opener is bound to."""
    return b"portail vault opener " + family_id.bytes


def _inner_purpose(family_id: UUID, kind: OpenerKind) -> bytes:
    return b"portail vault key 1 " + kind.encode() + family_id.bytes


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A vault that one parent has opened: what a request works with, and then forgets."""

    vault_key: bytes = field(repr=False)
    family_id: UUID
    account_id: UUID
    opener_id: UUID
    expires_at: datetime


class VaultKeys:
    """Wraps vault keys and seals what carries them between two requests."""

    def __init__(self, master_key: MasterKey) -> None:
        self._master = master_key

    def wrap(
        self, vault_key: bytes, secret_key: bytes, family_id: UUID, kind: OpenerKind
    ) -> WrappedKey:
        """The vault's key: inside under the parent's secret, outside under the master key.

        The master key can be changed without the parent; without it a stolen database does not
        even allow guesses.
        """
        nonce = os.urandom(NONCE_BYTES)
        inner = nonce + AESGCM(secret_key).encrypt(
            nonce, vault_key, _inner_purpose(family_id, kind)
        )
        return self._master.wrap(inner, outer_purpose(family_id))

    def unwrap(self, opener: Opener, secret_key: bytes) -> bytes | None:
        """The vault's key; None when the secret is not the right one. Raises DocumentDamaged."""
        inner = self._master.open(opener.key, outer_purpose(opener.family_id))
        nonce, sealed = inner[:NONCE_BYTES], inner[NONCE_BYTES:]
        purpose = _inner_purpose(opener.family_id, opener.kind)
        try:
            return AESGCM(secret_key).decrypt(nonce, sealed, purpose)
        except InvalidTag:
            return None

    def seal_token(self, unlocked: Unlocked, session_id: UUID) -> str:
        """What the browser carries: it opens nothing without the master key and this session."""
        carried = _CARRIED.pack(
            unlocked.vault_key,
            unlocked.family_id.bytes,
            unlocked.account_id.bytes,
            unlocked.opener_id.bytes,
            int(unlocked.expires_at.timestamp()),
        )
        wrapped = self._master.wrap(carried, _token_purpose(session_id))
        return base64.urlsafe_b64encode(wrapped.master_id.encode() + wrapped.wrapped).decode()

    def open_token(self, token: str, session_id: UUID, now: datetime) -> Unlocked:
        """The vault that the token opens. Raises VaultLocked when forged, foreign or run out."""
        try:
            raw = base64.urlsafe_b64decode(token.encode("ascii"))
            master_id = raw[:_MASTER_ID_LETTERS].decode("ascii")
            wrapped = WrappedKey(master_id, raw[_MASTER_ID_LETTERS:])
            carried = self._master.open(wrapped, _token_purpose(session_id))
            key, family_id, account_id, opener_id, expires = _CARRIED.unpack(carried)
        except (ValueError, struct.error, DocumentDamaged) as error:
            raise VaultLocked from error
        expires_at = datetime.fromtimestamp(expires, UTC)
        if expires_at <= now:
            raise VaultLocked("Par sécurité, le coffre-fort s’est refermé. Ouvrez-le de nouveau.")
        return Unlocked(
            vault_key=key,
            family_id=UUID(bytes=family_id),
            account_id=UUID(bytes=account_id),
            opener_id=UUID(bytes=opener_id),
            expires_at=expires_at,
        )


def _token_purpose(session_id: UUID) -> bytes:
    return b"portail vault token 1 " + session_id.bytes


def seal_label(label: Label, vault_key: bytes, document_id: UUID) -> bytes:
    """A document's name and kind, for the family alone."""
    nonce = os.urandom(NONCE_BYTES)
    plain = json.dumps([label.filename, label.content_type]).encode()
    return nonce + AESGCM(_label_key(vault_key)).encrypt(nonce, plain, document_id.bytes)


def open_label(sealed: bytes, vault_key: bytes, document_id: UUID) -> Label:
    """The name and kind again. Raises DocumentDamaged."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        plain = AESGCM(_label_key(vault_key)).decrypt(nonce, rest, document_id.bytes)
    except (InvalidTag, ValueError) as error:
        raise DocumentDamaged from error
    return Label(*json.loads(plain))


def _label_key(vault_key: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=b"", info=b"portail vault label 1").derive(
        vault_key
    )

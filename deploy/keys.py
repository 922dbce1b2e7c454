"""Keys and passwords, made at the first start and kept for the next."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.public import PrivateKey

from deploy.errors import LaunchError
from services.chassis.auth import decode_key, encode_key, new_key_pair

MASTER_KEY, PREVIOUS_MASTER_KEY = "master-key", "master-key-previous"


def kept_secret(folder: Path, name: str, make: Callable[[], str]) -> str:
    """The secret of this name, made when there is none; readable by its owner only."""
    file = folder / name
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_secret(folder, name, make())
    return file.read_text()


def _write_secret(folder: Path, name: str, secret: str) -> None:
    # Written beside and renamed: a start that is cut short leaves no half secret.
    draft = folder / f".{name}.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(secret)
    draft.rename(folder / name)


@dataclass(frozen=True, slots=True)
class Keys:
    """What the processes sign, seal and encrypt with; base64url."""

    caller_private: str
    session_private: str
    sealing_private: str
    cookie_secret: str
    master_key: str
    accounts_key: str
    billing_key: str
    previous_master_key: str = ""

    @property
    def caller_public(self) -> str:
        """Verifies what the gateway signs."""
        return public_key(self.caller_private)

    @property
    def session_public(self) -> str:
        """Verifies the session tokens of accounts."""
        return public_key(self.session_private)

    @property
    def sealing_public(self) -> str:
        """Seals what only notifications may open."""
        return encode_key(bytes(PrivateKey(decode_key(self.sealing_private)).public_key))


def kept_keys(folder: Path) -> Keys:
    """The keys of this town, made at its first start."""

    def signing_key() -> str:
        return new_key_pair()[0]

    return Keys(
        caller_private=kept_secret(folder, "caller-private", signing_key),
        session_private=kept_secret(folder, "session-private", signing_key),
        sealing_private=kept_secret(folder, "sealing-private", random_key),
        cookie_secret=kept_secret(folder, "cookie-secret", random_key),
        master_key=kept_secret(folder, MASTER_KEY, random_key),
        previous_master_key=_secret_if_any(folder, PREVIOUS_MASTER_KEY),
        accounts_key=kept_secret(folder, "accounts-key", random_key),
        billing_key=kept_secret(folder, "billing-key", random_key),
    )


def renew_master_key(folder: Path) -> None:
    """A new master key; the one before stays beside it until nothing needs it any more.

    Raises LaunchError while an earlier change is not finished: a third key would be lost.
    """
    present = kept_secret(folder, MASTER_KEY, random_key)
    if _secret_if_any(folder, PREVIOUS_MASTER_KEY) not in ("", present):
        raise LaunchError("the last change is not finished; start the town, `portail keys rotate`")
    # The old key is safe in its place before the new one takes its own: a cut between loses none.
    _write_secret(folder, PREVIOUS_MASTER_KEY, present)
    _write_secret(folder, MASTER_KEY, random_key())


def forget_previous_master_key(folder: Path) -> None:
    """Nothing is wrapped by the previous master key any more."""
    (folder / PREVIOUS_MASTER_KEY).unlink(missing_ok=True)


def random_key() -> str:
    """A symmetric key, 32 bytes."""
    return encode_key(secrets.token_bytes(32))


def _secret_if_any(folder: Path, name: str) -> str:
    file = folder / name
    return file.read_text() if file.exists() else ""


def public_key(private: str) -> str:
    """The public half of an Ed25519 key."""
    key = Ed25519PrivateKey.from_private_bytes(decode_key(private))
    return encode_key(key.public_key().public_bytes_raw())

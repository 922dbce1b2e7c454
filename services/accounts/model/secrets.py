"""Secrets that travel in links, and what is kept of them."""

import hashlib
import secrets
from typing import Final

TOKEN_BYTES: Final = 32


def new_token() -> str:
    """A secret to travel in a link: 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> bytes:
    """What is kept of such a secret; too random for its digest to be searched."""
    return hashlib.sha256(token.encode()).digest()

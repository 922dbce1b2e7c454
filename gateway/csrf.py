"""Form tokens: proof that a form was rendered for this very session."""

import base64
import hmac
import secrets
from hashlib import sha256

SALT_BYTES = 12


class FormTokens:
    """Issues and checks tokens bound to a session, or to the visit that precedes one."""

    def __init__(self, secret: str) -> None:
        # One secret serves several uses; each derives its own key.
        self._key = hmac.digest(secret.encode(), b"form-token", sha256)

    def issue(self, binding: str) -> str:
        """A token for this binding. Salted, so that compressed pages never repeat a secret."""
        return self._token(secrets.token_bytes(SALT_BYTES), binding)

    def is_valid(self, token: str, binding: str) -> bool:
        """Whether the token was issued for this binding; compared in constant time."""
        try:
            salt = base64.urlsafe_b64decode(token.encode("ascii"))[:SALT_BYTES]
        except ValueError:
            return False
        return hmac.compare_digest(token, self._token(salt, binding))

    def _token(self, salt: bytes, binding: str) -> str:
        proof = hmac.digest(self._key, salt + binding.encode(), sha256)
        return base64.urlsafe_b64encode(salt + proof[:24]).decode()


def session_binding(session_id: object) -> str:
    """What a signed-in person's tokens are bound to."""
    return f"session:{session_id}"


def visit_binding(visit: str) -> str:
    """What a visitor's tokens are bound to, before there is a session."""
    return f"visit:{visit}"

"""Messages shown once, on the page after a redirect; carried by a signed cookie."""

import base64
import hmac
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

Tone = Literal["success", "info", "warning", "danger"]

MAX_LENGTH = 600  # a cookie holds 4 kB, and a character takes up to four bytes


@dataclass(frozen=True, slots=True)
class Flash:
    """One sentence and how it should look."""

    text: str
    tone: Tone = "success"


class FlashCodec:
    """Writes a message into a cookie value, and reads it back only when we wrote it."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"flash", sha256)

    def write(self, flash: Flash) -> str:
        """The cookie value for one message."""
        body = json.dumps([flash.text[:MAX_LENGTH], flash.tone], ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(self._proof(body) + body).decode().rstrip("=")

    def read(self, value: str) -> tuple[Flash, ...]:
        """The messages to show: none when the value was tampered with."""
        try:
            raw = base64.urlsafe_b64decode(value.encode("ascii") + b"==")
        except ValueError:
            return ()
        proof, body = raw[:16], raw[16:]
        if not hmac.compare_digest(proof, self._proof(body)):
            return ()
        text, tone = json.loads(body)
        return (Flash(text, tone),)

    def _proof(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, sha256)[:16]

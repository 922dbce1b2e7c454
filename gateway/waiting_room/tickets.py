"""Tickets of the waiting line: a number by the clock, signed, carried by whoever waits."""

import base64
import hmac
from hashlib import sha256

NUMBER_BYTES = 8
PROOF_BYTES = 16
A_SECOND = 1_000_000
# Nobody waits so long; an older one is no claim to the front of another day's line.
LIFE_SECONDS = 4 * 3600
# The clocks of two gateways differ by less.
CLOCK_SKEW_SECONDS = 60


class Tickets:
    """Issues numbers that grow with the clock, so that several gateways agree who came first."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"waiting-room", sha256)
        self._last = 0

    def next(self, now: float) -> int:
        """The number of whoever comes now: greater than every one before."""
        self._last = max(self._last + 1, int(now * A_SECOND))
        return self._last

    def write(self, number: int) -> str:
        """What the visitor carries: safe in a cookie and in a header."""
        raw = number.to_bytes(NUMBER_BYTES, "big")
        return base64.urlsafe_b64encode(raw + self._proof(raw)).decode()

    def read(self, value: str, now: float) -> int | None:
        """The number that we wrote; none when forged, too old, or of a time to come."""
        try:
            raw = base64.urlsafe_b64decode(value.encode("ascii"))
        except ValueError:
            return None
        body, proof = raw[:NUMBER_BYTES], raw[NUMBER_BYTES:]
        if not hmac.compare_digest(proof, self._proof(body)):
            return None
        number = int.from_bytes(body, "big")
        age = now - number / A_SECOND
        return number if -CLOCK_SKEW_SECONDS <= age <= LIFE_SECONDS else None

    def _proof(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, sha256)[:PROOF_BYTES]


def expires_at(number: int) -> float:
    """When this ticket is worth nothing any more."""
    return number / A_SECOND + LIFE_SECONDS

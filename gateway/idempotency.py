"""The same command sent twice is done once: keys of forms, keys that programs send."""

from typing import Final
from uuid import UUID

from aiohttp import web

from services.chassis.errors import FieldError, Invalid

HEADER: Final = "Idempotency-Key"
MAX_LENGTH = 200

FORM_NAMESPACE: Final = UUID("6f6d1a52-6c0e-4a4e-9d0e-0b8d9d1f7c11")  # any constant will do


def forwarded_key(request: web.Request) -> dict[str, str]:
    """The header to send along, when the program sent one. Raises Invalid."""
    key = request.headers.get(HEADER, "")
    if not key:
        return {}
    if len(key) > MAX_LENGTH or not key.isascii() or not key.isprintable():
        raise Invalid(errors=[FieldError(HEADER, f"Au plus {MAX_LENGTH} caractères, sans accent.")])
    return {HEADER: key}

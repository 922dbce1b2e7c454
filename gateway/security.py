"""Headers that tell browsers what the portal never does."""

from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from aiohttp import web

OnPrepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def content_security_policy(leads_to: Iterable[str]) -> str:
    """Everything from our own address, nothing inline."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            # A payment form is sent to us and redirected there: browsers check both addresses.
            " ".join(("form-action 'self'", *map(origin, leads_to))),
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def security_headers(leads_to: Iterable[str], is_secure: bool) -> OnPrepare:
    """A signal handler that sets the headers on every answer, whatever made it."""
    headers = {
        "Content-Security-Policy": content_security_policy(leads_to),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    }
    if is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def set_headers(_request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            # A file that a service serves in a sandbox stays in it.
            response.headers.setdefault(name, value)
        # Families share computers: nothing personal stays in a browser's cache.
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"

    return set_headers

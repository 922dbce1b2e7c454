"""How the content of a document leaves: as a stream that a browser saves and runs nothing in."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import structlog
from aiohttp import web
from obstore.exceptions import BaseError

from services.documents.errors import DocumentDamaged

log = structlog.get_logger()


async def send(
    request: web.Request, headers: dict[str, str], content: AsyncIterator[bytes]
) -> web.StreamResponse:
    """Stream the content. Raises DocumentDamaged when that shows at its first chunk."""
    # Read before anything is answered, so that damage seen there is a refusal.
    first = await anext(content)
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    try:
        await response.write(first)
        async for part in content:
            await response.write(part)
        await response.write_eof()
    except (DocumentDamaged, BaseError, OSError) as error:
        # The headers are gone: a refusal can no longer be told, and must not be taken for content.
        log.warning("download_broken_off", error=repr(error))
        if request.transport:
            request.transport.abort()
    return response


def download_headers(content_type: str, filename: str, size: int) -> dict[str, str]:
    """Headers under which a browser saves the file and runs nothing in it."""
    return {
        "Content-Type": content_type,
        "Content-Length": str(size),
        "Content-Disposition": disposition(filename),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }


def disposition(filename: str, kind: str = "attachment") -> str:
    """The name for old readers and in full (RFC 6266, RFC 8187)."""
    plain = "".join(
        c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in filename
    )
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"

"""Whether a process lives, and whether it can do its work now."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

CHECK_SECONDS = 2.0

# A check returns what is wrong, or None.
Check = Callable[[], Awaitable[str | None]]


def health_routes(checks: Mapping[str, Check]) -> list[web.RouteDef]:
    """GET /healthz: the loop turns. GET /readyz: every check passes, or 503 with what does not."""

    async def live(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def ready(_request: web.Request) -> web.Response:
        faults = await asyncio.gather(*(_run(check) for check in checks.values()))
        found = {name: fault or "ok" for name, fault in zip(checks, faults, strict=True)}
        return web.json_response(
            {"status": "unready" if any(faults) else "ok", "checks": found},
            status=503 if any(faults) else 200,
        )

    return [web.get("/healthz", live), web.get("/readyz", ready)]


async def _run(check: Check) -> str | None:
    try:
        return await asyncio.wait_for(check(), CHECK_SECONDS)
    except Exception as error:
        # A check that fails in whatever way is a fault found, not a fault of the page.
        return f"{type(error).__name__}"


async def reaches(servers: str) -> str | None:
    """Whether the first of these host:port servers accepts connections."""
    host, _, port = servers.split(",")[0].rpartition(":")
    _reader, writer = await asyncio.open_connection(host, int(port))
    writer.close()
    return None

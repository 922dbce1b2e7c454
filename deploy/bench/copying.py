"""The least that moving a file would cost: a bare handler that writes it, one that reads it."""

import os
from pathlib import Path

from aiohttp import web

from deploy.bench.bare import serve

CHUNK = 1024 * 1024
FOLDER = web.AppKey("folder", Path)


async def _take(request: web.Request) -> web.Response:
    with (request.app[FOLDER] / "copy").open("wb") as out:
        async for part in request.content.iter_chunked(CHUNK):
            out.write(part)
    return web.json_response({})


async def _give(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    with (request.app[FOLDER] / "copy").open("rb") as content:
        while part := content.read(CHUNK):
            await response.write(part)
    await response.write_eof()
    return response


def main() -> None:
    """Serve on BASELINE_PORT, with files in BASELINE_FOLDER."""
    app = web.Application()
    app[FOLDER] = Path(os.environ["BASELINE_FOLDER"])
    app.router.add_post("/", _take)
    app.router.add_get("/", _give)
    serve(app)


if __name__ == "__main__":
    main()

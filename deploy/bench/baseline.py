"""The least that any reservation would cost: a bare handler, one INSERT, one commit."""

import os
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
from aiohttp import web

from deploy.bench.bare import serve

POOL: web.AppKey["asyncpg.Pool[asyncpg.Record]"] = web.AppKey("pool", asyncpg.Pool)
TABLE = "CREATE TABLE IF NOT EXISTS place (child_id uuid, session_id uuid, at timestamptz)"


async def _pool(app: web.Application) -> AsyncIterator[None]:
    pool = await asyncpg.create_pool(os.environ["BASELINE_DATABASE_URL"], min_size=8, max_size=8)
    await pool.execute(TABLE)
    app[POOL] = pool
    yield
    await pool.close()


async def _reserve(request: web.Request) -> web.Response:
    place = (await request.json())["items"][0]
    await request.app[POOL].execute(
        "INSERT INTO place VALUES ($1, $2, now())",
        UUID(place["child_id"]),
        UUID(place["session_id"]),
    )
    return web.json_response({"outcome": "confirmed"})


def main() -> None:
    """Serve on BASELINE_PORT."""
    app = web.Application()
    app.cleanup_ctx.append(_pool)
    app.router.add_post("/", _reserve)
    serve(app)


if __name__ == "__main__":
    main()

"""The least that a basket of places would cost: a bare handler, one transaction.

The statements are those of reservations, on a copy of its tables: nobody is authenticated, nothing
is validated, no event is relayed.
"""

import os
from collections.abc import AsyncIterator
from uuid import UUID

from aiohttp import web

from deploy.bench.bare import serve
from services.chassis import database
from services.chassis.clock import utc_now
from services.chassis.database import Database
from services.reservations.commands.reserve import reserve
from services.reservations.model.places import Asker, Item

DATABASE = web.AppKey("database", Database)
POOL_SIZE = 8
SCHEMA = "bare"


async def _database(app: web.Application) -> AsyncIterator[None]:
    url = f"{os.environ['BASELINE_DATABASE_URL']}?search_path={SCHEMA},public"
    app[DATABASE] = await database.connect(url, pool_size=POOL_SIZE)
    yield
    await app[DATABASE].close()


async def _book(request: web.Request) -> web.Response:
    body = await request.json()
    items = [Item(UUID(item["child_id"]), UUID(item["session_id"])) for item in body["items"]]
    asker = Asker(family_id=UUID(body["family_id"]), account_id=None, by_staff=False)
    async with request.app[DATABASE].transaction() as connection:
        outcomes = await reserve(connection, items, asker, utc_now())
    found = [{"outcome": "refused" if outcome.refusal else "confirmed"} for outcome in outcomes]
    return web.json_response({"items": found})


def main() -> None:
    """Serve on BASELINE_PORT."""
    app = web.Application()
    app.cleanup_ctx.append(_database)
    app.router.add_post("/", _book)
    serve(app)


if __name__ == "__main__":
    main()

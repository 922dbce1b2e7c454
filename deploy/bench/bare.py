"""How the bare servers are started that the portal is measured against."""

import asyncio
import os

import aiohttp
import uvloop
from aiohttp import web

START_SECONDS = 30


def serve(app: web.Application) -> None:
    """Serve on BASELINE_PORT, without a word."""
    web.run_app(
        app,
        host="127.0.0.1",
        port=int(os.environ["BASELINE_PORT"]),
        loop=uvloop.new_event_loop(),
        access_log=None,
        print=None,
    )


async def until_it_answers(session: aiohttp.ClientSession, url: str) -> None:
    """Wait for a server that was just started."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                async with session.get(url):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)

"""How the bare servers are started that the portal is measured against."""

import os

import uvloop
from aiohttp import web


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

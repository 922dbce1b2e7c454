"""What Prometheus reads of a process, served on a port of its own."""

from collections.abc import AsyncIterator, Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

REQUESTS = Histogram(
    "portail_request_seconds", "Time to answer a request", ["method", "route", "status"]
)
RELAYED = Counter("portail_outbox_relayed_total", "Events that the bus has confirmed")
TAKEN_IN = Counter("portail_inbox_taken_in_total", "Events whose effect is committed", ["type"])
DEAD_LETTERS = Counter("portail_dead_letters_total", "Events that could not be taken in", ["type"])


async def _metrics(_request: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def metrics_on(host: str, port: int) -> Callable[[web.Application], AsyncIterator[None]]:
    """A cleanup context that serves /metrics while the application runs; port 0 serves nothing."""

    async def serve(_app: web.Application) -> AsyncIterator[None]:
        if not port:
            yield
            return
        metrics = web.Application()
        metrics.router.add_get("/metrics", _metrics)
        runner = web.AppRunner(metrics, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        yield
        await runner.cleanup()

    return serve

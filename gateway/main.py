"""Composition root of the gateway."""

from aiohttp import web

from gateway import callbacks, health
from gateway.api import api_routes
from gateway.page import PageRoute
from gateway.pages import ROUTES
from gateway.portal import PORTAL, connections, portal
from gateway.problems import show_problems
from gateway.routing import page_routes
from gateway.security import security_headers
from gateway.settings import GatewaySettings
from gateway.waiting_room.guard import guard
from services.chassis.app import MAX_BODY_BYTES, run
from services.chassis.clock import Clock, utc_now
from services.chassis.telemetry import metrics_on
from services.chassis.web import correlate


def application(
    settings: GatewaySettings, pages: tuple[PageRoute, ...] = ROUTES, clock: Clock = utc_now
) -> web.Application:
    """The portal; nothing connects before it starts."""
    middlewares = [correlate, guard, show_problems]
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=middlewares)
    app[PORTAL] = made = portal(settings, clock)
    app.on_response_prepare.append(security_headers(settings.leads_to, settings.is_secure))
    app.cleanup_ctx.extend((metrics_on(settings.host, settings.metrics_port), connections))
    app.router.add_routes([*page_routes(pages), *api_routes(made), *callbacks.ROUTES])
    app.router.add_routes(health.routes(app))
    app.router.add_get("/static/{version}/{name:.+}", made.assets.serve)
    return app


def main() -> None:
    run(application(settings := GatewaySettings()), settings, "gateway")


if __name__ == "__main__":
    main()

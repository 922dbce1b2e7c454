"""Whether the gateway can do its work: it can when each service can."""

from collections.abc import Mapping

import aiohttp
from aiohttp import web

from gateway.portal import PORTAL
from gateway.settings import SERVICES
from services.chassis.health import Check, health_routes


def routes(app: web.Application) -> list[web.RouteDef]:
    """/healthz: the loop turns. /readyz: every service is ready, or 503 with those that are not.

    A gateway answers with any service away; let traffic depend on /healthz, alarms on /readyz.
    """
    checks: Mapping[str, Check] = {name: _readiness(app, name) for name in SERVICES}
    return health_routes(checks)


def _readiness(app: web.Application, name: str) -> Check:
    async def check() -> str | None:
        services = app[PORTAL].services
        try:
            async with services.session.get(services.by_name[name].url("/readyz")) as answer:
                return None if answer.status == 200 else "not ready"
        except (aiohttp.ClientError, OSError):
            return "unreachable"

    return check

"""Where the payment server calls, and where it sends the payer back."""

import re
from uuid import UUID

import structlog
from aiohttp import web

from gateway.portal import PORTAL
from gateway.session import NOBODY
from services.chassis.errors import FieldError, Invalid, NotFound
from services.chassis.http_client import ServiceProblem

log = structlog.get_logger()

IDOP = re.compile(r"[A-Za-z0-9-]{1,64}")


async def notification(request: web.Request) -> web.Response:
    """The payment server says that something happened. What, billing reads back from it itself.

    Anyone may call this: it tells nothing, and a call without cause changes nothing.
    """
    idop = request.query.get("idop") or await _idop_of_form(request)
    if not IDOP.fullmatch(idop):
        raise Invalid(errors=[FieldError("idop", "Un identifiant d’opération est attendu.")])
    billing = request.app[PORTAL].services.on_behalf_of(NOBODY).billing
    try:
        await billing.take_notification(idop)
    except ServiceProblem as refusal:
        # Unknown or finished: the payment server need not call again.
        log.info("payment_notification_refused", status=refusal.status)
    return web.Response(text="OK")


async def payer_returns(request: web.Request) -> web.Response:
    """The payer comes back: show the payment as billing knows it, whatever the address claims."""
    try:
        payment_id = UUID(request.query.get("payment", ""))
    except ValueError:
        raise NotFound from None
    return web.Response(status=303, headers={"Location": f"/paiements/{payment_id}"})


async def _idop_of_form(request: web.Request) -> str:
    try:
        form = await request.post()
    except (ValueError, LookupError, AssertionError):
        return ""
    return str(form.get("idop", ""))


ROUTES = (
    web.get("/paiement/notification", notification),
    web.post("/paiement/notification", notification),
    web.get("/paiement/retour", payer_returns),
    web.post("/paiement/retour", payer_returns),
)

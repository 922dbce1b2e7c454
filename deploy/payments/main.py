"""The payment stand-in: `python -m deploy.payments.main`, with PORTAIL_PORT."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime
from importlib.resources import files

import aiohttp
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deploy.identity import behaviour as identity
from deploy.identity.main import application as identity_application
from deploy.particulier import main as particulier
from deploy.payments import pages, soap
from deploy.payments.operations import Behaviour, Mode, Operation, Operations, Result
from services.chassis.app import run
from services.chassis.settings import ProcessSettings

log = structlog.get_logger()

NAME = "payments"
NOTIFY_SECONDS = 3.0
DUPLICATES = 3
RESULTS: dict[str, Result] = {"payer": "P", "refuser": "R", "annuler": "A"}


class Errands:
    """What is to be done later, unless the process stops before."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, errand: Coroutine[None, None, None]) -> None:
        """Do it beside the request."""
        task = asyncio.create_task(errand)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def drop(self) -> None:
        """Give up what is not done."""
        for task in self._tasks:
            task.cancel()


OPERATIONS = web.AppKey("operations", Operations)
SESSION = web.AppKey("session", aiohttp.ClientSession)
ERRANDS = web.AppKey("errands", Errands)


class BehaviourBody(BaseModel):
    """How to misbehave from now on."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode
    seconds: float = Field(default=3.0, ge=0, le=600)


async def serve_soap(request: web.Request) -> web.Response:
    """A call of the web service."""
    try:
        status, body = soap.answer(request.app[OPERATIONS], await request.read())
    except soap.NoSoap as error:
        raise web.HTTPBadRequest(text=str(error)) from error
    return web.Response(status=status, body=body, content_type="text/xml", charset="utf-8")


async def serve_wsdl(request: web.Request) -> web.Response:
    """The description of the web service, with this server's address."""
    if "wsdl" not in request.query:
        raise web.HTTPMethodNotAllowed("GET", ["POST"])
    text = files("deploy.payments").joinpath("service.wsdl").read_text(encoding="utf-8")
    address = f"{request.scheme}://{request.host}/tpa/services/securite"
    return web.Response(text=text.replace("{address}", address), content_type="text/xml")


async def show(request: web.Request) -> web.Response:
    """The payment page of an operation."""
    operation = request.app[OPERATIONS].find(request.query.get("idop", ""))
    if operation is None:
        return _page(pages.unknown_page(), status=404)
    if request.app[OPERATIONS].behaviour.mode is Mode.FORGE:
        # Somebody claims a result before there is one.
        await _forge(request.app, operation)
    if not operation.is_open(request.app[OPERATIONS].clock()):
        return _page(pages.closed_page(operation), operation, status=410)
    return _page(pages.payment_page(operation), operation)


async def decide(request: web.Request) -> web.Response:
    """The payer's decision: keep it, tell the shop, send the payer back."""
    form = await request.post()
    operations = request.app[OPERATIONS]
    operation = operations.find(str(form.get("idop", "")))
    result = RESULTS.get(str(form.get("issue", "")))
    if operation is None or result is None:
        return _page(pages.unknown_page(), status=404)
    if not operation.is_open(operations.clock()):
        return _page(pages.closed_page(operation), operation, status=410)
    operations.settle(operation, result)
    await _tell(request.app, operation)
    headers = {**pages.headers(operation), "Location": operation.fields["urlredirect"]}
    return web.Response(status=303, headers=headers)


async def behave(request: web.Request) -> web.Response:
    """Misbehave on command."""
    try:
        wanted = BehaviourBody.model_validate_json(await request.read())
    except ValidationError as error:
        raise web.HTTPUnprocessableEntity(text=error.json(include_url=False)) from error
    request.app[OPERATIONS].behave(Behaviour(wanted.mode, wanted.seconds))
    return web.json_response(wanted.model_dump(mode="json"))


async def style(_request: web.Request) -> web.Response:
    """The page's style."""
    return web.Response(text=pages.STYLE, content_type="text/css", headers=pages.headers())


async def healthy(_request: web.Request) -> web.Response:
    """The process is up, however it behaves."""
    return web.json_response({"status": "ok"})


def _page(text: str, operation: Operation | None = None, *, status: int = 200) -> web.Response:
    return web.Response(
        text=text, status=status, content_type="text/html", headers=pages.headers(operation)
    )


async def _tell(app: web.Application, operation: Operation) -> None:
    match app[OPERATIONS].behaviour.mode:
        case Mode.LOSE:
            return
        case Mode.DELAY:
            _later(app, operation)
        case Mode.REORDER:
            for due in app[OPERATIONS].reordered(operation):
                await _notify(app, due)
        case Mode.DUPLICATE:
            await asyncio.gather(*(_notify(app, operation) for _ in range(DUPLICATES)))
            _later(app, operation)
        case _:
            await _notify(app, operation)


def _later(app: web.Application, operation: Operation) -> None:
    async def wait() -> None:
        await asyncio.sleep(app[OPERATIONS].behaviour.seconds)
        await _notify(app, operation)

    app[ERRANDS].begin(wait())


async def _forge(app: web.Application, operation: Operation) -> None:
    await _notify(app, operation, resultrans="P", montant=operation.fields["montant"])
    await _notify(app, operation, idop="0" * 36)


async def _notify(app: web.Application, operation: Operation, **claims: str) -> None:
    """Tell that an operation has a result; only its id counts, whatever else is claimed."""
    form = {"idop": operation.idop, **claims}
    try:
        async with app[SESSION].post(operation.fields["urlnotif"], data=form) as response:
            log.info("notified", status=response.status)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        # The real server does not insist either: the shop has to ask.
        log.warning("notification_failed", error=repr(error))


@web.middleware
async def be_down(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer nothing useful while told to be down."""
    down = request.app[OPERATIONS].behaviour.mode is Mode.DOWN
    if down and request.path.startswith("/tpa/"):
        raise web.HTTPServiceUnavailable
    return await handler(request)


async def _tools(app: web.Application) -> AsyncIterator[None]:
    timeout = aiohttp.ClientTimeout(total=NOTIFY_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        app[SESSION] = session
        yield
        app[ERRANDS].drop()


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def application(clock: Callable[[], datetime] = utc_now) -> web.Application:
    """The stand-in; `clock` lets a test make time pass."""
    app = web.Application(middlewares=[be_down])
    app[OPERATIONS] = Operations(clock)
    app[ERRANDS] = Errands()
    app.cleanup_ctx.append(_tools)
    app.router.add_get("/tpa/services/securite", serve_wsdl)
    app.router.add_post("/tpa/services/securite", serve_soap)
    app.router.add_get("/tpa/paiementws.web", show)
    app.router.add_post("/tpa/paiementws.web", decide)
    app.router.add_post("/behaviour", behave)
    app.add_subapp("/particulier/", particulier.application(clock=clock))
    app.router.add_get("/style.css", style)
    # A demo's second stand-in, in the same process to save its memory.
    app.add_subapp(f"{identity.MOUNTED_AT}/", identity_application(identity.MOUNTED_AT))
    app.router.add_get("/healthz", healthy)
    app.router.add_get("/readyz", healthy)
    return app


def main() -> None:
    """Serve until told to stop."""
    settings = ProcessSettings()
    run(application(), settings, NAME)


if __name__ == "__main__":
    main()

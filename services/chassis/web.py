"""Serves endpoints with aiohttp: authenticates, validates, opens the transaction, answers."""

import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

import asyncpg
import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError
from structlog.contextvars import bound_contextvars

from services.chassis import audit, idempotency
from services.chassis.auth import Caller
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.endpoints import (
    Answer,
    Body,
    Call,
    Endpoint,
    delete,
    get,
    patch,
    post,
    put,
)
from services.chassis.errors import (
    PROBLEM_TYPE,
    DomainError,
    FieldError,
    Forbidden,
    Invalid,
    Unauthorised,
)
from services.chassis.intake import database_is_away
from services.chassis.telemetry import REQUESTS
from services.chassis.validation import invalid

__all__ = ["Answer", "Body", "Call", "Endpoint", "Server", "delete", "get", "patch", "post", "put"]

log = structlog.get_logger()

Authenticate = Callable[[web.Request, datetime], Awaitable[Caller]]

CORRELATION_HEADER = "X-Correlation-ID"
IDEMPOTENCY_HEADER = "Idempotency-Key"


class DatabaseAway(DomainError):
    """The service cannot reach its database just now."""

    slug, status, title = "temporarily-unavailable", 503, "Service momentanément indisponible"


class Unexpected(DomainError):
    """A fault of ours: logged whole, told without detail."""

    slug, status, title = "internal-error", 500, "Une erreur inattendue s’est produite"


class Server:
    """Turns endpoints into aiohttp routes of one application."""

    def __init__(
        self,
        *,
        authenticate: Authenticate,
        clock: Clock,
        database: Callable[[], Database] | None,
        name: str = "",
    ) -> None:
        self._name = name
        self._authenticate = authenticate
        self._clock = clock
        self._database = database

    def routes(self, endpoints: Iterable[Endpoint]) -> list[web.RouteDef]:
        """One aiohttp route an endpoint."""
        return [web.route(e.method, e.path, self._route(e)) for e in endpoints]

    def _route(self, endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            now = self._clock()
            caller = await self._authenticate(request, now)
            if endpoint.allow.isdisjoint(caller.roles):
                raise Forbidden if caller.account_id else Unauthorised
            raw = await request.read() if endpoint.body else b""
            arguments = _arguments(endpoint, request, raw)
            return await self._run(endpoint, request, caller, now, arguments, raw)

        return serve

    async def _run(
        self,
        endpoint: Endpoint,
        request: web.Request,
        caller: Caller,
        now: datetime,
        arguments: dict[str, Any],
        raw: bytes,
    ) -> web.StreamResponse:
        if self._database is None:
            call = Call(request, caller, now, None, None)
            return _response(endpoint, await endpoint.handler(call, **arguments))
        database = self._database()
        act = audit.begin(request, self._name, endpoint, caller, now, arguments)
        try:
            audit.refuse_other_families(caller, arguments)
            if endpoint.bare:
                return await self._bare(act, request, arguments, database)
            if endpoint.method == "GET":
                return await self._read(act, request, arguments, database)
            return await self._command(act, request, arguments, raw, database)
        except DomainError as refusal:
            await audit.tell_refusal(database, act, refusal)
            raise

    async def _bare(
        self, act: audit.Act, request: web.Request, arguments: dict[str, Any], database: Database
    ) -> web.StreamResponse:
        call = Call(request, act.caller, act.now, None, database)
        answer = await act.endpoint.handler(call, **arguments)
        if act.is_told and not act.told:
            async with database.transaction() as connection:
                await audit.tell(connection, act, answer)
        return _response(act.endpoint, answer)

    async def _read(
        self, act: audit.Act, request: web.Request, arguments: dict[str, Any], database: Database
    ) -> web.StreamResponse:
        async with database.connection() as connection:
            call = Call(request, act.caller, act.now, connection, database)
            answer = await act.endpoint.handler(call, **arguments)
            await audit.tell(connection, act, answer)
        if act.told:
            database.announce()
        return _response(act.endpoint, answer)

    async def _command(
        self,
        act: audit.Act,
        request: web.Request,
        arguments: dict[str, Any],
        raw: bytes,
        database: Database,
    ) -> web.StreamResponse:
        key, caller = _idempotency_key(request), act.caller
        fingerprint = hashlib.sha256(
            f"{request.method} {request.path_qs}\n".encode() + raw
        ).hexdigest()
        async with database.transaction() as connection:
            first = await idempotency.claim(connection, caller.name, key, fingerprint)
            if first:
                return _repeated(first)
            call = Call(request, caller, act.now, connection, database)
            answer = await act.endpoint.handler(call, **arguments)
            await audit.tell(connection, act, answer)
            response = _response(act.endpoint, answer)
            if key and isinstance(response, web.Response):
                await idempotency.remember(
                    connection, caller.name, key, response.status, _text(response)
                )
        return response


def _repeated(first: idempotency.FirstAnswer) -> web.Response:
    if not first.body:
        return web.Response(status=first.status)
    return web.Response(text=first.body, status=first.status, content_type="application/json")


def _arguments(endpoint: Endpoint, request: web.Request, raw: bytes) -> dict[str, Any]:
    """The handler's arguments, validated. Raises Invalid with every wrong field."""
    try:
        values: dict[str, Any] = dict(endpoint.parameters.model_validate(dict(request.match_info)))
        if endpoint.query:
            _refuse_nul("query", request.rel_url.raw_query_string.encode(), b"%00")
            values["query"] = endpoint.query.model_validate(dict(request.query))
        if endpoint.body:
            _refuse_nul("body", raw, b"\\u0000")
            values["body"] = endpoint.body.model_validate_json(raw)
    except ValidationError as error:
        raise invalid(error) from error
    return values


def _refuse_nul(field: str, raw: bytes, nul: bytes) -> None:
    # PostgreSQL's text cannot hold it.
    if nul in raw:
        raise Invalid(errors=[FieldError(field, "Le caractère nul n’est pas admis.")])


def _idempotency_key(request: web.Request) -> str:
    key = request.headers.get(IDEMPOTENCY_HEADER, "")
    if len(key) > 200 or not key.isascii():
        raise Invalid(
            errors=[FieldError(IDEMPOTENCY_HEADER, "Au plus 200 caractères, sans accent.")]
        )
    return key


def _text(response: web.Response) -> str:
    return (response.text or "") if response.content_type == "application/json" else ""


def _response(
    endpoint: Endpoint, answer: BaseModel | web.StreamResponse | None
) -> web.StreamResponse:
    if isinstance(answer, web.StreamResponse):
        return answer
    if answer is None:
        return web.Response(status=204)
    return web.Response(
        text=answer.model_dump_json(), status=endpoint.status, content_type="application/json"
    )


def problem_response(error: DomainError) -> web.Response:
    """The refusal as application/problem+json."""
    return web.Response(
        text=json.dumps(error.problem(), ensure_ascii=False),
        status=error.status,
        content_type=PROBLEM_TYPE,
        headers=None if error.retry_after is None else {"Retry-After": str(error.retry_after)},
    )


def as_refusal(error: Exception, request: web.Request) -> DomainError:
    """Any failure of a request as a refusal that can be shown; ours are logged whole."""
    if isinstance(error, DomainError):
        log.info("refused", slug=error.slug, method=request.method, route=route_name(request))
        return error
    if isinstance(error, web.HTTPException):
        return _http_refusal(error)
    if isinstance(error, asyncpg.DataError | asyncpg.exceptions.DataError):
        log.warning("value_out_of_range", error=type(error).__name__)
        return Invalid("Une valeur est hors des limites admises.")
    if database_is_away(error) or isinstance(error, TimeoutError):
        log.warning("database_away", error=repr(error))
        return DatabaseAway("Réessayez dans quelques instants.")
    log.error("request_failed", method=request.method, route=route_name(request), exc_info=error)
    return Unexpected(
        "Elle a été enregistrée ; réessayez, ou écrivez au service si elle se répète."
    )


def _http_refusal(error: web.HTTPException) -> DomainError:
    titles = {
        404: ("not-found", "Cette adresse n’existe pas"),
        405: ("method-not-allowed", "Cette méthode n’est pas admise à cette adresse"),
        413: ("too-large", "L’envoi est trop volumineux"),
    }
    slug, title = titles.get(error.status, ("http-error", error.reason or "Demande refusée"))
    named = type(
        "HttpRefusal", (DomainError,), {"slug": slug, "status": error.status, "title": title}
    )
    refusal: DomainError = named()
    return refusal


def route_name(request: web.Request) -> str:
    """The route's pattern, for logs and metrics: an id in it would be one series a family."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"


@web.middleware
async def correlate(request: web.Request, handler: Any) -> web.StreamResponse:
    """Bind the request's correlation id to logs and events; measure the request."""
    given = request.headers.get(CORRELATION_HEADER, "")
    correlation_id = given if 0 < len(given) <= 64 and given.isascii() else uuid4().hex
    started = time.perf_counter()
    with bound_contextvars(correlation_id=correlation_id):
        response: web.StreamResponse = await handler(request)
    REQUESTS.labels(request.method, route_name(request), response.status).observe(
        time.perf_counter() - started
    )
    return response


@web.middleware
async def render_problems(request: web.Request, handler: Any) -> web.StreamResponse:
    """Answer every refusal and fault as problem+json."""
    try:
        response: web.StreamResponse = await handler(request)
    except Exception as error:
        if isinstance(error, web.HTTPException) and error.status < 400:
            raise
        return problem_response(as_refusal(error, request))
    return response

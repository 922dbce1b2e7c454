"""Every refusal and fault: a French page for people, problem+json for programs."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import jinja2
import structlog
from aiohttp import hdrs, web

from gateway.forms import FieldRefused
from gateway.page import open_page
from gateway.panels import ADVICE, MISSING_PART, MISSING_PARTS
from services.chassis.errors import PROBLEM_TYPE, DomainError, FieldError, Invalid
from services.chassis.http_client import ServiceProblem, ServiceUnavailable
from services.chassis.web import as_refusal

log = structlog.get_logger()

API_PREFIX = "/api/"
ERROR_TEMPLATE = "erreur.html"


class PartMissing(DomainError):
    """A service without which the request cannot be answered is away."""

    slug, status, title = "service-unavailable", 503, "Service momentanément indisponible"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What to tell whoever asked."""

    status: int
    title: str
    message: str
    problem: Mapping[str, Any]


@web.middleware
async def show_problems(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer whatever went wrong in the form that the asker reads."""
    try:
        return await handler(request)
    except Exception as error:
        if isinstance(error, web.HTTPException) and error.status < 400:
            raise
        refusal = refusal_of(error, request)
        if request.path.startswith(API_PREFIX):
            return problem_json(refusal)
        return await problem_page(request, refusal)


def refusal_of(error: Exception, request: web.Request) -> Refusal:
    """Any failure, in words that can be shown; our own faults are logged whole."""
    if isinstance(error, ServiceProblem):
        return _from_problem(error.problem, error.status)
    if isinstance(error, ServiceUnavailable):
        log.warning("service_unavailable", service=error.service, reason=repr(error.__cause__))
        error = PartMissing(f"{MISSING_PARTS.get(error.service, MISSING_PART)} {ADVICE}")
    elif isinstance(error, FieldRefused):
        error = Invalid(error.message, errors=[FieldError(error.field, error.message)])
    refusal = as_refusal(error, request)
    return _from_problem(refusal.problem(), refusal.status)


def problem_json(refusal: Refusal) -> web.Response:
    """The refusal for programs (RFC 9457)."""
    headers = {hdrs.WWW_AUTHENTICATE: "Bearer"} if refusal.status == 401 else {}
    if "retry_after" in refusal.problem:
        headers[hdrs.RETRY_AFTER] = str(refusal.problem["retry_after"])
    return web.Response(
        body=json.dumps(refusal.problem, ensure_ascii=False).encode(),
        status=refusal.status,
        content_type=PROBLEM_TYPE,
        headers=headers,
    )


def bare_page(refusal: Refusal) -> web.Response:
    """The refusal for people when even the error page cannot be rendered."""
    title, message = escape(refusal.title), escape(refusal.message)
    return web.Response(
        text=f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>{title}</title>'
        f'<h1>{title}</h1><p>{message}</p><p><a href="/">Retour à l’accueil</a></p></html>',
        status=refusal.status,
        content_type="text/html",
    )


async def problem_page(request: web.Request, refusal: Refusal) -> web.StreamResponse:
    """The refusal as the portal's own page."""
    try:
        page = await open_page(request)
        return page.render(
            ERROR_TEMPLATE,
            status=refusal.status,
            title=refusal.title,
            message=refusal.message,
        )
    except jinja2.TemplateError as error:
        log.error("error_page_failed", exc_info=error)
        return bare_page(refusal)


def _from_problem(problem: Mapping[str, Any], status: int) -> Refusal:
    title = str(problem.get("title") or "La demande ne peut pas être traitée")
    return Refusal(status, title, str(problem.get("detail") or title), problem)

"""The table of contents of the JSON API, served and described."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from aiohttp import web

from gateway.api import (
    access,
    admissions,
    agenda,
    billing,
    certificates,
    documents,
    enrolment,
    families,
    history,
    messages,
    office,
    papers,
    payers,
    people,
    places,
    publications,
    record,
    recovery,
    requests,
    reservations,
    roll,
    sign_in,
    staff,
    tariffs,
    till,
    town,
    treasury,
    trust,
    vault,
)
from gateway.api.edge import Described
from gateway.idempotency import HEADER, MAX_LENGTH
from gateway.portal import PORTAL, Portal
from gateway.waiting_room.answers import TICKET_HEADER
from services.chassis import openapi
from services.chassis.auth import Caller
from services.chassis.endpoints import Endpoint
from services.chassis.errors import PROBLEM_TYPE
from services.chassis.web import Server

PREFIX = "/api/v1"

AREAS = (
    sign_in,
    access,
    staff,
    families,
    people,
    record,
    office,
    history,
    enrolment,
    requests,
    admissions,
    reservations,
    places,
    town,
    agenda,
    roll,
    billing,
    tariffs,
    till,
    treasury,
    recovery,
    papers,
    payers,
    documents,
    certificates,
    publications,
    vault,
    messages,
    trust,
)


def api_routes(portal: Portal) -> list[web.RouteDef]:
    """One aiohttp route an operation, and the document that describes them."""

    async def authenticate(request: web.Request, now: datetime) -> Caller:
        return await request.app[PORTAL].identity.of_program(request, now)

    server = Server(authenticate=authenticate, clock=portal.clock, database=None)
    endpoints = [endpoint for endpoint, _ in _operations()]
    return [*server.routes(endpoints), web.get(f"{PREFIX}/openapi.json", _serve_document)]


def document() -> dict[str, Any]:
    """The API's OpenAPI 3.1 document."""
    operations = _operations()
    made = openapi.document("Portail famille", "1", [endpoint for endpoint, _ in operations])
    made["components"]["securitySchemes"]["session"] = {
        "type": "apiKey",
        "in": "cookie",
        "name": "portail_session",
    }
    made["components"]["parameters"] = {"WaitingTicket": _TICKET_PARAMETER}
    made["components"]["responses"] = {"InLine": _IN_LINE}
    for endpoint, described in operations:
        operation = made["paths"][endpoint.path][endpoint.method.lower()]
        if operation["security"]:
            operation["security"].append({"session": []})
        if endpoint.method == "POST":
            operation["parameters"].append(_IDEMPOTENCY_PARAMETER)
        operation["parameters"].append({"$ref": "#/components/parameters/WaitingTicket"})
        operation["responses"]["503"] = {"$ref": "#/components/responses/InLine"}
        _describe(operation, described)
    return made


_IDEMPOTENCY_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "repeating a command with the same key gives the first answer",
    "schema": {"type": "string", "maxLength": MAX_LENGTH},
}

_TICKET_PARAMETER = {
    "name": TICKET_HEADER,
    "in": "header",
    "required": False,
    "description": "the ticket that a 503 `waiting-room` answered with, for the whole visit",
    "schema": {"type": "string"},
}
_IN_LINE = {
    "description": "Plus de familles que le portail n’en sert à la fois : une place dans la file",
    "headers": {
        "Retry-After": {"schema": {"type": "integer"}},
        TICKET_HEADER: {"schema": {"type": "string"}},
    },
    "content": {
        PROBLEM_TYPE: {
            "schema": {
                "type": "object",
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "place": {"type": "integer"},
                    "wait_seconds": {"type": "integer"},
                    "retry_after": {"type": "integer"},
                    "ticket": {"type": "string"},
                },
            }
        }
    },
}


def _operations() -> list[tuple[Endpoint, dict[str, Any]]]:
    found = []
    for area in AREAS:
        for entry in area.ENDPOINTS:
            described = entry if isinstance(entry, Described) else Described(entry, {})
            endpoint = replace(described.endpoint, path=PREFIX + described.endpoint.path)
            found.append((endpoint, described.operation))
    return found


def _describe(operation: dict[str, Any], described: dict[str, Any]) -> None:
    """Put in what the signature cannot say; a file's answer stands for the plain one."""
    operation["parameters"] += described.get("parameters", [])
    operation["responses"].update(described.get("responses", {}))
    if "requestBody" in described:
        operation["requestBody"] = described["requestBody"]


async def _serve_document(_request: web.Request) -> web.Response:
    # In a thread, once: it takes half a second, which neither the start nor a page has to wait for.
    return web.Response(
        body=await asyncio.to_thread(_document_as_json),
        content_type="application/json",
        headers={"Cache-Control": "public, max-age=300"},
    )


@cache
def _document_as_json() -> bytes:
    return json.dumps(document(), ensure_ascii=False).encode()

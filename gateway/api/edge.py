"""How the JSON API is written down: operations passed on to a service, and those with a file."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, Field, StringConstraints, create_model

from gateway.clients import Clients
from gateway.clients.area import LONG, Area
from gateway.portal import PORTAL
from services.chassis.endpoints import Call, Endpoint, Handler
from services.chassis.errors import FieldError, Invalid

ShortText = Annotated[str, StringConstraints(max_length=500)]
Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Weekday = Annotated[int, Field(ge=1, le=7, description="ISO: 1 is Monday")]


def clients(call: Call) -> Clients:
    """The services, bound to whoever called."""
    return call.app[PORTAL].services.on_behalf_of(call.caller)


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be confirmed by a field of the body, which the service does not know.

    `ask` tells what there is to confirm; nothing: the operation passes without.
    """

    field: str
    ask: Callable[[Call, Any], Awaitable[str]]

    async def answered(self, call: Call, body: BaseModel) -> bytes:
        """The body without the answer. Raises Invalid when the question stays open."""
        if not getattr(body, self.field) and (told := await self.ask(call, body)):
            raise Invalid(told, errors=[FieldError(self.field, told)])
        sent = json.loads(await call.request.read())
        sent.pop(self.field, None)
        return json.dumps(sent).encode()


def forward(
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"],
    path: str,
    name: str,
    *,
    to: str,
    allow: Iterable[str],
    summary: str,
    at: str = "",
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    answer: type[BaseModel] | None = None,
    status: int = 200,
    deadline: float = LONG,
    question: Question | None = None,
) -> Endpoint:
    """An operation that is checked here and passed on as it came to a service, `at` its path there.

    The path's parts are identifiers; `{own_family}` in `at` is the caller's. `answer` names the
    fields to rely on; the service's answer itself passes through as bytes. A `question` is
    answered in the body first.
    """
    identifiers: dict[str, Any] = dict.fromkeys(re.findall(r"{(\w+)}", path), (UUID, ...))
    return Endpoint(
        method=method,
        path=path,
        handler=_passing(name, to, at or path, deadline, question),
        allow=frozenset(allow),
        summary=summary,
        status=status,
        bare=True,
        body=body,
        query=query,
        parameters=create_model(f"{name}_path", **identifiers),
        answer=answer,
    )


def _passing(
    name: str, to: str, target: str, deadline: float, question: Question | None
) -> Handler:
    async def pass_on(call: Call, **values: Any) -> web.Response:
        services = call.app[PORTAL].services
        area = Area(services.by_name[to], services.session, call.caller)
        where = target.format(own_family=call.caller.family_id, **values)
        body = await question.answered(call, values["body"]) if question else None
        return await area.pass_on(call.request, where, body=body, deadline=deadline)

    # The OpenAPI document takes the operation's id from here.
    pass_on.__name__ = name
    return pass_on


@dataclass(frozen=True, slots=True)
class Described:
    """An endpoint and what its signature cannot say in the OpenAPI document."""

    endpoint: Endpoint
    operation: dict[str, Any]


def filed(endpoint: Endpoint, *, kind: str) -> Described:
    """An endpoint that answers a file of this media type."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}}}
    answer = {"description": "Fichier", "content": content}
    return Described(endpoint, {"responses": {"200": answer}})


def taking(endpoint: Endpoint, *, kind: str, schema: dict[str, Any]) -> Described:
    """An endpoint that reads a file of this media type as it arrives."""
    body = {"required": True, "content": {kind: {"schema": schema}}}
    return Described(endpoint, {"requestBody": body})

"""Endpoints declared once: from the handler's signature come validation and OpenAPI."""

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_type_hints

from aiohttp import web
from pydantic import BaseModel, ConfigDict, create_model

from services.chassis.auth import Caller
from services.chassis.clock import paris_date
from services.chassis.database import Connection, Database

Handler = Callable[..., Awaitable[BaseModel | web.StreamResponse | None]]


class Body(BaseModel):
    """A request body or query: unknown fields are refused, so that a slip is told, not lost."""

    model_config = ConfigDict(
        defer_build=True, frozen=True, extra="forbid", str_strip_whitespace=True
    )


class Answer(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(defer_build=True, frozen=True)


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler is given besides its validated arguments."""

    request: web.Request
    caller: Caller
    now: datetime
    bound_connection: Connection | None
    bound_database: Database | None

    @property
    def connection(self) -> Connection:
        """The edge's connection: in a transaction for commands, plain for reads."""
        if self.bound_connection is None:
            raise RuntimeError("this endpoint is bare: it opens its own connections")
        return self.bound_connection

    @property
    def database(self) -> Database:
        """The service's database, for endpoints that open their own transactions."""
        if self.bound_database is None:
            raise RuntimeError("this process has no database")
        return self.bound_database

    @property
    def today(self) -> date:
        """The present day in Europe/Paris."""
        return paris_date(self.now)

    @property
    def app(self) -> web.Application:
        """The application, whose keys hold the service's resources."""
        return self.request.app


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation: where, what it takes, what it answers, who may call it."""

    method: str
    path: str
    handler: Handler
    allow: frozenset[str]
    summary: str
    status: int
    bare: bool
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    parameters: type[BaseModel]
    answer: type[BaseModel] | None
    opens: bool = False  # what it reads is a family's own: the staff leave a trace by reading it


def _declare(method: str) -> Callable[..., Endpoint]:
    def endpoint(
        path: str,
        handler: Handler,
        *,
        allow: frozenset[str] | set[str],
        summary: str = "",
        status: int = 200,
        bare: bool = False,
        opens: bool = False,
    ) -> Endpoint:
        hints = get_type_hints(handler, include_extras=True)
        answer = hints.get("return")
        if not (inspect.isclass(answer) and issubclass(answer, BaseModel)):
            answer = None
        return Endpoint(
            method=method,
            path=path,
            handler=handler,
            allow=frozenset(allow),
            summary=summary or _first_line(handler),
            status=status,
            bare=bare,
            body=hints.get("body"),
            query=hints.get("query"),
            parameters=_parameters(path, handler, hints),
            answer=answer,
            opens=opens,
        )

    return endpoint


get = _declare("GET")
post = _declare("POST")
put = _declare("PUT")
patch = _declare("PATCH")
delete = _declare("DELETE")


def _first_line(handler: Handler) -> str:
    return (inspect.getdoc(handler) or handler.__name__.replace("_", " ")).splitlines()[0]


def _parameters(path: str, handler: Handler, hints: dict[str, Any]) -> type[BaseModel]:
    names = re.findall(r"{(\w+)}", path)
    fields: dict[str, Any] = {name: (hints[name], ...) for name in names}
    return create_model(f"{handler.__name__}_path", **fields)

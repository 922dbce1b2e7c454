"""What every service's client does: read a typed answer, pass bytes on, stream a file."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid5

import aiohttp
from aiohttp import web
from pydantic import BaseModel

from gateway.idempotency import FORM_NAMESPACE, forwarded_key
from gateway.transfer import Download
from services.chassis.auth import Caller
from services.chassis.http_client import ServiceClient

R = TypeVar("R", bound=BaseModel)

# Work that computes or prints may take longer than a page's panel.
LONG = 8.0
# A file on a slow line; the browser shows its own progress meanwhile.
TRANSFER = 120.0
# The whole town's families: a minute for a hundred thousand children on a machine at rest.
IMPORT = 600.0


@dataclass(slots=True)
class Area:
    """One service on behalf of one caller.

    With `key` set, every command carries an idempotency key made of it and the command.
    """

    service: ServiceClient
    session: aiohttp.ClientSession
    caller: Caller
    key: str = ""

    async def read(self, reader: type[R], path: str, **query: Any) -> R:
        """A GET whose answer is read as this type; query values that are None are left out."""
        reply = await self.service.call("GET", path, caller=self.caller, query=_texts(query))
        return reader.model_validate_json(reply.body)

    async def send(
        self,
        reader: type[R],
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        deadline: float = LONG,
        is_secret: bool = False,
        **query: Any,
    ) -> R:
        """A command whose answer is read as this type; a secret one leaves no key behind."""
        reply = await self.service.call(
            method,
            path,
            caller=self.caller,
            query=_texts(query),
            body=body,
            headers=None if is_secret else self._idempotency(f"{method} {path} {query} {body}"),
            deadline=deadline,
        )
        return reader.model_validate_json(reply.body)

    async def order(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: Any
    ) -> None:
        """A command whose answer is of no interest."""
        await self.service.call(
            method,
            path,
            caller=self.caller,
            query=_texts(query),
            body=body,
            headers=self._idempotency(f"{method} {path} {query} {body}"),
            deadline=LONG,
        )

    async def tell(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        """A command with a secret in it and no answer; it leaves no key behind."""
        await self.service.call(method, path, caller=self.caller, body=body, deadline=LONG)

    async def pour(
        self,
        reader: type[R],
        path: str,
        content: AsyncIterator[bytes],
        kind: str,
        /,
        *,
        headers: Mapping[str, str] | None = None,
        deadline: float = TRANSFER,
        **query: Any,
    ) -> R:
        """POST a file as it arrives, never held whole."""
        reply = await self.service.call(
            "POST",
            path,
            caller=self.caller,
            query=_texts(query),
            data=content,
            headers={"Content-Type": kind} | dict(headers or {}),
            deadline=deadline,
        )
        return reader.model_validate_json(reply.body)

    def download(self, path: str, method: str = "GET") -> Download:
        """A file of the service, to be streamed by `Page.send`."""
        return Download(self.service, self.session, self.caller, method, path)

    async def pass_on(
        self, request: web.Request, path: str, *, body: bytes | None = None, deadline: float = LONG
    ) -> web.Response:
        """The request as it came, the answer as it came: for the JSON API.

        The body was validated at the edge; neither it nor the answer is parsed again. Another
        `body` goes in its place.
        """
        is_read = request.method == "GET"
        query = request.rel_url.raw_query_string
        reply = await self.service.call(
            request.method,
            f"{path}?{query}" if query else path,
            caller=self.caller,
            data=None if is_read else body or await request.read() or None,
            headers=None if is_read else _JSON | forwarded_key(request),
            deadline=deadline,
        )
        return web.Response(
            body=reply.body or None,
            status=reply.status,
            content_type="application/json" if reply.body else None,
        )

    def _idempotency(self, command: str) -> dict[str, str] | None:
        # The command is part of the key: a form corrected and sent again is another command.
        return (
            {"Idempotency-Key": str(uuid5(FORM_NAMESPACE, self.key + command))}
            if self.key
            else None
        )


_JSON = {"Content-Type": "application/json"}


def _texts(query: Mapping[str, Any]) -> dict[str, str] | None:
    return {name: _text(value) for name, value in query.items() if value is not None} or None


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)

"""Calls one service on behalf of a caller: signed, with a deadline, told apart from its absence."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from structlog.contextvars import get_contextvars

from services.chassis.auth import CALLER_TOKEN_LIFE, Caller, CallerSigner
from services.chassis.clock import Clock, utc_now

DEADLINE_SECONDS = 2.0

# A token is replaced well before it expires, so that none does on its way.
TOKEN_REUSE = CALLER_TOKEN_LIFE / 2
REMEMBERED_TOKENS = 4096


class ServiceUnavailable(Exception):
    """The service did not answer in time, or answered with a fault of its own."""

    def __init__(self, service: str) -> None:
        super().__init__(f"{service} is unavailable")
        self.service = service


class ServiceProblem(Exception):
    """The service refused: `status`, and the problem+json body it answered with."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("title", status)))
        self.status = status
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Reply:
    """A service's answer, its body as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body read as JSON; None when it is empty."""
        return json.loads(self.body) if self.body else None


class CallerTokens:
    """Signs a caller's token once and reuses it for half its life."""

    def __init__(self, signer: CallerSigner, clock: Clock = utc_now) -> None:
        self._signer = signer
        self._clock = clock
        self._signed: dict[Caller, tuple[str, datetime]] = {}

    def token(self, caller: Caller) -> str:
        """A token of this caller that will live long enough for one call."""
        now = self._clock()
        known = self._signed.get(caller)
        if known and now - known[1] < TOKEN_REUSE:
            return known[0]
        if len(self._signed) >= REMEMBERED_TOKENS:
            self._signed.clear()
        token = self._signer.sign(caller, now)
        self._signed[caller] = (token, now)
        return token


class ServiceClient:
    """One service, as the gateway and the operator's tools reach it."""

    def __init__(
        self, name: str, base_url: str, session: aiohttp.ClientSession, tokens: CallerTokens
    ) -> None:
        self.name = name
        self._base_url = base_url.rstrip("/")
        self._session = session
        self._tokens = tokens

    async def call(
        self,
        method: str,
        path: str,
        *,
        caller: Caller,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        deadline: float = DEADLINE_SECONDS,
    ) -> Reply:
        """Ask, and read the whole answer. `body` is sent as JSON, `data` as it is.

        Raises ServiceProblem when refused, ServiceUnavailable when there is no usable answer.
        """
        try:
            async with (
                asyncio.timeout(deadline),
                self._session.request(
                    method,
                    self._base_url + path,
                    params=query,
                    data=json.dumps(body).encode() if body is not None else data,
                    headers=self.headers(caller, json_body=body is not None) | dict(headers or {}),
                ) as response,
            ):
                return self._judge(response.status, response.headers, await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ServiceUnavailable(self.name) from error

    def url(self, path: str) -> str:
        """The full address of a path, for streams."""
        return self._base_url + path

    def headers(self, caller: Caller, *, json_body: bool = False) -> dict[str, str]:
        """Authorization, correlation id and content type of a call."""
        headers = {"Authorization": f"Bearer {self._tokens.token(caller)}"}
        if correlation_id := get_contextvars().get("correlation_id"):
            headers["X-Correlation-ID"] = str(correlation_id)
        if json_body:
            headers["Content-Type"] = "application/json"
        return headers

    def _judge(self, status: int, headers: Mapping[str, str], body: bytes) -> Reply:
        if status >= 500 and not (status == 503 and "Retry-After" in headers):
            raise ServiceUnavailable(self.name)
        if status >= 400:
            try:
                problem = json.loads(body)
            except ValueError as error:
                raise ServiceUnavailable(self.name) from error
            # A service that is there and says when to come back is not away.
            raise ServiceProblem(status, problem)
        return Reply(status, headers, body)


def client_session(*, limit: int = 200) -> aiohttp.ClientSession:
    """A session that keeps connections to the services open between requests."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=limit, keepalive_timeout=timedelta(seconds=30).seconds
        ),
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
    )

"""The portal's public JSON API and the mailbox page, as any program may use them."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import aiohttp

T = TypeVar("T")

# How long an event may take from one service to the next while a whole town is loaded.
ARRIVAL_SECONDS = 30.0
PAUSE_SECONDS = 0.1
ANSWER_SECONDS = 30.0


class LoadFailed(Exception):
    """The town could not be loaded; the message says at which step and why."""


class Refused(LoadFailed):
    """A service refused a step: `status` and the problem's `slug`."""

    def __init__(self, what: str, status: int, problem: dict[str, Any]) -> None:
        texts = [problem.get("title", ""), problem.get("detail", "")]
        texts += [f"{e['field']}: {e['message']}" for e in problem.get("errors", [])[:3]]
        super().__init__(f"{what}: {status} {' / '.join(dict.fromkeys(filter(None, texts)))}")
        self.status = status
        self.slug = str(problem.get("type", "")).rpartition("/")[2]


class Portal:
    """Calls `/api/v1` with a person's token."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url.rstrip("/") + "/api/v1"

    async def call(
        self, method: str, path: str, token: str | None = None, *, body: Any = None, **options: Any
    ) -> Any:
        """Ask, and return the answer's JSON. Raises Refused."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= options.pop("headers", {})
        if body is not None:
            options["json"] = body
        timeout = aiohttp.ClientTimeout(ANSWER_SECONDS)
        with _told_in_one_line(f"{method} {path}"):
            async with self._session.request(
                method, self._url + path, headers=headers, timeout=timeout, **options
            ) as response:
                answer = await response.json(content_type=None)
        if response.status >= 400:
            raise Refused(f"{method} {path}", response.status, answer or {})
        return answer

    async def sign_in(self, login: str, password: str, totp: str | None = None) -> str:
        """A token of this person."""
        body = {"login": login, "password": password} | ({"totp": totp} if totp else {})
        return str((await self.call("POST", "/tokens", body=body))["access_token"])


class Mailbox:
    """The local mailbox that catches every mail."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url.rstrip("/")

    async def newest(self, address: str) -> int:
        """The number of the newest mail to this address; 0 before the first."""
        return max((mail["id"] for mail in await self._mails(address)), default=0)

    async def access_code(self, address: str, after: int) -> str:
        """The temporary password mailed to this address after the mail of this number."""

        async def look() -> str | None:
            mails = [mail for mail in await self._mails(address) if mail["id"] > after]
            found = (re.search(CODE, mail["text"]) for mail in mails)
            return next((match[0] for match in found if match), None)

        return await eventually(look, f"the access code of {address}")

    async def _mails(self, address: str) -> list[dict[str, Any]]:
        url = f"{self._url}/messages.json"
        with _told_in_one_line("the mailbox"):
            async with self._session.get(url, params={"to": address}) as response:
                mails: list[dict[str, Any]] = (await response.json())["messages"]
        return mails


@contextmanager
def _told_in_one_line(what: str) -> Iterator[None]:
    try:
        yield
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise LoadFailed(f"{what}: no usable answer ({error!r})") from error


# Three groups of four, as accounts prints them.
CODE = r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b"


async def eventually(look: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Look again until something is there. Raises LoadFailed when it does not come."""
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while time.monotonic() < deadline:
        found = await look()
        if found:
            return found
        await asyncio.sleep(PAUSE_SECONDS)
    raise LoadFailed(f"{what} did not come within {ARRIVAL_SECONDS:.0f} s")


async def once_known(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask again while the answer is 404: the event that tells of the thing is on its way."""
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while True:
        try:
            return await ask()
        except Refused as refusal:
            if refusal.status != 404 or time.monotonic() > deadline:
                raise
        await asyncio.sleep(PAUSE_SECONDS)

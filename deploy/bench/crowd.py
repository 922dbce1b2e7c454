"""A crowd of families at the portal's door: each waits its turn, signs in, looks, and books."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from ipaddress import IPv4Address
from typing import Any
from uuid import UUID

import aiohttp

from deploy.bench.opening_town import Wish
from deploy.bench.parents import PASSWORD

TICKET = "X-Waiting-Ticket"
# What the machine that plays the crowd holds open, like a town's mobile network would.
CONNECTIONS = 256
CALENDAR_DAYS = 31
GIVE_UP_SECONDS = 900
STEPS = ("sign_in", "calendar", "book")
# The network kept for benchmarks (RFC 2544).
FIRST_ADDRESS, ADDRESSES = IPv4Address("198.18.0.1"), 100_000

Told = Callable[[int], None]


class WentWrong(Exception):
    """An answer that no family should get."""


@dataclass(slots=True)
class Diary:
    """What became of the crowd."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    waits: list[float] = field(default_factory=list)
    first_places: list[int] = field(default_factory=list)
    looks: int = 0
    told_to_come_back: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    tokens: dict[UUID, str] = field(default_factory=dict)
    booked_at: list[float] = field(default_factory=list)
    confirmed: list[tuple[UUID, str]] = field(default_factory=list)


class Crowd:
    """Families that all come at the same moment."""

    def __init__(self, session: aiohttp.ClientSession, portal_url: str, today: date) -> None:
        self._session = session
        self._url = f"{portal_url}/api/v1"
        first = today + timedelta(days=14)
        last = first + timedelta(days=CALENDAR_DAYS - 1)
        self._month = {"from": first.isoformat(), "to": last.isoformat()}

    async def come(self, wishes: Sequence[Wish], extra: Mapping[str, Any], told: Told) -> Diary:
        """All of them, at once; `extra` stands in each basket, `told` hears how many are done."""
        diary, done = Diary(), 0

        async def visit(wish: Wish) -> None:
            nonlocal done
            try:
                async with asyncio.timeout(GIVE_UP_SECONDS):
                    await _Visit(self._session, self._url, diary).make(wish, self._month, extra)
            except (WentWrong, aiohttp.ClientError, TimeoutError) as error:
                diary.errors.append(repr(error))
            done += 1
            told(done)

        await asyncio.gather(*(visit(wish) for wish in wishes))
        return diary


class _Visit:
    """One family's, from the door to the basket."""

    def __init__(self, session: aiohttp.ClientSession, url: str, diary: Diary) -> None:
        self._session = session
        self._url = url
        self._diary = diary
        self._headers: dict[str, str] = {}

    async def make(self, wish: Wish, month: Mapping[str, str], extra: Mapping[str, Any]) -> None:
        self._headers["X-Forwarded-For"] = _address_of(wish.household.family_id)
        login = {"login": wish.household.login, "password": PASSWORD}
        signed_in = await self._step("sign_in", "POST", "/tokens", json=login)
        token = signed_in["access_token"]
        self._headers["Authorization"] = f"Bearer {token}"
        self._diary.tokens[wish.household.family_id] = token
        await self._step("calendar", "GET", "/calendar", params=month)
        basket = {"items": wish.items, **extra}
        booked = await self._step("book", "POST", "/reservations", json=basket)
        self._diary.booked_at.append(time.perf_counter())
        for item in booked["items"]:
            self._diary.outcomes[item["reason"] or item["outcome"]] += 1
            if item["outcome"] == "confirmed":
                found = (wish.household.family_id, item["reservation_id"])
                self._diary.confirmed.append(found)

    async def _step(self, name: str, method: str, path: str, **options: Any) -> Any:
        """The answer, its own time noted apart from the time in the waiting room."""
        came = time.perf_counter()
        waited = False
        while True:
            asked = time.perf_counter()
            async with self._session.request(
                method, self._url + path, headers=self._headers, **options
            ) as response:
                body = await response.json(content_type=None)
            if ticket := response.headers.get(TICKET):
                self._headers[TICKET] = ticket
            if response.status < 300:
                break
            self._note_refusal(f"{method} {path}", response, body, is_first=not waited)
            waited = True
            await asyncio.sleep(float(response.headers["Retry-After"]))
        self._diary.times[name].append((time.perf_counter() - asked) * 1000)
        if name == STEPS[0]:
            self._diary.waits.append(asked - came)
        return body

    def _note_refusal(
        self, what: str, response: aiohttp.ClientResponse, body: Any, *, is_first: bool
    ) -> None:
        slug = str((body or {}).get("type", "")).rpartition("/")[2]
        if response.status != 503 or "Retry-After" not in response.headers:
            raise WentWrong(f"{what}: {response.status} {slug}")
        if slug != "waiting-room":
            self._diary.told_to_come_back += 1
            return
        self._diary.looks += 1
        if is_first:
            self._diary.first_places.append(body["place"])


def _address_of(family_id: UUID) -> str:
    """The address that the family comes from."""
    return str(FIRST_ADDRESS + family_id.int % ADDRESSES)


def crowd_session() -> aiohttp.ClientSession:
    """A session that holds so many connections open and no more."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
        timeout=aiohttp.ClientTimeout(total=None),
    )

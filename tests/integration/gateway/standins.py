"""A gateway on a free port, and stand-ins for the services behind it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr

from contracts.roles import GUARDIAN
from deploy.settings import OFFICE, TOWN_NAME
from gateway.assets import Assets
from gateway.main import application
from gateway.page import PageRoute
from gateway.portal import PORTAL
from gateway.settings import SERVICES, GatewaySettings
from gateway.templating import Templates
from services.chassis.auth import Caller, CallerVerifier, decode_key, new_key_pair
from services.chassis.clock import utc_now

CALLER_PRIVATE, CALLER_PUBLIC = new_key_pair()
SESSION_PRIVATE, SESSION_PUBLIC = new_key_pair()

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that reached a stand-in."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    headers: dict[str, str]
    caller: Caller

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class StandIn:
    """One service: answers what the test told it to, remembers what it was asked."""

    name: str
    answers: dict[tuple[str, str], Serve] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    runner: web.AppRunner | None = None
    url: str = ""
    # False: the handler reads the body itself, as it arrives.
    reads_bodies: bool = True

    def answer(self, method: str, path: str, body: Any = None, status: int = 200) -> None:
        """Answer this body as JSON from now on."""

        async def serve(_request: web.Request) -> web.Response:
            kind = "application/problem+json" if status >= 400 else "application/json"
            return web.Response(text=json.dumps(body), status=status, content_type=kind)

        self.answers[method, path] = serve

    def serve(self, method: str, path: str, handler: Serve) -> None:
        """Answer by this handler from now on."""
        self.answers[method, path] = handler

    def refuse(self, method: str, path: str, status: int, slug: str, **errors: str) -> None:
        """Refuse with problem+json from now on."""
        body = {
            "type": f"/problems/{slug}",
            "title": "Refus",
            "status": status,
            "detail": f"Refusé : {slug}.",
            "errors": [{"field": name, "message": text} for name, text in errors.items()],
        }
        self.answer(method, path, body, status)

    def requests(self, method: str, path: str) -> list[Asked]:
        """What it was asked there so far."""
        return [asked for asked in self.asked if (asked.method, asked.path) == (method, path)]

    async def stop(self) -> None:
        """As when the process is gone."""
        if self.runner:
            await self.runner.cleanup()
            self.runner = None

    async def start(self) -> None:
        verifier = CallerVerifier(CALLER_PUBLIC)

        async def handle(request: web.Request) -> web.StreamResponse:
            if request.path == "/readyz":
                return web.json_response({"status": "ok"})
            caller = verifier.verify(request.headers["Authorization"], utc_now())
            handler = self.answers.get((request.method, request.path))
            body = await request.read() if self.reads_bodies else b""
            self.asked.append(
                Asked(
                    request.method,
                    request.path,
                    dict(request.query),
                    body,
                    dict(request.headers),
                    caller,
                )
            )
            if handler is None:
                raise web.HTTPNotFound
            return await handler(request)

        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", handle)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"


def family_file(family_id: str, child_id: str) -> dict[str, Any]:
    """A family of one child, as accounts tells it."""
    return {
        "family_id": family_id,
        "reference": "F00001",
        "resident": True,
        "address": {"lines": ["3 rue du Lavoir"], "postcode": "50890", "city": "Saint-Aubin"},
        "guardians": [],
        "children": [
            {
                "child_id": child_id,
                "first_name": "Léa",
                "last_name": "Martin",
                "birth_date": "2019-05-12",
            }
        ],
    }


def session_token(
    *roles: str,
    family_id: UUID | None = None,
    must_change_password: bool = False,
    lives: timedelta = timedelta(hours=12),
    session_id: UUID | None = None,
    key: str = SESSION_PRIVATE,
) -> str:
    """A session token as accounts signs it; a guardian's by default."""
    held = roles or (GUARDIAN,)
    claims = {
        "sub": str(uuid4()),
        "sid": str(session_id or uuid4()),
        "fam": str(family_id or uuid4()) if GUARDIAN in held else None,
        "roles": list(held),
        "name": "Camille Le Goff",
        "mcp": must_change_password,
        "exp": utc_now() + lives,
    }
    private = Ed25519PrivateKey.from_private_bytes(decode_key(key))
    return jwt.encode(claims, private, algorithm="EdDSA")


@dataclass(slots=True)
class RunningPortal:
    """The gateway under test and what stands behind it."""

    url: str
    app: web.Application
    services: dict[str, StandIn]
    browser: aiohttp.ClientSession

    @property
    def accounts(self) -> StandIn:
        return self.services["accounts"]

    @property
    def reservations(self) -> StandIn:
        return self.services["reservations"]

    @property
    def billing(self) -> StandIn:
        return self.services["billing"]

    @property
    def documents(self) -> StandIn:
        return self.services["documents"]

    async def get(self, path: str, token: str = "", **options: Any) -> aiohttp.ClientResponse:
        """As a browser holding this session."""
        return await self.request("GET", path, token, **options)

    async def post(self, path: str, token: str = "", **options: Any) -> aiohttp.ClientResponse:
        """As a browser holding this session."""
        return await self.request("POST", path, token, **options)

    async def request(
        self, method: str, path: str, token: str = "", **options: Any
    ) -> aiohttp.ClientResponse:
        cookies = options.pop("cookies", {}) | ({"portail_session": token} if token else {})
        headers = options.pop("headers", {})
        if cookies:
            joined = "; ".join(f"{name}={value}" for name, value in cookies.items())
            headers = {**headers, "Cookie": joined}
        options.setdefault("allow_redirects", False)
        response = await self.browser.request(method, self.url + path, headers=headers, **options)
        await response.read()
        return response

    async def api(
        self, method: str, path: str, token: str = "", **options: Any
    ) -> aiohttp.ClientResponse:
        """As a program with a bearer token."""
        headers = options.pop("headers", {}) | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        response = await self.browser.request(
            method, f"{self.url}/api/v1{path}", headers=headers, **options
        )
        await response.read()
        return response


@asynccontextmanager
async def running_portal(
    pages: tuple[PageRoute, ...] = (),
    templates: Path | None = None,
    portal_url: str = "http://127.0.0.1",
    **further: Any,
) -> AsyncIterator[RunningPortal]:
    """Start the stand-ins and a gateway in front of them, with further settings if any."""
    stand_ins = {name: StandIn(name) for name in SERVICES}
    await asyncio.gather(*(stand_in.start() for stand_in in stand_ins.values()))
    values: dict[str, Any] = {f"{name}_url": s.url for name, s in stand_ins.items()}
    values |= {"town_name": TOWN_NAME, **OFFICE, **further}
    settings = GatewaySettings(
        port=1,  # unused: the test picks a free one
        portal_url=portal_url,
        payment_url="https://paiement.example",
        caller_private_key=SecretStr(CALLER_PRIVATE),
        session_public_key=SESSION_PUBLIC,
        cookie_secret=SecretStr("un secret de test assez long pour signer"),
        **values,
    )
    app = application(settings, pages=pages)
    if templates is not None:
        app[PORTAL].templates = Templates(
            Assets(), "Ville d’essai", templates, office=settings.office
        )
    async with AsyncExitStack() as stack:
        for stand_in in stand_ins.values():
            stack.push_async_callback(stand_in.stop)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        browser = await stack.enter_async_context(
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        )
        yield RunningPortal(url, app, stand_ins, browser)


def knows_session(portal: RunningPortal, session_id: UUID, *, active: bool = True) -> None:
    """What accounts says of this session."""
    portal.accounts.answer("GET", f"/sessions/{session_id}", {"active": active})

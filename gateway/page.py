"""What a page module works with: who asks, the form, the services, and the ways to answer."""

import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from aiohttp import hdrs, web

from contracts.roles import EVERYONE, SIGNED_IN
from gateway.clients import Clients
from gateway.cookies import new_visit
from gateway.csrf import session_binding, visit_binding
from gateway.flash import Flash, Tone
from gateway.forms import FORM_KEY, FORM_TOKEN, Form
from gateway.identity import CSRF_HEADER, ForeignForm
from gateway.panels import is_unavailable, panels
from gateway.portal import PORTAL, Portal
from gateway.query import Query
from gateway.readers import Tokens
from gateway.session import NOBODY, Session
from gateway.transfer import Download, Upload, malformed_form, read_upload
from gateway.visitor import Visitor, network_address, visitor
from services.chassis.clock import paris_date
from services.chassis.errors import Forbidden, NotFound, Unauthorised

PUBLIC: Final = EVERYONE
SIGN_IN_PATH: Final = "/connexion"
PASSWORD_PATH: Final = "/mot-de-passe"  # noqa: S105 - an address
SECOND_FACTOR_PATH: Final = "/compte/double-authentification"
SIGN_OUT_PATH: Final = "/deconnexion"

_VISIT = re.compile(r"^[A-Za-z0-9_-]{24}$")
_LOCAL_PATH = re.compile(r"^/(?![/\\])[^\\\x00-\x20]*$")
COMPRESSION_PAYS_FROM = 2000

FORM_EXPIRED = "Ce formulaire n’est plus valable. Rechargez la page et recommencez."

PageHandler = Callable[["Page"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class PageRoute:
    """One page or form: where, what it does, who may."""

    method: str
    path: str
    handler: PageHandler
    allow: frozenset[str]
    upload: bool


def get(path: str, handler: PageHandler, *, allow: Iterable[str] = SIGNED_IN) -> PageRoute:
    """A page to look at."""
    return PageRoute("GET", path, handler, frozenset(allow), upload=False)


def post(
    path: str, handler: PageHandler, *, allow: Iterable[str] = SIGNED_IN, upload: bool = False
) -> PageRoute:
    """A form to send; `upload=True` when the handler reads it by `page.upload()`."""
    return PageRoute("POST", path, handler, frozenset(allow), upload)


class Page:
    """One request for a page, and the ways to answer it."""

    def __init__(self, request: web.Request, portal: Portal, session: Session | None) -> None:
        self.request = request
        self.portal = portal
        self.now: datetime = portal.now().astimezone(UTC)
        self._session = session
        self._form: Form | None = None
        visit = request.cookies.get(portal.cookies.visit, "")
        self._knows_visit = bool(_VISIT.match(visit))
        self._visit = visit if self._knows_visit else new_visit()

    # Who asks

    @property
    def session(self) -> Session:
        """The signed-in person. Raises Unauthorised, which leads to the sign-in page."""
        if self._session is None:
            raise Unauthorised
        return self._session

    @property
    def signed_in(self) -> bool:
        return self._session is not None

    @property
    def clients(self) -> Clients:
        """The services, bound to whoever asks."""
        caller = self._session.caller if self._session else NOBODY
        return self.portal.services.on_behalf_of(caller, self._command_key())

    @property
    def network_address(self) -> str:
        """Where on the network the request comes from, for limits on what strangers may ask."""
        return network_address(self.request, self.portal.proxies)

    @property
    def visitor(self) -> Visitor:
        """Where the request comes from."""
        token = self.request.cookies.get(self.portal.cookies.device, "")
        return visitor(self.request, self.portal.proxies, token)

    # What is asked

    @property
    def today(self) -> date:
        return paris_date(self.now)

    @property
    def path(self) -> str:
        return self.request.path

    @property
    def query(self) -> Query:
        return Query(self.request.query, self.today)

    @property
    def is_partial(self) -> bool:
        """Asked by htmx, to replace a part of the page."""
        return "HX-Request" in self.request.headers

    def path_value(self, name: str) -> str:
        return self.request.match_info[name]

    def id(self, name: str) -> UUID:
        """The identifier in the path. Raises NotFound when it is none."""
        try:
            return UUID(self.request.match_info[name])
        except ValueError:
            raise NotFound from None

    def wanted_path(self, default: str = "/") -> str:
        """Where to go after signing in: a path of this portal, whatever the address says."""
        wanted = self.query.get("suite") or (self._form.text("suite") if self._form else "")
        return wanted if _LOCAL_PATH.match(wanted) else default

    async def form(self) -> Form:
        """The form that was sent; its token is checked. Raises Invalid, Forbidden."""
        if self._form is None:
            try:
                sent = await self.request.post()
            except (ValueError, LookupError, AssertionError) as error:
                raise malformed_form() from error
            names = dict.fromkeys(sent)
            self._form = Form({n: [t for t in sent.getall(n) if isinstance(t, str)] for n in names})
            self._check_token(self._form)
        return self._form

    @asynccontextmanager
    async def upload(self) -> AsyncIterator[Upload]:
        """The form that was sent with a file, read up to the file. Raises Invalid, Forbidden."""
        upload = await read_upload(self.request)
        self._check_token(upload.form)
        self._form = upload.form
        yield upload

    # Answers

    @property
    def csrf_token(self) -> str:
        """What each form must carry in its field `csrf_token`."""
        return self.portal.form_tokens.issue(self._binding)

    def render(
        self, template: str, *, status: int = 0, partial: str | None = None, **context: Any
    ) -> web.Response:
        """The template as the answer; `partial` instead when htmx asked for a part."""
        flashes = self._flashes() if not self.is_partial else ()
        shared = self._shared_context() | {"flashes": flashes}
        chosen = partial if partial and self.is_partial else template
        # An error page's template is told its status; every other status is the answer's alone.
        known = {"status": status} if status else {}
        response = web.Response(
            text=self.portal.templates.render(chosen, shared | known | context),
            status=status or self._status(context),
            content_type="text/html",
            headers={hdrs.VARY: "HX-Request, Cookie, Accept-Encoding"},
        )
        if (response.content_length or 0) > COMPRESSION_PAYS_FROM:
            response.enable_compression()
        if not self.signed_in and not self._knows_visit:
            self.portal.cookies.keep_visit(response, self._visit)
        if flashes:
            self.portal.cookies.drop_flash(response)
        return response

    def redirect(self, path: str, *, flash: str = "", tone: Tone = "success") -> web.Response:
        """303 to another page of the portal; `flash` is shown there once."""
        response = web.Response(status=303, headers={hdrs.LOCATION: path})
        if flash:
            self.portal.cookies.keep_flash(response, self.portal.flashes.write(Flash(flash, tone)))
        return response

    def leave_to(self, url: str) -> web.Response:
        """303 to the payment server. Raises Forbidden for any other address."""
        if not self.portal.may_leave_to(url):
            raise Forbidden("Cette adresse n’est pas celle du serveur de paiement.")
        # htmx would follow a 303 by itself and put the payment page inside ours.
        if self.is_partial:
            return web.Response(headers={"HX-Redirect": url})
        return web.Response(status=303, headers={hdrs.LOCATION: url})

    async def send(self, download: Download) -> web.StreamResponse:
        """A service's file, streamed."""
        return await download.send(self.request)

    def sign_in(self, tokens: Tokens, path: str = "/") -> web.Response:
        """Go on as this person; a temporary password must be changed first."""
        session = self.portal.identity.began(tokens.access_token, self.now)
        response = self.redirect(_first_of_all(session) or path)
        self.keep_session(response, tokens)
        return response

    def keep_session(self, response: web.StreamResponse, tokens: Tokens) -> None:
        """Let the browser hold this session, and the token by which it is known again."""
        cookies = self.portal.cookies
        session = self.portal.identity.began(tokens.access_token, self.now)
        cookies.keep_session(response, tokens.access_token, session.expires_at, self.now)
        if tokens.device_token:
            cookies.keep_device(response, tokens.device_token)

    async def sign_out(self, path: str = SIGN_IN_PATH, *, flash: str = "") -> web.Response:
        """End the session, here at once and at accounts; without accounts, here alone."""
        if self._session is not None:
            accounts, session_id = self.clients.accounts, self._session.session_id
            if self._session.by_provider:
                path = await self._other_sign_out() or path
            await self.portal.identity.end(session_id, lambda: accounts.sign_out(session_id))
        response = self.redirect(path, flash=flash)
        self.portal.cookies.end_session(response)
        return response

    async def _other_sign_out(self) -> str:
        """Where FranceConnect ends its own session; empty when that cannot be had."""
        shown = await panels(there=self.clients.accounts.france_connect_sign_out())
        url = "" if is_unavailable(shown.there) else shown.there
        return url if url and self.portal.may_leave_to(url) else ""

    def _shared_context(self) -> dict[str, Any]:
        return {
            "page": self,
            "session": self._session,
            "signed_in": self.signed_in,
            "csrf_token": self.csrf_token,
            "form_key": uuid4().hex,
            "path": self.path,
            "today": self.today,
            "now": self.now,
        }

    def _status(self, context: Mapping[str, Any]) -> int:
        refused = any(isinstance(value, Form) and value.is_refused for value in context.values())
        return 422 if refused and self.request.method == "POST" else 200

    def _flashes(self) -> tuple[Flash, ...]:
        value = self.request.cookies.get(self.portal.cookies.flash)
        return self.portal.flashes.read(value) if value else ()

    @property
    def _binding(self) -> str:
        if self._session is not None:
            return session_binding(self._session.session_id)
        return visit_binding(self._visit)

    def _check_token(self, form: Form) -> None:
        token = form.exact(FORM_TOKEN) or self.request.headers.get(CSRF_HEADER, "")
        if not self.portal.form_tokens.is_valid(token, self._binding):
            raise ForeignForm(FORM_EXPIRED)

    def _command_key(self) -> str:
        if self._form is None or not (key := self._form.text(FORM_KEY)):
            return ""
        # A form that was corrected and sent again is another command.
        return hashlib.sha256(f"{self.path} {key} {self._form.fingerprint()}".encode()).hexdigest()


def _first_of_all(session: Session) -> str:
    """Where the session is confined to, if it is."""
    if session.must_change_password:
        return PASSWORD_PATH
    return SECOND_FACTOR_PATH if session.must_enrol_second_factor else ""


async def open_page(request: web.Request) -> Page:
    """The page for this request, with whoever asks."""
    portal = request.app[PORTAL]
    session = await portal.identity.of_browser(request, portal.now())
    return Page(request, portal, session)

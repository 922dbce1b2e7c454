"""Finds out who asks: a browser by its cookie, a program by its bearer token."""

from datetime import datetime
from uuid import UUID

from aiohttp import hdrs, web

from gateway.cookies import Cookies
from gateway.csrf import FormTokens, session_binding
from gateway.revocation import Revocations, Tell
from gateway.session import NOBODY, Session, SessionReader
from services.chassis.auth import Caller
from services.chassis.errors import Forbidden, Unauthorised

CSRF_HEADER = "X-CSRF-Token"
READING = frozenset({"GET", "HEAD", "OPTIONS"})

# What a temporary password still allows: to be changed, and to be given up.
API_PASSWORD_PATHS = frozenset({"/api/v1/password", "/api/v1/tokens", "/api/v1/me"})
# What the staff may do before they have a second factor: take one up.
API_SECOND_FACTOR = "/api/v1/second-factor"


class PasswordMustChange(Forbidden):
    """The password is temporary: nothing else is possible before it is changed."""

    slug = "password-must-change"
    title = "Choisissez d’abord votre mot de passe"


class SecondFactorMissing(Forbidden):
    """The staff's second factor is compulsory: nothing else is possible before it is there."""

    slug = "second-factor-missing"
    title = "Activez d’abord la double authentification"


class ForeignForm(Forbidden):
    """A command that came with a cookie, and without proof of coming from our own pages."""

    slug = "csrf-token-invalid"
    title = "Ce formulaire n’est plus valable"


class Identity:
    """Who asks, for pages and for the JSON API."""

    def __init__(
        self,
        reader: SessionReader,
        revocations: Revocations,
        cookies: Cookies,
        form_tokens: FormTokens,
    ) -> None:
        self._reader = reader
        self._revocations = revocations
        self._cookies = cookies
        self._form_tokens = form_tokens

    async def of_browser(self, request: web.Request, now: datetime) -> Session | None:
        """The session in the cookie; none when there is none that holds."""
        token = request.cookies.get(self._cookies.session)
        if not token:
            return None
        try:
            return await self._active(token, now)
        except Unauthorised:
            return None

    async def of_program(self, request: web.Request, now: datetime) -> Caller:
        """The caller of an API request. Raises Unauthorised, Forbidden."""
        authorization = request.headers.get(hdrs.AUTHORIZATION)
        if authorization is not None:
            session: Session | None = await self._bearer(authorization, now)
        else:
            session = await self.of_browser(request, now)
            if session is not None:
                self._refuse_foreign(request, session)
        if session is None:
            return NOBODY
        if session.must_change_password and request.path not in API_PASSWORD_PATHS:
            raise PasswordMustChange(
                "Votre mot de passe est provisoire : changez-le d’abord (POST /api/v1/password)."
            )
        enrols = request.path.startswith(API_SECOND_FACTOR) or request.path in API_PASSWORD_PATHS
        if session.must_enrol_second_factor and not enrols:
            raise SecondFactorMissing(f"Les agents doivent en avoir une ({API_SECOND_FACTOR}).")
        return session.caller

    def claimed(self, request: web.Request, now: datetime) -> Session | None:
        """The session that a request shows, whether or not it was closed since; asks nobody."""
        scheme, _, bearer = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        token = bearer.strip() if scheme else request.cookies.get(self._cookies.session)
        try:
            return self._reader.read(token, now) if token else None
        except Unauthorised:
            return None

    def began(self, token: str, now: datetime) -> Session:
        """A session that accounts has just opened: no need to ask whether it is active."""
        session = self._reader.read(token, now)
        self._revocations.remember(session.session_id, is_active=True)
        return session

    def ended(self, session_id: UUID) -> None:
        """A session that accounts has just ended."""
        self._revocations.remember(session_id, is_active=False)

    async def end(self, session_id: UUID, tell: Tell) -> None:
        """Sign a session out: here for good, and at accounts now or as soon as it is back."""
        await self._revocations.end(session_id, tell)

    async def close(self) -> None:
        """Stop waiting for accounts."""
        await self._revocations.close()

    async def _bearer(self, authorization: str, now: datetime) -> Session:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthorised("Le jeton est attendu sous la forme « Authorization: Bearer … ».")
        return await self._active(token.strip(), now)

    async def _active(self, token: str, now: datetime) -> Session:
        session = self._reader.read(token, now)
        if not await self._revocations.is_active(session.session_id):
            raise Unauthorised("Cette session a été fermée. Identifiez-vous à nouveau.")
        return session

    def _refuse_foreign(self, request: web.Request, session: Session) -> None:
        # A browser sends the cookie whoever wrote the page; the token, or the browser's own
        # word on where the request comes from, proves that we did.
        if request.method in READING or request.headers.get("Sec-Fetch-Site") == "same-origin":
            return
        token = request.headers.get(CSRF_HEADER, "")
        if not self._form_tokens.is_valid(token, session_binding(session.session_id)):
            raise ForeignForm(f"L’en-tête {CSRF_HEADER} manque ou n’est pas valable.")

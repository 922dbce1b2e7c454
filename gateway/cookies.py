"""The cookies of the portal, and no other."""

import secrets
from datetime import datetime

from aiohttp import web

VISIT_BYTES = 18
# As long as a telephone is kept: by it the owner is told from whoever tries the password.
DEVICE_SECONDS = 365 * 24 * 3600


class Cookies:
    """Names and attributes: HttpOnly, SameSite=Lax; over TLS also Secure and bound to the host."""

    def __init__(self, *, is_secure: bool) -> None:
        self._is_secure = is_secure
        # The prefix makes browsers refuse such a cookie from a sibling domain or without TLS.
        prefix = "__Host-" if is_secure else ""
        self.session = f"{prefix}portail_session"
        self.visit = f"{prefix}portail_visite"
        self.flash = f"{prefix}portail_message"
        self.vault = f"{prefix}portail_coffre"
        self.departure = f"{prefix}portail_depart"
        self.device = f"{prefix}portail_appareil"
        self.ticket = f"{prefix}portail_ticket"

    def keep_session(
        self, response: web.StreamResponse, token: str, expires_at: datetime, now: datetime
    ) -> None:
        """Sign the browser in until the token expires."""
        seconds = max(0, int((expires_at - now).total_seconds()))
        self._set(response, self.session, token, seconds)

    def end_session(self, response: web.StreamResponse) -> None:
        """Sign the browser out; its next visit starts afresh."""
        for name in (self.session, self.visit, self.vault):
            self._drop(response, name)

    def keep_device(self, response: web.StreamResponse, token: str) -> None:
        """Remember that somebody came in with this browser; a sign-out does not change that."""
        self._set(response, self.device, token, DEVICE_SECONDS)

    def keep_departure(self, response: web.StreamResponse, token: str) -> None:
        """Remember that this browser left for FranceConnect; a quarter of an hour to come back."""
        self._set(response, self.departure, token, 900)

    def drop_departure(self, response: web.StreamResponse) -> None:
        """It came back."""
        self._drop(response, self.departure)

    def keep_visit(self, response: web.StreamResponse, visit: str) -> None:
        """Remember the visit for as long as the browser stays open."""
        self._set(response, self.visit, visit, None)

    def keep_ticket(self, response: web.StreamResponse, ticket: str, max_age: int) -> None:
        """Keep the place in the waiting line, whatever becomes of the tab and of the browser."""
        self._set(response, self.ticket, ticket, max_age)

    def keep_flash(self, response: web.StreamResponse, message: str) -> None:
        """Carry a message to the next page; five minutes cover a slow redirect."""
        self._set(response, self.flash, message, 300)

    def drop_flash(self, response: web.StreamResponse) -> None:
        """The message has been shown."""
        self._drop(response, self.flash)

    def keep_vault(
        self, response: web.StreamResponse, token: str, expires_at: datetime, now: datetime
    ) -> None:
        """Carry the opened vault until it shuts by itself; we keep nothing that opens it."""
        seconds = max(0, int((expires_at - now).total_seconds()))
        self._set(response, self.vault, token, seconds)

    def drop_vault(self, response: web.StreamResponse) -> None:
        """The vault is shut."""
        self._drop(response, self.vault)

    def _set(
        self, response: web.StreamResponse, name: str, value: str, max_age: int | None
    ) -> None:
        response.set_cookie(
            name,
            value,
            max_age=max_age,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self._is_secure,
        )

    def _drop(self, response: web.StreamResponse, name: str) -> None:
        response.del_cookie(name, path="/", httponly=True, samesite="Lax", secure=self._is_secure)


def new_visit() -> str:
    """An unguessable name for one browser's visit."""
    return secrets.token_urlsafe(VISIT_BYTES)

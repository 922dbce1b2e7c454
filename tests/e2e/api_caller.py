"""A program that calls the JSON API of a running town."""

from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import pyotp
import requests

NEW_PASSWORD = "Printemps-2027-Nouveau"


def bare_session() -> requests.Session:
    """Connections that are kept from one request to the next, and nothing else that is."""
    session = requests.Session()
    session.trust_env = False  # or every request looks for proxies and for passwords in files
    session.headers.clear()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


@dataclass(frozen=True, slots=True)
class ApiCaller:
    """The JSON API of a running town, and who can sign in there."""

    url: str
    logins: dict[str, dict[str, str]]
    connections: requests.Session = field(default_factory=bare_session)

    def call(self, method: str, path: str, token: str = "", **options: Any) -> requests.Response:
        """One request of the JSON API."""
        headers = options.pop("headers", {}) | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        return self.connections.request(
            method, f"{self.url}/api/v1{path}", headers=headers, timeout=60, **options
        )

    def token(self, who: str) -> str:
        """Sign in; a temporary password is changed on the way."""
        login = self.logins[who]
        body = {"login": login["login"], "password": login["password"]}
        if secret := login.get("totp_secret"):
            body["totp"] = pyotp.TOTP(secret).now()
        given = self.call("POST", "/tokens", json=body)
        assert given.status_code == 201, given.text
        session = given.json()
        if session["must_change_password"]:
            change = {"current": login["password"], "new": NEW_PASSWORD}
            changed = self.call("POST", "/password", session["access_token"], json=change)
            assert changed.status_code == 201, changed.text
            login["password"] = NEW_PASSWORD
            session = changed.json()
        return str(session["access_token"])

"""A whole town on this machine, for tests that need every part; who can sign in there."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyotp
import requests

from deploy.trial import trial_town

# A demo.json of a portal that runs already: its tests then start none of their own.
RUNNING = "PORTAIL_TEST_DEMO"
FAMILIES = 30
NEW_PASSWORD = "Printemps-2027-Nouveau"


@dataclass(frozen=True, slots=True)
class FullPortal:
    """Its address and its logins."""

    url: str
    logins: dict[str, dict[str, str]]

    def call(self, method: str, path: str, token: str = "", **options: Any) -> requests.Response:
        """One request of the JSON API."""
        headers = options.pop("headers", {}) | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        return requests.request(
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


@asynccontextmanager
async def full_portal(folder: Path) -> AsyncIterator[FullPortal]:
    """The portal that runs already, or one of the tests' own, stopped at the end."""
    if running := os.environ.get(RUNNING):
        yield _read(Path(running))
        return
    async with trial_town(FAMILIES, folder) as (town, _seconds):
        yield FullPortal(town.ports.url("gateway"), town.logins)


def _read(file: Path) -> FullPortal:
    content = json.loads(file.read_text(encoding="utf-8"))
    return FullPortal(content["portal"], content["logins"])

"""A whole town on this machine, for tests that need every part; who can sign in there."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyotp
import requests

from tests.conftest import free_port

# A demo.json of a portal that runs already: its tests then start none of their own.
RUNNING = "PORTAIL_TEST_DEMO"
START_SECONDS = 180
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


@contextmanager
def full_portal(folder: Path) -> Iterator[FullPortal]:
    """The portal that runs already, or one of the tests' own, stopped at the end."""
    if running := os.environ.get(RUNNING):
        yield _read(Path(running))
        return
    command = [sys.executable, "-m", "deploy", "up", "--families", str(FAMILIES)]
    environment = os.environ | {"PORTAIL_VAR": str(folder)}
    with (folder / "up.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(  # noqa: S603 — our own command, nothing typed by anybody
            [*command, "--port", str(free_port())], env=environment, stdout=log, stderr=log
        )
    try:
        yield _read(_demo_file(process, folder))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _demo_file(process: "subprocess.Popen[bytes]", folder: Path) -> Path:
    file = folder / "demo.json"
    deadline = time.monotonic() + START_SECONDS
    while not file.exists():
        log = (folder / "up.log").read_text(encoding="utf-8")
        assert process.poll() is None, f"the town did not start:\n{log}"
        assert time.monotonic() < deadline, f"the town was not ready in time:\n{log}"
        time.sleep(0.1)  # the condition is a file of another process
    return file


def _read(file: Path) -> FullPortal:
    content = json.loads(file.read_text(encoding="utf-8"))
    return FullPortal(content["portal"], content["logins"])

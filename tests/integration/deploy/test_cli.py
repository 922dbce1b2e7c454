"""The `portail` command: its exit status, and one clear line when it fails."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.ports import Ports
from tests.conftest import free_port


def portail(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "deploy", *arguments],
        env={**os.environ, "PORTAIL_VAR": str(state)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["up", "--bus", "pigeon"],
        ["up", "--scale", "billing=0"],
        ["up", "--scale", "canteen=2"],
        ["up", "--port", "80"],
        ["bench", "no-such-case"],
        ["events", "--topic", "portail.canteen"],
        ["events", "--type", "cake-baked"],
        ["fly"],
    ],
)
def test_bad_usage_ends_with_status_2(tmp_path: Path, arguments: list[str]) -> None:
    assert portail(tmp_path, *arguments).returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["status"],
        ["replay"],
        ["events"],
        ["dlq", "list"],
        ["audit", "billing"],
        ["serve", "billing"],
        ["serve", "x"],
    ],
)
def test_what_needs_a_running_town_says_so_in_one_line(
    tmp_path: Path, arguments: list[str]
) -> None:
    ended = portail(tmp_path, *arguments)

    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1


def test_stopping_what_does_not_run_is_no_fault(tmp_path: Path) -> None:
    assert portail(tmp_path, "down").returncode == 0


def test_a_busy_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        portal = free_port() % 40_000 + 2000
        other.bind(("127.0.0.1", Ports(portal).of("billing")))
        other.listen()

        ended = portail(tmp_path, "up", "--port", str(portal))

    assert ended.returncode == 1
    assert f"port {portal + 4} (billing)" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1

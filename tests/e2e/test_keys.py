"""`portail keys` against a town that runs."""

import asyncio
import os
import sys

from deploy.trial import TrialTown


async def portail(town: TrialTown, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "deploy",
        *arguments,
        env={**os.environ, "PORTAIL_VAR": str(town.state)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    return process.returncode or 0, told.decode()


async def test_the_master_key_is_not_changed_under_a_running_town(demo_town: TrialTown) -> None:
    status, told = await portail(demo_town, "keys", "renew")
    assert status == 1
    assert "portail down" in told


async def test_a_rotation_with_nothing_to_do_says_so(demo_town: TrialTown) -> None:
    status, told = await portail(demo_town, "keys", "rotate")
    assert status == 0
    assert "0 keys wrapped anew" in told

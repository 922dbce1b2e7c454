"""A town on trial, as benches and browser tests have it."""

from pathlib import Path

import pytest

from deploy.errors import LaunchError
from deploy.trial import trial_town


async def test_a_town_that_cannot_start_says_why_at_once(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="rabbit"):
        async with trial_town(1, tmp_path, bus="rabbit"):
            pytest.fail("no such bus")

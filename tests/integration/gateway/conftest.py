"""A gateway in front of stand-ins, fresh for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.gateway.sample_pages import ROUTES, write_templates
from tests.integration.gateway.standins import RunningPortal, running_portal


@pytest.fixture
async def portal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningPortal]:
    """The gateway with a few pages of the tests' own."""
    folder = tmp_path_factory.mktemp("templates")
    write_templates(folder)
    async with running_portal(ROUTES, folder) as running:
        yield running

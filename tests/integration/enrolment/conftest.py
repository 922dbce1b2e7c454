"""The enrolment service on a real database and bus, at a fixed time."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.chassis.testing import RunningService
from services.enrolment.main import application
from tests.integration.enrolment.town import OFFICE_AGENT, YEAR
from tests.unit.enrolment.builders import NOW


@pytest.fixture(scope="package")
async def enrolment(start_service: Any) -> AsyncIterator[RunningService]:
    """One running service for all, with a school year; each test has its own families."""
    options = {"clock": lambda: NOW}
    async with await start_service("enrolment", application, options=options) as service:
        assert (await service.post("/school-years", OFFICE_AGENT, json=YEAR)).status == 200
        yield service

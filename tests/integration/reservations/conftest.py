"""The reservations service on a real database and bus, at a time that tests may move."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from deploy.settings import SCHOOL_ZONE
from services.chassis.testing import RunningService
from services.reservations.main import application
from services.reservations.settings import ReservationsSettings
from tests.integration.reservations.town import SetClock
from tests.unit.reservations.builders import NOW


@pytest.fixture(scope="package")
def shared_clock() -> SetClock:
    """The one clock of the running service."""
    return SetClock(NOW)


@pytest.fixture
def clock(shared_clock: SetClock) -> Iterator[SetClock]:
    """The service's clock, put right again after the test."""
    yield shared_clock
    shared_clock.now = NOW


@pytest.fixture(scope="package")
async def reservations(start_service: Any, shared_clock: SetClock) -> AsyncIterator[RunningService]:
    """One running service for all; each test has its own families and activities."""
    options = {"clock": shared_clock}
    async with await start_service(
        "reservations", application, ReservationsSettings, options=options, **SCHOOL_ZONE
    ) as service:
        service.clock = shared_clock
        yield service

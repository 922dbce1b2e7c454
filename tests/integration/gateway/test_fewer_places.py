"""Fewer places than are reserved are confirmed in the API, as they are on the page."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import ADMIN
from services.chassis.clock import paris_date, utc_now
from tests.integration.gateway.standins import RunningPortal, running_portal, session_token

RULE = {"kind": "none"}
CANTEEN: dict[str, Any] = {
    "code": "cantine",
    "name": "Cantine",
    "kind": "canteen",
    "school_year": "2026-2027",
    "place": "École du Bourg",
    "days": "school_days",
    "weekdays": [1, 2, 4, 5],
    "starts_at": "12:00",
    "ends_at": "13:30",
    "capacity": 20,
    "reserve_rule": RULE,
    "cancel_rule": RULE,
}
PATH = "/staff/activities"
OFFICE = session_token(ADMIN)


@pytest.fixture
async def town() -> AsyncIterator[RunningPortal]:
    """The gateway before an activity of 30 places, of which 25 are reserved in a week."""
    activity_id = str(uuid4())
    known = {"activity_id": activity_id, **CANTEEN, "capacity": 30}
    session = {
        "session_id": str(uuid4()),
        "activity_id": activity_id,
        "activity_name": "Cantine",
        "date": (paris_date(utc_now()) + timedelta(days=7)).isoformat(),
        "capacity": 30,
        "booked": 25,
    }
    async with running_portal() as running:
        running.services["enrolment"].answer("GET", "/activities", {"activities": [known]})
        running.services["enrolment"].answer("POST", "/activities", known)
        running.reservations.answer("GET", "/sessions", {"sessions": [session]})
        yield running


async def test_fewer_places_than_are_reserved_are_asked_about(town: RunningPortal) -> None:
    response = await town.api("POST", PATH, OFFICE, json=CANTEEN)
    assert response.status == 422
    (error,) = (await response.json())["errors"]
    assert error["field"] == "fewer_places_confirmed"
    assert "plus de 20 places réservées (jusqu’à 25" in error["message"]
    assert not town.services["enrolment"].requests("POST", "/activities")


async def test_the_answer_to_the_question_stays_at_the_gateway(town: RunningPortal) -> None:
    answered = CANTEEN | {"fewer_places_confirmed": True}
    headers = {"Idempotency-Key": "cle-1"}
    response = await town.api("POST", PATH, OFFICE, json=answered, headers=headers)
    assert response.status == 200, await response.text()
    (asked,) = town.services["enrolment"].requests("POST", "/activities")
    assert asked.json == CANTEEN
    assert asked.headers["Idempotency-Key"] == "cle-1"


async def test_enough_places_need_no_confirmation(town: RunningPortal) -> None:
    response = await town.api("POST", PATH, OFFICE, json=CANTEEN | {"capacity": 25})
    assert response.status == 200, await response.text()

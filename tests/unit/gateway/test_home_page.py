"""The home page says first what cannot wait."""

from datetime import datetime, timedelta
from uuid import uuid4

from gateway.pages.accueil import offers
from gateway.readers.reservations import Wait
from services.chassis.clock import PARIS

NOON = datetime(2026, 11, 26, 12, tzinfo=PARIS)


def wait(state: str, hours: int | None) -> Wait:
    return Wait(
        waiting_id=uuid4(),
        session_id=uuid4(),
        child_id=uuid4(),
        date=NOON.date(),
        state=state,
        answer_until=None if hours is None else NOON + timedelta(hours=hours),
        joined_at=NOON,
        changed_at=NOON,
    )


def test_offered_places_are_shown_the_most_pressing_first() -> None:
    late, soon = wait("offered", 48), wait("offered", 2)
    assert offers([wait("waiting", None), late, soon]) == [soon, late]

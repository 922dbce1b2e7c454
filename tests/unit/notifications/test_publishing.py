"""What notifications tells is what the published example shows."""

from datetime import UTC, datetime
from typing import Final

import pytest

from contracts.envelope import Event
from services.notifications import publishing
from services.notifications.model import Message
from tests.contract.published import example_id, example_of, written

MESSAGE = Message(
    message_id=example_id("10"),
    family_id=example_id("1"),
    kind="invoice_issued",
    concerns=example_id("c"),
    facts={"number": "2026-EJ-000123", "total_cents": 4620},
    guardian_id=None,
    activity_id=None,
    wished_channel=None,
    sealed_password=None,
    expires_at=None,
    channel="mail",
    status="queued",
    attempts=1,
    created_at=datetime(2026, 12, 1, 8, tzinfo=UTC),
    mail_to="camille.exemple@example.org",
)
TOLD: Final = (publishing.sent(MESSAGE, "mail"),)


@pytest.mark.parametrize("event", TOLD, ids=lambda event: type(event).__name__)
def test_what_is_told_is_the_published_example(event: Event) -> None:
    assert written(event) == example_of(type(event))


def test_neither_what_a_message_says_nor_its_address_is_told() -> None:
    told = publishing.sent(MESSAGE, "mail").model_dump_json()
    assert "2026-EJ-000123" not in told
    assert "camille.exemple" not in told

"""Absences: what can still be given back costs nothing, and is offered first."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from gateway.pages.absences import free_to_cancel
from gateway.readers import Calendar
from services.chassis.clock import PARIS

CHILD, SIBLING = uuid4(), uuid4()
NOON = datetime(2026, 11, 26, 12, tzinfo=PARIS)
SOON, LATER, SIBLINGS = date(2026, 11, 27), date(2026, 12, 4), date(2026, 12, 11)


def entry(child: object, cancel_until: datetime, *, reserved: bool = True) -> dict[str, object]:
    return {
        "session_id": uuid4(),
        "child_id": child,
        "activity_id": uuid4(),
        "activity_name": "Cantine",
        "state": "reserved" if reserved else "free",
        "reservation_id": uuid4() if reserved else None,
        "cancel_until": cancel_until,
    }


def test_only_the_childs_days_whose_limit_has_not_passed_are_free_to_cancel() -> None:
    before, after = NOON - timedelta(minutes=1), NOON + timedelta(days=3)
    entries = {
        SOON: [entry(CHILD, before)],
        LATER: [entry(CHILD, after)],
        SIBLINGS: [entry(SIBLING, after), entry(CHILD, after, reserved=False)],
    }
    days = [{"date": day, "entries": found} for day, found in entries.items()]
    calendar = Calendar.model_validate({"days": days})
    assert free_to_cancel(calendar, CHILD, NOON) == [LATER]

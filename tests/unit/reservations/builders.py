"""Activities, places and calendars with what a test does not care about filled in."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import services.reservations
from contracts.events.deadlines import NoDeadline, WorkingDaysBefore
from contracts.events.enrolment import AbsenceRule, AfterDeadline, Slot
from services.reservations.model.activities import Activity
from services.reservations.model.deadlines import at_paris
from services.reservations.model.places import Asker, Item, KnownSession, Place
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.model.town_calendar import TownCalendar

CALENDARS = Path(services.reservations.__file__).parent / "calendars"
SHIPPED = CALENDARS / "zone-b.json"
ZONE_B = SchoolCalendar.from_data(json.loads(SHIPPED.read_text(encoding="utf-8")))
TOWN = TownCalendar(ZONE_B)

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FAMILY = UUID("00000000-0000-4000-8000-0000000000f1")
OTHER_HOME = UUID("00000000-0000-4000-8000-0000000000f2")
TWO_DAYS_NOON = WorkingDaysBefore(days=2, at="12:00")
NO_DEADLINE = NoDeadline()

CANTEEN = Activity(
    activity_id=UUID("00000000-0000-4000-8000-0000000000c1"),
    version=1,
    name="Restaurant scolaire",
    kind="canteen",
    school_year="2026-2027",
    place="École du Bourg",
    starts_on=date(2026, 9, 1),
    ends_on=date(2027, 7, 2),
    days="school_days",
    weekdays=frozenset({1, 2, 4, 5}),
    slots=(Slot(starts_at="11:45", ends_at="13:30"),),
    capacity=120,
    reserve_rule=TWO_DAYS_NOON,
    cancel_rule=TWO_DAYS_NOON,
    after_deadline=AfterDeadline(),
    absence_rule=AbsenceRule(),
)


def activity(**changes: Any) -> Activity:
    """The canteen, but for this."""
    return replace(CANTEEN, **changes)


def known_session(**changes: Any) -> KnownSession:
    """A session of Friday 27 November 2026, to be reserved until Wednesday noon."""
    session = KnownSession(
        activity_id=CANTEEN.activity_id,
        day=date(2026, 11, 27),
        open=True,
        starts_at=at_paris(date(2026, 11, 27), time(11, 45)),
        ends_at=at_paris(date(2026, 11, 27), time(13, 30)),
        reserve_until=at_paris(date(2026, 11, 25), time(12)),
        free=3,
    )
    return replace(session, **changes)


def place(**changes: Any) -> Place:
    """An enrolled child's place that nobody holds."""
    free = Place(item=Item(uuid4(), uuid4()), session=known_session(), homes=(FAMILY,))
    return replace(free, **changes)


def parent(family_id: UUID = FAMILY) -> Asker:
    """A guardian of this family."""
    return Asker(family_id, by_staff=False, account_id=uuid4())


def agent(family_id: UUID | None = None) -> Asker:
    """The childcare office, asking for this family or for the child's only home."""
    return Asker(family_id, by_staff=True, account_id=uuid4())

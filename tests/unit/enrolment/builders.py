"""Activities, children and requests with what a test does not care about filled in."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from contracts.events.deadlines import WorkingDaysBefore
from contracts.events.enrolment import AbsenceRule, AfterDeadline, Slot, WaitingList
from services.enrolment.model.activities import Activity, Child
from services.enrolment.model.enrolments import Enrolment, Hand, Status, Wish
from services.enrolment.model.offers import Offer
from services.enrolment.model.years import SchoolYear

YEAR = SchoolYear("2026-2027", date(2026, 9, 1), date(2027, 7, 2))
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
AGENT = Hand("staff", UUID("00000000-0000-4000-8000-0000000000a9"))
PARENT = Hand("family", UUID("00000000-0000-4000-8000-0000000000b7"))
TWO_DAYS_NOON = WorkingDaysBefore(days=2, at="12:00")

CANTEEN = Offer(
    code="cantine-bourg",
    name="Restaurant scolaire du Bourg",
    kind="canteen",
    school_year=YEAR.label,
    place="École du Bourg",
    starts_on=YEAR.starts_on,
    ends_on=YEAR.ends_on,
    days="school_days",
    weekdays=(1, 2, 4, 5),
    slots=(Slot(starts_at="11:45", ends_at="13:30"),),
    capacity=120,
    reserve_rule=TWO_DAYS_NOON,
    cancel_rule=TWO_DAYS_NOON,
    min_age=3,
    max_age=11,
    after_deadline=AfterDeadline(),
    waiting_list=WaitingList(),
    absence_rule=AbsenceRule(),
)


def offer(**changes: Any) -> Offer:
    """The canteen, but for this."""
    return replace(CANTEEN, **changes)


def activity(**changes: Any) -> Activity:
    """A published activity."""
    return Activity(uuid4(), 1, offer(**changes))


def child(born: date = date(2019, 5, 12), school_class: str | None = None) -> Child:
    """A child born that day."""
    return Child(uuid4(), "Léa", "Martin", born, school_class=school_class)


def request(
    of: Activity | None = None,
    now: datetime = NOW,
    status: Literal[Status.DRAFT, Status.SUBMITTED] = Status.SUBMITTED,
) -> Enrolment:
    """A request that was just handed in, or a draft."""
    wanted = of or activity()
    return Enrolment.begun(
        uuid4(),
        Wish(uuid4(), uuid4(), wanted.activity_id),
        wanted,
        status=status,
        now=now,
        hand=PARENT,
        regulations_version=1,
    )

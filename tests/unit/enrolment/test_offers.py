"""An activity that contradicts itself is refused, each fault beside its field."""

from datetime import date, datetime
from typing import Any

import pytest

from contracts.events.deadlines import (
    ByWeekday,
    CalendarDaysBefore,
    Deadline,
    HoursBefore,
    MonthDay,
    NoDeadline,
    WeekdayBefore,
    WeekdayLimit,
    Window,
    Windows,
    WorkingDaysBefore,
)
from contracts.events.enrolment import AbsenceRule, AfterDeadline, AgeGroup, Slot
from services.chassis.clock import PARIS
from services.enrolment.errors import BadActivity
from services.enrolment.model.rules import EVERY_WEEKDAY
from services.enrolment.schemas.offers import ActivityBody
from tests.unit.enrolment.builders import YEAR, offer

MORNING = Slot(code="matin", name="Matin", starts_at="08:00", ends_at="12:00")
DAY = Slot(code="journee", name="Journée", starts_at="08:00", ends_at="18:00")
SMALL = AgeGroup(name="Petits", min_age=3, max_age=5)


def window(first: str, last: str, closes: str, opens: str | None = None) -> Window:
    def instant(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=PARIS)

    return Window(
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
        opens=instant(opens) if opens else None,
        closes=instant(closes),
    )


def table(*limits: WeekdayLimit) -> ByWeekday:
    return ByWeekday(limits=limits)


def windows(*found: Window) -> Windows:
    return Windows(windows=found)


def faults(**changes: Any) -> list[str]:
    with pytest.raises(BadActivity) as refusal:
        offer(**changes)
    return [error.field for error in refusal.value.errors]


def test_a_certificate_is_not_prompt_after_it_is_too_late() -> None:
    late = AbsenceRule(certificate_days=3, waiting_days=1, prompt_days=4)
    assert faults(absence_rule=late) == ["absence_rule.prompt_days"]


@pytest.mark.parametrize(
    ("slots", "fields"),
    [
        ((), ["slots"]),
        ((MORNING,), ["slots.0.code"]),
        ((MORNING, MORNING), ["slots.0.code", "slots.1.code"]),
        ((MORNING, DAY.model_copy(update={"code": ""})), ["slots.1.code"]),
        ((MORNING, DAY.model_copy(update={"name": ""})), ["slots.1.name"]),
        ((MORNING, DAY.model_copy(update={"ends_at": "07:00"})), ["slots.1.ends_at"]),
        (tuple(MORNING.model_copy(update={"code": str(n)}) for n in range(7)), ["slots"]),
    ],
)
def test_slots_that_cannot_be_told_apart_or_end_before_they_begin(
    slots: tuple[Slot, ...], fields: list[str]
) -> None:
    assert faults(slots=slots) == fields


@pytest.mark.parametrize(
    ("groups", "fields"),
    [
        ((SMALL, SMALL), ["age_groups.0.name", "age_groups.1.name", "age_groups.1.min_age"]),
        ((SMALL, AgeGroup(name="Grands", min_age=5, max_age=11)), ["age_groups.1.min_age"]),
        ((AgeGroup(name="Petits", min_age=5, max_age=3),), ["age_groups.0.max_age"]),
        ((SMALL.model_copy(update={"capacity": 121}),), ["age_groups.0.capacity"]),
    ],
)
def test_age_groups_that_overlap_or_hold_more_than_the_activity(
    groups: tuple[AgeGroup, ...], fields: list[str]
) -> None:
    assert faults(age_groups=groups) == fields


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        (WorkingDaysBefore(days=366, at="12:00"), ["days"]),
        (WorkingDaysBefore(days=-1, at="12:00"), ["days"]),
        (
            WorkingDaysBefore.model_validate(
                {"days": 2, "at": "12:00", "not_counted": sorted(EVERY_WEEKDAY)}
            ),
            ["not_counted"],
        ),
        (CalendarDaysBefore(days=400, at="12:00"), ["days"]),
        (HoursBefore(hours=0), ["hours"]),
        (WeekdayBefore(weekday=8, at="12:00"), ["weekday"]),
        # The canteen's last day is Friday: a limit on Saturday of the same week comes after all.
        (WeekdayBefore(weekday=6, weeks=0, at="12:00"), ["weekday"]),
        (table(), ["limits"]),
        (
            table(WeekdayLimit(session_weekday=3, weekday=2, at="12:00")),
            ["limits.0.session_weekday"],
        ),
        (
            table(
                WeekdayLimit(session_weekday=1, weekday=5, weeks=1, at="12:00"),
                WeekdayLimit(session_weekday=1, weekday=4, weeks=1, at="12:00"),
            ),
            ["limits.0.session_weekday", "limits.1.session_weekday"],
        ),
        (table(WeekdayLimit(session_weekday=1, weekday=2, at="12:00")), ["limits.0.weekday"]),
        (MonthDay(day=32, at="12:00"), ["day"]),
        (MonthDay(day=20, months=13, at="12:00"), ["months"]),
        (windows(), ["windows"]),
        (windows(window("2027-07-30", "2027-07-05", "2027-06-20T12:00")), ["windows.0.last"]),
        (
            windows(window("2027-07-05", "2027-07-30", "2027-06-01T12:00", "2027-06-02T08:00")),
            ["windows.0.closes"],
        ),
        (windows(window("2027-07-05", "2027-07-30", "2027-08-01T12:00")), ["windows.0.closes"]),
        (
            windows(
                window("2027-07-20", "2027-08-30", "2027-06-20T12:00"),
                window("2027-07-05", "2027-07-20", "2027-06-20T12:00"),
            ),
            ["windows.0.first"],
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_for_reserving_and_for_cancelling(
    rule: Deadline, fields: list[str]
) -> None:
    assert faults(reserve_rule=rule) == [f"reserve_rule.{field}" for field in fields]
    assert faults(cancel_rule=rule) == [f"cancel_rule.{field}" for field in fields]


def test_a_second_limit_is_of_use_only_where_late_wishes_are_taken() -> None:
    eve = CalendarDaysBefore(days=1, at="18:00")
    assert faults(after_deadline=AfterDeadline(until=eve)) == ["after_deadline.until"]
    offer(after_deadline=AfterDeadline(policy="late", until=eve))
    never = AfterDeadline(policy="ask", until=HoursBefore(hours=-1))
    assert faults(after_deadline=never) == ["after_deadline.until.hours"]


def body(**changes: Any) -> ActivityBody:
    rule = {"kind": "working_days_before", "days": 2, "at": "12:00"}
    known = {
        "code": "cantine",
        "name": "Restaurant scolaire",
        "kind": "canteen",
        "school_year": "2026-2027",
        "place": "École du Bourg",
        "days": "school_days",
        "weekdays": [4, 1, 2, 5],
        "starts_at": "11:45",
        "ends_at": "13:30",
        "capacity": 120,
        "reserve_rule": rule,
        "cancel_rule": {"kind": "none", "days": 0, "at": "23:59"},
    }
    return ActivityBody.model_validate({**known, **changes})


def test_an_activity_described_as_before_slots_has_one_slot_and_the_usual_rules() -> None:
    made = body().offer(YEAR.starts_on, YEAR.ends_on)
    assert made.slots == (Slot(starts_at="11:45", ends_at="13:30"),)
    assert made.reserve_rule == WorkingDaysBefore(days=2, at="12:00")
    assert made.cancel_rule == NoDeadline()
    assert (made.starts_on, made.ends_on) == (YEAR.starts_on, YEAR.ends_on)
    assert made.weekdays == (1, 2, 4, 5)
    assert made.after_deadline == AfterDeadline()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"ends_at": "11:00"}, ["ends_at"]),
        ({"starts_at": None}, ["starts_at"]),
        ({"starts_at": None, "ends_at": None}, ["starts_at", "ends_at"]),
    ],
)
def test_hours_in_the_place_of_slots_are_named_as_they_were_sent(
    changes: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(BadActivity) as refusal:
        body(**changes).offer(YEAR.starts_on, YEAR.ends_on)
    assert [error.field for error in refusal.value.errors] == fields


def test_instants_without_an_offset_are_those_of_paris() -> None:
    rule = {
        "kind": "windows",
        "windows": [{"first": "2027-07-05", "last": "2027-07-30", "closes": "2027-06-20T23:59:00"}],
    }
    made = body(reserve_rule=rule).offer(YEAR.starts_on, date(2027, 7, 30))
    assert isinstance(made.reserve_rule, Windows)
    closes = made.reserve_rule.windows[0].closes
    assert closes == datetime(2027, 6, 20, 23, 59, tzinfo=PARIS)

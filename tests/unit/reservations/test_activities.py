"""Which sessions an activity's calendar makes."""

from datetime import date, time
from uuid import uuid4, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.events.deadlines import CalendarDaysBefore
from contracts.events.enrolment import AfterDeadline, Slot
from services.reservations.model.activities import PlannedSession, plan_sessions, session_id
from services.reservations.model.deadlines import at_paris
from services.reservations.model.periods import Period
from services.reservations.model.town_calendar import Closure, TownCalendar
from tests.unit.reservations.builders import CANTEEN, NO_DEADLINE, TOWN, ZONE_B, activity


def days_of(**changes: object) -> list[date]:
    return sorted(session.day for session in plan_sessions(activity(**changes), TOWN))


def test_the_canteen_opens_on_its_weekdays_of_class() -> None:
    days = days_of(starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 15))
    # Monday, Tuesday, Thursday, Friday of two weeks; Wednesday 11 is Armistice anyway.
    assert [day.day for day in days] == [2, 3, 5, 6, 9, 10, 12, 13]


def test_a_whole_school_year_of_the_canteen() -> None:
    days = days_of()
    assert len(days) == 139
    assert days[0] == date(2026, 9, 1)
    assert days[-1] == date(2027, 7, 2)
    assert date(2027, 5, 7) not in days  # the Ascension bridge
    assert date(2027, 5, 17) not in days  # Whit Monday


def test_wednesdays_are_those_of_the_term() -> None:
    days = days_of(days="wednesdays", weekdays=frozenset({3}))
    assert all(day.isoweekday() == 3 for day in days)
    assert date(2026, 11, 11) not in days
    assert date(2026, 10, 21) not in days
    assert len(days) == 35


def test_wednesdays_only_even_when_other_weekdays_are_named() -> None:
    assert days_of(days="wednesdays", weekdays=frozenset(range(1, 8))) == days_of(
        days="wednesdays", weekdays=frozenset({3})
    )


def test_the_leisure_centre_opens_in_the_school_holidays() -> None:
    days = days_of(
        days="holidays",
        weekdays=frozenset(range(1, 6)),
        starts_on=date(2026, 12, 14),
        ends_on=date(2027, 1, 10),
    )
    assert [f"{day:%d/%m}" for day in days] == [
        *("21/12", "22/12", "23/12", "24/12"),
        *("28/12", "29/12", "30/12", "31/12"),
    ]


def test_the_leisure_centre_opens_in_summer_after_the_last_class() -> None:
    days = days_of(
        days="holidays",
        weekdays=frozenset(range(1, 6)),
        starts_on=date(2027, 6, 28),
        ends_on=date(2027, 7, 16),
    )
    assert days[0] == date(2027, 7, 5)
    assert date(2027, 7, 14) not in days


def test_hours_and_limits_are_instants() -> None:
    planned = plan_sessions(
        activity(starts_on=date(2026, 11, 27), ends_on=date(2026, 11, 27), cancel_rule=NO_DEADLINE),
        TOWN,
    )
    day = date(2026, 11, 27)
    assert planned == [
        PlannedSession(
            session_id=session_id(CANTEEN.activity_id, day),
            day=day,
            slot=CANTEEN.slots[0],
            starts_at=at_paris(day, time(11, 45)),
            ends_at=at_paris(day, time(13, 30)),
            capacity=120,
            reserve_from=None,
            reserve_until=at_paris(date(2026, 11, 25), time(12)),
            cancel_until=at_paris(day, time(11, 45)),
            late_policy="refuse",
            late_until=at_paris(date(2026, 11, 25), time(12)),
            closed_reason=None,
        )
    ]


def test_an_activity_outside_the_known_years_has_no_sessions_yet() -> None:
    assert days_of(starts_on=date(2028, 9, 1), ends_on=date(2029, 7, 1)) == []


def test_each_slot_of_a_day_is_a_session_with_its_own_hours_and_places() -> None:
    slots = (
        Slot(code="matin", name="Matin", starts_at="08:00", ends_at="12:00"),
        Slot(code="journee", name="Journée", starts_at="08:00", ends_at="18:00", capacity=40),
    )
    day = date(2026, 11, 25)
    wednesday = activity(
        days="wednesdays", weekdays=frozenset({3}), slots=slots, starts_on=day, ends_on=day
    )
    planned = {session.slot.code: session for session in plan_sessions(wednesday, TOWN)}
    assert {code: session.capacity for code, session in planned.items()} == {
        "matin": 120,
        "journee": 40,
    }
    assert planned["journee"].ends_at == at_paris(day, time(18))
    assert {session.session_id for session in planned.values()} == {
        session_id(CANTEEN.activity_id, day, "matin"),
        session_id(CANTEEN.activity_id, day, "journee"),
    }
    # Each slot has its own limit: none lies after its own start.
    assert planned["matin"].reserve_until == at_paris(date(2026, 11, 23), time(12))


def test_the_only_slot_keeps_the_session_that_the_day_had_before_there_were_slots() -> None:
    day = date(2026, 11, 27)
    assert session_id(CANTEEN.activity_id, day) == uuid5(CANTEEN.activity_id, "2026-11-27")


def test_a_closed_day_has_its_sessions_closed_with_the_reason() -> None:
    bridge = Closure(uuid4(), Period(date(2026, 11, 26), date(2026, 11, 27)), None, "Grève")
    week = activity(starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 27))
    reasons = {
        s.day.day: s.closed_reason for s in plan_sessions(week, TownCalendar(ZONE_B, (bridge,)))
    }
    assert reasons == {23: None, 24: None, 26: "Grève", 27: "Grève"}


def test_a_closure_of_other_activities_or_after_the_last_day_changes_nothing_here() -> None:
    elsewhere = Closure(
        uuid4(), Period(date(2026, 11, 27), date(2026, 11, 27)), frozenset({uuid4()}), "Travaux"
    )
    later = Closure(uuid4(), Period(date(2027, 8, 2), date(2027, 8, 2)), None, "Travaux")
    here = TownCalendar.of_activity(
        CANTEEN.activity_id, CANTEEN.ends_on, ZONE_B, [elsewhere, later]
    )
    assert here == TOWN
    assert here.fingerprint == TOWN.fingerprint


def test_after_the_limit_a_late_wish_may_be_taken_until_its_own_limit() -> None:
    day = date(2026, 11, 27)
    eve = CalendarDaysBefore(days=1, at="18:00")
    late = activity(
        starts_on=day, ends_on=day, after_deadline=AfterDeadline(policy="late", until=eve)
    )
    [session] = plan_sessions(late, TOWN)
    assert session.late_policy == "late"
    assert session.late_until == at_paris(date(2026, 11, 26), time(18))
    [to_the_start] = plan_sessions(
        activity(starts_on=day, ends_on=day, after_deadline=AfterDeadline(policy="ask")), TOWN
    )
    assert to_the_start.late_until == to_the_start.starts_at


weekday_sets = st.frozensets(st.integers(1, 7), min_size=1)
year_days = st.dates(date(2026, 8, 1), date(2027, 9, 30))


@settings(deadline=None)  # a year of sessions on a busy machine
@given(weekdays=weekday_sets, first=year_days, last=year_days)
def test_no_day_is_both_a_day_of_class_and_of_the_holidays(
    weekdays: frozenset[int], first: date, last: date
) -> None:
    period = {"weekdays": weekdays, "starts_on": first, "ends_on": last}
    term, holidays = set(days_of(**period)), set(days_of(days="holidays", **period))
    assert term.isdisjoint(holidays)
    assert all(day.isoweekday() in weekdays and first <= day <= last for day in term | holidays)


@settings(deadline=None)
@given(first=year_days, last=year_days)
def test_making_the_sessions_again_makes_the_same_ones(first: date, last: date) -> None:
    republished = activity(starts_on=first, ends_on=last, name="Un autre nom", version=2)
    again = plan_sessions(activity(starts_on=first, ends_on=last), TOWN)
    assert plan_sessions(republished, TOWN) == again
    assert again == sorted(again, key=lambda session: session.session_id)

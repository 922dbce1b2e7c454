"""Which sessions an activity's calendar makes."""

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from services.reservations.model.activities import PlannedSession, plan_sessions, session_id
from services.reservations.model.deadlines import at_paris
from tests.unit.reservations.builders import CANTEEN, NO_DEADLINE, ZONE_B, activity


def days_of(**changes: object) -> list[date]:
    return sorted(session.day for session in plan_sessions(activity(**changes), ZONE_B))


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
        ZONE_B,
    )
    day = date(2026, 11, 27)
    assert planned == [
        PlannedSession(
            session_id=session_id(CANTEEN.activity_id, day),
            day=day,
            starts_at=at_paris(day, time(11, 45)),
            ends_at=at_paris(day, time(13, 30)),
            capacity=120,
            reserve_until=at_paris(date(2026, 11, 25), time(12)),
            cancel_until=at_paris(day, time(11, 45)),
        )
    ]


def test_an_activity_outside_the_known_years_has_no_sessions_yet() -> None:
    assert days_of(starts_on=date(2027, 9, 1), ends_on=date(2028, 7, 1)) == []


weekday_sets = st.frozensets(st.integers(1, 7), min_size=1)
year_days = st.dates(date(2026, 8, 1), date(2027, 9, 30))


@given(weekdays=weekday_sets, first=year_days, last=year_days)
def test_no_day_is_both_a_day_of_class_and_of_the_holidays(
    weekdays: frozenset[int], first: date, last: date
) -> None:
    period = {"weekdays": weekdays, "starts_on": first, "ends_on": last}
    term, holidays = set(days_of(**period)), set(days_of(days="holidays", **period))
    assert term.isdisjoint(holidays)
    assert all(day.isoweekday() in weekdays and first <= day <= last for day in term | holidays)


@given(first=year_days, last=year_days)
def test_making_the_sessions_again_makes_the_same_ones(first: date, last: date) -> None:
    republished = activity(starts_on=first, ends_on=last, name="Un autre nom", version=2)
    again = plan_sessions(activity(starts_on=first, ends_on=last), ZONE_B)
    assert plan_sessions(republished, ZONE_B) == again
    assert again == sorted(again, key=lambda session: session.session_id)

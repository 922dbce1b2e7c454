"""What the demo families ask for."""

from collections import Counter
from datetime import date

import pytest

from deploy.demo import town
from deploy.demo.families import make_families
from deploy.demo.wishes import attendance, weeks_around, wishes, with_codes
from services.enrolment.model.years import SchoolYear
from services.enrolment.schemas.offers import ActivityBody

TODAY = date(2026, 11, 23)
FAMILIES = make_families(600, TODAY)
WISHES = wishes(FAMILIES)
YEAR = SchoolYear(
    town.SCHOOL_YEAR["label"], date(2026, 9, 1), date.fromisoformat(town.SCHOOL_YEAR["ends_on"])
)


def test_some_hundreds_of_children_enrol_and_a_few_requests_wait() -> None:
    assert 400 < len(WISHES) < 1000
    assert 0 < sum(wish.waiting for wish in WISHES) < len(WISHES) / 10


def test_every_activity_is_asked_for_and_none_twice_for_a_child() -> None:
    # The summer has requests of its own: its places are given by criteria.
    codes = {a["code"] for a in town.ACTIVITIES} - {town.SUMMER}
    assert {wish.activity for wish in WISHES} == codes
    pairs = Counter((w.family.reference, w.child.first_name, w.activity) for w in WISHES)
    assert max(pairs.values()) == 1


def test_every_wish_fits_the_child_s_age() -> None:
    ages = {a["code"]: (a["min_age"], a["max_age"]) for a in town.ACTIVITIES}
    for wish in WISHES:
        low, high = ages[wish.activity]
        assert low <= YEAR.age_of(wish.child.birth_date) <= high


def test_every_weekday_booked_is_one_of_the_activity_s() -> None:
    weekdays = {a["code"]: set(a["weekdays"]) for a in town.ACTIVITIES}
    assert all(set(wish.weekdays) <= weekdays[wish.activity] for wish in WISHES)


def test_the_demo_s_own_two_families_are_left_to_themselves() -> None:
    own = {family.reference for family in FAMILIES[:2]}
    assert own.isdisjoint(wish.family.reference for wish in WISHES)
    assert own.isdisjoint(family.reference for family in with_codes(FAMILIES))


def test_codes_go_to_a_part_of_the_families_some_by_letter() -> None:
    chosen = with_codes(FAMILIES)
    assert 0.15 < len(chosen) / len(FAMILIES) < 0.35
    assert any(not family.mail for family in chosen)


def test_attendance_is_the_same_in_each_load_and_nearly_always_presence() -> None:
    states = Counter(attendance(f"F{number}") for number in range(1000))
    assert states["present"] > 900
    assert set(states) == {"present", "absent", "excused"}


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 23), date(2026, 11, 9), date(2026, 12, 6)),
        (date(2026, 9, 2), date(2026, 9, 1), date(2026, 9, 13)),
        (date(2026, 7, 14), date(2026, 9, 1), date(2026, 9, 13)),
        (date(2027, 7, 31), date(2027, 6, 14), date(2027, 7, 2)),
    ],
)
def test_the_weeks_shown_stay_within_the_school_year(today: date, first: date, last: date) -> None:
    assert weeks_around(today) == (first, last)


def test_the_town_s_activities_hold_together() -> None:
    for activity in town.ACTIVITIES:
        offer = ActivityBody(**activity).offer(YEAR.starts_on, YEAR.ends_on)
        offer.check_year(YEAR)


def test_every_quotient_has_one_price() -> None:
    for activity in town.ACTIVITIES:
        bands = town.tariff(activity["kind"])["bands"]
        assert (bands[0]["from_quotient"], bands[-1]["to_quotient"]) == (0, None)
        assert [b["to_quotient"] for b in bands[:-1]] == [b["from_quotient"] for b in bands[1:]]
        prices = [band["price_cents"] for band in bands]
        assert prices == sorted(prices)

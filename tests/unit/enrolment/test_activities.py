"""Who may ask for what, and what becomes of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrolment.errors import (
    ActivityOver,
    AgeOutOfRange,
    BadActivity,
    BadSchoolYear,
    ClassNotAdmitted,
    PeriodInUse,
)
from services.enrolment.model.activities import family_label
from services.enrolment.model.years import SchoolYear
from tests.unit.enrolment.builders import (
    CANTEEN,
    TODAY,
    YEAR,
    activity,
    child,
    offer,
)


def test_a_school_year_is_named_after_its_two_calendar_years() -> None:
    with pytest.raises(BadSchoolYear) as refusal:
        SchoolYear("2026-2028", date(2026, 9, 1), date(2027, 7, 2))
    assert [error.field for error in refusal.value.errors] == ["label"]


def test_a_school_year_ends_in_its_second_calendar_year() -> None:
    with pytest.raises(BadSchoolYear) as refusal:
        SchoolYear("2026-2027", date(2026, 9, 1), date(2026, 12, 18))
    assert [error.field for error in refusal.value.errors] == ["ends_on"]


def test_the_summer_holidays_belong_to_the_year_before_them() -> None:
    offer(kind="holiday", starts_on=date(2027, 7, 5), ends_on=date(2027, 8, 31)).check_year(YEAR)


def test_an_activity_cannot_reach_beyond_its_school_year() -> None:
    with pytest.raises(BadActivity) as refusal:
        offer(starts_on=date(2026, 8, 31), ends_on=date(2027, 9, 1)).check_year(YEAR)
    assert [error.field for error in refusal.value.errors] == ["starts_on", "ends_on"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"min_age": 6, "max_age": 5}, "max_age"),
        ({"starts_on": date(2027, 7, 2), "ends_on": date(2026, 9, 1)}, "ends_on"),
        ({"weekdays": (1, 1)}, "weekdays"),
        ({"weekdays": ()}, "weekdays"),
    ],
)
def test_an_activity_that_contradicts_itself_is_refused(
    changes: dict[str, object], field: str
) -> None:
    with pytest.raises(BadActivity) as refusal:
        offer(**changes)
    assert [error.field for error in refusal.value.errors] == [field]


def test_a_child_that_turns_three_in_december_is_three_for_the_schools() -> None:
    activity().check_open_to(child(born=date(2023, 12, 31)), YEAR, TODAY)


def test_a_child_that_turns_three_in_january_waits_for_the_next_year() -> None:
    with pytest.raises(AgeOutOfRange) as refusal:
        activity().check_open_to(child(born=date(2024, 1, 1)), YEAR, TODAY)
    assert refusal.value.errors[0].field == "child_id"
    assert "de 3 à 11 ans" in refusal.value.errors[0].message


@given(born=st.dates(date(2010, 1, 1), date(2026, 11, 23)))
def test_age_is_judged_by_the_year_of_birth_alone(born: date) -> None:
    new_year = born.replace(month=1, day=1)
    assert YEAR.age_of(born) == YEAR.age_of(new_year) == 2026 - born.year


def test_a_child_of_another_class_is_told_which_are_admitted() -> None:
    with pytest.raises(ClassNotAdmitted) as refusal:
        activity(classes=("PS", "MS")).check_open_to(child(school_class="CE1"), YEAR, TODAY)
    assert refusal.value.errors[0].field == "child_id"
    assert "Léa est en CE1" in refusal.value.errors[0].message
    assert "classes admises : PS, MS." in refusal.value.errors[0].message


@pytest.mark.parametrize("school_class", ["CP", "cp B", "CP-CE1", "ce1/cp", None, "", "?"])
def test_a_child_of_an_admitted_or_an_unknown_class_may_come(school_class: str | None) -> None:
    activity(classes=("CP",)).check_open_to(child(school_class=school_class), YEAR, TODAY)


def test_classes_are_judged_from_the_first_day_of_the_school_year() -> None:
    for_the_cp, leaves_the_gs = activity(classes=("CP",)), child(school_class="GS")
    for_the_cp.check_open_to(leaves_the_gs, YEAR, YEAR.starts_on - timedelta(days=1))
    with pytest.raises(ClassNotAdmitted):
        for_the_cp.check_open_to(leaves_the_gs, YEAR, YEAR.starts_on)


def test_on_its_last_day_an_activity_still_takes_a_request() -> None:
    activity().check_open_to(child(), YEAR, CANTEEN.ends_on)


def test_an_activity_that_is_over_takes_no_request() -> None:
    with pytest.raises(ActivityOver):
        activity().check_open_to(child(), YEAR, CANTEEN.ends_on + timedelta(days=1))


def test_next_year_can_be_asked_for_before_it_begins() -> None:
    activity().check_open_to(child(), YEAR, date(2026, 6, 1))


def test_publishing_the_same_offer_again_changes_nothing() -> None:
    canteen = activity()
    assert canteen.published_as(offer(), in_use=True) is canteen


def test_a_changed_offer_is_a_new_version_of_the_same_activity() -> None:
    canteen = activity()
    larger = canteen.published_as(offer(capacity=140), in_use=True)
    assert (larger.activity_id, larger.version) == (canteen.activity_id, 2)


def test_the_period_cannot_move_once_a_child_is_enrolled() -> None:
    shorter = offer(ends_on=date(2027, 6, 25))
    with pytest.raises(PeriodInUse):
        activity().published_as(shorter, in_use=True)
    assert activity().published_as(shorter, in_use=False).offer.ends_on == date(2027, 6, 25)


def test_a_family_is_listed_under_each_of_its_last_names_once() -> None:
    assert family_label(["Lefèvre", "Martin", "Lefèvre"]) == "LEFÈVRE – MARTIN"

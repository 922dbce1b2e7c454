"""When families may ask, and from which day there is a place."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrolment.errors import BadAdmission, NotOpenYet, WindowClosed
from services.enrolment.model.admission import (
    Admission,
    Stay,
    busiest,
    first_free_day,
    places_left,
)
from tests.unit.enrolment.builders import CANTEEN, TODAY, YEAR

OPENS = datetime(2027, 6, 2, 6, 30, tzinfo=UTC)
CLOSES = datetime(2027, 6, 20, 21, 59, tzinfo=UTC)


def admission(**changes: Any) -> Admission:
    return Admission(CANTEEN_ID, **changes)


CANTEEN_ID = uuid4()
LAST = YEAR.ends_on


def test_an_activity_of_which_nothing_was_settled_takes_requests_at_any_time() -> None:
    assert admission().window(OPENS) == "open"
    assert not admission().decides_at_once


def test_before_the_window_the_exact_date_and_hour_of_its_opening_is_told() -> None:
    early = OPENS - timedelta(seconds=1)
    with pytest.raises(NotOpenYet) as refusal:
        admission(opens_at=OPENS, closes_at=CLOSES).check_open(early)
    assert refusal.value.detail == "Les demandes ouvrent le 02/06/2027 à 08:30."


def test_after_it_the_hour_of_its_closing_is() -> None:
    late = CLOSES + timedelta(seconds=1)
    with pytest.raises(WindowClosed) as refusal:
        admission(opens_at=OPENS, closes_at=CLOSES).check_open(late)
    assert refusal.value.detail == "Les demandes ont été closes le 20/06/2027 à 23:59."


def test_the_limits_themselves_are_in_time() -> None:
    window = admission(opens_at=OPENS, closes_at=CLOSES)
    assert [window.window(at) for at in (OPENS, CLOSES)] == ["open", "open"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"opens_at": CLOSES, "closes_at": OPENS}, "closes_at"),
        ({"mode": "allocation"}, "places"),
    ],
)
def test_what_contradicts_itself_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadAdmission) as refusal:
        admission(**changes)
    assert [error.field for error in refusal.value.errors] == [field]


def test_places_by_criteria_are_never_given_at_once() -> None:
    assert admission(automatic=True).decides_at_once
    assert not admission(automatic=True, mode="allocation", places=8).decides_at_once


def test_the_place_of_a_child_that_leaves_is_free_on_the_next_day() -> None:
    leaving = TODAY + timedelta(days=18)
    stays = [Stay(CANTEEN.starts_on, LAST), Stay(CANTEEN.starts_on, leaving)]
    assert first_free_day(2, stays, TODAY, LAST) == leaving + timedelta(days=1)
    taken = [*stays, Stay(leaving + timedelta(days=1), LAST)]
    assert first_free_day(2, taken, TODAY, LAST) is None


def test_a_place_is_free_at_once_when_somebody_left_before() -> None:
    assert first_free_day(1, [Stay(CANTEEN.starts_on, TODAY - timedelta(days=1))], TODAY, LAST) == (
        TODAY
    )


def test_without_a_limit_there_is_always_a_place() -> None:
    stays = [Stay(CANTEEN.starts_on, LAST)] * 500
    assert first_free_day(None, stays, TODAY, LAST) == TODAY
    assert places_left(admission(), stays, TODAY) is None


def test_fewer_places_than_children_leave_none() -> None:
    stays = [Stay(CANTEEN.starts_on, LAST)] * 5
    assert places_left(admission(places=3), stays, TODAY) == 0


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


periods = st.tuples(st.integers(-5, 20), st.integers(0, 20)).map(
    lambda p: Stay(day(p[0]), day(p[0] + p[1]))
)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(periods, max_size=8), st.integers(0, 5))
def test_a_child_let_in_on_its_first_free_day_never_overfills_any_day(
    stays: list[Stay], places: int
) -> None:
    last = day(45)
    free = first_free_day(places, stays, TODAY, last)
    days = [day(n) for n in range(46)]
    counts = {d: sum(s.first <= d <= s.last for s in stays) for d in days}
    if free is None:
        assert counts[last] >= places
    else:
        assert all(counts[d] < places for d in days if d >= free)
        assert free == TODAY or any(counts[d] >= places for d in days if d < free)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(periods, max_size=8))
def test_the_busiest_day_is_found_wherever_it_is(stays: list[Stay]) -> None:
    days = [day(n) for n in range(60)]
    assert busiest(stays, TODAY) == max(sum(s.first <= d <= s.last for s in stays) for d in days)

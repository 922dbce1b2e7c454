"""Who is next in line, until when to answer, and how many adults a group needs."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.reservations.model.places import Item
from services.reservations.model.staffing import adults_for
from services.reservations.model.waiting import Line, Waiter, WaitingMode

START = datetime(2026, 11, 27, 10, 45, tzinfo=UTC)
SESSION = uuid4()


def waiter(group: int | None = None, room: int | None = None, *, enrolled: bool = True) -> Waiter:
    return Waiter(
        waiting_id=uuid4(),
        item=Item(uuid4(), SESSION),
        family_id=uuid4(),
        age_group=group,
        group_room=room,
        is_enrolled=enrolled,
    )


def line(*waiters: Waiter, free: int = 1, mode: WaitingMode = "offer") -> Line:
    return Line(SESSION, free, START, mode, answer_hours=24, notice_hours=24, waiters=waiters)


def test_the_first_in_line_is_next() -> None:
    first, second = waiter(), waiter()
    assert line(first, second).next_ones() == [first]
    assert line(first, second, free=5).next_ones() == [first, second]


def test_who_does_not_fit_keeps_the_rank_and_lets_the_next_pass() -> None:
    small, big = waiter(group=1, room=0), waiter(group=2, room=3)
    assert line(small, big).next_ones() == [big]


def test_who_is_not_enrolled_any_more_has_no_turn() -> None:
    gone, there = waiter(enrolled=False), waiter()
    assert line(gone, there).next_ones() == [there]
    assert (gone.leaves_for, there.leaves_for) == ("over", None)


@given(
    free=st.integers(-2, 5),
    groups=st.lists(st.sampled_from([None, 1, 2]), max_size=8),
    rooms=st.fixed_dictionaries({1: st.integers(0, 3), 2: st.integers(0, 3)}),
)
def test_nobody_is_passed_over_who_would_fit(
    free: int, groups: list[int | None], rooms: dict[int, int]
) -> None:
    waiters = [waiter(group, rooms[group] if group else None) for group in groups]
    chosen = line(*waiters, free=free).next_ones()
    assert len(chosen) <= max(free, 0)
    assert chosen == sorted(chosen, key=waiters.index)
    for group, room in rooms.items():
        assert sum(w.age_group == group for w in chosen) <= room
    # With a place left over, whoever was not chosen finds no room in the group.
    for left in (w for w in waiters if w not in chosen):
        taken = sum(w.age_group == left.age_group for w in chosen)
        full = left.age_group is not None and taken >= rooms[left.age_group]
        assert full or len(chosen) >= max(free, 0)


def test_an_offer_ends_with_the_last_call_at_the_latest() -> None:
    offers = line(waiter())
    early = START - timedelta(days=5)
    assert offers.answer_until(early) == early + timedelta(hours=24)
    late = START - timedelta(hours=30)
    assert offers.answer_until(late) == START - timedelta(hours=24)


def test_at_short_notice_and_without_a_list_nobody_is_served() -> None:
    assert line(waiter()).is_served_at(START - timedelta(hours=25))
    assert not line(waiter()).is_served_at(START - timedelta(hours=24))
    assert not line(waiter(), mode="none").is_served_at(START - timedelta(days=9))


def test_each_begun_group_of_children_needs_an_adult() -> None:
    assert [adults_for(n, 8) for n in (0, 1, 8, 9, 16, 17)] == [0, 1, 1, 2, 2, 3]
    assert adults_for(12, None) is None

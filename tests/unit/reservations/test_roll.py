"""The roll: marks, corrections, repetitions, hours, and tablets that were away for a while."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reservations.errors import NotOnTheRoll
from services.reservations.model.roll import (
    ANOTHER_DAY,
    BACKWARDS,
    STRANGER,
    TAKEN_ELSEWHERE,
    HeldSession,
    Hour,
    Line,
    Mark,
    Taken,
    apply_marks,
    believed,
    refuse_wrong_marks,
)
from tests.unit.reservations.builders import FAMILY

DAY = date(2026, 11, 27)
ENDS_AT = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
EIGHT = datetime(2026, 11, 27, 8, tzinfo=UTC)
SESSION = HeldSession(uuid4(), uuid4(), DAY, ENDS_AT)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 27, hour, minute, tzinfo=UTC)


def line(**changes: Any) -> Line:
    expected = Line(uuid4(), FAMILY, attendance_id=uuid4(), reservation_id=uuid4())
    return replace(expected, **changes)


def mark(child_id: UUID, state: Any, taken_at: datetime = EIGHT, **said: Any) -> Mark:
    return Mark(child_id, state, taken_at, uuid4(), **said)


def taken(marks: list[Mark], lines: list[Line]) -> Taken:
    return apply_marks(marks, lines, SESSION)


def after(known: Line, *marks: Mark) -> Line:
    """The line with these marks, as they were told one after the other."""
    for one in marks:
        answer = taken([one], [known]).answers[0]
        assert answer.line is not None
        known = answer.line
    return known


def test_a_first_mark_is_version_one() -> None:
    expected = line()
    told = taken([mark(expected.child_id, "present")], [expected])
    assert [(a.outcome, a.line and a.line.version) for a in told.answers] == [("recorded", 1)]
    assert told.news == told.changed


def test_the_same_mark_again_changes_nothing() -> None:
    known = line()
    once = mark(known.child_id, "absent")
    known = after(known, once)
    told = taken([once], [known])
    assert (told.answers[0].outcome, told.fresh, told.changed) == ("recorded", [], [])


def test_what_was_said_already_is_kept_and_not_told_again() -> None:
    known = line()
    known = after(known, mark(known.child_id, "absent", at(8)))
    told = taken([mark(known.child_id, "absent", at(9))], [known])
    assert (len(told.fresh), len(told.changed), told.news) == (1, 1, [])


def test_a_correction_is_the_next_version_of_the_same_attendance() -> None:
    known = line()
    child = known.child_id
    corrected = after(known, mark(child, "absent", at(8)), mark(child, "excused", at(9)))
    assert corrected.attendance_id == known.attendance_id
    assert (corrected.told and corrected.told.state, corrected.version) == ("excused", 2)


def test_the_same_state_tells_anew_when_the_child_was_reserved_meanwhile() -> None:
    unexpected = line(reservation_id=None)
    unexpected = after(unexpected, mark(unexpected.child_id, "present", at(8)))
    reserved = replace(unexpected, reservation_id=uuid4())
    told = after(reserved, mark(reserved.child_id, "present", at(9)))
    assert told.told is not None
    assert (told.version, told.told.reservation_id) == (2, reserved.reservation_id)


def test_marks_are_answered_in_the_order_given() -> None:
    lines = [line() for _ in range(5)]
    marks = [mark(known.child_id, "present") for known in reversed(lines)]
    assert [a.mark for a in taken(marks, lines).answers] == marks


def test_a_mark_taken_earlier_and_sent_later_does_not_overwrite() -> None:
    known = line()
    known = after(known, mark(known.child_id, "absent", at(9)))
    late = taken([mark(known.child_id, "present", at(8))], [known])
    assert late.answers[0].outcome == "superseded"
    assert late.news == []
    assert len(late.fresh) == 1  # kept all the same, beside what holds


def test_an_arrival_sent_later_than_the_departure_is_not_lost() -> None:
    """One leader notes who comes, another who goes; the first tablet was without a network."""
    known = line()
    child = known.child_id
    left = after(known, mark(child, "present", at(17), departure=Hour(at(17))))
    arrival = mark(child, "present", at(16), arrival=Hour(at(16)))
    told = taken([arrival], [left]).answers[0]
    assert told.outcome == "recorded"
    assert told.line is not None
    assert told.line.told is not None
    assert (told.line.told.arrived_at, told.line.told.left_at) == (at(16), at(17))


def test_who_is_absent_after_all_has_no_hours() -> None:
    known = line()
    child = known.child_id
    arrived = mark(child, "present", at(16), arrival=Hour(at(16)))
    told = after(known, arrived, mark(child, "absent", at(17))).told
    assert told is not None
    assert (told.state, told.arrived_at) == ("absent", None)


def test_an_hour_can_be_taken_back() -> None:
    known = line()
    child = known.child_id
    told = after(
        known,
        mark(child, "present", at(16), arrival=Hour(at(16))),
        mark(child, "present", at(17), departure=Hour(at(17))),
        mark(child, "present", at(17, 5), departure=Hour(None)),
    ).told
    assert told is not None
    assert (told.arrived_at, told.left_at) == (at(16), None)


@pytest.mark.parametrize(
    ("left_at", "minutes"),
    [(None, 0), (at(17, 29), 0), (at(17, 30), 0), (at(17, 42), 12), (at(18, 30), 60)],
)
def test_late_pickup_counts_whole_minutes_after_the_end(
    left_at: datetime | None, minutes: int
) -> None:
    known = line()
    told = after(known, mark(known.child_id, "present", at(19), departure=Hour(left_at))).told
    assert told is not None
    assert told.late_pickup_minutes(ENDS_AT) == minutes


def test_a_mark_that_cannot_be_is_refused_by_itself() -> None:
    known = line()
    child = known.child_id
    used = mark(child, "present")
    marks = [
        mark(uuid4(), "present"),
        mark(child, "present", arrival=Hour(at(8) - timedelta(days=1))),
        mark(child, "present", arrival=Hour(at(9)), departure=Hour(at(8))),
        used,
        mark(child, "present"),
    ]
    answers = apply_marks(marks, [known], SESSION, {used.mark_id}).answers
    assert [a.reason for a in answers] == [STRANGER, ANOTHER_DAY, BACKWARDS, TAKEN_ELSEWHERE, ""]
    assert [a.outcome for a in answers[:4]] == ["refused"] * 4


def test_of_marks_without_numbers_one_stranger_refuses_all_and_every_one_is_named() -> None:
    known = line()
    marks = [mark(uuid4(), "present"), mark(known.child_id, "present"), mark(uuid4(), "absent")]
    answers = taken(marks, [known]).answers
    with pytest.raises(NotOnTheRoll) as refused:
        refuse_wrong_marks(answers, {m.mark_id for m in marks})
    assert [e.field for e in refused.value.errors] == ["marks.0.child_id", "marks.2.child_id"]
    refuse_wrong_marks(answers, set())


def test_a_proven_absence_is_excused_unless_the_child_came() -> None:
    known = line(excused=True).settled()
    assert known.told is not None
    assert (known.told.state, known.version) == ("excused", 1)
    absent = after(known, mark(known.child_id, "absent", at(8)))
    assert absent.told == known.told
    came = after(absent, mark(known.child_id, "present", at(9)))
    assert came.told is not None
    assert came.told.state == "present"


def test_what_is_no_longer_excused_is_an_absence() -> None:
    excused = line(excused=True).settled()
    told = replace(excused, excused=False).settled()
    assert told.told is not None
    assert (told.told.state, told.version) == ("absent", 2)
    assert line().settled().told is None


CHILD = UUID(int=7)
HOURS = st.none() | st.sampled_from([Hour(None), Hour(at(9)), Hour(at(16))])
MARKS = st.lists(
    st.builds(
        Mark,
        st.just(CHILD),
        st.sampled_from(["present", "absent", "excused"]),
        st.integers(0, 5).map(lambda n: at(8) + timedelta(minutes=n)),
        st.uuids(),
        arrival=HOURS,
        departure=st.none() | st.just(Hour(at(17))),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda m: m.mark_id,
)


@given(marks=MARKS, data=st.data())
def test_what_stands_is_the_same_in_whatever_order_and_how_often_marks_arrive(
    marks: list[Mark], data: st.DataObject
) -> None:
    known = line(child_id=CHILD)
    sent = data.draw(st.permutations(marks + marks[: len(marks) // 2]))
    split = data.draw(st.integers(0, len(sent)))
    in_order = after(known, *sorted(marks, key=lambda m: m.order))
    jumbled = known
    for batch in (sent[:split], sent[split:]):
        if batch:
            jumbled = taken(batch, [jumbled]).answers[0].line or jumbled
    assert jumbled.told == in_order.told
    assert {m.mark_id for m in jumbled.marks} == {m.mark_id for m in marks}


@given(marks=MARKS)
def test_the_last_mark_is_recorded_and_decides_the_state(marks: list[Mark]) -> None:
    known = taken(marks, [line(child_id=CHILD)]).answers[0].line
    last = max(marks, key=lambda m: m.order)
    assert known is not None
    assert known.told is not None
    assert known.outcome_of(last) == "recorded"
    assert known.told.state == last.state


NOW = at(12)


@pytest.mark.parametrize(
    ("taken_at", "sent_at", "meant"),
    [
        (at(11), None, at(11)),
        (at(11), at(12), at(11)),
        (at(11), NOW + timedelta(seconds=20), at(11)),  # a little off is left alone
        (at(14), at(15), at(11)),  # three hours ahead
        (at(8), at(9), at(11)),  # three hours behind
        (at(13), None, at(12)),  # never to come
    ],
)
def test_a_tablet_whose_clock_is_wrong_is_put_right(
    taken_at: datetime, sent_at: datetime | None, meant: datetime
) -> None:
    assert believed(taken_at, sent_at, NOW) == meant

"""The roll: marks, corrections, repetitions."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from services.reservations.errors import NotOnTheRoll
from services.reservations.model.roll import Line, Mark, apply_marks
from tests.unit.reservations.builders import FAMILY


def line(**changes: Any) -> Line:
    expected = Line(uuid4(), FAMILY, attendance_id=uuid4(), reservation_id=uuid4())
    return replace(expected, **changes)


def test_a_first_mark_is_version_one() -> None:
    expected = line()
    marked, changed = apply_marks([Mark(expected.child_id, "present")], [expected])
    assert marked == changed
    assert (marked[0].state, marked[0].version) == ("present", 1)


def test_the_same_mark_again_changes_nothing() -> None:
    first = line().marked("absent")
    marked, changed = apply_marks([Mark(first.child_id, "absent")], [first])
    assert marked == [first]
    assert changed == []


def test_a_correction_is_the_next_version_of_the_same_attendance() -> None:
    first = line().marked("absent")
    [corrected] = apply_marks([Mark(first.child_id, "excused")], [first])[1]
    assert corrected.attendance_id == first.attendance_id
    assert (corrected.state, corrected.version) == ("excused", 2)


def test_the_same_mark_tells_anew_when_the_child_was_reserved_meanwhile() -> None:
    unexpected = line(reservation_id=None).marked("present")
    reserved = replace(unexpected, reservation_id=uuid4())
    [told] = apply_marks([Mark(reserved.child_id, "present")], [reserved])[1]
    assert (told.version, told.told_reservation_id) == (2, reserved.reservation_id)


def test_marks_answer_in_the_order_given() -> None:
    lines = [line() for _ in range(5)]
    marks = [Mark(known.child_id, "present") for known in reversed(lines)]
    assert [m.child_id for m in apply_marks(marks, lines)[0]] == [m.child_id for m in marks]


def test_every_stranger_is_named() -> None:
    known = line()
    marks = [Mark(uuid4(), "present"), Mark(known.child_id, "present"), Mark(uuid4(), "absent")]
    with pytest.raises(NotOnTheRoll) as refused:
        apply_marks(marks, [known])
    assert [e.field for e in refused.value.errors] == ["marks.0.child_id", "marks.2.child_id"]

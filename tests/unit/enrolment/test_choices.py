"""What there is to choose from for each child."""

from datetime import date, timedelta
from uuid import uuid4

from services.enrolment.model.admission import Admission
from services.enrolment.model.choices import Offered, choices
from tests.unit.enrolment.builders import NOW, YEAR

BORN = date(2019, 5, 12)


def offered(
    min_age: int = 3, max_age: int = 11, classes: tuple[str, ...] = (), **admission: object
) -> Offered:
    id_ = uuid4()
    settled = Admission(id_, **admission)  # type: ignore[arg-type]
    return Offered(id_, min_age, max_age, classes, settled)


def test_a_child_is_shown_the_activities_of_its_age() -> None:
    fits, too_old = offered(), offered(12, 17)
    found = choices(BORN, None, YEAR, [fits, too_old], asked={}, before=(), now=NOW)
    assert [c.activity_id for c in found] == [fits.activity_id]


def test_a_child_is_shown_the_activities_of_its_class_once_the_year_has_begun() -> None:
    fits, other = offered(classes=("CE1", "CE2")), offered(classes=("PS",))
    both = [fits.activity_id, other.activity_id]
    for school_class, now, shown in (
        ("CE1 A", NOW, [fits.activity_id]),
        (None, NOW, both),
        ("CE1 A", NOW - timedelta(days=150), both),
    ):
        found = choices(BORN, school_class, YEAR, [fits, other], asked={}, before=(), now=now)
        assert [c.activity_id for c in found] == shown


def test_each_says_whether_it_can_be_asked_for_now() -> None:
    soon = offered(opens_at=NOW + timedelta(days=1))
    over = offered(closes_at=NOW - timedelta(days=1))
    taken, free = offered(), offered()
    asked = {taken.activity_id: "waiting"}
    found = choices(BORN, None, YEAR, [soon, over, taken, free], asked=asked, before=(), now=NOW)
    assert [c.state for c in found] == ["not_yet", "closed", "asked", "open"]
    assert [c.status for c in found] == [None, None, "waiting", None]


def test_what_it_had_the_year_before_is_proposed_unless_asked_for_already() -> None:
    again, asked = offered(), offered()
    found = choices(
        BORN,
        None,
        YEAR,
        [again, asked],
        asked={asked.activity_id: "submitted"},
        before={again.activity_id, asked.activity_id},
        now=NOW,
    )
    assert [c.proposed for c in found] == [True, False]

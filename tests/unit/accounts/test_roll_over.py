"""Which class follows which, whatever the town calls them."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from services.accounts.model.family import Child, FamilyRecord
from services.accounts.model.roll_over import Ladder, Step, count, is_due, rolled_over

LADDER = Ladder(("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2"))


@pytest.mark.parametrize(
    ("school_class", "step"),
    [
        ("PS", Step("moves", "MS")),
        ("gs", Step("moves", "CP")),
        ("CP B", Step("moves", "CE1")),
        ("CP-CE1", Step("moves", "CE1")),
        ("Cm2 – Mme Riou", Step("leaves")),
        ("ULIS", Step("unknown")),
        ("CM", Step("unknown")),
    ],
)
def test_the_next_class_is_read_from_the_first_word(school_class: str, step: Step) -> None:
    assert LADDER.after(school_class) == step


def test_the_longer_name_of_a_class_holds() -> None:
    ladder = Ladder(("Petite", "Petite section", "Grande section"))
    assert ladder.after("Petite section A") == Step("moves", "Grande section")


def child(school_class: str | None) -> Child:
    return Child(uuid4(), "Léa", "Riou", date(2019, 1, 1), "JZAY", school_class)


def test_a_family_moves_on_together() -> None:
    record = FamilyRecord(uuid4(), "D-1", children=tuple(map(child, ("CP", "CM2", None, "ULIS"))))
    after = rolled_over(record, LADDER, {})
    assert [c.school_class for c in after.children] == ["CE1", None, None, "ULIS"]
    assert [c.school_code for c in after.children] == ["JZAY", None, "JZAY", "JZAY"]
    assert after.record_version == 2
    outcomes = [count(record, LADDER, outcome) for outcome in ("moves", "leaves", "unknown")]
    assert outcomes == [1, 1, 1]


def test_a_family_without_pupils_keeps_its_version() -> None:
    record = FamilyRecord(uuid4(), "D-1", children=(child(None),))
    assert rolled_over(record, LADDER, {}) is record
    assert rolled_over(replace(record, children=(child("ULIS"),)), LADDER, {}).record_version == 1


def test_who_outgrows_a_school_has_none_until_it_is_said() -> None:
    last_places = LADDER.last_places(
        [("JZAY", "PS"), ("JZAY", "GS"), ("MICH", "CM2"), (None, "CP")]
    )
    record = FamilyRecord(uuid4(), "D-1", children=tuple(map(child, ("MS", "GS"))))
    after = rolled_over(record, LADDER, last_places)
    assert [(c.school_code, c.school_class) for c in after.children] == [
        ("JZAY", "GS"),
        (None, "CP"),
    ]
    assert LADDER.within("GS", last_places["MICH"]) == Step("moves", "CP")
    assert LADDER.within("CM2", last_places["MICH"]) == Step("leaves")


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 11, 28), False),
        (date(2027, 4, 30), False),
        (date(2027, 5, 1), True),
        (date(2027, 8, 31), True),
        (date(2027, 9, 1), False),
    ],
)
def test_children_change_class_between_may_and_the_start_of_the_year(
    today: date, due: bool
) -> None:
    assert is_due("2027-2028", today) is due

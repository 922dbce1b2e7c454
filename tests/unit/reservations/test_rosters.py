"""Whom a roster shows, in which order, and how many adults they need."""

from typing import Any

import pytest

from contracts.events.enrolment import AgeGroup
from services.reservations.model.rosters import Choice, Staffing, expected, staffing

LITTLE = AgeGroup(name="Moins de 6 ans", min_age=0, max_age=5, children_per_adult=10)
BIG = AgeGroup(name="6 ans et plus", min_age=6, max_age=14, children_per_adult=14)


def child(name: str, **changes: Any) -> dict[str, Any]:
    known = {
        "first_name": name,
        "age": 7,
        "school_code": "BOURG",
        "school_class": "CE1",
        "state": None,
        "reservation_id": "r",
        "announced_absent": False,
    }
    return {**known, **changes}


CHILDREN = [
    child("Anna", age=9, school_class="CM1"),
    child("Basile", age=4, school_class="MS", school_code="PARC"),
    child("Chloé", age=None, school_class=None, school_code=None),
]


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        (Choice(), ["Anna", "Basile", "Chloé"]),
        (Choice(school_class="CM1"), ["Anna"]),
        (Choice(school_code="PARC"), ["Basile"]),
        (Choice(min_age=6), ["Anna", "Chloé"]),
        (Choice(max_age=5), ["Basile", "Chloé"]),
        (Choice(sort="age"), ["Basile", "Anna", "Chloé"]),
        (Choice(sort="school"), ["Anna", "Basile", "Chloé"]),
        (Choice(sort="class"), ["Anna", "Basile", "Chloé"]),
    ],
)
def test_children_are_chosen_and_put_in_order(choice: Choice, names: list[str]) -> None:
    assert [found["first_name"] for found in choice.of(CHILDREN)] == names


def test_adults_are_counted_by_age_group_and_begun_groups_count_whole() -> None:
    ages = [3] * 11 + [8] * 14 + [None]
    assert staffing(ages, (LITTLE, BIG)) == [
        Staffing("Moins de 6 ans", 11, 2),
        Staffing("6 ans et plus", 14, 1),
        Staffing("", 1, None),
    ]


def test_without_groups_all_children_are_one_line() -> None:
    assert staffing([4, 9], ()) == [Staffing("", 2, None)]


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({}, True),
        ({"state": "present", "reservation_id": None}, True),
        ({"state": "absent"}, False),
        ({"announced_absent": True}, False),
        ({"reservation_id": None}, False),
    ],
)
def test_who_is_expected(changes: dict[str, Any], counted: bool) -> None:
    assert expected(child("Anna", **changes)) is counted

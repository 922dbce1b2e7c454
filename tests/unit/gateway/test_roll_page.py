"""The roll's form: only what was changed is said, hours are those of the day in Paris."""

from typing import Any
from uuid import UUID

import pytest

from gateway.forms import FieldRefused, Form
from gateway.pages.agents_seances import choice_of, marks_of
from gateway.query import Query
from services.chassis.clock import paris_date, utc_now

CHILD = UUID(int=1)
OTHER = UUID(int=2)


def form(**values: str) -> Form:
    """Two children, of whom these fields (state_1, before_1, …) are filled in."""
    names = {"state": "etat", "before": "avant", "arrival": "arrivee", "departure": "depart"}
    filled = {"enfant": [str(CHILD), str(OTHER)]}
    for name, value in values.items():
        field, _, number = name.partition("_")
        known = f"{names[field]}-{UUID(int=int(number))}" if number else field
        filled[known] = [value]
    return Form(filled)


def said(**values: str) -> list[dict[str, Any]]:
    return marks_of(form(**values))


def test_who_is_not_marked_is_not_spoken_of() -> None:
    assert said(state_1="absent") == [{"child_id": str(CHILD), "state": "absent"}]


def test_what_stood_there_before_is_not_said_again() -> None:
    """Another leader may have corrected it since the page was opened."""
    assert said(state_1="present", before_1="present//") == []
    assert said(state_1="absent", before_1="present//")[0]["state"] == "absent"


def test_all_others_are_present_by_one_button() -> None:
    marks = said(state_1="absent", tous="oui")
    assert [mark["state"] for mark in marks] == ["absent", "present"]


def test_hours_are_those_of_the_day_in_paris() -> None:
    [mark] = said(heures="2026-11-27", state_1="present", arrival_1="16:30", departure_1="18:42")
    assert mark["arrived_at"] == "2026-11-27T16:30:00+01:00"
    assert mark["left_at"] == "2026-11-27T18:42:00+01:00"


def test_an_hour_alone_means_that_the_child_was_there() -> None:
    [mark] = said(heures="2026-07-10", arrival_2="09:05")
    assert (mark["child_id"], mark["state"]) == (str(OTHER), "present")
    assert (mark["arrived_at"], mark["left_at"]) == ("2026-07-10T09:05:00+02:00", None)


def test_what_is_no_hour_is_refused_beside_its_field() -> None:
    with pytest.raises(FieldRefused) as refused:
        said(heures="2026-11-27", state_1="present", arrival_1="le soir")
    assert refused.value.field == f"arrivee-{CHILD}"


def asked(**values: str) -> dict[str, Any]:
    return choice_of(Query(values, paris_date(utc_now())))


def test_a_choice_without_sense_is_none() -> None:
    assert set(asked(tri="couleur", age_min="beaucoup", age_max="900").values()) == {None}
    assert asked(classe="CE1", tri="age", age_min="3") == {
        "school_code": None,
        "school_class": "CE1",
        "min_age": 3,
        "max_age": None,
        "sort": "age",
    }

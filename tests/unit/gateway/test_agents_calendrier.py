"""The town's year as squares of months, and a closure as it is typed."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from gateway.forms import FieldRefused, Form
from gateway.pages.agents_calendrier import closure_of, months_of
from gateway.readers.town import TownYear

FIRST = date(2026, 9, 1)


def year(**kinds: str) -> TownYear:
    """A school year of days of class, but for these."""
    closure = uuid4()
    days = []
    for offset in range(365):
        day = (FIRST + timedelta(days=offset)).isoformat()
        kind = kinds.get(f"d{day.replace('-', '')}", "class")
        closed = kind == "closed"
        days.append(
            {
                "date": day,
                "kind": "class" if closed else kind,
                "label": "Armistice" if kind == "public_holiday" else None,
                "closures": [str(closure)] if closed else [],
            }
        )
    found: dict[str, Any] = {
        "zone": "B",
        "days": days,
        "closures": [
            {
                "closure_id": str(closure),
                "from": "2026-11-27",
                "to": "2026-11-27",
                "reason": "Grève",
            }
        ],
    }
    return TownYear.model_validate(found)


def test_a_year_is_twelve_months_of_weeks_from_monday() -> None:
    months = months_of(year(), FIRST)
    assert [month.first.month for month in months] == [9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8]
    november = months[2]
    assert [square.day.day if square else None for square in november.weeks[0]] == [
        *[None] * 6,
        1,
    ]
    every = [square for month in months for week in month.weeks for square in week if square]
    assert [square.day for square in every] == [FIRST + timedelta(days=n) for n in range(365)]


def test_a_square_says_in_words_what_its_colour_says() -> None:
    months = months_of(year(d20261111="public_holiday", d20261127="closed"), FIRST)
    squares = {s.day: s for week in months[2].weeks for s in week if s}
    holiday, closed = squares[date(2026, 11, 11)], squares[date(2026, 11, 27)]
    assert (holiday.kind, holiday.words) == ("public_holiday", "Armistice")
    assert (closed.kind, closed.words) == ("closed", "Grève")
    assert squares[date(2026, 11, 12)].words == ""


def test_a_closure_of_one_day_needs_no_end_and_closes_everything_unless_told() -> None:
    typed = {"du": ["2026-11-27"], "motif": ["Grève"], "lesquelles": ["toutes"]}
    assert closure_of(Form(typed)) == {
        "from": "2026-11-27",
        "to": "2026-11-27",
        "activity_ids": None,
        "reason": "Grève",
    }


def test_some_activities_are_named_or_the_choice_is_asked_for() -> None:
    activity = str(uuid4())
    typed = {"du": ["27/11/2026"], "au": ["29/11/2026"], "lesquelles": ["certaines"]}
    asked = closure_of(Form(typed | {"activites": [activity]}))
    assert (asked["to"], asked["activity_ids"]) == ("2026-11-29", [activity])
    with pytest.raises(FieldRefused) as refused:
        closure_of(Form(typed))
    assert refused.value.field == "activites"

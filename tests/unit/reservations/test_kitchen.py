"""When meals are ordered, and what is told when the counts change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reservations.model.deadlines import in_words
from services.reservations.model.kitchen import (
    Meal,
    MealSession,
    Order,
    due_orders,
    order_instant,
    same_meals,
)
from services.reservations.model.town_calendar import TownCalendar
from tests.unit.reservations.builders import ZONE_B

TOWN = TownCalendar(ZONE_B)

TEN = time(10)
FRIDAY = date(2026, 11, 27)
ORDERED_AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
MEALS = (Meal("BOURG", "standard", 12), Meal("BOURG", "own_meal", 1), Meal(None, "no_pork", 2))


def session(**changes: Any) -> MealSession:
    noon = datetime(2026, 11, 27, 10, 45, tzinfo=UTC)
    known = MealSession(uuid4(), uuid4(), FRIDAY, "École du Bourg", noon, MEALS)
    return replace(known, **changes)


def due(known: MealSession, told: Order | None, now: datetime) -> list[Order]:
    orders = {told.session.session_id: told} if told else {}
    return due_orders([known], orders, TEN, TOWN, now)


@pytest.mark.parametrize(
    ("day", "when"),
    [
        (date(2026, 11, 27), "jeudi 26 novembre à 10:00"),
        (date(2026, 11, 30), "vendredi 27 novembre à 10:00"),
        (date(2026, 11, 12), "mardi 10 novembre à 10:00"),  # the 11th is a public holiday
        (date(2027, 3, 30), "vendredi 26 mars à 10:00"),  # Easter Monday; clocks change between
    ],
)
def test_meals_are_ordered_on_the_working_day_before(day: date, when: str) -> None:
    assert in_words(order_instant(day, TEN, TOWN)) == when


def test_nothing_is_ordered_before_the_hour() -> None:
    assert due(session(), None, ORDERED_AT - timedelta(minutes=1)) == []
    [order] = due(session(), None, ORDERED_AT)
    assert (order.version, order.meals) == (1, MEALS)


def test_the_same_counts_are_not_told_again() -> None:
    known = session(meals=tuple(reversed(MEALS)))
    told = Order(known, uuid4(), 1, MEALS)
    assert due(known, told, ORDERED_AT + timedelta(hours=2)) == []


def test_other_counts_are_the_next_version_of_the_same_order() -> None:
    known = session(meals=MEALS[:2])
    told = Order(known, uuid4(), 1, MEALS)
    [order] = due(known, told, ORDERED_AT + timedelta(hours=2))
    assert (order.order_id, order.version, order.meals) == (told.order_id, 2, MEALS[:2])


def test_nobody_left_is_told_and_nobody_at_all_is_not() -> None:
    nobody = session(meals=())
    [order] = due(nobody, Order(nobody, uuid4(), 3, MEALS), ORDERED_AT)
    assert (order.version, order.meals) == (4, ())
    assert due(nobody, None, ORDERED_AT) == []


def test_nothing_is_corrected_once_the_meal_has_begun() -> None:
    known = session(meals=MEALS[:1])
    assert due(known, Order(known, uuid4(), 1, MEALS), known.starts_at) == []


@given(meals=st.permutations(MEALS))
def test_meals_are_the_same_in_any_order(meals: list[Meal]) -> None:
    assert same_meals(meals, MEALS)

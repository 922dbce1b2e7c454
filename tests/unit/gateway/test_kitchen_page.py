"""The kitchen's page: counted now, ordered, and the difference."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from gateway.pages.agents_cuisine import bars, day_totals, sheet, signed, span, table
from gateway.readers.roll import KitchenOrder, KitchenSession, Meals

FRIDAY = date(2026, 11, 27)
TOLD_AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
SCHOOLS = {"BOURG": "École du Bourg", "PARC": "École du Parc"}


def meals(*counts: tuple[str | None, str, int]) -> tuple[Meals, ...]:
    return tuple(Meals(school_code=s, diet=d, count=n) for s, d, n in counts)


def session(now: tuple[Meals, ...], ordered: tuple[Meals, ...] | None = None) -> KitchenSession:
    order = ordered and KitchenOrder(
        order_id=uuid4(), version=2, ordered_at=TOLD_AT, told_at=TOLD_AT, first_meals=ordered
    )
    known: dict[str, Any] = {
        "session_id": uuid4(),
        "activity_id": uuid4(),
        "activity_name": "Restaurant scolaire",
        "place": "=Salle",
        "date": FRIDAY,
        "order_at": TOLD_AT,
    }
    return KitchenSession(**known, meals=now, order=order or None)


ORDERED = meals(("BOURG", "standard", 10), ("PARC", "vegetarian", 3))
NOW = meals(("BOURG", "standard", 12), ("BOURG", "own_meal", 1), (None, "no_pork", 2))


def test_each_school_has_its_counts_and_a_brought_meal_is_not_cooked() -> None:
    found = table(session(NOW, ORDERED), SCHOOLS)
    assert [(c.label, c.cooked, c.cooked_ordered, c.difference) for c in found.schools] == [
        ("École du Bourg", 12, 10, "+2"),
        ("École du Parc", 0, 3, "−3"),
        ("École inconnue", 2, 0, "+2"),
    ]
    assert (found.total.cooked, found.total.difference) == (14, "+1")
    assert found.total.now["own_meal"] == 1


def test_before_the_order_there_is_no_difference() -> None:
    found = table(session(NOW), SCHOOLS)
    assert (found.total.cooked_ordered, found.total.difference) == (None, "")
    assert bars([found], is_week=False) == [("Restaurant scolaire, =Salle", 14, 14)]


def test_a_day_is_ordered_once_all_its_sessions_are() -> None:
    both = day_totals([table(session(NOW, ORDERED), SCHOOLS) for _ in range(2)])[FRIDAY]
    assert (both.cooked, both.cooked_ordered, both.now["own_meal"]) == (28, 26, 2)
    one = day_totals([table(session(NOW, ORDERED), SCHOOLS), table(session(NOW), SCHOOLS)])
    assert (one[FRIDAY].cooked, one[FRIDAY].cooked_ordered) == (28, None)


def test_a_week_is_charted_by_day() -> None:
    tables = [table(session(NOW, ORDERED), SCHOOLS) for _ in range(2)]
    assert bars(tables, is_week=True) == [("ven. 27 nov.", 28, 26)]
    assert span(FRIDAY, is_week=True) == (date(2026, 11, 23), date(2026, 11, 29))


def test_differences_are_signed() -> None:
    assert [signed(n) for n in (2, 0, -1)] == ["+2", "=", "−1"]


def test_the_csv_says_each_kind_of_meal_and_no_formula() -> None:
    lines = sheet([session(NOW, ORDERED)], SCHOOLS).splitlines()
    assert lines[0].startswith("date;activite;lieu;ecole;repas;prevus;commandes;ecart")
    assert lines[1].startswith(
        "2026-11-27;Restaurant scolaire;'=Salle;École du Bourg;standard;12;10;2;2;"
    )
    assert len(lines) == 5

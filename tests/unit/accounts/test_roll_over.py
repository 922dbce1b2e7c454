"""Which class follows which, whatever the town calls them."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from services.accounts.model.family import Child, FamilyRecord
from services.accounts.model.roll_over import Ladder, Step, count, rolled_over

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
    after = rolled_over(record, LADDER)
    assert [c.school_class for c in after.children] == ["CE1", None, None, "ULIS"]
    assert [c.school_code for c in after.children] == ["JZAY", None, "JZAY", "JZAY"]
    assert after.record_version == 2
    outcomes = [count(record, LADDER, outcome) for outcome in ("moves", "leaves", "unknown")]
    assert outcomes == [1, 1, 1]


def test_a_family_without_pupils_keeps_its_version() -> None:
    record = FamilyRecord(uuid4(), "D-1", children=(child(None),))
    assert rolled_over(record, LADDER) is record
    assert rolled_over(replace(record, children=(child("ULIS"),)), LADDER).record_version == 1

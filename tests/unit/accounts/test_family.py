"""The family file: what it lacks, what it is called, when it is another version."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

from services.accounts.model.family import Address, Child, FamilyRecord, Guardian, folded

ANNE = Guardian(uuid4(), "Anne-Laure", "Le Goff", "anne@exemple.fr", "06 12 34 56 78")
LEA = Child(uuid4(), "Léa", "Le Goff", date(2019, 5, 4))
ADDRESS = Address(("12 rue des Bœufs",), "56300", "Pontivy")


def a_family(**changes: object) -> FamilyRecord:
    record = FamilyRecord(
        uuid4(), "F-0001", address=ADDRESS, guardians=(ANNE,), children=(LEA,), resident=True
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def test_a_family_with_address_guardian_and_child_is_complete() -> None:
    assert a_family().missing == ()


def test_a_family_without_town_lacks_its_address() -> None:
    assert a_family(address=replace(ADDRESS, city="")).missing == ("address",)


def test_a_family_without_child_or_guardian_lacks_both() -> None:
    assert a_family(guardians=(), children=()).missing == ("guardian", "child")


def test_a_family_is_named_after_its_guardians_each_name_once() -> None:
    marc = Guardian(uuid4(), "Marc", "Évain")
    eric = Guardian(uuid4(), "Éric", "Le Goff")
    assert a_family(guardians=(ANNE, marc, eric)).label == "LE GOFF – ÉVAIN"


def test_a_family_is_found_by_names_without_accents_and_by_telephone() -> None:
    text = a_family().search_text
    for word in ("lea", "le goff", "0612345678", "anne", "pontivy", "0001"):
        assert folded(word) in text


def test_changing_nothing_keeps_the_version() -> None:
    record = a_family()
    assert record.with_guardian(replace(ANNE)) is record
    assert record.changed_to(replace(record, address=replace(ADDRESS))) is record


def test_changing_something_raises_the_version_by_one() -> None:
    record = a_family()
    moved = record.changed_to(replace(record, address=replace(ADDRESS, city="Noyal-Pontivy")))
    assert moved.record_version == record.record_version + 1
    assert moved.address.city == "Noyal-Pontivy"


def test_names_are_compared_without_case_accents_and_punctuation() -> None:
    assert folded("  Éléonore-Cœur  D'ARC ") == "eleonore coeur d arc"

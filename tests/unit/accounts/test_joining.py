"""Two records side by side: who is whom, what differs, what the one record says."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.accounts.model.family import Address, Child, FamilyRecord, Guardian
from services.accounts.model.joining import differences, join

BIRTH = date(2019, 5, 4)
ONE = FamilyRecord(
    family_id=UUID(int=1),
    reference="D-1",
    record_version=3,
    resident=True,
    quotient=742,
    address=Address(("12 rue du Fil",), "56300", "Pontivy"),
    guardians=(Guardian(UUID(int=11), "Anne", "Le Goff", "anne@exemple.fr"),),
    children=(Child(UUID(int=21), "Léa", "Le Goff", BIRTH, "JZAY", "CP"),),
)
OTHER = FamilyRecord(
    family_id=UUID(int=2),
    reference="D-2",
    record_version=7,
    resident=True,
    quotient=900,
    guardians=(
        Guardian(UUID(int=12), "ANNE", "LE GOFF", "a@exemple.fr", "06 12 34 56 78"),
        Guardian(UUID(int=13), "Marc", "Évain"),
    ),
    children=(
        Child(UUID(int=22), "LEA", "Le-Goff", BIRTH, "JZAY", "CE1", allergies="arachide"),
        Child(UUID(int=23), "Tom", "Le Goff", BIRTH),
    ),
)


def test_what_only_one_of_them_says_is_no_difference() -> None:
    assert {d.key for d in differences(ONE, OTHER)} == {
        "quotient",
        f"guardian.{UUID(int=11)}.mail",
        f"child.{UUID(int=21)}.school",
    }


def test_the_survivor_keeps_what_it_says_and_gains_what_it_lacked() -> None:
    joined = join(ONE, OTHER, ())
    record = joined.record
    assert (record.family_id, record.reference, record.record_version) == (UUID(int=1), "D-1", 8)
    assert (record.quotient, record.address) == (742, ONE.address)
    assert [g.guardian_id.int for g in record.guardians] == [11, 13]
    assert (record.guardians[0].mail, record.guardians[0].phone) == (
        "anne@exemple.fr",
        "06 12 34 56 78",
    )
    assert [c.child_id.int for c in record.children] == [21, 23]
    assert (record.children[0].school_class, record.children[0].allergies) == ("CP", "arachide")
    assert joined.guardians == {UUID(int=12): UUID(int=11)}
    assert joined.children == {UUID(int=22): UUID(int=21)}


def test_what_is_chosen_comes_from_the_record_that_goes() -> None:
    keys = [d.key for d in differences(ONE, OTHER)]
    record = join(ONE, OTHER, keys).record
    assert record.quotient == 900
    assert record.guardians[0].mail == "a@exemple.fr"
    assert record.children[0].school_class == "CE1"
    assert record.children[0].first_name == "Léa"


def test_a_namesake_of_another_birth_date_is_another_child() -> None:
    cousin = replace(OTHER.children[0], birth_date=date(2015, 1, 1))
    joined = join(ONE, replace(OTHER, children=(cousin,)), ())
    assert joined.children == {}
    assert len(joined.record.children) == 2


def test_a_name_that_two_bear_joins_nobody() -> None:
    father = replace(ONE.guardians[0], guardian_id=UUID(int=14))
    two = replace(ONE, guardians=(*ONE.guardians, father))
    assert join(two, OTHER, ()).guardians == {}

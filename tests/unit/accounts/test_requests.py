"""A request put into a family record: nobody twice, nothing known lost."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from services.accounts.model.family import Address, Child, FamilyRecord, Guardian
from services.accounts.model.requests import (
    Adult,
    RequestedChild,
    RequestForm,
    asker_in,
    attached,
)

BIRTH = date(2019, 5, 4)
HOME = Address(("12 rue du Fil",), "56300", "Pontivy")
MOVED = Address(("3 place du Martray",), "56300", "Pontivy")
FORM = RequestForm(
    adults=(Adult("Soizic", "Le Bihan", "soizic@exemple.fr", "06 12 34 56 78"),),
    children=(RequestedChild("Maël", "Le Bihan", BIRTH),),
    address=MOVED,
)
KNOWN = FamilyRecord(
    family_id=UUID(int=1),
    reference="D-1",
    address=HOME,
    guardians=(
        Guardian(UUID(int=2), "Yann", "Kermarrec", "yann@exemple.fr"),
        Guardian(UUID(int=3), "SOIZIC", "le bihan", mail="old@exemple.fr"),
    ),
    children=(Child(UUID(int=4), "Mael", "LE BIHAN", BIRTH, allergies="arachide"),),
)


def test_people_who_are_there_stay_who_they_are() -> None:
    found = attached(KNOWN, FORM, use_contacts=False, new_id=uuid4)
    assert [g.guardian_id for g in found.guardians] == [UUID(int=2), UUID(int=3)]
    assert found.guardians[1].mail == "old@exemple.fr"
    assert found.guardians[1].phone == "06 12 34 56 78"
    assert found.children == KNOWN.children
    assert found.address == HOME
    assert found.record_version == 2


def test_the_requests_contacts_replace_the_records_when_the_staff_say_so() -> None:
    found = attached(KNOWN, FORM, use_contacts=True, new_id=uuid4)
    assert found.guardians[1].mail == "soizic@exemple.fr"
    assert found.address == MOVED


def test_new_people_come_last() -> None:
    form = replace(
        FORM,
        adults=(Adult("Maud", "Le Bihan", "maud@exemple.fr"),),
        children=(RequestedChild("Maël", "Le Bihan", date(2021, 1, 1)),),
    )
    found = attached(KNOWN, form, use_contacts=False, new_id=uuid4)
    assert [g.first_name for g in found.guardians] == ["Yann", "SOIZIC", "Maud"]
    assert len(found.children) == 2, "a cousin of the same name has another birth date"
    assert asker_in(found, form) is found.guardians[2]


def test_a_request_that_says_nothing_new_changes_nothing() -> None:
    record = attached(KNOWN, FORM, use_contacts=False, new_id=uuid4)
    assert attached(record, FORM, use_contacts=False, new_id=uuid4) is record

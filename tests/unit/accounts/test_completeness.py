"""What a record lacks, and what a change of it is called."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.accounts.model.amending import BY_CODE, Change, applied
from services.accounts.model.care import CarePlan, Contact, Doctor, Vaccination
from services.accounts.model.completeness import Lack, label_of, lacking
from services.accounts.model.family import Address, Child, FamilyRecord, Guardian
from services.accounts.model.wording import in_french, what

TODAY = date(2026, 11, 28)
ANNE, LEA = UUID(int=1), UUID(int=2)
CHILD = Child(LEA, "Léa", "Le Goff", date(2018, 5, 4))


def a_record(**fields: Any) -> FamilyRecord:
    """A record with one guardian and one child, bare but for these fields."""
    known: dict[str, Any] = {
        "guardians": (Guardian(ANNE, "Anne", "Le Goff"),),
        "children": (CHILD,),
        "address": Address(("1 quai",), "56300", "Pontivy"),
    }
    return FamilyRecord(family_id=UUID(int=9), reference="F-1", **{**known, **fields})


def a_change(field: str, after: dict[str, Any], person_id: UUID | None = None) -> Change:
    """A change that waits."""
    now = datetime(2026, 11, 25, tzinfo=UTC)
    return Change(
        uuid4(), UUID(int=9), person_id, BY_CODE[field], {}, after, "pending", None, False, now
    )


def test_a_bare_record_lacks_what_each_person_has_not() -> None:
    found = lacking(a_record(), TODAY)
    assert Lack("guardian_phone", ANNE) in found
    assert Lack("child_doctor", LEA) in found
    assert Lack("address") not in found


def test_a_quotient_is_lacking_from_the_day_after_its_last() -> None:
    def lacks(valid_until: date | None) -> bool:
        record = a_record(quotient=500, quotient_valid_until=valid_until)
        return Lack("quotient") in lacking(record, TODAY)

    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    assert [lacks(day) for day in (None, tomorrow, TODAY, yesterday)] == [False] * 3 + [True]


def test_a_plan_that_has_ended_is_lacking_and_none_is_not() -> None:
    def lacks(plan: CarePlan | None) -> bool:
        child = replace(CHILD, pai=plan)
        return Lack("child_pai", LEA) in lacking(a_record(children=(child,)), TODAY)

    assert not lacks(None)
    assert not lacks(CarePlan("Trousse"))
    assert lacks(CarePlan("Trousse", date(2026, 8, 31)))


def test_a_contact_for_emergencies_may_not_fetch_the_child_by_that_alone() -> None:
    aunt = Contact("Rose", "06 00 00 00 01", emergency=True)
    child = Child(LEA, "Léa", "Le Goff", date(2018, 5, 4), contacts=(aunt,))
    codes = {lack.code for lack in lacking(a_record(children=(child,)), TODAY)}
    assert "child_emergency" not in codes
    assert "child_pick_up" in codes


def test_the_lack_says_whose_it_is() -> None:
    assert label_of(Lack("child_doctor", LEA), a_record()) == "Léa : le médecin traitant"
    assert label_of(Lack("quotient"), a_record()) == "Le quotient familial"


def test_a_change_applies_to_the_one_person_it_names() -> None:
    changed = applied(a_record(), a_change("child.school_class", {"school_class": "CE2"}, LEA))
    assert changed.children[0].school_class == "CE2"
    assert changed.record_version == 2


def test_a_quotient_that_the_staff_accept_is_confirmed_by_the_staff() -> None:
    after = {"quotient": 742, "quotient_valid_until": date(2026, 12, 31)}
    assert applied(a_record(), a_change("family.quotient", after)).quotient_source == "staff"


def test_values_read_as_a_person_writes_them() -> None:
    assert in_french({"quotient": 742, "quotient_valid_until": date(2026, 12, 31)}) == (
        "742 €, jusqu’au 31/12/2026"
    )
    assert in_french({"address": Address(("1 quai",), "56300", "Pontivy")}) == (
        "1 quai, 56300 Pontivy"
    )
    assert in_french({"pai": CarePlan("Antihistaminique", date(2027, 7, 1))}) == (
        "Oui, jusqu’au 01/07/2027, Antihistaminique"
    )
    assert in_french({"doctor": Doctor("Dr Morel", "02 00 00 00 00")}) == (
        "Dr Morel – 02 00 00 00 00"
    )
    assert in_french({"vaccinations": (Vaccination("mmr", date(2020, 2, 1)),)}) == (
        "Rougeole, oreillons, rubéole (01/02/2020)"
    )
    assert in_french({"allergies": None}) == "Non renseigné"
    assert what(a_change("child.school_class", {}, LEA), a_record()) == "Classe de Léa"

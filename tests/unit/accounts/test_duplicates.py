"""Whether a newcomer has a family record already: strong signs, weak signs, chance."""

from datetime import date
from uuid import uuid4

import pytest

from services.accounts.model.duplicates import likeness
from services.accounts.model.family import Address, Child, FamilyRecord, Guardian
from services.accounts.model.requests import Adult, RequestedChild, RequestForm

ADDRESS = Address(("12 rue du Fil",), "56300", "Pontivy")
ELSEWHERE = Address(("3 place du Martray",), "56300", "Pontivy")
BIRTH = date(2019, 5, 4)


def request(**changes: object) -> RequestForm:
    fields: dict[str, object] = {
        "adults": (Adult("Soizic", "Le Bihan", "soizic@exemple.fr", "06 12 34 56 78"),),
        "children": (RequestedChild("Maël", "Le Bihan", BIRTH),),
        "address": ADDRESS,
    }
    return RequestForm(**{**fields, **changes})  # type: ignore[arg-type]


def record(
    guardian: Guardian | None = None, child: Child | None = None, address: Address = ELSEWHERE
) -> FamilyRecord:
    return FamilyRecord(
        family_id=uuid4(),
        reference="D-1",
        address=address,
        guardians=(guardian or Guardian(uuid4(), "Yann", "Kermarrec"),),
        children=(child or Child(uuid4(), "Nolwenn", "Kermarrec", date(2017, 1, 1)),),
    )


def test_strangers_are_not_alike() -> None:
    found = likeness(request(), record())
    assert (found.score, found.likely, found.reasons) == (0, False, ())


@pytest.mark.parametrize(
    ("guardian", "reason"),
    [
        (Guardian(uuid4(), "A", "B", mail="soizic@exemple.fr"), "même adresse mail"),
        (Guardian(uuid4(), "A", "B", phone="06 12 34 56 78"), "même téléphone"),
    ],
)
def test_one_mail_or_telephone_is_enough(guardian: Guardian, reason: str) -> None:
    found = likeness(request(), record(guardian))
    assert found.likely
    assert found.reasons == (reason,)


def test_the_same_child_is_enough_however_its_name_is_written() -> None:
    known = Child(uuid4(), "MAEL", "le-bihan", BIRTH)
    found = likeness(request(), record(child=known))
    assert found.likely
    assert found.reasons == ("même enfant : Maël Le Bihan",)


def test_a_child_of_another_family_name_born_that_day_is_worth_a_look() -> None:
    found = likeness(request(), record(child=Child(uuid4(), "Maël", "Kermarrec", BIRTH)))
    assert found.likely
    assert "même prénom" in found.reasons[0]


def test_a_twin_of_another_first_name_is_not_the_child() -> None:
    found = likeness(request(), record(child=Child(uuid4(), "Goulven", "Le Bihan", BIRTH)))
    assert found.score == 0


def test_an_adult_of_the_same_name_is_a_chance_and_with_the_address_is_not() -> None:
    namesake = Guardian(uuid4(), "soizic", "LE BIHAN")
    assert not likeness(request(), record(namesake)).likely
    at_home = likeness(request(), record(namesake, address=ADDRESS))
    assert at_home.likely
    assert at_home.reasons[0].startswith("même responsable")


def test_two_families_without_mail_do_not_share_one() -> None:
    form = request(adults=(Adult("Soizic", "Le Bihan", "s@exemple.fr"),))
    assert likeness(form, record(Guardian(uuid4(), "Yann", "K", mail=None))).score == 0

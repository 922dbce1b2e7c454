"""Whom a message to the families of an activity comes to."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from services.notifications.model import Audience, ClosedPlace, Family, closures_draft, reach
from tests.unit.notifications.builders import a_family, a_guardian

CANTEEN = UUID(int=1)
TODAY = date(2026, 11, 23)
EVERYBODY = Audience(CANTEEN, None, None, TODAY)


def a_home(mail: str | None, *classes: str) -> Family:
    children = {uuid4(): name for name in classes}
    return replace(a_family(a_guardian(mail=mail)), classes=children)


def concerned(*homes: Family) -> list[tuple[UUID, UUID]]:
    return [(home.family_id, child_id) for home in homes for child_id in home.classes]


def by_id(*homes: Family) -> dict[UUID, Family]:
    return {home.family_id: home for home in homes}


def test_a_family_of_three_children_is_written_to_once() -> None:
    home = a_home("anne@example.org", "CP", "CE1", "CM2")
    found = reach(concerned(home), by_id(home), EVERYBODY)
    assert found.families == (home.family_id,)
    assert (found.mails, found.letters, found.unknown) == (1, 0, 0)
    assert found.classes == ("CE1", "CM2", "CP")


def test_a_family_without_an_address_has_a_letter() -> None:
    homes = a_home("anne@example.org", "CP"), a_home(None, "CP"), a_home("not an address", "CP")
    found = reach(concerned(*homes), by_id(*homes), EVERYBODY)
    assert (len(found.families), found.mails, found.letters) == (3, 1, 2)


def test_one_class_alone_may_be_meant_however_it_is_written() -> None:
    homes = a_home("a@example.org", "CP"), a_home("b@example.org", "CE1")
    found = reach(concerned(*homes), by_id(*homes), replace(EVERYBODY, school_class="ce1"))
    assert found.families == (homes[1].family_id,)
    assert found.classes == ("CE1", "CP")


def test_a_family_whose_file_has_not_come_is_counted_as_such() -> None:
    family_id = uuid4()
    found = reach([(family_id, uuid4())], {}, EVERYBODY)
    assert (found.families, found.unknown) == ((family_id,), 1)


def test_the_same_closures_make_the_same_message_in_whatever_order_they_came() -> None:
    places = [
        ClosedPlace(uuid4(), 2, uuid4(), uuid4(), CANTEEN, uuid4(), date(2026, 12, day))
        for day in (7, 8, 10)
    ]
    family_id = uuid4()
    draft = closures_draft(family_id, places)
    assert draft.message_id == closures_draft(family_id, places[::-1]).message_id
    assert (draft.facts["first"], draft.facts["last"]) == ("2026-12-07", "2026-12-10")
    later = [replace(places[0], version=4)]
    assert closures_draft(family_id, later).message_id != draft.message_id

"""How a family of the file meets the record that is there: who is who, what is new."""

from datetime import date
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.accounts.model.columns import HEADINGS
from services.accounts.model.family import FamilyRecord
from services.accounts.model.merging import merge
from tests.unit.accounts.csv_files import family_file, read_file, row

TODAY = date(2026, 11, 23)


def imported(
    present: FamilyRecord | None, *rows: dict[str, str], headings: tuple[str, ...] = HEADINGS
) -> FamilyRecord:
    reading = read_file(family_file(*rows, headings=headings), TODAY)
    assert reading.errors == ()
    return merge(present, reading.families[0], uuid4)


def guardian_ids(record: FamilyRecord) -> dict[str, UUID]:
    return {g.first_name: g.guardian_id for g in record.guardians}


def test_the_same_file_again_changes_nothing() -> None:
    first = imported(None, row(), row(enfant_prenom="Tom"))
    assert imported(first, row(), row(enfant_prenom="Tom")) is first


def test_children_in_another_order_change_nothing() -> None:
    first = imported(None, row(), row(enfant_prenom="Tom"))
    assert imported(first, row(enfant_prenom="Tom"), row()) is first


def test_a_new_quotient_is_the_next_version() -> None:
    first = imported(None, row())
    second = imported(first, row(quotient="810"))
    assert (second.quotient, second.record_version) == (810, 2)
    assert second.family_id == first.family_id


def test_a_corrected_birth_date_is_the_same_child() -> None:
    first = imported(None, row())
    second = imported(first, row(enfant_naissance="2019-04-05"))
    assert [c.child_id for c in second.children] == [c.child_id for c in first.children]


def test_a_corrected_last_name_is_the_same_child() -> None:
    first = imported(None, row())
    second = imported(first, row(enfant_nom="Le Goff-Martin"))
    assert [c.child_id for c in second.children] == [c.child_id for c in first.children]


def test_a_new_child_joins_its_family() -> None:
    first = imported(None, row())
    second = imported(first, row(), row(enfant_prenom="Tom"))
    assert [c.first_name for c in second.children] == ["Léa", "Tom"]


def test_a_child_left_out_of_the_file_stays() -> None:
    first = imported(None, row(), row(enfant_prenom="Tom"))
    assert imported(first, row()) is first


def test_guardians_in_the_other_order_keep_who_they_are() -> None:
    anne, marc = {"nom": "Le Goff", "prenom": "Anne"}, {"nom": "Évain", "prenom": "Marc"}

    def line(*people: dict[str, str]) -> dict[str, str]:
        cells = {f"resp{i}_{k}": v for i, p in enumerate(people, 1) for k, v in p.items()}
        return row(resp1_mail="", resp1_telephone="", **cells)

    first = imported(None, line(anne, marc))
    second = imported(first, line(marc, anne))
    assert [g.first_name for g in second.guardians] == ["Marc", "Anne"]
    assert guardian_ids(second) == guardian_ids(first)


def test_a_guardian_who_married_is_the_same_person() -> None:
    first = imported(None, row())
    second = imported(first, row(resp1_nom="Évain"))
    assert guardian_ids(second) == guardian_ids(first)


def test_another_adult_does_not_take_over_the_first_ones_place_in_the_file() -> None:
    first = imported(None, row())
    second = imported(first, row(resp1_prenom="Marc"))
    assert [g.first_name for g in second.guardians] == ["Marc", "Anne"]
    assert guardian_ids(second)["Anne"] == guardian_ids(first)["Anne"]


def test_an_empty_cell_clears_and_a_missing_column_leaves_alone() -> None:
    first = imported(None, row(enfant_allergies="arachide"))
    fewer = tuple(h for h in HEADINGS if h not in {"enfant_allergies", "adresse"})
    assert imported(first, row(), headings=fewer) is first
    assert imported(first, row()).children[0].allergies is None


def test_a_new_address_line_beside_the_old_one_is_kept() -> None:
    first = imported(None, row())
    assert imported(first, row(complement="Bât. B")).address.lines == ("12 rue du Fil", "Bât. B")


cells = st.fixed_dictionaries(
    {
        "quotient": st.sampled_from(["", "0", "742", "99999"]),
        "complement": st.sampled_from(["", "Bât. B"]),
        "resp1_mail": st.sampled_from(["", "a@exemple.fr"]),
        "quotient_fin": st.just(""),
    }
)
names = st.lists(st.sampled_from(["Léa", "Tom", "Zoé", "Jean-Luc"]), min_size=1, unique=True)


@given(cells, names, cells, names)
def test_importing_twice_is_importing_once(
    before: dict[str, str], children: list[str], after: dict[str, str], later: list[str]
) -> None:
    first = imported(None, *(row(enfant_prenom=c, **before) for c in children))
    rows = [row(enfant_prenom=c, **after) for c in later]
    second = imported(first, *rows)
    assert imported(second, *rows) is second
    assert second.record_version <= 2
    assert {c.first_name for c in second.children} == set(children) | set(later)

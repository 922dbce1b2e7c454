"""The demo town's families: plausible, and the same each time."""

from collections import Counter
from datetime import date

import pytest

from deploy.demo import town
from deploy.demo.families import Family, make_families, school_class

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def families() -> list[Family]:
    return make_families(600, TODAY)


def test_the_town_is_the_same_each_time(families: list[Family]) -> None:
    assert make_families(600, TODAY) == families


def test_a_smaller_town_is_the_beginning_of_a_larger_one(families: list[Family]) -> None:
    assert make_families(40, TODAY) == families[:40]


def test_another_seed_makes_another_town(families: list[Family]) -> None:
    assert make_families(600, TODAY, seed=1)[2:] != families[2:]


def test_each_family_has_one_to_four_children_of_school_age(families: list[Family]) -> None:
    for family in families:
        assert 1 <= len(family.children) <= 4
        ages = {2026 - child.birth_date.year for child in family.children}
        assert ages <= set(range(3, 12))


def test_each_child_is_in_the_class_of_its_year_at_a_school_that_has_it(
    families: list[Family],
) -> None:
    for child in (child for family in families for child in family.children):
        assert child.school_class == school_class(child.birth_date.year)
        assert child.school_class in child.school.classes


@pytest.mark.parametrize(
    ("born", "level"), [(2023, "PS"), (2021, "GS"), (2020, "CP"), (2016, "CM2"), (2015, "CM2")]
)
def test_the_class_follows_from_the_year_of_birth(born: int, level: str) -> None:
    assert school_class(born) == level


def test_every_school_has_children(families: list[Family]) -> None:
    schools = Counter(child.school.code for family in families for child in family.children)
    assert set(schools) == {school.code for school in town.SCHOOLS}


def test_siblings_bear_different_first_names(families: list[Family]) -> None:
    for family in families:
        assert len({child.first_name for child in family.children}) == len(family.children)


def test_about_one_family_in_seven_has_no_mail_address(families: list[Family]) -> None:
    assert 0.10 < sum(not family.mail for family in families) / len(families) < 0.20


def test_no_two_people_share_a_mail_address_and_none_is_real(families: list[Family]) -> None:
    mails = [g.mail for family in families for g in family.guardians if g.mail]
    assert len(set(mails)) == len(mails)
    assert all(mail.isascii() and mail.partition("@")[2].startswith("example.") for mail in mails)


def test_quotients_are_plausible_some_missing_some_lapsed(families: list[Family]) -> None:
    known = [f for f in families if f.quotient is not None and f.quotient_until is not None]
    assert all(0 <= (family.quotient or 0) <= 3000 for family in known)
    assert 0.04 < 1 - len(known) / len(families) < 0.12
    lapsed = [f for f in known if f.quotient_until and f.quotient_until < TODAY]
    assert 0.03 < len(lapsed) / len(families) < 0.10


def test_a_few_live_outside_the_town_and_a_few_files_lack_the_address(
    families: list[Family],
) -> None:
    outside = [f for f in families if not f.resident]
    incomplete = [f for f in families if not f.street]
    assert 0.04 < len(outside) / len(families) < 0.12
    assert 0 < len(incomplete) / len(families) < 0.04


def test_diets_and_allergies_are_rare_and_there(families: list[Family]) -> None:
    children = [child for family in families for child in family.children]
    diets = Counter(child.diet for child in children)
    assert set(diets) == {"standard", "sans porc", "végétarien", "panier repas"}
    assert diets["standard"] / len(children) > 0.75
    assert 0.01 < sum(bool(child.allergies) for child in children) / len(children) < 0.08


def test_some_parents_are_separated(families: list[Family]) -> None:
    alone = [f for f in families if len(f.guardians) == 1]
    two_names = [f for f in families if len({g.last_name for g in f.guardians}) == 2]
    assert 0.06 < len(alone) / len(families) < 0.2
    assert len(two_names) > len(families) / 10


def test_the_demo_s_own_two_come_first(families: list[Family]) -> None:
    guardian, newcomer = families[:2]
    assert guardian.mail == "camille.lefevre@example.org"
    assert newcomer.mail == "nora.marchand@example.org"

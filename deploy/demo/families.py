"""The families of the demo town, the same ones for the same seed."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final, TypeVar

from faker import Faker

from deploy.demo import town
from deploy.demo.first_names import BOYS, GIRLS
from deploy.demo.town import School

T = TypeVar("T")

SEED: Final = 20260901

CHILDREN: Final = ((1, 34), (2, 43), (3, 17), (4, 6))
DIETS: Final = (("standard", 84), ("sans porc", 8), ("végétarien", 6), ("panier repas", 2))
ALLERGIES: Final = (
    "Arachide : trousse d’urgence à l’école",
    "Œuf",
    "Lait de vache",
    "Gluten (maladie cœliaque)",
    "Fruits à coque",
    "Poisson et crustacés",
    "Pénicilline",
)
# Reserved for examples, so that a demo never writes to anybody.
MAIL_DOMAINS: Final = ("example.org", "example.net", "example.com")


@dataclass(frozen=True, slots=True)
class Guardian:
    """An adult of a family."""

    first_name: str
    last_name: str
    mail: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Child:
    """A child, at school by its year of birth."""

    first_name: str
    last_name: str
    birth_date: date
    school: School
    school_class: str
    diet: str = "standard"
    allergies: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A household's file (dossier)."""

    reference: str
    street: str
    complement: str
    postcode: str
    city: str
    resident: bool
    quotient: int | None
    quotient_until: date | None
    guardians: tuple[Guardian, ...]
    children: tuple[Child, ...]

    @property
    def mail(self) -> str:
        """The address that its messages go to; empty when they go by post."""
        return self.guardians[0].mail


def make_families(count: int, today: date, seed: int = SEED) -> list[Family]:
    """The first `count` families of the town; a larger town begins with the same ones.

    The first two are the demo's own: the guardian's, and the newcomer's.
    """
    fake = Faker("fr_FR")
    mails = _Mails()
    until = _next_august(today)
    drawn = [
        _family(number, Random(f"{seed} {number}"), fake, mails, today)  # noqa: S311 - a demo
        for number in range(3, count + 1)
    ]
    return [_guardian_family(until), _newcomer_family(until), *drawn][:count]


def school_class(birth_year: int) -> str:
    """The class of a child born that year; the eldest repeat the last one."""
    rank = min(town.FIRST_SCHOOL_DAY.year - birth_year - 3, len(town.ALL_CLASSES) - 1)
    return town.ALL_CLASSES[rank]


class _Mails:
    """Mail addresses, no one twice."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def of(self, random: Random, first_name: str, last_name: str) -> str:
        stem = f"{_plain(first_name)}.{_plain(last_name)}"
        homonyms = self._taken.get(stem, 0)
        self._taken[stem] = homonyms + 1
        return f"{stem}{homonyms + 1 if homonyms else ''}@{random.choice(MAIL_DOMAINS)}"


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(c for c in letters if c.isascii() and (c.isalnum() or c == "-"))


def _guardian_family(until: date) -> Family:
    bourg = town.SCHOOLS[0]
    return Family(
        reference="F0001",
        street="12 rue des Tanneurs",
        complement="",
        postcode=town.POSTCODE,
        city=town.NAME,
        resident=True,
        quotient=742,
        quotient_until=until,
        guardians=(
            Guardian("Camille", "Lefèvre", "camille.lefevre@example.org", "06 39 98 12 34"),
            Guardian("Thomas", "Lefèvre", "thomas.lefevre@example.org", "06 39 98 12 35"),
        ),
        children=(
            Child("Zoé", "Lefèvre", date(2019, 4, 17), bourg, "CE1"),
            Child("Jules", "Lefèvre", date(2022, 9, 30), bourg, "MS", "sans porc", ALLERGIES[0]),
        ),
    )


def _newcomer_family(until: date) -> Family:
    nursery = town.SCHOOLS[1]
    return Family(
        reference="F0002",
        street="5 rue des Saules",
        complement="Appartement 3",
        postcode=town.POSTCODE,
        city=town.NAME,
        resident=True,
        quotient=1180,
        quotient_until=until,
        guardians=(Guardian("Nora", "Marchand", "nora.marchand@example.org", "06 39 98 56 78"),),
        children=(Child("Gabin", "Marchand", date(2021, 2, 8), nursery, "GS"),),
    )


def _next_august(today: date) -> date:
    return date(today.year + (today.month > 8), 8, 31)


def _family(number: int, random: Random, fake: Faker, mails: _Mails, today: date) -> Family:
    fake.seed_instance(random.random())
    guardians = tuple(_guardians(random, fake, mails))
    sector = random.choice(("bourg", "vire"))
    resident = random.random() >= 0.08
    city, postcode = (town.NAME, town.POSTCODE) if resident else random.choice(town.NEIGHBOURS)
    # A few files lack the address: codes are not sent to them until the office completes it.
    moved = random.random() < 0.015
    quotient, until = _quotient(random, today)
    return Family(
        reference=f"F{number:04d}",
        street="" if moved else _street(random, sector),
        complement=f"Appartement {random.randint(1, 40)}" if random.random() < 0.08 else "",
        postcode="" if moved else postcode,
        city="" if moved else city,
        resident=resident,
        quotient=quotient,
        quotient_until=until,
        guardians=guardians,
        children=tuple(_children(random, guardians, sector)),
    )


def _street(random: Random, sector: str) -> str:
    street = random.choice(town.STREETS[sector])
    return f"{random.randint(1, 68)}{random.choice(('', '', '', '', ' bis'))} {street}"


def _guardians(random: Random, fake: Faker, mails: _Mails) -> Iterator[Guardian]:
    by_mail = random.random() >= 0.15
    first_is_mother = random.random() < 0.72
    last_name = fake.last_name()
    # One file in six is that of separated parents: one adult, or two names.
    alone = random.random() < 0.12
    names = [last_name] if alone else [last_name, _partner_name(random, fake, last_name)]
    for position, name in enumerate(names):
        female = first_is_mother == (position == 0)
        first_name = fake.first_name_female() if female else fake.first_name_male()
        writes = by_mail and (position == 0 or random.random() < 0.6)
        yield Guardian(
            first_name,
            name,
            mails.of(random, first_name, name) if writes else "",
            # A block that the regulator keeps for fiction.
            f"06 39 98 {random.randint(0, 99):02d} {random.randint(0, 99):02d}",
        )


def _partner_name(random: Random, fake: Faker, last_name: str) -> str:
    return last_name if random.random() < 0.7 else fake.last_name()


def _quotient(random: Random, today: date) -> tuple[int | None, date | None]:
    """Most have one in force; some never handed it in, some let it lapse."""
    chance = random.random()
    if chance < 0.08:
        return None, None
    quotient = min(3000, int(random.triangular(0, 3000, 750)))
    if chance < 0.14:
        return quotient, date(today.year - 1, 12, 31)
    return quotient, _next_august(today)


def _children(random: Random, guardians: Sequence[Guardian], sector: str) -> Iterator[Child]:
    last_name = random.choice(guardians).last_name
    private = random.random() < 0.14
    count = _weighted(random, CHILDREN)
    first_names: set[str] = set()
    for birth_date in sorted(_birth_dates(random, count)):
        first_name = random.choice(
            [n for n in random.choice((GIRLS, BOYS)) if n not in first_names]
        )
        first_names.add(first_name)
        level = school_class(birth_date.year)
        yield Child(
            first_name=first_name,
            last_name=last_name,
            birth_date=birth_date,
            school=_school(sector, level, private=private),
            school_class=level,
            diet=_weighted(random, DIETS),
            allergies=random.choice(ALLERGIES) if random.random() < 0.04 else "",
        )


def _birth_dates(random: Random, count: int) -> list[date]:
    youngest = town.FIRST_SCHOOL_DAY.year - 3
    # Ages 3 to 10, seldom 11: a child who repeats the last class.
    years = range(youngest - (8 if random.random() < 0.03 else 7), youngest + 1)
    born = [_day_in(random, year) for year in random.sample(years, count)]
    if count > 1 and random.random() < 0.04:
        born[1] = born[0]  # twins
    return born


def _day_in(random: Random, year: int) -> date:
    return date(year, 1, 1) + timedelta(days=random.randrange(365))


def _school(sector: str, level: str, *, private: bool) -> School:
    wanted = "" if private else sector
    return next(s for s in town.SCHOOLS if s.sector == wanted and level in s.classes)


def _weighted(random: Random, choices: Sequence[tuple[T, int]]) -> T:
    values = [value for value, _ in choices]
    return random.choices(values, [weight for _, weight in choices])[0]

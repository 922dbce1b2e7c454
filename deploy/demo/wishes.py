"""What the demo families ask for: enrolments, the days they book, and what then happens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from deploy.demo import town
from deploy.demo.families import SEED, Child, Family

# Of all families, those who have enrolled by now, and those whose codes have gone out.
ENROLLED_SHARE: Final = 0.24
CODES_SHARE: Final = 0.25
# Requests that the staff have not decided yet.
WAITING_SHARE: Final = 0.05

WEEKS_BEFORE: Final = 2
WEEKS_AFTER: Final = 1

SCHOOL_DAYS: Final = (1, 2, 4, 5)


@dataclass(frozen=True, slots=True)
class Wish:
    """A child's enrolment in an activity, the weekdays it books, and whether it still waits."""

    family: Family
    child: Child
    activity: str
    weekdays: tuple[int, ...]
    waiting: bool


def weeks_around(today: date) -> tuple[date, date]:
    """First and last day of the weeks that the demo shows, within the school year."""
    day = min(max(today, town.FIRST_SCHOOL_DAY), town.LAST_SCHOOL_DAY)
    monday = day - timedelta(days=day.weekday())
    last = monday + timedelta(weeks=WEEKS_AFTER + 1, days=-1)
    return (
        max(monday - timedelta(weeks=WEEKS_BEFORE), town.FIRST_SCHOOL_DAY),
        min(last, town.LAST_SCHOOL_DAY),
    )


def with_codes(families: Sequence[Family]) -> list[Family]:
    """The families whose access codes have gone out; not the demo's own two."""
    return [f for f in families[2:] if _random(f, "codes").random() < CODES_SHARE]


def wishes(families: Sequence[Family]) -> list[Wish]:
    """What the families other than the demo's own two ask for."""
    return [wish for family in families[2:] for wish in _of_family(family)]


def _of_family(family: Family) -> Iterator[Wish]:
    random = _random(family, "wishes")
    if random.random() >= ENROLLED_SHARE:
        return
    for child in family.children:
        for activity, weekdays in _of_child(random, child):
            yield Wish(family, child, activity, weekdays, random.random() < WAITING_SHARE)


def _of_child(random: Random, child: Child) -> Iterator[tuple[str, tuple[int, ...]]]:
    if random.random() < 0.85:
        yield child.school.canteen, _some(random, SCHOOL_DAYS, at_least=2)
    if random.random() < 0.12:
        yield "matin", _some(random, SCHOOL_DAYS, at_least=1)
    if random.random() < 0.35:
        yield "soir", _some(random, SCHOOL_DAYS, at_least=1)
    if random.random() < 0.22:
        yield "mercredi", (3,)
    if random.random() < 0.12:
        small = child.school_class in town.NURSERY_CLASSES
        yield "vacances-petits" if small else "vacances-grands", (1, 2, 3, 4, 5)


def _some(random: Random, days: Sequence[int], *, at_least: int) -> tuple[int, ...]:
    return tuple(sorted(random.sample(days, random.randint(at_least, len(days)))))


def chance(key: str) -> float:
    """A number from 0 to 1, the same one for the same key."""
    return Random(f"{SEED} {key}").random()  # noqa: S311 - a demo


def attendance(key: str) -> str:
    """What became of a visit: nearly always the child came."""
    drawn = chance(key)
    if drawn < 0.94:
        return "present"
    return "absent" if drawn < 0.975 else "excused"


def _random(family: Family, purpose: str) -> Random:
    return Random(f"{SEED} {purpose} {family.reference}")  # noqa: S311 - a demo

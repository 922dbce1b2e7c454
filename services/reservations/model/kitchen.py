"""What the kitchen is to cook: counted from the places, ordered once, corrected when it changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from uuid import UUID, uuid4

from contracts.events.deadlines import NotCounted
from services.reservations.model.deadlines import CountedDays, at_paris

# How far ahead an order may be due: over the longest row of days off there is.
AHEAD = timedelta(days=21)
# Nobody is there to take an order on these days.
NOT_COUNTED: tuple[NotCounted, ...] = ("saturday", "sunday", "public_holiday", "closure")


@dataclass(frozen=True, slots=True)
class Meal:
    """So many meals of one kind for the children of one school (None: not known)."""

    school_code: str | None
    diet: str
    count: int


@dataclass(frozen=True, slots=True)
class MealSession:
    """A session at which children eat, and the meals by today's count."""

    session_id: UUID
    activity_id: UUID
    day: date
    place: str
    starts_at: datetime
    meals: tuple[Meal, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What was told to the kitchen for a session, in its latest version."""

    session: MealSession
    order_id: UUID
    version: int
    meals: tuple[Meal, ...]

    @classmethod
    def first(cls, session: MealSession) -> Self:
        """The order itself."""
        return cls(session, uuid4(), 1, session.meals)

    def corrected(self) -> Self:
        """The next version, by today's count; this very one when the count is the same."""
        if same_meals(self.meals, self.session.meals):
            return self
        return replace(self, version=self.version + 1, meals=self.session.meals)


def order_instant(day: date, at: time, calendar: CountedDays) -> datetime:
    """When the meals of this day are ordered: at this hour of the last working day before it."""
    before = day - timedelta(days=1)
    while not calendar.counts(before, NOT_COUNTED):
        before -= timedelta(days=1)
    return at_paris(before, at)


def due_orders(
    sessions: Iterable[MealSession],
    told: dict[UUID, Order],
    at: time,
    calendar: CountedDays,
    now: datetime,
) -> list[Order]:
    """The orders to tell now: first ones whose hour has come, and corrections of those told.

    Nothing is corrected once the meal has begun, and nothing ordered for nobody.
    """
    due = []
    for session in sessions:
        if session.starts_at <= now or now < order_instant(session.day, at, calendar):
            continue
        known = told.get(session.session_id)
        if known is None and session.meals:
            due.append(Order.first(session))
        elif known is not None and (order := known.corrected()) is not known:
            due.append(order)
    return due


def same_meals(some: Sequence[Meal], others: Sequence[Meal]) -> bool:
    """Whether both are the same meals, in whatever order they are counted."""
    return sorted(some, key=_order) == sorted(others, key=_order)


def _order(meal: Meal) -> tuple[str, str]:
    return meal.school_code or "", meal.diet

"""How children get into an activity: when families may ask, how many places, who decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from services.chassis.clock import PARIS
from services.chassis.errors import FieldError
from services.enrolment.errors import BadAdmission, NotOpenYet, WindowClosed
from services.enrolment.model.allocation import Criterion

Mode = Literal["first_come", "allocation"]
PaperRule = Literal["show", "complete", "block"]
WindowState = Literal["open", "not_yet", "closed"]


def in_figures(instant: datetime) -> str:
    """02/06/2027 à 08:30, as clocks in Paris show it."""
    return f"{instant.astimezone(PARIS):%d/%m/%Y à %H:%M}"


@dataclass(frozen=True, slots=True)
class Admission:
    """How children get into one activity. Raises BadAdmission when it contradicts itself.

    `automatic`: a request is accepted by itself while there are places, and a freed place goes to
    the next who waits. `papers`: what a missing compulsory paper does to a request: it is only
    shown, has the request completed, or blocks it.
    """

    activity_id: UUID
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    mode: Mode = "first_come"
    automatic: bool = False
    places: int | None = None
    papers: PaperRule = "show"
    criteria: tuple[Criterion, ...] = ()

    def __post_init__(self) -> None:
        codes = [criterion.code for criterion in self.criteria]
        backwards = self.opens_at and self.closes_at and self.closes_at <= self.opens_at
        errors = [
            FieldError(name, message)
            for name, message, wrong in (
                ("closes_at", "La fermeture précède l’ouverture.", backwards),
                ("criteria", "Un code de critère est répété.", len({*codes}) != len(codes)),
                (
                    "places",
                    "Indiquez le nombre de places à attribuer.",
                    self.mode == "allocation" and self.places is None,
                ),
            )
            if wrong
        ]
        if errors:
            raise BadAdmission(errors=errors)

    def window(self, now: datetime) -> WindowState:
        """Whether families may ask now; the limits themselves are in time."""
        if self.opens_at and now < self.opens_at:
            return "not_yet"
        return "closed" if self.closes_at and now > self.closes_at else "open"

    def check_open(self, now: datetime) -> None:
        """Raises NotOpenYet or WindowClosed, with the exact date and hour."""
        state = self.window(now)
        if state == "not_yet" and self.opens_at:
            raise NotOpenYet(f"Les demandes ouvrent le {in_figures(self.opens_at)}.")
        if state == "closed" and self.closes_at:
            raise WindowClosed(f"Les demandes ont été closes le {in_figures(self.closes_at)}.")

    @property
    def decides_at_once(self) -> bool:
        """Whether a request is answered the moment it comes."""
        return self.automatic and self.mode == "first_come"


class Stay(NamedTuple):
    """The first and the last day on which a child takes up a place."""

    first: date
    last: date


def busiest(stays: Sequence[Stay], day: date) -> int:
    """The most children at once on any day from this one on."""
    days = {day, *(stay.first for stay in stays if stay.first > day)}
    return max(sum(stay.first <= d <= stay.last for stay in stays) for d in days)


def first_free_day(
    places: int | None, stays: Sequence[Stay], today: date, last_day: date
) -> date | None:
    """The first day from which one more child has a place until the end; None when there is none.

    Today, unless it is the place of a child that leaves later.
    """
    if places is None:
        return today
    after_leaving = {stay.last + timedelta(days=1) for stay in stays if today <= stay.last}
    for day in sorted({today, *after_leaving}):
        if day <= last_day and busiest(stays, day) < places:
            return day
    return None


def places_left(admission: Admission, stays: Sequence[Stay], today: date) -> int | None:
    """How many more children have a place from now until the end; None when there is no limit."""
    if admission.places is None:
        return None
    return max(0, admission.places - busiest(stays, today))

"""The roll: what leaders say of each child, in whatever order it arrives, and what then stands."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, Self
from uuid import UUID, uuid4

from services.chassis.clock import paris_date
from services.chassis.errors import FieldError
from services.reservations.errors import NotOnTheRoll

AttendanceState = Literal["present", "absent", "excused"]
MarkOutcome = Literal["recorded", "superseded", "refused"]

# A tablet's clock that is further off is not believed: what it says is shifted by the difference.
CLOCK_TOLERANCE = timedelta(seconds=60)

STRANGER = "Cet enfant n’est ni attendu ni inscrit ce jour."
ANOTHER_DAY = "L’heure n’est pas celle d’un moment de cette séance."
BACKWARDS = "L’enfant serait parti avant d’arriver."
TAKEN_ELSEWHERE = "Ce pointage porte le numéro d’un autre."


@dataclass(frozen=True, slots=True)
class HeldSession:
    """Which session the roll is of."""

    session_id: UUID
    activity_id: UUID
    day: date
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Hour:
    """What a mark says of an hour; None takes back what was said."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of one child, when, by whom. An hour that is None is not spoken of.

    Whoever takes a mark gives it its id: by that it is taken in once, however often it is sent.
    """

    child_id: UUID
    state: AttendanceState
    taken_at: datetime
    mark_id: UUID
    arrival: Hour | None = None
    departure: Hour | None = None
    taken_by: UUID | None = None
    device: str = ""

    @property
    def order(self) -> tuple[datetime, UUID]:
        """Marks hold in this order, whichever arrives first; equal times are told apart by id."""
        return self.taken_at, self.mark_id

    @property
    def settles_arrival(self) -> bool:
        """Whether what was said of the arrival before no longer holds."""
        return self.arrival is not None or self.state != "present"

    @property
    def settles_departure(self) -> bool:
        """Whether what was said of the departure before no longer holds."""
        return self.departure is not None or self.state != "present"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the roll says of a child, all in all."""

    state: AttendanceState
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    reservation_id: UUID | None = None

    def late_pickup_minutes(self, ends_at: datetime) -> int:
        """Whole minutes between the session's end and the departure."""
        if self.left_at is None or self.left_at <= ends_at:
            return 0
        return int((self.left_at - ends_at).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Line:
    """One child's line on the roll of a session; `version` 0 has not been told yet.

    `reservation_id` is None when the child is enrolled and not expected that day. `excused`: by
    an absence of which the family gave proof.
    """

    child_id: UUID
    family_id: UUID
    attendance_id: UUID
    reservation_id: UUID | None = None
    marks: tuple[Mark, ...] = ()
    excused: bool = False
    told: Standing | None = None
    version: int = 0

    @property
    def last(self) -> Mark | None:
        """The mark that was taken last."""
        return max(self.marks, key=lambda mark: mark.order, default=None)

    def standing(self) -> Standing | None:
        """What holds after all marks; who came was there, whatever excuses an absence.

        What is no longer excused is an absence, for that is what was told.
        """
        last = self.last
        if last is None:
            state: AttendanceState | None = "absent" if self.told else None
        else:
            state = last.state
        if self.excused and state != "present":
            state = "excused"
        if state is None:
            return None
        arrived_at, left_at = _hours(self.marks)
        return Standing(state, arrived_at, left_at, self.reservation_id)

    def settled(self) -> Self:
        """The line as it is to be told: its next version, or itself when nothing is new."""
        standing = self.standing()
        if standing is None or standing == self.told:
            return self
        return replace(self, told=standing, version=self.version + 1)

    def with_mark(self, mark: Mark) -> Self:
        """The line with one more mark; the same one again changes nothing."""
        if any(known.mark_id == mark.mark_id for known in self.marks):
            return self
        return replace(self, marks=(*self.marks, mark))

    def unmarked(self, now: datetime) -> tuple[Self, Mark | None]:
        """The line of a child whose place is given back before the day of the session.

        Nobody can have come yet: a mark that says so is taken back by one more, which is nobody's.
        """
        last = self.last
        if last is None or last.state != "present":
            return self, None
        after = max(now, last.taken_at + timedelta(microseconds=1))
        back = Mark(self.child_id, "absent", after, uuid4())
        return self.with_mark(back).settled(), back

    def outcome_of(self, mark: Mark) -> MarkOutcome:
        """Whether anything of the mark still holds beside those taken after it."""
        later = [known for known in self.marks if known.order > mark.order]
        arrival_holds = mark.arrival and not any(known.settles_arrival for known in later)
        departure_holds = mark.departure and not any(known.settles_departure for known in later)
        return "recorded" if not later or arrival_holds or departure_holds else "superseded"


def _hours(marks: Iterable[Mark]) -> tuple[datetime | None, datetime | None]:
    arrived_at = left_at = None
    for mark in sorted(marks, key=lambda mark: mark.order):
        if mark.settles_arrival:
            arrived_at = mark.arrival.at if mark.arrival and mark.state == "present" else None
        if mark.settles_departure:
            left_at = mark.departure.at if mark.departure and mark.state == "present" else None
    return arrived_at, left_at


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one mark, and the child's line as it then stands (None: it has none)."""

    mark: Mark
    outcome: MarkOutcome
    line: Line | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A roll with new marks: the answers in their order, what to write, and what of it is news."""

    answers: list[Answered]
    fresh: list[Mark]
    changed: list[Line]
    news: list[Line]


def apply_marks(
    marks: Sequence[Mark],
    lines: Iterable[Line],
    session: HeldSession,
    used_elsewhere: Collection[UUID] = (),
) -> Taken:
    """Take these marks in, each once. A mark that cannot be is refused by itself, with its reason.

    A repeated mark changes nothing; one that differs is a correction with the next version.
    """
    before = {line.child_id: line for line in lines}
    after = dict(before)
    refused: dict[int, str] = {}
    fresh: list[Mark] = []
    for position, mark in enumerate(marks):
        if reason := _refusal(mark, after, session, used_elsewhere):
            refused[position] = reason
            continue
        line = after[mark.child_id]
        after[mark.child_id] = marked = line.with_mark(mark)
        if marked is not line:
            fresh.append(mark)
    settled = {child_id: line.settled() for child_id, line in after.items()}
    answers = [
        Answered(mark, "refused", settled.get(mark.child_id), refused[position])
        if position in refused
        else Answered(mark, settled[mark.child_id].outcome_of(mark), settled[mark.child_id])
        for position, mark in enumerate(marks)
    ]
    changed = [line for line in settled.values() if line != before[line.child_id]]
    news = [line for line in changed if line.version != before[line.child_id].version]
    return Taken(answers, fresh, changed, news)


def _refusal(
    mark: Mark, lines: Mapping[UUID, Line], session: HeldSession, used_elsewhere: Collection[UUID]
) -> str:
    """Why the mark cannot be taken in; empty when it can."""
    if mark.child_id not in lines:
        return STRANGER
    if mark.mark_id in used_elsewhere:
        return TAKEN_ELSEWHERE
    hours = [hour.at for hour in (mark.arrival, mark.departure) if hour and hour.at]
    if any(paris_date(at) != session.day for at in hours):
        return ANOTHER_DAY
    arrived_at, left_at = _hours((*lines[mark.child_id].marks, mark))
    if arrived_at and left_at and left_at < arrived_at:
        return BACKWARDS
    return ""


def taken_now(mark: Mark, lines: Iterable[Line]) -> Mark:
    """A mark that we time ourselves comes after all that were taken of its child."""
    latest = [line.last.taken_at for line in lines if line.child_id == mark.child_id and line.last]
    if not latest or latest[0] < mark.taken_at:
        return mark
    return replace(mark, taken_at=latest[0] + timedelta(microseconds=1))


def refuse_wrong_marks(answers: Sequence[Answered], unnumbered: Collection[UUID]) -> None:
    """Raises NotOnTheRoll, naming each refused mark of those that came without a number.

    Who numbers marks reads what became of each; who does not is told of all or nothing.
    """
    errors = [
        FieldError(f"marks.{position}.child_id", answer.reason)
        for position, answer in enumerate(answers)
        if answer.outcome == "refused" and answer.mark.mark_id in unnumbered
    ]
    if errors:
        raise NotOnTheRoll(errors=errors)


def believed(taken_at: datetime, sent_at: datetime | None, now: datetime) -> datetime:
    """When a mark was taken, by our clock: shifted when the tablet's is wrong, never to come."""
    skew = now - sent_at if sent_at else timedelta(0)
    if abs(skew) > CLOCK_TOLERANCE:
        taken_at += skew
    return min(taken_at, now)

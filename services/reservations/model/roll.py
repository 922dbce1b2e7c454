"""The roll: what the leader says of each child, and what that changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self
from uuid import UUID

from services.chassis.errors import FieldError
from services.reservations.errors import NotOnTheRoll

AttendanceState = Literal["present", "absent", "excused"]


@dataclass(frozen=True, slots=True)
class HeldSession:
    """Which session the roll is of."""

    session_id: UUID
    activity_id: UUID
    day: date


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of one child."""

    child_id: UUID
    state: AttendanceState


@dataclass(frozen=True, slots=True)
class Line:
    """One child's line on the roll of a session; `version` 0 has not been marked yet.

    `reservation_id` is None when the child is enrolled and not expected that day;
    `told_reservation_id` is what stood there when the line was last marked.
    """

    child_id: UUID
    family_id: UUID
    attendance_id: UUID
    reservation_id: UUID | None = None
    told_reservation_id: UUID | None = None
    state: AttendanceState | None = None
    version: int = 0

    def marked(self, state: AttendanceState) -> Self:
        """The line with this state; itself when that would tell nothing new."""
        if (state, self.reservation_id) == (self.state, self.told_reservation_id):
            return self
        return replace(
            self,
            state=state,
            told_reservation_id=self.reservation_id,
            version=self.version + 1,
        )


def apply_marks(marks: Sequence[Mark], lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of all marked children, and those of them that changed.

    A mark repeated changes nothing; one that differs is a correction with the next version.
    Raises NotOnTheRoll, naming every mark of a child that has no line.
    """
    known = {line.child_id: line for line in lines}
    _refuse_strangers(marks, known)
    marked = [known[mark.child_id].marked(mark.state) for mark in marks]
    return marked, [line for line in marked if line.version != known[line.child_id].version]


def _refuse_strangers(marks: Sequence[Mark], known: Mapping[UUID, Line]) -> None:
    errors = [
        FieldError(f"marks.{position}.child_id", "Cet enfant n’est ni attendu ni inscrit ce jour.")
        for position, mark in enumerate(marks)
        if mark.child_id not in known
    ]
    if errors:
        raise NotOnTheRoll(errors=errors)

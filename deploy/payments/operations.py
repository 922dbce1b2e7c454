"""What the stand-in knows: the operations opened with it, and how it is to misbehave."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

# The page closes after this time, and after FORGOTTEN_AFTER the operation never existed.
PAGE_LIFE = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)

Result = Literal["P", "R", "A"]


class Mode(StrEnum):
    """How to misbehave."""

    NORMAL = "normal"
    DELAY = "delay"  # the notification comes late, after the payer is back
    DUPLICATE = "duplicate"  # it comes several times, at once and again
    REORDER = "reorder"  # it waits for the next payment's, and comes after it
    LOSE = "lose"  # it never comes
    FORGE = "forge"  # notifications come for what has no result, or does not exist
    DOWN = "down"  # nothing answers


@dataclass(slots=True)
class Behaviour:
    """The mode, and how long a late notification waits."""

    mode: Mode = Mode.NORMAL
    seconds: float = 3.0


@dataclass(slots=True)
class Operation:
    """One payment opened with us."""

    idop: str
    fields: dict[str, str]
    opened_at: datetime
    result: Result | None = None
    settled_at: datetime | None = None
    authorisation: str = ""

    @property
    def amount_cents(self) -> int:
        """What is to be paid."""
        return int(self.fields["montant"])

    def is_open(self, now: datetime) -> bool:
        """Whether its page still takes a decision: a payer who gave up may come back."""
        return self.result in (None, "A") and now < self.opened_at + PAGE_LIFE


@dataclass(slots=True)
class Operations:
    """All operations, in memory: this is no bank."""

    clock: Callable[[], datetime]
    behaviour: Behaviour = field(default_factory=Behaviour)
    known: dict[str, Operation] = field(default_factory=dict)
    held: list[Operation] = field(default_factory=list)

    def behave(self, behaviour: Behaviour) -> None:
        """Misbehave so from now on; what was held back for another behaviour is lost."""
        self.behaviour = behaviour
        self.held.clear()

    def reordered(self, operation: Operation) -> list[Operation]:
        """Whose notifications go out now that this one is due: the newer before the older."""
        if not self.held:
            self.held.append(operation)
            return []
        older = self.held.pop()
        return [operation, older]

    def open(self, fields: dict[str, str]) -> Operation:
        """Open one; its id cannot be guessed."""
        now = self.clock()
        for idop in [i for i, o in self.known.items() if now > o.opened_at + FORGOTTEN_AFTER]:
            del self.known[idop]
        operation = Operation(secrets.token_hex(18), fields, now)
        self.known[operation.idop] = operation
        return operation

    def find(self, idop: str) -> Operation | None:
        """The operation of this id, if it was opened here and not forgotten."""
        return self.known.get(idop)

    def settle(self, operation: Operation, result: Result) -> None:
        """The payer has decided."""
        operation.result, operation.settled_at = result, self.clock()
        if result == "P":
            operation.authorisation = f"{secrets.randbelow(1_000_000):06d}"

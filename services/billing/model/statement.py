"""A family's account over a year: what it stood at, what moved it, what it stands at."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

# The kinds of postings that change what is asked for; the others are money.
CHARGES: Final = frozenset({"invoice", "credit_note", "write_off", "write_off_reversal"})


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose account it is, and where papers are sent."""

    reference: str
    addressee: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """What one posting changed of what a family owes: above zero it owes more.

    `references`: the numbers of the papers that tell of it; `method`: how it was paid.
    """

    day: date
    kind: str
    amount_cents: int
    references: tuple[str, ...] = ()
    method: str | None = None

    @property
    def is_charge(self) -> bool:
        """Whether it changed what is asked for; else it is money, come in or gone back."""
        return self.kind in CHARGES


@dataclass(frozen=True, slots=True)
class Statement:
    """The account of one year. Balances are what is owed; below zero, what is to its credit."""

    year: int
    opening_cents: int
    movements: tuple[Movement, ...]

    @property
    def closing_cents(self) -> int:
        """What it comes to."""
        return self.opening_cents + sum(m.amount_cents for m in self.movements)

    @property
    def charged_cents(self) -> int:
        """What was asked for, corrections and debts given up taken off."""
        return sum(m.amount_cents for m in self.movements if m.is_charge)

    @property
    def paid_cents(self) -> int:
        """What was paid, what was paid back or came back taken off."""
        return -sum(m.amount_cents for m in self.movements if not m.is_charge)

    @classmethod
    def of(cls, year: int, opening_cents: int, movements: tuple[Movement, ...]) -> Self:
        """The statement, its movements by day."""
        return cls(year, opening_cents, tuple(sorted(movements, key=lambda m: m.day)))

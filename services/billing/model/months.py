"""The months that are invoiced."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from services.billing.errors import BadMonth
from services.chassis.french import MONTHS

# A past month further away is a slip of the pen. A month to come takes its reservations while
# families may still cancel them: the next one at most.
MONTHS_BACK, MONTHS_AHEAD = 12, 1
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month by its first day."""

    first: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """The month written 2026-11. Raises BadMonth."""
        try:
            first = date.fromisoformat(f"{text}-01")
        except ValueError:
            raise BadMonth.because("Un mois s’écrit AAAA-MM, par exemple 2026-11.") from None
        if not FIRST_YEAR <= first.year <= LAST_YEAR:
            raise BadMonth.because(f"L’année doit être entre {FIRST_YEAR} et {LAST_YEAR}.")
        return cls(first)

    @property
    def after(self) -> date:
        """The first day that is no longer in it."""
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def label(self) -> str:
        """Its name: novembre 2026."""
        return f"{MONTHS[self.first.month - 1]} {self.first.year}"

    @property
    def of(self) -> str:
        """What is of it: de novembre 2026, d’octobre 2026."""
        return f"d’{self.label}" if self.label[0] in "ao" else f"de {self.label}"

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    def until(self, last: "Month") -> int:
        """How many months there are up to that one, both counted; below 1 when it is earlier."""
        years = last.first.year - self.first.year
        return years * 12 + last.first.month - self.first.month + 1

    def check(self, today: date) -> None:
        """Raises BadMonth when it is too far from today to be meant."""
        distance = (self.first.year - today.year) * 12 + self.first.month - today.month
        if distance < -MONTHS_BACK:
            raise BadMonth.because("Ce mois est à plus d’un an d’ici.")
        if distance > MONTHS_AHEAD:
            raise BadMonth.because("Ce mois est trop loin : au plus tard le mois prochain.")

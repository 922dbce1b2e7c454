"""The waiting line: who waits, whose turn it is, whose turn is over. Strictly in order."""

from bisect import bisect_left, insort
from collections import deque
from itertools import islice

from gateway.waiting_room.tickets import expires_at

# Whoever was told to come back at a moment may be late by so much before they count as away.
LATE_SECONDS = 10.0
# A first guess of the time from one turn to the next, until there have been some.
USUAL_SECONDS = 0.1
REMEMBERED_TURNS = 50
REMEMBERED_SECONDS = 60.0


class Line:
    """Tickets in the order of their numbers.

    Only those who are there are called: whoever is away when their turn comes keeps the place
    for `patience` seconds, first of all at their return, and holds up nobody meanwhile.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._order: list[int] = []
        self._expected: dict[int, float] = {}  # until when each who waits counts as there
        self._called: dict[int, float] = {}  # until when each is awaited at the door
        self._missed: dict[int, float] = {}  # away at their turn: when they lose it
        self._spent: dict[int, None] = {}  # have been inside, or lost their turn
        self._turns: deque[float] = deque(maxlen=REMEMBERED_TURNS)

    @property
    def waiting(self) -> int:
        """How many wait, there or away."""
        return len(self._order) + len(self._missed)

    @property
    def called(self) -> int:
        """How many are awaited at the door."""
        return len(self._called)

    def join(self, number: int, now: float) -> bool:
        """Stand in the line, or go on standing there; False when this ticket has had its turn."""
        self._forget(now)
        if number in self._spent:
            return False
        if number not in self._expected and number not in self._called:
            self._missed.pop(number, None)
            insort(self._order, number)
        self._see(number, now)
        return True

    def call(self, count: int, now: float) -> None:
        """It is the turn of the next `count` who are there."""
        self._forget(now)
        passed = 0
        for number in self._order:
            if count <= 0:
                break
            away = self._expected[number] < now
            passed += 1
            until = self._expected.pop(number)
            if away:
                self._missed[number] = now + self._patience
            else:
                self._called[number] = until
                self._turns.append(now)
                count -= 1
        del self._order[:passed]

    def enter(self, number: int) -> bool:
        """Go in, if it is this ticket's turn; it is used up then."""
        if self._called.pop(number, None) is None:
            return False
        self._spent[number] = None
        return True

    def place(self, number: int) -> int:
        """How many come before, and one."""
        return bisect_left(self._order, number) + 1

    def wait(self, place: int, now: float) -> float:
        """How many seconds the one at this place will wait, at the pace of the last turns."""
        turns = self._turns
        while turns and turns[0] < now - REMEMBERED_SECONDS:
            turns.popleft()
        pace = (now - turns[0]) / len(turns) if len(turns) > 1 else USUAL_SECONDS
        return place * pace

    def expect(self, number: int, moment: float) -> None:
        """This one was told to be back then."""
        self._expected[number] = moment + LATE_SECONDS

    def _see(self, number: int, now: float) -> None:
        until = now + LATE_SECONDS
        if number in self._called:
            self._called[number] = until
        else:
            self._expected[number] = until

    def _forget(self, now: float) -> None:
        for number in [n for n, until in self._called.items() if until < now]:
            # Called at the latest when they were last awaited: patience counts from there.
            self._missed[number] = self._called.pop(number) + self._patience
        for number in _first_past(self._missed, now):
            del self._missed[number]
            self._spent[number] = None
        for number in list(islice(self._spent, 2)):
            if expires_at(number) < now:
                del self._spent[number]


def _first_past(moments: dict[int, float], now: float) -> list[int]:
    """Those at the beginning whose moment is over: they were put in nearly in its order."""
    found = []
    for number, moment in moments.items():
        if moment >= now:
            break
        found.append(number)
    return found

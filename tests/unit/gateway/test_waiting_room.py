"""The waiting room: first come, first served, and never more inside than can be served."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gateway.api.routes import document
from gateway.waiting_room.answers import TICKET_HEADER, wait_in_words
from gateway.waiting_room.door import CALM_SECONDS, Door
from gateway.waiting_room.line import LATE_SECONDS, Line
from gateway.waiting_room.room import Inside, Waiting, WaitingRoom
from gateway.waiting_room.slots import Slots
from gateway.waiting_room.tickets import LIFE_SECONDS, Tickets
from gateway.waiting_room.visits import MOST, Visits

NOON = 1_796_000_000.0
LEVEL = 2
PATIENCE = 300.0
VISIT = 1200.0
SECRET = "un secret de test assez long pour signer"
TICKETS = Tickets(SECRET)


def a_room(level: int = LEVEL) -> WaitingRoom:
    return WaitingRoom(Door(level, 2.0), Line(PATIENCE), Visits(VISIT), Tickets(SECRET))


def newcomer(room: WaitingRoom, now: float, load: int = LEVEL) -> Inside | Waiting:
    return room.ask((), "", load=load, soonest=5, now=now)


def waits(room: WaitingRoom, now: float) -> Waiting:
    answer = newcomer(room, now)
    assert isinstance(answer, Waiting)
    return answer


def returns(room: WaitingRoom, told: Waiting, now: float, load: int) -> Inside | Waiting:
    return room.ask((), TICKETS.write(told.ticket), load=load, soonest=5, now=now)


def place_of(answer: Inside | Waiting) -> int:
    """The place in the line; 0 inside."""
    return answer.place if isinstance(answer, Waiting) else 0


def test_nobody_notices_the_waiting_room_on_a_normal_day() -> None:
    room = a_room()
    assert newcomer(room, NOON, load=LEVEL - 1) == Inside()


def test_past_the_level_newcomers_have_a_place_in_the_order_of_coming() -> None:
    room = a_room()
    assert [waits(room, NOON + n).place for n in range(3)] == [1, 2, 3]


def test_the_place_survives_a_reload_and_a_closed_tab() -> None:
    room = a_room()
    told = [waits(room, NOON) for _ in range(3)]
    for later in (1, 5, 60, 200):
        assert place_of(returns(room, told[1], NOON + later, LEVEL)) == 2


def test_whoever_was_inside_when_the_door_closed_stays_inside() -> None:
    room = a_room()
    family = (hash("a visit"),)
    assert room.ask(family, "", load=0, soonest=5, now=NOON) == Inside()
    waits(room, NOON + 1)
    assert room.ask(family, "", load=50, soonest=5, now=NOON + 2) == Inside()


def test_a_visit_ends_when_it_has_been_silent_for_long() -> None:
    room = a_room()
    family = (hash("a visit"),)
    room.ask(family, "", load=0, soonest=5, now=NOON)
    late = NOON + VISIT + 1
    assert isinstance(room.ask(family, "", load=LEVEL, soonest=5, now=late), Waiting)


def test_when_there_is_room_the_next_in_the_line_goes_in_and_no_newcomer() -> None:
    room = a_room()
    first, second = waits(room, NOON), waits(room, NOON)
    assert isinstance(newcomer(room, NOON + 1, load=LEVEL - 1), Waiting)  # calls the first
    assert place_of(returns(room, second, NOON + 2, LEVEL)) == 1
    assert returns(room, first, NOON + 2, LEVEL) == Inside(first.ticket)


def test_the_ticket_is_the_proof_of_being_inside() -> None:
    room = a_room()
    told = waits(room, NOON)
    assert returns(room, told, NOON + 1, 0) == Inside(told.ticket)
    assert returns(room, told, NOON + 2, load=50) == Inside()


def test_whoever_is_away_at_their_turn_goes_first_at_their_return() -> None:
    room = a_room()
    away, there = waits(room, NOON), waits(room, NOON + 100)
    assert returns(room, there, NOON + 101, 0) == Inside(there.ticket)
    assert isinstance(returns(room, away, NOON + 102, LEVEL), Waiting)
    waits(room, NOON + 103)
    assert returns(room, away, NOON + 104, 1) == Inside(away.ticket)


def test_whoever_stays_away_longer_than_the_towns_patience_stands_at_the_end() -> None:
    room = a_room()
    away, there = waits(room, NOON), waits(room, NOON + 100)
    returns(room, there, NOON + 101, 0)
    newer = waits(room, NOON + 102 + PATIENCE)
    back = returns(room, away, NOON + 103 + PATIENCE, LEVEL)
    assert isinstance(back, Waiting)
    assert back.ticket > newer.ticket


def test_a_used_ticket_does_not_open_the_door_to_a_second_visit() -> None:
    room = a_room()
    told = waits(room, NOON)
    returns(room, told, NOON + 1, 0)
    late = NOON + 2 + VISIT
    waits(room, late)
    assert place_of(returns(room, told, late, LEVEL)) == 2


def test_another_gateways_ticket_stands_where_its_number_says() -> None:
    room = a_room()
    earlier = Tickets(SECRET).next(NOON)
    later = waits(room, NOON + 10)
    stranger = room.ask((), TICKETS.write(earlier), load=LEVEL, soonest=5, now=NOON + 11)
    assert place_of(stranger) == 1
    assert place_of(returns(room, later, NOON + 12, LEVEL)) == 2


@pytest.mark.parametrize("value", ["", "abc", "é", "A" * 32, "A" * 33, "AAAA" * 8])
def test_a_forged_ticket_counts_as_none(value: str) -> None:
    assert TICKETS.read(value, NOON) is None


def test_a_ticket_holds_for_hours_and_not_for_days() -> None:
    written = TICKETS.write(number := Tickets("x" * 32).next(NOON))
    assert TICKETS.read(written, NOON + LIFE_SECONDS - 1) == number
    assert TICKETS.read(written, NOON + LIFE_SECONDS + 1) is None
    assert TICKETS.read(written, NOON - 3600) is None
    assert Tickets("another secret of more than 32 characters").read(written, NOON) is None


def test_two_who_come_at_the_same_moment_have_different_numbers() -> None:
    tickets = Tickets("x" * 32)
    assert tickets.next(NOON) < tickets.next(NOON) < tickets.next(NOON - 5)


def test_the_door_opens_again_when_it_has_been_calm_for_a_while() -> None:
    door = Door(8, 2.0)
    assert not door.is_guarded(7, 0, NOON)
    assert door.is_guarded(8, 0, NOON)
    assert door.is_guarded(1, 1, NOON + CALM_SECONDS + 1)  # somebody waits
    assert door.is_guarded(4, 0, NOON + 2 * CALM_SECONDS)  # half the level is no calm
    assert door.is_guarded(1, 0, NOON + 3 * CALM_SECONDS)
    assert not door.is_guarded(1, 0, NOON + 3 * CALM_SECONDS + 1)


def test_slow_answers_let_fewer_in_only_when_there_is_much_to_answer() -> None:
    door = Door(16, 2.0)
    door.answered(600.0, load=7)
    assert not door.is_guarded(15, 0, NOON)
    for _ in range(4):
        door.answered(3.0, load=16)
    assert door.is_guarded(11, 0, NOON)
    assert door.room(11, 0) == 0


def test_however_slow_the_answers_some_are_always_let_in() -> None:
    door = Door(16, 2.0)
    for _ in range(200):
        door.answered(60.0, load=50)
    assert door.room(1, 0) == 1


def test_quick_answers_give_the_whole_level_back_and_no_more() -> None:
    door = Door(16, 2.0)
    for _ in range(200):
        door.answered(60.0, load=50)
    for _ in range(200):
        door.answered(0.1, load=10)
    assert door.room(0, 0) == 16


def test_a_flood_of_visits_keeps_memory_bounded() -> None:
    visits = Visits(VISIT)
    for n in range(MOST + 500):
        visits.renew((n,), NOON)
    assert len(visits) == MOST


def test_the_wait_is_told_from_the_pace_of_the_last_turns() -> None:
    room = a_room()
    line = [waits(room, NOON) for _ in range(40)]
    for second in range(1, 21):
        returns(room, line[second - 1], NOON + second, 1)
    told = returns(room, line[39], NOON + 21, LEVEL)
    assert isinstance(told, Waiting)
    assert told.seconds == pytest.approx(told.place, abs=3)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "moins d’une minute"),
        (60, "environ une minute"),
        (170, "environ 3 minutes"),
        (3600, "environ une heure"),
        (9000, "environ 2 heures"),
    ],
)
def test_the_wait_is_said_as_one_says_it(seconds: int, words: str) -> None:
    assert wait_in_words(seconds) == words


async def test_requests_beyond_the_slots_are_served_in_their_order() -> None:
    slots, served = Slots(1), list[int]()

    async def request(number: int) -> None:
        slot = await slots.take()
        await asyncio.sleep(0)
        served.append(number)
        assert slots._taken == 1
        slot.give_back()

    await asyncio.gather(*(request(n) for n in range(5)))
    assert served == [0, 1, 2, 3, 4]
    assert slots.load == 0


async def test_a_request_given_up_while_waiting_leaves_its_slot_to_the_next() -> None:
    slots = Slots(1)
    held = await slots.take()
    gone, stays = asyncio.create_task(slots.take()), asyncio.create_task(slots.take())
    await asyncio.sleep(0)
    gone.cancel()
    held.give_back()
    (await stays).give_back()
    assert slots.load == 0


async def test_a_slot_that_was_given_on_is_not_given_back_again() -> None:
    slots = Slots(1)
    held = await slots.take()
    held.give_back()  # as its time does, when a request takes too long
    other = await slots.take()
    held.give_back()
    assert slots.load == 1
    other.give_back()


class OpeningDay(RuleBasedStateMachine):
    """Families that come, reload, go away and come back, whatever the load does meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.load, self.level = NOON, 0, 3
        self.door = Door(self.level, 2.0)
        self.line = Line(PATIENCE)
        self.room = WaitingRoom(self.door, self.line, Visits(VISIT), Tickets(SECRET))
        self.told: list[tuple[Waiting, float]] = []

    def waiting_there(self, before: int) -> Iterator[int]:
        """Tickets before this one whose owners are there and have not been called."""
        for told, seen in self.told:
            still_there = self.now <= seen + told.come_back + LATE_SECONDS
            if told.ticket < before and still_there and told.ticket in self.line._order:
                yield told.ticket

    def check(self, answer: Inside | Waiting) -> None:
        if isinstance(answer, Waiting):
            self.told.append((answer, self.now))
        elif answer.ticket is not None:
            assert not list(self.waiting_there(answer.ticket)), "somebody was overtaken"

    @rule()
    def somebody_comes(self) -> None:
        self.check(newcomer(self.room, self.now, self.load))

    @rule(which=st.integers(0, 10_000))
    def somebody_reloads(self, which: int) -> None:
        if self.told:
            told, _ = self.told.pop(which % len(self.told))
            back = returns(self.room, told, self.now, self.load)
            self.check(back)
            if isinstance(back, Waiting) and back.ticket == told.ticket:
                # Others went in or in vain before: nobody new ever stands before me.
                ahead = [t for t in self.line._order if t < told.ticket]
                assert back.place == len(ahead) + 1

    @rule(seconds=st.sampled_from([0.1, 5.0]))
    def an_answer_is_given(self, seconds: float) -> None:
        self.room.answered(seconds, self.load)

    @rule(load=st.integers(0, 6))
    def the_load_changes(self, load: int) -> None:
        self.load = load

    @rule(seconds=st.sampled_from([0.5, 3.0, 15.0, 90.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def no_more_are_on_their_way_than_can_be_served(self) -> None:
        assert self.line.called <= self.level

    @invariant()
    def the_line_is_in_order(self) -> None:
        assert self.line._order == sorted(set(self.line._order))


TestOpeningDay = OpeningDay.TestCase
TestOpeningDay.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_programs_read_of_the_waiting_room_in_the_apis_document() -> None:
    described = document()
    for operations in described["paths"].values():
        for operation in operations.values():
            assert operation["responses"]["503"]["$ref"] == "#/components/responses/InLine"
    assert TICKET_HEADER in described["components"]["responses"]["InLine"]["headers"]

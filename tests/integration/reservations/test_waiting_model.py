"""Whatever families, staff and time do: a simple model of the line and the database agree."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import services.reservations
from deploy.postgres import EmbeddedPostgres
from services.reservations.commands import answer_offer, keep_copies
from services.reservations.commands.cancel import cancel_reservation
from services.reservations.commands.reserve import reserve
from services.reservations.commands.serve_lines import follow_lines, keep_place_rules
from services.reservations.errors import NoOffer
from services.reservations.model.activities import session_id
from services.reservations.model.families import Child, Enrolment, Family
from services.reservations.model.places import Asker, Item, Terms
from services.reservations.model.waiting import AgeGroup, PlaceRules, WaitingMode
from tests.integration.machine_base import Base
from tests.unit.reservations.builders import NO_DEADLINE, NOW, ZONE_B, activity

MIGRATIONS = Path(services.reservations.__file__).parent / "migrations"
FRIDAY = date(2026, 11, 27)
CHILDREN = 6
SMALL = AgeGroup("3-5 ans", 3, 5, capacity=1)
BIG = AgeGroup("6-11 ans", 6, 11)

any_child = st.integers(0, CHILDREN - 1)


def one_of(children: Iterable[int], which: int) -> int:
    """One of these children, whichever number was drawn."""
    ordered = sorted(children)
    return ordered[which % len(ordered)]


@pytest.fixture(scope="module")
def base(postgres: EmbeddedPostgres) -> Iterator[Base]:
    with closing(Base(postgres, "waiting_model", MIGRATIONS)) as opened:
        yield opened


@dataclass
class Expected:
    """The rules in their plainest form: who holds a place, who waits, who was offered one."""

    capacity: int
    mode: WaitingMode
    is_small: list[bool]
    with_groups: bool
    held: set[int] = field(default_factory=set)
    line: list[int] = field(default_factory=list)
    offers: dict[int, datetime] = field(default_factory=dict)

    def taken(self) -> set[int]:
        return self.held | set(self.offers)

    def fits(self, child: int) -> bool:
        small = [other for other in self.taken() if self.is_small[other]]
        own_full = self.with_groups and self.is_small[child] and len(small) >= 1
        return len(self.taken()) < self.capacity and not own_full

    def serve(self, now: datetime, last_call: datetime) -> None:
        for child in [c for c in self.line if c not in self.offers]:
            if now < last_call and self.fits(child):
                if self.mode == "give":
                    self.place(child)
                else:
                    self.offers[child] = min(now + timedelta(hours=10), last_call)

    def settle(self, now: datetime, last_call: datetime) -> None:
        for child, until in list(self.offers.items()):
            if until < now:
                self.leave(child)
        if now >= last_call:
            self.line = [child for child in self.line if child in self.offers]
        self.serve(now, last_call)

    def place(self, child: int) -> None:
        self.leave(child)
        self.held.add(child)

    def leave(self, child: int) -> None:
        self.offers.pop(child, None)
        if child in self.line:
            self.line.remove(child)


class LineMachine(RuleBasedStateMachine):
    """Families, staff, the town and time at one session."""

    base: Base

    @initialize(
        capacity=st.integers(1, 2),
        mode=st.sampled_from(["give", "offer"]),
        with_groups=st.booleans(),
        arrivals=st.permutations(range(CHILDREN)),
    )
    def open_session(
        self, capacity: int, mode: WaitingMode, arrivals: list[int], *, with_groups: bool
    ) -> None:
        self.now = NOW
        self.activity = activity(
            activity_id=uuid4(),
            starts_on=FRIDAY,
            ends_on=FRIDAY,
            capacity=capacity,
            reserve_rule=NO_DEADLINE,
            cancel_rule=NO_DEADLINE,
        )
        self.session = session_id(self.activity.activity_id, FRIDAY)
        self.families = [uuid4() for _ in range(CHILDREN)]
        self.children = [uuid4() for _ in range(CHILDREN)]
        small = [number % 2 == 0 for number in range(CHILDREN)]
        self.expected = Expected(capacity, mode, small, with_groups)
        self.most = 0
        groups = (SMALL, BIG) if with_groups else ()
        rules = PlaceRules(self.activity.activity_id, 1, mode, 10, 24, groups)
        self.base.run(self._prepare(rules))
        for child in arrivals[:-1]:
            self._ask(child, to_wait=True, by_staff=False)

    async def _prepare(self, rules: PlaceRules) -> None:
        async with self.base.database.transaction() as connection:
            await keep_place_rules(connection, rules, self.now)
            await keep_copies.keep_activity(connection, self.activity, ZONE_B, self.now)
            for family_id, child_id, small in zip(
                self.families, self.children, self.expected.is_small, strict=True
            ):
                born = date(2022, 3, 1) if small else date(2018, 3, 1)
                child = Child(child_id, "Léa", "Martin", born, None, "standard", None)
                await keep_copies.keep_family(connection, Family(family_id, 1, (child,)))
                enrolment = Enrolment(
                    uuid4(), 1, family_id, child_id, self.activity.activity_id, FRIDAY, FRIDAY
                )
                await keep_copies.keep_enrolment(connection, enrolment)

    @property
    def last_call(self) -> datetime:
        return datetime(2026, 11, 26, 10, 45, tzinfo=NOW.tzinfo)

    @rule(child=any_child, to_wait=st.booleans(), by_staff=st.booleans())
    def ask_for_a_place(self, child: int, *, to_wait: bool, by_staff: bool) -> None:
        self._ask(child, to_wait=to_wait, by_staff=by_staff)

    def _ask(self, child: int, *, to_wait: bool, by_staff: bool) -> None:
        item = Item(self.children[child], self.session)
        asker = Asker(self.families[child], by_staff, uuid4())
        terms = Terms(to_wait=frozenset([item]) if to_wait else frozenset())
        [outcome] = self.base.command(lambda c: reserve(c, [item], asker, self.now, terms))
        model = self.expected
        offered_until = model.offers.get(child)
        if child in model.held or (offered_until and self.now <= offered_until):
            wanted = "confirmed"
        elif child in model.offers:
            wanted = "waitlisted"  # too late for this offer, and not yet told so
        elif model.fits(child):
            wanted = "confirmed"
        elif child in model.line:
            wanted = "waitlisted"
        elif to_wait and self.now < self.last_call:
            wanted = "waitlisted"
            model.line.append(child)
        else:
            wanted = "refused"
        assert outcome.verdict == wanted
        if wanted == "confirmed":
            model.place(child)
        if wanted == "waitlisted":
            own = [c for c in model.line if model.is_small[c] == model.is_small[child]]
            ranked = own if model.with_groups else model.line
            assert outcome.rank == ranked.index(child) + 1

    @precondition(lambda self: self.expected.held)
    @rule(which=any_child)
    def give_a_place_back(self, which: int) -> None:
        child = one_of(self.expected.held, which)
        held = self._held()[self.children[child]]
        asker = self._guardian(child)
        self.base.command(lambda c: cancel_reservation(c, held, asker, self.now))
        self.expected.held.remove(child)
        self.expected.serve(self.now, self.last_call)

    @precondition(lambda self: self.expected.offers)
    @rule(which=any_child)
    def accept_an_offer(self, which: int) -> None:
        child = one_of(self.expected.offers, which)
        waiting_id, asker = self._live()[self.children[child]], self._guardian(child)
        if self.now <= self.expected.offers[child]:
            self.base.command(lambda c: answer_offer.accept_offer(c, waiting_id, asker, self.now))
            self.expected.place(child)
        else:
            with pytest.raises(NoOffer):
                self.base.command(
                    lambda c: answer_offer.accept_offer(c, waiting_id, asker, self.now)
                )

    @precondition(lambda self: self.expected.offers)
    @rule(which=any_child)
    def decline_an_offer(self, which: int) -> None:
        child = one_of(self.expected.offers, which)
        waiting_id, asker = self._live()[self.children[child]], self._guardian(child)
        self.base.command(lambda c: answer_offer.decline_offer(c, waiting_id, asker, self.now))
        self.expected.leave(child)
        self.expected.serve(self.now, self.last_call)

    @precondition(lambda self: self.expected.line)
    @rule(which=any_child)
    def wait_no_more(self, which: int) -> None:
        child = one_of(self.expected.line, which)
        waiting_id, asker = self._live()[self.children[child]], self._guardian(child)
        self.base.command(lambda c: answer_offer.give_up(c, waiting_id, asker, self.now))
        self.expected.leave(child)
        self.expected.serve(self.now, self.last_call)

    @precondition(lambda self: self.now < self.last_call)
    @rule(hours=st.integers(1, 20), at_work=st.booleans())
    def time_passes(self, hours: int, *, at_work: bool) -> None:
        self.now += timedelta(hours=hours)
        if at_work:
            self.base.run(follow_lines(self.base.database, self.now))
            self.expected.settle(self.now, self.last_call)

    @rule(capacity=st.integers(0, 4))
    def the_town_changes_the_capacity(self, capacity: int) -> None:
        version = self.activity.version + 1
        self.activity = activity(
            **{name: getattr(self.activity, name) for name in self.activity.__slots__}
            | {"version": version, "capacity": capacity}
        )
        self.base.command(lambda c: keep_copies.keep_activity(c, self.activity, ZONE_B, self.now))
        self.expected.capacity = capacity
        self.expected.settle(self.now, self.last_call)

    @invariant()
    def the_database_is_as_expected(self) -> None:
        names = {child: number for number, child in enumerate(self.children)}
        held, line, counters = self.base.run(self._read())
        assert {names[child] for child in held} == self.expected.held
        assert [names[child] for child, _ in line] == self.expected.line
        offered = {names[child] for child, state in line if state == "offered"}
        assert offered == set(self.expected.offers)
        assert counters["booked"] == len(held)
        assert counters["offered"] == len(offered)
        assert counters["waiting"] == len(line) - len(offered)
        taken = self.expected.taken()
        if self.expected.with_groups:
            small = sum(self.expected.is_small[child] for child in taken)
            assert counters["group_taken"] == [small, len(taken) - small]
        # More than the capacity only as far as it was lowered below what was held.
        assert len(taken) <= max(self.expected.capacity, self.most)
        self.most = len(taken)

    def teardown(self) -> None:
        """What was told of each place and each wait is one story, version by version."""
        stories: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for kind, item, version in self.base.run(self._told()):
            stories[item].append((version, kind))
        for story in stories.values():
            assert [version for version, _ in story] == list(range(1, len(story) + 1))
            kinds = [kind for _, kind in story]
            if kinds[0] == "waiting-list-joined":
                middle = kinds[1:-1] if kinds[-1] == "waiting-list-left" else kinds[1:]
                assert middle in ([], ["place-offered"])
            else:
                made, gone = "reservation-made", "reservation-cancelled"
                assert kinds == [(made, gone)[n % 2] for n in range(len(kinds))]

    def _guardian(self, child: int) -> Asker:
        return Asker(self.families[child], by_staff=False, account_id=uuid4())

    def _held(self) -> dict[UUID, UUID]:
        return self.base.run(
            self._pairs(
                "SELECT child_id, reservation_id FROM reservation "
                "WHERE session_id = $1 AND confirmed"
            )
        )

    def _live(self) -> dict[UUID, UUID]:
        return self.base.run(
            self._pairs(
                "SELECT child_id, waiting_id FROM waiting "
                "WHERE session_id = $1 "
                "AND state IN ('waiting', 'offered')"
            )
        )

    async def _pairs(self, query: str) -> dict[UUID, UUID]:
        async with self.base.database.connection() as connection:
            return {row[0]: row[1] for row in await connection.fetch(query, self.session)}

    async def _read(self) -> tuple[list[UUID], list[tuple[UUID, str]], dict[str, Any]]:
        async with self.base.database.connection() as connection:
            held = await connection.fetch(
                "SELECT child_id FROM reservation WHERE session_id = $1 AND confirmed",
                self.session,
            )
            line = await connection.fetch(
                """SELECT child_id, state FROM waiting WHERE session_id = $1
                   AND state IN ('waiting', 'offered') ORDER BY position""",
                self.session,
            )
            counters = await connection.fetchrow(
                "SELECT booked, offered, waiting, group_taken FROM session WHERE session_id = $1",
                self.session,
            )
        assert counters is not None
        return (
            [row["child_id"] for row in held],
            [(row["child_id"], row["state"]) for row in line],
            dict(counters),
        )

    async def _told(self) -> list[tuple[str, str, int]]:
        async with self.base.database.connection() as connection:
            rows = await connection.fetch(
                """SELECT split_part(type, '.', 3) AS kind, body::json AS body FROM outbox
                   WHERE body::json ->> 'session_id' = $1 ORDER BY position""",
                str(self.session),
            )
        told = [(row["kind"], json.loads(row["body"])) for row in rows]
        return [
            (kind, body.get("waiting_id") or body["child_id"], body["version"])
            for kind, body in told
        ]


def test_the_line_is_fair_whatever_happens(base: Base) -> None:
    class Machine(LineMachine):
        pass

    Machine.base = base
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )

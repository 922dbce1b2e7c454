"""What hundreds of families do: enrol, reserve, come. The services are asked as by the gateway."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from deploy.demo.concurrency import at_once
from deploy.demo.families import Child, Family
from deploy.demo.office import Office
from deploy.demo.portal import Refused, eventually
from deploy.demo.services import agent, guardian, leader
from deploy.demo.setting import Setting
from deploy.demo.town import WHOLE_DAY
from deploy.demo.wishes import Wish, attendance, chance, weeks_around
from services.chassis.auth import Caller

ITEMS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Town:
    """Ids that the services gave: families by reference, activities by code."""

    families: dict[str, UUID]
    activities: dict[str, UUID]

    def family(self, family: Family) -> UUID:
        """The family's id."""
        return self.families[family.reference]


ChildIds = dict[tuple[str, str], UUID]
"""Children's ids by their family's reference and their first name."""


async def find_children(setting: Setting, town: Town, families: Sequence[Family]) -> ChildIds:
    """The ids of these families' children, once enrolment has their files."""
    done = setting.counter("Children", len(families))

    async def children_of(family: Family) -> list[tuple[tuple[str, str], UUID]]:
        caller = guardian(town.family(family))

        async def look() -> Any:
            answer = await setting.services.call("enrolment", "GET", "/children", caller)
            return answer["children"]

        found = await eventually(look, f"the file of {family.reference} in enrolment")
        return [((family.reference, c["first_name"]), UUID(c["child_id"])) for c in found]

    found = await at_once(families, children_of, done)
    return dict(pair for pairs in found for pair in pairs)


async def enrol(
    setting: Setting, office: Office, town: Town, children: ChildIds, wishes: Sequence[Wish]
) -> None:
    """Hand in every wish; the office accepts those that do not wait."""
    done = setting.counter("Enrolments", len(wishes))
    clerk = agent(office.accounts["agent"])

    async def request_and_accept(wish: Wish) -> None:
        body: dict[str, str | bool] = {
            "child_id": str(_child(children, wish.family, wish.child)),
            "activity_id": str(town.activities[wish.activity]),
            "regulations_accepted": True,
        }
        asked = await _asked(setting, guardian(town.family(wish.family)), body)
        if not wish.waiting:
            path = f"/enrolments/{asked['enrolment_id']}/accept"
            await setting.services.call("enrolment", "POST", path, clerk)

    await at_once(wishes, request_and_accept, done)


async def _asked(setting: Setting, caller: Caller, body: dict[str, str | bool]) -> Any:
    """The request; the one that is there already when an earlier load was cut short."""
    try:
        return await setting.services.call("enrolment", "POST", "/enrolments", caller, body)
    except Refused as refusal:
        if refusal.slug != "already-enrolled":
            raise
    query = {name: str(body[name]) for name in ("child_id", "activity_id")}
    found = await setting.services.call("enrolment", "GET", "/enrolments", caller, **query)
    return next(e for e in found["enrolments"] if e["status"] != "refused")


def _child(children: ChildIds, family: Family, child: Child) -> UUID:
    return children[family.reference, child.first_name]


@dataclass(frozen=True, slots=True)
class Session:
    """One activity on one day."""

    session_id: str
    activity_id: UUID
    date: date


async def find_sessions(setting: Setting, office: Office, town: Town) -> list[Session]:
    """The sessions of the weeks that the demo shows, once reservations has made them."""
    first, last = weeks_around(setting.today)
    caller = agent(office.accounts["agent"])
    period = {"from": first.isoformat(), "to": last.isoformat()}
    yearlong = {id_ for code, id_ in town.activities.items() if not code.startswith("vacances")}

    async def look() -> list[Session] | None:
        answer = await setting.services.call("reservations", "GET", "/sessions", caller, **period)
        found = [
            Session(s["session_id"], UUID(s["activity_id"]), date.fromisoformat(s["date"]))
            for s in answer["sessions"]
            if s["slot"] in ("", WHOLE_DAY)
        ]
        return None if yearlong - {session.activity_id for session in found} else found

    return await eventually(look, "the sessions of the activities in reservations")


@dataclass(frozen=True, slots=True)
class Visit:
    """A child that means to come to a session."""

    family: Family
    child: Child
    child_id: str
    session: Session

    @property
    def key(self) -> str:
        """What its chances are drawn from: the same ones in each load."""
        return f"{self.family.reference} {self.child.first_name} {self.session.date}"


def visits(
    town: Town, children: ChildIds, wishes: Sequence[Wish], sessions: Sequence[Session]
) -> list[Visit]:
    """Each accepted wish's weekdays among these sessions."""
    by_activity: dict[UUID, list[Session]] = defaultdict(list)
    for session in sessions:
        by_activity[session.activity_id].append(session)
    return [
        Visit(wish.family, wish.child, str(_child(children, wish.family, wish.child)), session)
        for wish in wishes
        if not wish.waiting
        for session in by_activity[town.activities[wish.activity]]
        if session.date.isoweekday() in wish.weekdays
    ]


def forgets(visit: Visit, today: date) -> bool:
    """Whether the family forgot to book, and the child came all the same."""
    past = visit.session.date < today
    return past and attendance(visit.key) == "present" and chance(f"books {visit.key}") < 0.02


async def reserve(setting: Setting, office: Office, planned: Sequence[Visit]) -> list[Visit]:
    """Book the visits, family by family; those that were confirmed."""
    by_family: dict[str, list[Visit]] = defaultdict(list)
    for visit in planned:
        by_family[visit.family.reference].append(visit)
    baskets = [
        family[start : start + ITEMS_AT_ONCE]
        for family in by_family.values()
        for start in range(0, len(family), ITEMS_AT_ONCE)
    ]
    caller = agent(office.accounts["agent"])
    done = setting.counter("Reservations", len(baskets))

    async def book(basket: list[Visit]) -> list[Visit]:
        items = [
            {"child_id": visit.child_id, "session_id": visit.session.session_id} for visit in basket
        ]
        outcomes = await _book(setting, caller, items)
        return [v for v, o in zip(basket, outcomes, strict=True) if o["outcome"] == "confirmed"]

    return [visit for booked in await at_once(baskets, book, done) for visit in booked]


async def _book(
    setting: Setting, caller: Caller, items: list[dict[str, str]]
) -> list[dict[str, Any]]:
    """The outcomes, asked for again while an acceptance is still on its way to reservations."""

    async def look() -> list[dict[str, Any]] | None:
        answer = await setting.services.call(
            "reservations", "POST", "/reservations", caller, {"items": items}
        )
        outcomes: list[dict[str, Any]] = answer["items"]
        on_its_way = any(item["reason"] == "not-enrolled" for item in outcomes)
        return None if on_its_way else outcomes

    return await eventually(look, "an accepted enrolment in reservations")


async def take_roll(setting: Setting, office: Office, expected: Sequence[Visit]) -> None:
    """Mark who came to the sessions before today."""
    rolls: dict[str, list[dict[str, str]]] = defaultdict(list)
    for visit in expected:
        if visit.session.date < setting.today:
            mark = {"child_id": visit.child_id, "state": attendance(visit.key)}
            rolls[visit.session.session_id].append(mark)
    done = setting.counter("Attendance", len(rolls))
    caller = leader(office.accounts["leader"])

    async def record(session_id: str) -> None:
        path, body = f"/sessions/{session_id}/attendance", {"marks": rolls[session_id]}
        await setting.services.call("reservations", "POST", path, caller, body)

    await at_once(list(rolls), record, done)

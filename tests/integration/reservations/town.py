"""A little town for the tests: activities, families and enrolments as other services tell them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from contracts.events.accounts import Address, ChildFile, FamilyFileUpdated
from contracts.events.deadlines import WorkingDaysBefore
from contracts.events.enrolment import ActivityPublishedV2, EnrolmentAccepted, Slot
from contracts.roles import AGENT, LEADER
from services.chassis.auth import Caller
from services.chassis.testing import Reply, RunningService, guardian, staff
from services.reservations.commands.serve_lines import follow_lines
from services.reservations.model.activities import session_id

OFFICE_AGENT = staff(AGENT)
ACTIVITY_LEADER = staff(LEADER)
TWO_DAYS_NOON = WorkingDaysBefore(days=2, at="12:00")
FRIDAY = date(2026, 11, 27)
MONDAY = date(2026, 11, 30)
TUESDAY = date(2026, 12, 1)


class SetClock:
    """A clock that stands where it was put."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def canteen(**changes: Any) -> ActivityPublishedV2:
    """A canteen of the school year, as enrolment tells it."""
    known = {
        "activity_id": uuid4(),
        "version": 1,
        "name": "Restaurant scolaire",
        "kind": "canteen",
        "school_year": "2026-2027",
        "place": "École du Bourg",
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2027, 7, 2),
        "days": "school_days",
        "weekdays": (1, 2, 4, 5),
        "slots": (Slot(starts_at="11:45", ends_at="13:30"),),
        "capacity": 120,
        "reserve_rule": TWO_DAYS_NOON,
        "cancel_rule": TWO_DAYS_NOON,
    }
    return ActivityPublishedV2.model_validate({**known, **changes})


def child_file(**changes: Any) -> ChildFile:
    """A child as accounts tells it."""
    known = {
        "child_id": uuid4(),
        "first_name": "Léa",
        "last_name": "Martin",
        "birth_date": date(2019, 5, 12),
        "school_class": "CE1",
    }
    return ChildFile.model_validate({**known, **changes})


def family_file(
    *children: ChildFile, family_id: UUID | None = None, version: int = 1
) -> FamilyFileUpdated:
    """A family as accounts tells it; with one child unless others are given."""
    return FamilyFileUpdated(
        family_id=family_id or uuid4(),
        record_version=version,
        reference="D-00001",
        resident=True,
        address=Address(lines=("3 RUE DU LAVOIR",), postcode="50890", city="SAINT AUBIN"),
        guardians=(),
        children=children or (child_file(),),
    )


def enrolled(
    family: FamilyFileUpdated, child: ChildFile, activity: ActivityPublishedV2, **changes: Any
) -> EnrolmentAccepted:
    """The child's accepted enrolment over the activity's whole period."""
    known = {
        "enrolment_id": uuid4(),
        "version": 2,
        "family_id": family.family_id,
        "child_id": child.child_id,
        "activity_id": activity.activity_id,
        "school_year": activity.school_year,
        "starts_on": activity.starts_on,
        "ends_on": activity.ends_on,
    }
    return EnrolmentAccepted.model_validate({**known, **changes})


@dataclass(frozen=True)
class Home:
    """A family, one of whose children is enrolled in an activity, and its guardian."""

    family: FamilyFileUpdated
    child: ChildFile
    activity: ActivityPublishedV2

    @property
    def guardian(self) -> Caller:
        return guardian(self.family.family_id)

    def item(self, day: date = FRIDAY) -> dict[str, str]:
        """The child at the activity's session of this day."""
        session = session_id(self.activity.activity_id, day)
        return {"child_id": str(self.child.child_id), "session_id": str(session)}


async def enrol_home(
    service: RunningService, activity: ActivityPublishedV2 | None = None, **changes: Any
) -> Home:
    """A family of one child, enrolled in the activity (published when not given)."""
    return (await enrol_homes(service, 1, activity, **changes))[0]


async def enrol_homes(
    service: RunningService, count: int, activity: ActivityPublishedV2 | None = None, **changes: Any
) -> list[Home]:
    """As many families, each with one child enrolled in the same activity."""
    offered = activity or canteen(**changes)
    families = [family_file() for _ in range(count)]
    homes = [Home(family, family.children[0], offered) for family in families]
    events = [] if activity else [offered]
    enrolments = [enrolled(home.family, home.child, offered) for home in homes]
    ids = await asyncio.gather(*(service.publish(e) for e in [*events, *families, *enrolments]))
    await service.handled(*(event_id for published in ids for event_id in published))
    return homes


async def reserve(
    service: RunningService, caller: Caller, *items: dict[str, Any], **extra: Any
) -> list[dict[str, Any]]:
    """Ask for these items; the outcome of each."""
    reply = await service.post("/reservations", caller, json={"items": items, **extra})
    assert reply.status == 200, reply.body
    outcomes: list[dict[str, Any]] = reply.json["items"]
    return outcomes


async def reserved(service: RunningService, home: Home, day: date = FRIDAY) -> str:
    """Keep the child's place on this day; the reservation's id."""
    [outcome] = await reserve(service, home.guardian, home.item(day))
    assert outcome["outcome"] == "confirmed", outcome
    reservation_id: str = outcome["reservation_id"]
    return reservation_id


async def cancel(service: RunningService, caller: Caller, reservation_id: str) -> Reply:
    """Give a place back."""
    return await service.delete(f"/reservations/{reservation_id}", caller)


async def calendar_of(
    service: RunningService, home: Home, first: date = FRIDAY, last: date | None = None
) -> dict[str, Any]:
    """The family's calendar of a day or a period."""
    query = {"from": first.isoformat(), "to": (last or first).isoformat()}
    reply = await service.get("/calendar", home.guardian, params=query)
    assert reply.status == 200, reply.body
    answer: dict[str, Any] = reply.json
    return answer


async def entry_of(service: RunningService, home: Home, day: date = FRIDAY) -> dict[str, Any]:
    """The one entry of the child on this day."""
    [entry] = (await calendar_of(service, home, day))["days"][0]["entries"]
    only: dict[str, Any] = entry
    return only


async def counts(service: RunningService, activity_id: UUID, day: date = FRIDAY) -> tuple[int, int]:
    """The session's counter, and the reservations that it should count."""
    async with service.database.connection() as connection:
        row = await connection.fetchrow(
            """SELECT booked, (SELECT count(*) FROM reservation r
                               WHERE r.session_id = s.session_id AND r.confirmed) AS held
               FROM session s WHERE session_id = $1""",
            session_id(activity_id, day),
        )
    assert row is not None
    return row["booked"], row["held"]


def outcomes(items: Sequence[dict[str, Any]]) -> list[str]:
    """Each item's outcome: confirmed, or why not."""
    return [item["reason"] or item["outcome"] for item in items]


async def change(service: RunningService, caller: Caller, **asked: Any) -> dict[str, Any]:
    """Change places in one request; what became of each part."""
    reply = await service.post("/changes", caller, json=asked)
    assert reply.status == 200, reply.body
    answer: dict[str, Any] = reply.json
    return answer


async def waits_of(service: RunningService, home: Home) -> list[dict[str, Any]]:
    """What the family waits for."""
    reply = await service.get("/waiting", home.guardian)
    assert reply.status == 200, reply.body
    waits: list[dict[str, Any]] = reply.json["waiting"]
    return waits


async def wait_for(service: RunningService, home: Home, day: date = FRIDAY) -> dict[str, Any]:
    """Ask for a place or to wait for one; the outcome."""
    [outcome] = await reserve(service, home.guardian, {**home.item(day), "waitlist": True})
    return outcome


async def follow_lines_of(service: RunningService, clock: SetClock) -> None:
    """What the job does that follows the lines."""
    await follow_lines(service.database, clock.now)

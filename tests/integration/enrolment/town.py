"""A little town for the tests: families told by accounts, activities published by the office."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from contracts.events.accounts import Address, ChildFile, FamilyFileUpdated, GuardianFile
from contracts.roles import AGENT
from services.chassis.auth import Caller
from services.chassis.testing import RunningService, staff

OFFICE_AGENT = staff(AGENT)
YEAR = {"label": "2026-2027", "starts_on": "2026-09-01", "ends_on": "2027-07-02"}


def child_file(born: date = date(2019, 5, 12), **changes: Any) -> ChildFile:
    """A child as accounts tells it."""
    known = {"first_name": "Léa", "last_name": "Martin", "school_class": "CE1"}
    return ChildFile(child_id=uuid4(), birth_date=born, **{**known, **changes})


def family_file(
    *children: ChildFile, family_id: UUID | None = None, version: int = 1, name: str = "Martin"
) -> FamilyFileUpdated:
    """A family as accounts tells it; with one child of seven unless others are given."""
    return FamilyFileUpdated(
        family_id=family_id or uuid4(),
        record_version=version,
        reference="F0001",
        resident=True,
        address=Address(lines=("3 rue du Lavoir",), postcode="50890", city="Saint-Aubin"),
        guardians=(GuardianFile(guardian_id=uuid4(), first_name="Anne", last_name=name),),
        children=children or (child_file(),),
    )


def canteen(**changes: Any) -> dict[str, Any]:
    """The body that publishes a canteen with a code of its own."""
    rule = {"kind": "working_days_before", "days": 2, "at": "12:00"}
    return {
        "code": f"cantine-{uuid4().hex[:8]}",
        "name": "Restaurant scolaire du Bourg",
        "kind": "canteen",
        "school_year": "2026-2027",
        "place": "École du Bourg",
        "min_age": 3,
        "max_age": 11,
        "days": "school_days",
        "weekdays": [1, 2, 4, 5],
        "starts_at": "11:45",
        "ends_at": "13:30",
        "capacity": 120,
        "reserve_rule": rule,
        "cancel_rule": rule,
        **changes,
    }


async def publish_canteen(service: RunningService, **changes: Any) -> dict[str, Any]:
    """Publish a canteen, return it."""
    reply = await service.post("/activities", OFFICE_AGENT, json=canteen(**changes))
    assert reply.status == 200, reply.body
    published: dict[str, Any] = reply.json
    return published


async def canteen_and_family(
    service: RunningService,
) -> tuple[dict[str, Any], FamilyFileUpdated]:
    """Publish a canteen, and tell of a family with one child of seven."""
    activity, family = await publish_canteen(service), family_file()
    await service.tell(family)
    return activity, family


async def settle(service: RunningService, activity: dict[str, Any], **how: Any) -> None:
    """Settle how children get into the activity."""
    path = f"/admissions/{activity['activity_id']}"
    reply = await service.put(path, OFFICE_AGENT, json=how)
    assert reply.status == 200, reply.body


def wish(child: ChildFile, activity: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body that asks for an enrolment."""
    return {
        "child_id": str(child.child_id),
        "activity_id": activity["activity_id"],
        "regulations_accepted": True,
        **changes,
    }


async def ask(
    service: RunningService, caller: Caller, child: ChildFile, activity: dict[str, Any]
) -> dict[str, Any]:
    """Hand in a request as this caller, and return it."""
    reply = await service.post("/enrolments", caller, json=wish(child, activity))
    assert reply.status == 201, reply.body
    asked: dict[str, Any] = reply.json
    return asked

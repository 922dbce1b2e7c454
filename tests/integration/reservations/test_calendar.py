"""What a family sees of its days."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import LEADER
from services.chassis.testing import RunningService, guardian, staff
from tests.integration.reservations.town import (
    OFFICE_AGENT,
    Home,
    calendar_of,
    canteen,
    child_file,
    enrol_home,
    enrol_homes,
    enrolled,
    family_file,
)


async def test_a_month_of_all_children_and_activities(reservations: RunningService) -> None:
    lunch = canteen()
    centre = canteen(
        name="Mercredis", kind="wednesday", days="wednesdays", weekdays=(3,), starts_at="08:30"
    )
    eldest, youngest = child_file(), child_file(first_name="Zoé", birth_date=date(2021, 1, 3))
    family = family_file(youngest, eldest)
    await reservations.tell(
        *(lunch, centre, family),
        *(enrolled(family, eldest, lunch), enrolled(family, youngest, lunch)),
        enrolled(family, youngest, centre),
    )
    home = Home(family, eldest, lunch)
    found = await calendar_of(reservations, home, date(2026, 12, 1), date(2026, 12, 31))
    assert (found["from"], found["to"], len(found["days"])) == ("2026-12-01", "2026-12-31", 31)
    assert [child["first_name"] for child in found["children"]] == ["Léa", "Zoé"]
    days = {day["date"]: day for day in found["days"]}
    tuesday = days["2026-12-01"]["entries"]
    assert [entry["child_id"] for entry in tuesday] == [
        str(eldest.child_id),
        str(youngest.child_id),
    ]
    [wednesday] = days["2026-12-02"]["entries"]
    assert (wednesday["activity_name"], wednesday["kind"]) == ("Mercredis", "wednesday")
    assert days["2026-12-25"]["label"] == "Noël"
    assert days["2026-12-21"]["label"] == "Vacances de Noël"
    assert days["2026-12-01"]["label"] is None
    assert days["2026-12-21"]["entries"] == []


async def test_one_child_only_and_never_another_family_s(reservations: RunningService) -> None:
    home, other = await enrol_homes(reservations, 2)
    query = {"from": "2026-11-27", "to": "2026-11-27", "child": str(home.child.child_id)}
    own = await reservations.get("/calendar", home.guardian, params=query)
    assert len(own.json["days"][0]["entries"]) == 1
    theirs = await reservations.get("/calendar", other.guardian, params=query)
    assert (theirs.status, theirs.json["type"]) == (404, "/problems/unknown-child")
    # Naming the family is for the staff; a guardian stays at home.
    named = {**query, "family_id": str(home.family.family_id)}
    assert (await reservations.get("/calendar", other.guardian, params=named)).status == 404
    assert (await reservations.get("/calendar", OFFICE_AGENT, params=named)).status == 200


async def test_a_child_enrolled_twice_has_one_entry(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    await reservations.tell(enrolled(home.family, home.child, home.activity))
    assert len((await calendar_of(reservations, home))["days"][0]["entries"]) == 1


async def test_a_child_without_enrolment_is_named_with_no_entries(
    reservations: RunningService,
) -> None:
    family = family_file()
    await reservations.tell(family)
    found = await calendar_of(reservations, Home(family, family.children[0], canteen()))
    assert [child["first_name"] for child in found["children"]] == ["Léa"]
    assert found["days"][0]["entries"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"to": "2026-11-30"}, "from"),
        ({"from": "2026-11-30", "to": "2026-11-01"}, "to"),
        ({"from": "2026-11-01", "to": "2027-01-02"}, "to"),
        ({"from": "2026-11-31", "to": "2026-12-01"}, "from"),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "from"),
        ({"from": "2026-11-01", "to": "2026-11-02", "child": "Léa"}, "child"),
        ({"from": "2026-11-01", "to": "2026-11-02", "enfant": "1"}, "enfant"),
    ],
)
async def test_a_wrong_question_is_refused_by_field(
    reservations: RunningService, query: dict[str, Any], field: str
) -> None:
    reply = await reservations.get("/calendar", guardian(uuid4()), params=query)
    assert reply.status == 422
    assert field in [error["field"] for error in reply.json["errors"]]


async def test_sixty_two_days_are_two_whole_months(reservations: RunningService) -> None:
    query = {"from": "2026-12-01", "to": "2027-01-31"}
    reply = await reservations.get("/calendar", guardian(uuid4()), params=query)
    assert (reply.status, len(reply.json["days"])) == (200, 62)


async def test_a_leader_has_no_family_calendar(reservations: RunningService) -> None:
    query = {"from": "2026-12-01", "to": "2026-12-01"}
    assert (await reservations.get("/calendar", staff(LEADER), params=query)).status == 403
    reply = await reservations.get("/calendar", OFFICE_AGENT, params=query)
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, "family_id")

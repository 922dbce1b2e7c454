"""School years, schools, regulations and activities, published over HTTP."""

from uuid import UUID

from contracts.events.enrolment import ActivityPublished, ActivityPublishedV2
from contracts.roles import LEADER, OPERATOR, REGISSEUR
from services.chassis.auth import Caller
from services.chassis.testing import RunningService, guardian, staff
from services.enrolment.commands.town import tell_in_version_two
from tests.integration.enrolment.town import (
    OFFICE_AGENT,
    YEAR,
    ask,
    canteen,
    child_file,
    family_file,
    publish_canteen,
)


async def told_of(service: RunningService, activity_id: str) -> list[ActivityPublished]:
    events = await service.outbox(ActivityPublished)
    return [event for event in events if str(event.activity_id) == activity_id]


async def test_a_school_year_is_opened_once_however_often_it_is_posted(
    enrolment: RunningService,
) -> None:
    for _ in range(2):
        assert (await enrolment.post("/school-years", OFFICE_AGENT, json=YEAR)).json == YEAR
    listed = await enrolment.get("/school-years", OFFICE_AGENT)
    assert listed.json["school_years"].count(YEAR) == 1


async def test_dates_that_activities_rest_on_do_not_move(enrolment: RunningService) -> None:
    await publish_canteen(enrolment)
    moved = {**YEAR, "ends_on": "2027-07-09"}
    refused = await enrolment.post("/school-years", OFFICE_AGENT, json=moved)
    assert (refused.status, refused.json["type"]) == (409, "/problems/school-year-in-use")


async def test_the_operator_loads_a_town_s_schools(enrolment: RunningService) -> None:
    operator = Caller(frozenset({OPERATOR}))
    body = {"code": "EPB", "name": "École du Bourg", "address": "1 place de l’Église"}
    assert (await enrolment.post("/schools", operator, json=body)).status == 200
    assert body in (await enrolment.get("/schools", OFFICE_AGENT)).json["schools"]


async def test_a_published_activity_takes_the_dates_of_its_school_year(
    enrolment: RunningService,
) -> None:
    published = await publish_canteen(enrolment)
    assert (published["starts_on"], published["ends_on"]) == ("2026-09-01", "2027-07-02")
    (event,) = await told_of(enrolment, published["activity_id"])
    assert (event.version, event.weekdays, event.capacity) == (1, (1, 2, 4, 5), 120)


async def test_publishing_again_is_told_only_when_something_changed(
    enrolment: RunningService,
) -> None:
    body = canteen()
    first = await enrolment.post("/activities", OFFICE_AGENT, json=body)
    same = await enrolment.post("/activities", OFFICE_AGENT, json=body)
    larger = await enrolment.post("/activities", OFFICE_AGENT, json=body | {"capacity": 140})
    assert (first.json["version"], same.json["version"], larger.json["version"]) == (1, 1, 2)
    events = await told_of(enrolment, first.json["activity_id"])
    assert [(event.version, event.capacity) for event in events] == [(1, 120), (2, 140)]


async def test_what_was_told_in_version_one_alone_is_told_once_more_after_an_upgrade(
    enrolment: RunningService,
) -> None:
    published = await publish_canteen(enrolment)
    async with enrolment.database.transaction() as connection:
        await connection.execute(
            "UPDATE activity SET told_in = 1 WHERE activity_id = $1", UUID(published["activity_id"])
        )
        assert await tell_in_version_two(connection) == 1
        assert await tell_in_version_two(connection) == 0
    events = [
        event
        for event in await enrolment.outbox(ActivityPublishedV2)
        if str(event.activity_id) == published["activity_id"]
    ]
    # As a new version: who heard of the present one in version 1 would not listen to it again.
    assert [event.version for event in events] == [1, 2]
    assert events[0].slots == events[1].slots


async def test_an_activity_with_slots_and_rich_rules_is_told_and_shown_whole(
    enrolment: RunningService,
) -> None:
    rich = {
        "starts_at": None,
        "ends_at": None,
        "slots": [
            {"code": "matin", "name": "Matin", "starts_at": "08:00", "ends_at": "12:00"},
            {"code": "journee", "name": "Journée", "starts_at": "08:00", "ends_at": "18:00"},
        ],
        "age_groups": [{"name": "Petits", "min_age": 3, "max_age": 5, "children_per_adult": 8}],
        "classes": ["PS", "MS"],
        "reserve_rule": {"kind": "weekday_before", "weekday": 4, "weeks": 1, "at": "12:00"},
        "cancel_rule": {"kind": "hours_before", "hours": 72},
        "after_deadline": {"policy": "ask"},
        "waiting_list": {"mode": "give", "answer_hours": 12, "notice_hours": 48},
        "absence_rule": {"certificate_days": 3, "waiting_days": 2},
    }
    published = await publish_canteen(enrolment, **rich)
    assert (published["starts_at"], published["ends_at"]) == ("08:00", "18:00")
    assert published["reserve_rule"] == rich["reserve_rule"]
    [told] = [
        event
        for event in await enrolment.outbox(ActivityPublishedV2)
        if str(event.activity_id) == published["activity_id"]
    ]
    assert [slot.code for slot in told.slots] == ["matin", "journee"]
    assert (told.after_deadline.policy, told.waiting_list.mode) == ("ask", "give")
    assert (told.absence_rule.waiting_days, told.classes) == (2, ("PS", "MS"))
    # The very same again is no news.
    body = {name: published[name] for name in canteen() if name in published} | rich
    again = await enrolment.post("/activities", OFFICE_AGENT, json=body)
    assert (again.status, again.json["version"]) == (200, 1)


async def test_a_contradictory_rule_is_refused_beside_its_field(enrolment: RunningService) -> None:
    for rule, field in (
        ({"kind": "weekday_before", "weekday": 6, "weeks": 0, "at": "12:00"}, "weekday"),
        ({"kind": "by_weekday", "limits": []}, "limits"),
        ({"kind": "windows"}, "windows"),
        ({"kind": "hours_before", "hours": 0}, "hours"),
        ({"kind": "calendar_days_before", "at": "25:00"}, "at"),
        ({"kind": "sometimes"}, "kind"),
    ):
        refused = await enrolment.post("/activities", OFFICE_AGENT, json=canteen(reserve_rule=rule))
        assert refused.status == 422, rule
        assert [e["field"] for e in refused.json["errors"]] == [f"reserve_rule.{field}"]


async def test_the_period_stays_once_a_child_is_accepted(enrolment: RunningService) -> None:
    body = canteen()
    published = (await enrolment.post("/activities", OFFICE_AGENT, json=body)).json
    family = family_file()
    await enrolment.tell(family)
    parent = guardian(family.family_id)
    asked = await ask(enrolment, parent, family.children[0], published)
    await enrolment.post(f"/enrolments/{asked['enrolment_id']}/accept", OFFICE_AGENT)
    shorter = body | {"ends_on": "2027-06-25"}
    refused = await enrolment.post("/activities", OFFICE_AGENT, json=shorter)
    assert (refused.status, refused.json["type"]) == (409, "/problems/period-in-use")
    assert len(await told_of(enrolment, published["activity_id"])) == 1


async def test_each_wrong_field_of_an_activity_is_named(enrolment: RunningService) -> None:
    wrong = canteen(weekdays=[1, 8], starts_at="25:00", capacity=0)
    refused = await enrolment.post("/activities", OFFICE_AGENT, json=wrong)
    assert refused.status == 422
    fields = {error["field"] for error in refused.json["errors"]}
    assert fields == {"weekdays.1", "starts_at", "capacity"}


async def test_an_activity_needs_a_school_year_that_is_open(enrolment: RunningService) -> None:
    refused = await enrolment.post(
        "/activities", OFFICE_AGENT, json=canteen(school_year="2031-2032")
    )
    assert (refused.status, refused.json["type"]) == (404, "/problems/unknown-school-year")


async def test_only_the_office_publishes(enrolment: RunningService) -> None:
    family = family_file(child_file())
    for caller in (staff(LEADER), staff(REGISSEUR), guardian(family.family_id)):
        assert (await enrolment.post("/activities", caller, json=canteen())).status == 403
        assert (await enrolment.post("/school-years", caller, json=YEAR)).status == 403


async def test_activities_are_listed_by_school_year(enrolment: RunningService) -> None:
    published = await publish_canteen(enrolment)
    anyone = guardian(family_file().family_id)
    here = await enrolment.get("/activities?school_year=2026-2027", anyone)
    there = await enrolment.get("/activities?school_year=2025-2026", anyone)
    assert published in here.json["activities"]
    assert there.json["activities"] == []


async def test_regulations_are_kept_version_by_version(enrolment: RunningService) -> None:
    year = {"label": "2027-2028", "starts_on": "2027-09-01", "ends_on": "2028-07-05"}
    await enrolment.post("/school-years", OFFICE_AGENT, json=year)
    none = await enrolment.get("/regulations?school_year=2027-2028", OFFICE_AGENT)
    assert none.status == 404
    rules = {"school_year": "2027-2028", "title": "Règlement intérieur", "text": "Article 1."}
    first = await enrolment.post("/regulations", OFFICE_AGENT, json=rules)
    same = await enrolment.post("/regulations", OFFICE_AGENT, json=rules)
    second = await enrolment.post("/regulations", OFFICE_AGENT, json=rules | {"text": "Article 2."})
    assert [r.json["version"] for r in (first, same, second)] == [1, 1, 2]
    current = await enrolment.get("/regulations?school_year=2027-2028", OFFICE_AGENT)
    assert current.json["text"] == "Article 2."

"""The agenda's secret addresses, and what calendar programs read there."""

from datetime import timedelta
from typing import Any

from icalendar import Calendar

from contracts.events.accounts import FamiliesMerged
from contracts.events.enrolment import AfterDeadline
from services.chassis.auth import Caller
from services.chassis.testing import Reply, RunningService, guardian
from tests.integration.reservations.town import (
    OFFICE_AGENT,
    TUESDAY,
    Home,
    SetClock,
    cancel,
    canteen,
    child_file,
    enrol_home,
    enrolled,
    family_file,
    reserve,
    reserved,
)

ANYONE = Caller(frozenset({"anonymous"}))


async def a_link(service: RunningService, home: Home, **body: Any) -> dict[str, Any]:
    asked = {"label": "Téléphone de Papa", **body}
    reply = await service.post("/agenda-links", home.guardian, json=asked)
    assert reply.status == 201, reply.body
    link: dict[str, Any] = reply.json
    return link


async def read(service: RunningService, token: str, **headers: str) -> Reply:
    return await service.get("/agenda.ics", ANYONE, params={"token": token}, headers=headers)


async def events(service: RunningService, token: str) -> list[Any]:
    reply = await read(service, token)
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(reply.body).walk("VEVENT"))


async def test_a_calendar_program_follows_a_place_through_its_life(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    token = (await a_link(reservations, home))["token"]
    assert await events(reservations, token) == []

    reservation_id = await reserved(reservations, home, TUESDAY)
    [kept] = await events(reservations, token)
    await cancel(reservations, home.guardian, reservation_id)
    [given_back] = await events(reservations, token)
    await reserved(reservations, home, TUESDAY)
    [kept_again] = await events(reservations, token)

    assert kept["summary"] == "Léa – Restaurant scolaire"
    assert kept["location"] == "École du Bourg"
    told = [kept, given_back, kept_again]
    assert [event["status"] for event in told] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert len({event["uid"] for event in told}) == 1
    assert [event["sequence"] for event in told] == [1, 2, 3]


async def test_nothing_of_health_and_no_family_name_gets_out(reservations: RunningService) -> None:
    child = child_file(allergies="Arachide", diet="own_meal")
    family, activity = family_file(child), canteen()
    await reservations.tell(activity, family, enrolled(family, child, activity))
    home = Home(family, child, activity)
    await reserved(reservations, home)
    reply = await read(reservations, (await a_link(reservations, home))["token"])
    assert "Léa" in reply.body.decode()
    for secret in ("Martin", "Arachide", "own_meal", "CE1"):
        assert secret not in reply.body.decode()


async def test_what_was_given_back_long_ago_is_not_told_any_more(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations)
    token = (await a_link(reservations, home))["token"]
    await cancel(reservations, home.guardian, await reserved(reservations, home, TUESDAY))
    clock.now += timedelta(days=59)
    assert len(await events(reservations, token)) == 1
    clock.now += timedelta(days=2)
    assert await events(reservations, token) == []


async def test_a_program_that_has_the_agenda_is_sent_nothing_until_it_changes(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    token = (await a_link(reservations, home))["token"]
    tag = (await read(reservations, token)).headers["ETag"]
    again = await read(reservations, token, **{"If-None-Match": tag})
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    await reserved(reservations, home)
    changed = await read(reservations, token, **{"If-None-Match": tag})
    assert changed.status == 200
    assert changed.headers["ETag"] != tag


async def test_a_link_may_show_one_child_alone(reservations: RunningService) -> None:
    children = child_file(), child_file(first_name="Ewen")
    family, activity = family_file(*children), canteen()
    await reservations.tell(activity, family, *(enrolled(family, c, activity) for c in children))
    homes = [Home(family, child, activity) for child in children]
    await reserve(reservations, homes[0].guardian, *(home.item() for home in homes))
    of_all = await a_link(reservations, homes[0])
    of_one = await a_link(reservations, homes[0], child_id=str(children[1].child_id))
    assert len(await events(reservations, of_all["token"])) == 2
    [event] = await events(reservations, of_one["token"])
    assert event["summary"].startswith("Ewen")


async def test_a_renewed_or_revoked_link_is_dead(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    link = await a_link(reservations, home)
    path = f"/agenda-links/{link['link_id']}"
    renewed = await reservations.post(f"{path}/renew", home.guardian)
    assert (await read(reservations, link["token"])).status == 404
    assert (await read(reservations, renewed.json["token"])).status == 200
    assert (await reservations.delete(path, home.guardian)).status == 204
    assert (await read(reservations, renewed.json["token"])).status == 404
    assert (await read(reservations, "never-made")).status == 404
    assert (await reservations.delete(path, home.guardian)).status == 404


async def test_a_family_sees_its_links_and_when_they_were_read_but_never_their_secret(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    mine = guardian(home.family.family_id)
    made = await reservations.post("/agenda-links", mine, json={"label": "Téléphone de Papa"})
    await a_link(reservations, home, label="Ordinateur")
    await read(reservations, made.json["token"])
    listed = (await reservations.get("/agenda-links", mine)).json["links"]
    assert [(link["label"], link["own"]) for link in listed] == [
        ("Ordinateur", False),
        ("Téléphone de Papa", True),
    ]
    assert [link["last_read_on"] is not None for link in listed] == [False, True]
    assert made.json["token"] not in str(listed)
    async with reservations.database.connection() as connection:
        kept = await connection.fetch("SELECT * FROM agenda_link")
    assert made.json["token"] not in str([dict(row) for row in kept])


async def test_another_family_s_links_and_children_do_not_exist(
    reservations: RunningService,
) -> None:
    home, other = await enrol_home(reservations), await enrol_home(reservations)
    link = await a_link(reservations, home)
    path = f"/agenda-links/{link['link_id']}"
    assert (await reservations.get("/agenda-links", other.guardian)).json == {"links": []}
    assert (await reservations.post(f"{path}/renew", other.guardian)).status == 404
    assert (await reservations.delete(path, other.guardian)).status == 404
    body = {"label": "Espion", "child_id": str(home.child.child_id)}
    assert (await reservations.post("/agenda-links", other.guardian, json=body)).status == 404
    await reserved(reservations, home)
    assert await events(reservations, (await a_link(reservations, other))["token"]) == []
    assert (await reservations.get("/agenda-links", OFFICE_AGENT)).status == 403


async def test_a_family_has_a_dozen_links_at_most(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    for number in range(12):
        await a_link(reservations, home, label=f"Appareil {number}")
    reply = await reservations.post("/agenda-links", home.guardian, json={"label": "De trop"})
    assert (reply.status, reply.json["type"].rpartition("/")[2]) == (409, "too-many-agenda-links")


async def test_a_link_follows_its_family_into_another(reservations: RunningService) -> None:
    home, gone = await enrol_home(reservations), await enrol_home(reservations)
    token = (await a_link(reservations, gone))["token"]
    await reserved(reservations, home)
    await reservations.tell(
        FamiliesMerged(family_id=home.family.family_id, merged_family_id=gone.family.family_id)
    )
    assert len(await events(reservations, token)) == 1
    assert len((await reservations.get("/agenda-links", home.guardian)).json["links"]) == 1


async def test_a_link_needs_a_name(reservations: RunningService) -> None:
    home = await enrol_home(reservations)
    for label in ("", "   ", "x" * 61):
        reply = await reservations.post("/agenda-links", home.guardian, json={"label": label})
        assert (reply.status, reply.json["errors"][0]["field"]) == (422, "label")


async def test_a_family_finds_its_late_wishes_again_with_their_answers(
    reservations: RunningService, clock: SetClock
) -> None:
    home = await enrol_home(reservations, after_deadline=AfterDeadline(policy="ask"))
    other = await enrol_home(reservations)
    clock.now += timedelta(days=3)
    await reserve(reservations, home.guardian, home.item())
    [asked] = (await reservations.get("/late-requests/own", home.guardian)).json["late_requests"]
    assert (asked["state"], asked["first_name"], asked["answered_at"]) == ("pending", "Léa", None)
    path = f"/late-requests/{asked['ask_id']}/refuse"
    await reservations.post(path, OFFICE_AGENT, json={"reason": "Repas déjà commandés"})
    [told] = (await reservations.get("/late-requests/own", home.guardian)).json["late_requests"]
    assert (told["state"], told["reason"]) == ("refused", "Repas déjà commandés")
    assert told["answered_at"] is not None
    none = await reservations.get("/late-requests/own", other.guardian)
    assert none.json == {"late_requests": []}

"""What whoever looks after a child is told with the file: pick-ups, care plan, consents."""

from typing import Any
from uuid import UUID

from contracts.events.accounts import ChildFile, FamilyFileUpdated
from services.accounts import jobs
from services.accounts.repository import families
from services.chassis.clock import utc_now
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import AGENT_CALLER, new_family
from tests.integration.accounts.test_record import CARE

PHOTOGRAPHS = UUID("8a0d3c1e-0001-4c60-9d6e-2f6a51c0a001")


async def files_of(town: Town, family: dict[str, Any]) -> list[FamilyFileUpdated]:
    told = await town.service.outbox(FamilyFileUpdated)
    return [event for event in told if str(event.family_id) == family["family_id"]]


async def child_file(town: Town, family: dict[str, Any]) -> ChildFile:
    return (await files_of(town, family))[-1].children[0]


def child_path(family: dict[str, Any]) -> str:
    child_id = family["children"][0]["child_id"]
    return f"/families/{family['family_id']}/children/{child_id}"


async def test_who_may_fetch_the_child_and_its_care_plan_are_told(town: Town) -> None:
    family = await new_family(town.service)
    alone = {"name": "Voisin", "phone": "0600000002", "link": "Voisin", "emergency": True}
    care = {**CARE, "contacts": [*CARE["contacts"], alone]}
    reply = await town.service.patch(child_path(family), AGENT_CALLER, json=care)
    assert reply.status == 200, reply.body
    told = await child_file(town, family)
    assert [(p.name, p.relation) for p in told.pick_ups] == [("Rose Évain", "Tante")]
    assert told.care_instructions == "Trousse à l’infirmerie"
    assert str(told.care_valid_until) == "2027-07-01"


async def test_an_answer_to_a_consent_is_told_with_the_next_version_of_the_file(
    town: Town,
) -> None:
    family = await new_family(town.service)
    before = (await files_of(town, family))[-1]
    assert {said.granted for said in before.children[0].consents} == {None}
    path = f"{child_path(family)}/consents/{PHOTOGRAPHS}"
    for granted in (True, False):
        body = {"version": 1, "granted": granted}
        assert (await town.service.post(path, AGENT_CALLER, json=body)).status < 300
        told = (await files_of(town, family))[-1]
        said = {c.title: c.granted for c in told.children[0].consents}
        assert (said["Photographies"], said["Départ seul"]) == (granted, None)
    assert told.record_version == before.record_version + 2


async def test_files_that_wait_are_told_anew_once(empty_town: Town) -> None:
    town = empty_town
    family = await new_family(town.service)
    before = await files_of(town, family)
    async with town.service.database.transaction() as connection:
        await families.tell_all_again(connection)
    for _ in range(2):
        await jobs.tell_files_again(town.service.app, utc_now())
    told = (await files_of(town, family))[len(before) :]
    assert [event.record_version for event in told] == [before[-1].record_version + 1]

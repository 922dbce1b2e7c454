"""Who is in a record: opened at the counter, people who join it and people who leave it."""

from typing import Any
from uuid import UUID

from contracts.events.accounts import FamilyFileUpdated, FamilyRegistered, RecordChangeDecided
from services.chassis.testing import guardian
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    AGENT_CALLER,
    family_of,
    new_family,
    new_parent,
    new_row,
    sign_in,
)
from tests.integration.accounts.test_two_homes import child_in, last_file, two_homes

TOM = {"first_name": "Tom", "last_name": "Le Goff", "birth_date": "2021-03-02"}
MARC = {"first_name": "Marc", "last_name": "Évain", "link": "father", "mail": "marc@exemple.fr"}


def household(**fields: Any) -> dict[str, Any]:
    """A family at the counter that no other test has."""
    mail = new_row()["resp1_mail"]
    name = f"Quéméner-{mail.partition('@')[0]}"
    known = {
        "resident": True,
        "adults": [{"first_name": "Nolwenn", "last_name": name, "mail": mail}],
        "children": [{"first_name": f"Zoé-{name}", "last_name": name, "birth_date": "2019-01-05"}],
        "address": {"lines": ["4 rue du Fil"], "postcode": "56300", "city": "Pontivy"},
    }
    return {**known, **fields}


async def test_the_office_opens_a_record_by_hand(town: Town) -> None:
    reply = await town.service.post("/families", AGENT_CALLER, json=household())
    assert reply.status == 201, reply.body
    made = reply.json
    assert (made["resident"], made["complete"], made["record_version"]) == (True, True, 1)
    assert made["reference"].startswith("P")
    registered = {e.family_id for e in await town.service.outbox(FamilyRegistered)}
    assert UUID(made["family_id"]) in registered
    assert (await last_file(town, made)).children[0].first_name.startswith("Zoé")


async def test_a_family_that_has_a_record_is_named_before_another_is_opened(town: Town) -> None:
    typed = household()
    first = (await town.service.post("/families", AGENT_CALLER, json=typed)).json
    again = await town.service.post("/families", AGENT_CALLER, json=typed)
    assert (again.status, again.json["type"]) == (409, "/problems/family-resembles")
    assert first["reference"] in again.json["detail"]
    insisting = {**typed, "although_alike": True}
    assert (await town.service.post("/families", AGENT_CALLER, json=insisting)).status == 201


async def test_a_birth_to_come_is_refused_at_its_field(town: Town) -> None:
    unborn = household(children=[{**TOM, "birth_date": "2999-01-01"}])
    reply = await town.service.post("/families", AGENT_CALLER, json=unborn)
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, "children.0.birth_date")


async def test_the_office_adds_a_child_and_a_guardian_at_once(town: Town) -> None:
    family = await new_family(town.service)
    path = f"/families/{family['family_id']}"
    assert (await town.service.post(f"{path}/children", AGENT_CALLER, json=TOM)).status == 201
    reply = await town.service.post(f"{path}/guardians", AGENT_CALLER, json=MARC)
    assert [g["first_name"] for g in reply.json["guardians"]][1:] == ["Marc"]
    told = await last_file(town, family)
    assert "Tom" in {child.first_name for child in told.children}
    assert told.guardians[1].mail == "marc@exemple.fr"
    twice = await town.service.post(f"{path}/children", AGENT_CALLER, json=TOM)
    assert (twice.status, twice.json["type"]) == (409, "/problems/person-listed")


async def test_whom_a_parent_adds_waits_for_the_staff(town: Town) -> None:
    family = await new_family(town.service)
    path, parent = f"/families/{family['family_id']}", guardian(UUID(family["family_id"]))
    for _ in range(2):
        asked = await town.service.post(f"{path}/children", parent, json=TOM)
        assert asked.status == 201, asked.body
    assert len(asked.json["children"]) == 1
    (waiting,) = asked.json["pending"]
    assert (waiting["label"], waiting["after"]) == ("Nouvel enfant", "Tom, Le Goff, 02/03/2021")
    accepted = f"/record-changes/{waiting['change_id']}/accept"
    assert (await town.service.post(accepted, AGENT_CALLER)).status == 204
    seen = await family_of(town.service, family["reference"])
    assert [c["first_name"] for c in seen["children"]][1:] == ["Tom"]
    decided = {e.change_id: e for e in await town.service.outbox(RecordChangeDecided)}
    assert decided[UUID(waiting["change_id"])].accepted


async def test_whom_the_office_added_meanwhile_is_not_added_again(town: Town) -> None:
    family = await new_family(town.service)
    path, parent = f"/families/{family['family_id']}", guardian(UUID(family["family_id"]))
    asked = await town.service.post(f"{path}/guardians", parent, json=MARC)
    await town.service.post(f"{path}/guardians", AGENT_CALLER, json=MARC)
    seen = await family_of(town.service, family["reference"])
    assert (len(seen["guardians"]), seen["pending"]) == (2, [])
    accepted = f"/record-changes/{asked.json['pending'][0]['change_id']}/accept"
    assert (await town.service.post(accepted, AGENT_CALLER)).status == 409


async def test_a_guardian_who_leaves_has_no_account_any_more(town: Town) -> None:
    family = await new_family(town.service, resp2_nom="Évain", resp2_prenom="Marc")
    mother = await new_parent(town, family["family_id"])
    path = f"/families/{family['family_id']}/guardians"
    anne, marc = (g["guardian_id"] for g in family["guardians"])
    assert (await town.service.delete(f"{path}/{anne}", mother.caller)).status == 403
    assert (await town.service.delete(f"{path}/{anne}", AGENT_CALLER)).status == 204
    assert (await sign_in(town.service, mother.login, mother.password)).status == 401
    state = await town.service.get(f"/sessions/{mother.caller.session_id}", AGENT_CALLER)
    assert state.json == {"active": False}
    told = await last_file(town, family)
    assert [str(g.guardian_id) for g in told.guardians] == [marc]
    last = await town.service.delete(f"{path}/{marc}", AGENT_CALLER)
    assert (last.status, last.json["type"]) == (409, "/problems/last-guardian")
    changes = await town.service.get(f"/families/{family['family_id']}/changes", AGENT_CALLER)
    assert changes.json["changes"][0]["after"] == "Absent du dossier"


async def test_a_child_taken_out_by_mistake_comes_back_as_the_same_child(town: Town) -> None:
    family = await new_family(town.service)
    child = family["children"][0]
    path = f"/families/{family['family_id']}/children"
    asked = child["consents"][0]
    yes = {"version": asked["version"], "granted": True}
    answered = f"{path}/{child['child_id']}/consents/{asked['consent_id']}"
    assert (await town.service.post(answered, AGENT_CALLER, json=yes)).status == 200
    assert (await town.service.delete(f"{path}/{child['child_id']}", AGENT_CALLER)).status == 204
    assert (await last_file(town, family)).children == ()
    assert not (await family_of(town.service, family["reference"]))["complete"]
    same = {name: child[name] for name in ("first_name", "last_name", "birth_date")}
    back = await town.service.post(path, AGENT_CALLER, json=same)
    (found,) = back.json["children"]
    assert found["child_id"] == child["child_id"]
    assert found["consents"][0]["granted"] is True


async def test_a_child_of_two_homes_leaves_one_and_stays_in_the_other(town: Town) -> None:
    mother, father, child = await two_homes(town)
    path = f"/families/{mother['family_id']}/children/{child}"
    assert (await town.service.delete(path, AGENT_CALLER)).status == 204
    assert (await family_of(town.service, mother["reference"]))["children"] == []
    assert child_in(await family_of(town.service, father["reference"]), child)["custody"] is None
    told = (await town.service.outbox(FamilyFileUpdated))[-2:]
    assert {str(e.family_id) for e in told} == {mother["family_id"], father["family_id"]}


async def test_the_office_says_who_receives_the_messages(town: Town) -> None:
    family = await new_family(town.service, resp2_nom="Évain", resp2_prenom="Marc")
    marc = family["guardians"][1]["guardian_id"]
    path = f"/families/{family['family_id']}/guardians/{marc}/first"
    reply = await town.service.post(path, AGENT_CALLER)
    assert reply.json["guardians"][0]["guardian_id"] == marc
    assert str((await last_file(town, family)).guardians[0].guardian_id) == marc
    assert (await town.service.post(path, AGENT_CALLER)).json["record_version"] == 2


async def test_residence_is_corrected_by_the_office_and_asked_by_a_parent(town: Town) -> None:
    family = await new_family(town.service)
    path, parent = f"/families/{family['family_id']}", guardian(UUID(family["family_id"]))
    other = not family["resident"]
    asked = await town.service.patch(path, parent, json={"resident": other})
    assert asked.json["resident"] is family["resident"]
    assert asked.json["pending"][0]["label"] == "Résidence dans la commune"
    done = await town.service.patch(path, AGENT_CALLER, json={"resident": other})
    assert done.json["resident"] is other
    assert (await last_file(town, family)).resident is other


async def test_another_familys_people_are_not_there(town: Town) -> None:
    mine, other = await new_family(town.service), await new_family(town.service)
    theirs = other["children"][0]["child_id"]
    path = f"/families/{mine['family_id']}"
    parent = guardian(UUID(mine["family_id"]))
    foreign = f"/families/{other['family_id']}/children"
    assert (await town.service.post(foreign, parent, json=TOM)).status == 404
    for address in (f"{path}/children/{theirs}", f"{path}/guardians/{theirs}"):
        assert (await town.service.delete(address, AGENT_CALLER)).status == 404
    assert (await town.service.post("/families", parent, json=household())).status == 403

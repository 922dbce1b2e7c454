"""The whole record: what parents change at once, what waits, what it lacks."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.accounts import Address, FamilyFileUpdated, RecordChangeDecided
from services.accounts.jobs import note_what_ran_out
from services.chassis.clock import paris_date, utc_now
from services.chassis.testing import guardian
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    ADMIN_CALLER,
    AGENT_CALLER,
    family_of,
    new_family,
    new_parent,
)

CARE = {
    "allergies": "Arachide",
    "pai": {"instructions": "Trousse à l’infirmerie", "valid_until": "2027-07-01"},
    "vaccinations": [{"vaccine": "mmr", "given_on": "2020-02-01"}],
    "doctor": {"name": "Dr Morel", "phone": "0297000000"},
    "contacts": [
        {"name": "Rose Évain", "phone": "0600000001", "link": "Tante", "may_pick_up": True}
    ],
}


async def test_the_staff_fill_in_everything_about_a_child(town: Town) -> None:
    family = await new_family(town.service)
    child = family["children"][0]
    path = f"/families/{family['family_id']}/children/{child['child_id']}"
    reply = await town.service.patch(path, AGENT_CALLER, json={**CARE, "school_class": "CE2"})
    assert reply.status == 200, reply.body
    shown = (await family_of(town.service, family["reference"]))["children"][0]
    assert shown["pai"] == CARE["pai"]
    assert shown["doctor"] == {"name": "Dr Morel", "phone": "02 97 00 00 00"}
    assert shown["contacts"][0]["may_pick_up"] is True
    assert shown["vaccinations"] == CARE["vaccinations"]
    assert shown["school_class"] == "CE2"
    again = await town.service.patch(path, AGENT_CALLER, json=CARE)
    assert again.json["record_version"] == reply.json["record_version"]
    cleared = await town.service.patch(path, AGENT_CALLER, json={"pai": None, "contacts": []})
    assert cleared.json["children"][0]["pai"] is None
    assert cleared.json["children"][0]["contacts"] == []
    assert cleared.json["children"][0]["doctor"] is not None


async def test_a_parent_changes_some_fields_at_once_and_others_wait(town: Town) -> None:
    family = await new_family(town.service)
    parent = await new_parent(town, family["family_id"])
    child = family["children"][0]
    path = f"/families/{family['family_id']}/children/{child['child_id']}"
    asked = {"diet": "vegetarian", "school_class": "CM2"}
    reply = await town.service.patch(path, parent.caller, json=asked)
    shown = reply.json["children"][0]
    assert (shown["diet"], shown["school_class"]) == ("vegetarian", child["school_class"])
    (waiting,) = reply.json["pending"]
    assert waiting["label"] == f"Classe de {child['first_name']}"
    assert (waiting["after"], waiting["status"]) == ("CM2", "pending")


async def test_a_family_that_moves_to_another_town_has_its_residence_looked_at(town: Town) -> None:
    family = await new_family(town.service)
    parent = await new_parent(town, family["family_id"])
    path = f"/families/{family['family_id']}"
    near = {**family["address"], "lines": ["12 rue du Moulin"]}
    reply = await town.service.patch(path, parent.caller, json={"address": near})
    assert (reply.status, reply.json["pending"]) == (200, []), "the same town"
    far = {"lines": ["3 rue du Port"], "postcode": "56000", "city": "Vannes"}
    reply = await town.service.patch(path, parent.caller, json={"address": far})
    assert reply.json["resident"] == family["resident"], "until the staff have looked"
    fields = [change["field"] for change in reply.json["pending"]]
    assert "family.resident" in fields


async def test_an_accepted_change_is_in_the_record_and_told_to_who_asked(town: Town) -> None:
    family = await new_family(town.service)
    change = await ask_for_a_class(town, family, "CM1")
    reply = await town.service.post(f"/record-changes/{change}/accept", AGENT_CALLER)
    assert reply.status == 204
    now = await family_of(town.service, family["reference"])
    assert now["children"][0]["school_class"] == "CM1"
    assert now["pending"] == []
    told = [e for e in await town.service.outbox(FamilyFileUpdated) if e.family_id == id_of(now)]
    assert told[-1].children[0].school_class == "CM1"
    (decided,) = await decisions(town, now)
    assert decided.accepted
    assert decided.guardian_id == UUID(now["guardians"][0]["guardian_id"])
    again = await town.service.post(f"/record-changes/{change}/accept", AGENT_CALLER)
    assert (again.status, again.json["type"]) == (409, "/problems/change-decided")


async def test_a_refused_change_leaves_the_record_and_says_why(town: Town) -> None:
    family = await new_family(town.service)
    change = await ask_for_a_class(town, family, "CM1")
    path = f"/record-changes/{change}/refuse"
    assert (await town.service.post(path, AGENT_CALLER, json={"reason": ""})).status == 422
    reason = {"reason": "L’école n’a pas confirmé."}
    assert (await town.service.post(path, AGENT_CALLER, json=reason)).status == 204
    now = await family_of(town.service, family["reference"])
    assert now["record_version"] == family["record_version"]
    (decided,) = await decisions(town, now)
    assert (decided.accepted, decided.reason) == (False, "L’école n’a pas confirmé.")
    history = await town.service.get(f"/families/{now['family_id']}/changes", AGENT_CALLER)
    assert history.json["changes"][0]["status"] == "refused"


async def test_a_newer_wish_takes_the_place_of_one_that_waits(town: Town) -> None:
    family = await new_family(town.service)
    first = await ask_for_a_class(town, family, "CM1")
    await ask_for_a_class(town, family, "CM2")
    now = await family_of(town.service, family["reference"])
    assert [change["after"] for change in now["pending"]] == ["CM2"]
    late = await town.service.post(f"/record-changes/{first}/accept", AGENT_CALLER)
    assert late.status == 409


async def test_a_change_of_a_record_that_moved_on_is_not_accepted(town: Town) -> None:
    family = await new_family(town.service)
    change = await ask_for_a_class(town, family, "CM1")
    child = family["children"][0]["child_id"]
    async with town.service.database.connection() as connection:
        # As an import would: without a look at what waits.
        await connection.execute(
            "UPDATE child SET school_class = 'CE2' WHERE child_id = $1", UUID(child)
        )
    reply = await town.service.post(f"/record-changes/{change}/accept", AGENT_CALLER)
    assert (reply.status, reply.json["type"]) == (409, "/problems/record-moved-on")


async def test_what_waits_is_in_the_queue_of_the_staff_alone(town: Town) -> None:
    family = await new_family(town.service, resp1_nom="Kermarrec")
    change = await ask_for_a_class(town, family, "CM1")
    queue = await town.service.get("/record-changes", AGENT_CALLER, params={"size": "100"})
    (line,) = [c for c in queue.json["changes"] if c["change_id"] == change]
    assert line["family_label"] == "KERMARREC"
    assert line["family_reference"] == family["reference"]
    parent = guardian(id_of(family))
    assert (await town.service.get("/record-changes", parent)).status == 403


async def test_a_typed_quotient_waits_and_the_staffs_is_confirmed(town: Town) -> None:
    family = await new_family(town.service)
    path = f"/families/{family['family_id']}/quotient"
    typed = {"quotient": 300, "valid_until": "2026-12-31"}
    reply = await town.service.post(path, guardian(id_of(family)), json=typed)
    assert reply.json["quotient"] == family["quotient"]
    assert [c["field"] for c in reply.json["pending"]] == ["family.quotient"]
    change = reply.json["pending"][0]["change_id"]
    await town.service.post(f"/record-changes/{change}/accept", AGENT_CALLER)
    now = await family_of(town.service, family["reference"])
    assert (now["quotient"], now["quotient_source"]) == (300, "staff")


@pytest.mark.parametrize("bad", [300.5, "300", -1, 100_000, True])
async def test_a_quotient_is_whole_euros(town: Town, bad: object) -> None:
    family = await new_family(town.service)
    path = f"/families/{family['family_id']}/quotient"
    reply = await town.service.post(path, AGENT_CALLER, json={"quotient": bad})
    assert reply.status == 422
    assert reply.json["errors"][0]["field"] == "quotient"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"birth_date": "2999-01-01"}, "birth_date"),
        (
            {"vaccinations": [{"vaccine": "mmr", "given_on": "2999-01-01"}]},
            "vaccinations.0.given_on",
        ),
        ({"contacts": [{"name": "Rose", "phone": "12", "emergency": True}]}, "contacts.0.phone"),
        ({"contacts": [{"name": "Rose", "phone": " - ", "emergency": True}]}, "contacts.0.phone"),
        ({"contacts": [{"name": "Rose", "phone": "0600000001"}]}, "contacts.0"),
        ({"pai": {"instructions": "x" * 2001}}, "pai.instructions"),
        ({"diet": "halal"}, "diet"),
    ],
)
async def test_what_cannot_be_is_refused_beside_its_field(
    town: Town, body: dict[str, object], field: str
) -> None:
    family = await new_family(town.service)
    child = family["children"][0]["child_id"]
    path = f"/families/{family['family_id']}/children/{child}"
    reply = await town.service.patch(path, AGENT_CALLER, json=body)
    assert reply.status == 422
    assert [error["field"] for error in reply.json["errors"]] == [field]
    after = await family_of(town.service, family["reference"])
    assert after["record_version"] == family["record_version"]


async def test_another_familys_persons_are_not_found(town: Town) -> None:
    mine, other = await new_family(town.service), await new_family(town.service)
    parent = guardian(id_of(mine))
    their_child = other["children"][0]["child_id"]
    their_guardian = other["guardians"][0]["guardian_id"]
    for path in (
        f"/families/{other['family_id']}/children/{their_child}",
        f"/families/{mine['family_id']}/children/{their_child}",
        f"/families/{mine['family_id']}/children/{uuid4()}",
        f"/families/{other['family_id']}/guardians/{their_guardian}",
        f"/families/{mine['family_id']}/guardians/{their_guardian}",
    ):
        assert (await town.service.patch(path, parent, json={})).status == 404
    foreign = f"/families/{other['family_id']}"
    assert (await town.service.get(f"{foreign}/changes", parent)).status == 404
    typed = await town.service.post(f"{foreign}/quotient", parent, json={"quotient": 1})
    assert typed.status == 404


async def test_a_guardian_may_live_elsewhere(town: Town) -> None:
    family = await new_family(town.service, resp2_nom="Évain", resp2_prenom="Marc")
    father = family["guardians"][1]["guardian_id"]
    path = f"/families/{family['family_id']}/guardians/{father}"
    address = {"lines": ["3 rue du Port"], "postcode": "56000", "city": "Vannes"}
    reply = await town.service.patch(
        path, AGENT_CALLER, json={"link": "father", "address": address}
    )
    shown = reply.json["guardians"][1]
    assert (shown["link"], shown["address"]) == ("father", address)
    assert reply.json["address"] == family["address"]
    told = [e for e in await town.service.outbox(FamilyFileUpdated)
            if str(e.family_id) == family["family_id"]]  # fmt: skip
    assert told[-1].guardians[0].address is None
    assert told[-1].guardians[1].address == Address(**address)


async def test_the_towns_requirements_decide_at_once_which_records_are_complete(
    town: Town,
) -> None:
    family = await new_family(town.service)
    assert family["complete"]
    rules = {"required": ["child_doctor", "guardian_link"]}
    assert (await town.service.patch("/record-rules", ADMIN_CALLER, json=rules)).status == 200
    try:
        now = await family_of(town.service, family["reference"])
        assert not now["complete"]
        assert [lack["code"] for lack in now["lacks"]] == ["guardian_link", "child_doctor"]
        assert now["missing"][1] == f"{now['children'][0]['first_name']} : le médecin traitant"
        row = await among_the_incomplete(town, now["family_id"])
        assert row["missing"] == [
            "Le lien de parenté de chaque responsable",
            "Le médecin traitant de chaque enfant",
        ]
        child = now["children"][0]["child_id"]
        await town.service.patch(
            f"/families/{now['family_id']}/children/{child}", AGENT_CALLER, json=CARE
        )
        await town.service.patch(
            f"/families/{now['family_id']}/guardians/{now['guardians'][0]['guardian_id']}",
            AGENT_CALLER,
            json={"link": "mother"},
        )
        assert (await family_of(town.service, family["reference"]))["complete"]
    finally:
        await town.service.patch("/record-rules", ADMIN_CALLER, json={"required": []})


async def among_the_incomplete(town: Town, family_id: str) -> dict[str, Any]:
    """The family's row in the preview of codes, on whichever page it stands."""
    for page in range(1, 100):
        params = {"outcome": "incomplete", "size": "200", "page": str(page)}
        reply = await town.service.get("/access-codes/recipients", AGENT_CALLER, params=params)
        found: list[dict[str, Any]] = reply.json["families"]
        if row := next((r for r in found if r["family_id"] == family_id), None):
            return row
        assert found, "the family is not among the incomplete ones"
    raise AssertionError("too many pages")


async def is_complete(town: Town, family: dict[str, Any]) -> bool:
    """Whether the list of families shows it complete."""
    words = {"search": family["reference"]}
    found = await town.service.get("/families", AGENT_CALLER, params=words)
    (line,) = [f for f in found.json["families"] if f["family_id"] == family["family_id"]]
    complete: bool = line["complete"]
    return complete


async def test_a_quotient_that_has_run_out_makes_the_record_incomplete(town: Town) -> None:
    now = utc_now()
    family = await new_family(town.service)
    path = f"/families/{family['family_id']}/quotient"
    typed = {"quotient": 640, "valid_until": paris_date(now).isoformat()}
    assert (await town.service.post(path, AGENT_CALLER, json=typed)).status == 200
    rules = {"required": ["quotient"]}
    await town.service.patch("/record-rules", ADMIN_CALLER, json=rules)
    try:
        assert await is_complete(town, family)
        await note_what_ran_out(town.service.app, now)
        assert await is_complete(town, family)
        await note_what_ran_out(town.service.app, now + timedelta(days=1))
        assert not await is_complete(town, family)
    finally:
        await town.service.patch("/record-rules", ADMIN_CALLER, json={"required": []})


async def test_only_the_administrator_sets_the_rules_and_only_known_ones(town: Town) -> None:
    body = {"required": ["horoscope"]}
    assert (await town.service.patch("/record-rules", AGENT_CALLER, json={})).status == 403
    reply = await town.service.patch("/record-rules", ADMIN_CALLER, json=body)
    assert reply.status == 422
    assert reply.json["errors"][0]["field"] == "required"


async def test_what_the_town_lets_parents_do_alone_waits_no_more(town: Town) -> None:
    before = (await town.service.get("/record-rules", ADMIN_CALLER)).json
    reviewed = [f["code"] for f in before["fields"] if f["reviewed"]]
    freed = {"reviewed": [code for code in reviewed if code != "child.school_class"]}
    await town.service.patch("/record-rules", ADMIN_CALLER, json=freed)
    try:
        family = await new_family(town.service)
        child = family["children"][0]["child_id"]
        path = f"/families/{family['family_id']}/children/{child}"
        reply = await town.service.patch(
            path, guardian(id_of(family)), json={"school_class": "CM2"}
        )
        assert reply.json["children"][0]["school_class"] == "CM2"
    finally:
        await town.service.patch("/record-rules", ADMIN_CALLER, json={"reviewed": reviewed})


def id_of(family: dict[str, object]) -> UUID:
    """The family's id."""
    return UUID(str(family["family_id"]))


async def ask_for_a_class(town: Town, family: dict[str, object], wanted: str) -> str:
    """A parent asks for another class; the id of what waits."""
    accounts = (await family_of(town.service, str(family["reference"])))["guardians"]
    if accounts[0]["account"] is None:
        await new_parent(town, str(family["family_id"]))
        accounts = (await family_of(town.service, str(family["reference"])))["guardians"]
    parent = guardian(id_of(family), UUID(accounts[0]["account"]["account_id"]))
    children: list[dict[str, str]] = family["children"]  # type: ignore[assignment]
    path = f"/families/{family['family_id']}/children/{children[0]['child_id']}"
    reply = await town.service.patch(path, parent, json={"school_class": wanted})
    assert reply.status == 200, reply.body
    change: str = reply.json["pending"][0]["change_id"]
    return change


async def decisions(town: Town, family: dict[str, object]) -> list[RecordChangeDecided]:
    """What the family was told about its wishes."""
    told = await town.service.outbox(RecordChangeDecided)
    return [event for event in told if event.family_id == id_of(family)]

"""Two records of one family become one: people, accounts, what is told."""

from typing import Any
from uuid import UUID, uuid4

from contracts.events.accounts import FamiliesMerged, FamilyFileUpdated
from services.chassis.testing import Reply, guardian, staff
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    AGENT_CALLER,
    family_of,
    import_rows,
    new_family,
    new_parent,
    new_row,
    sign_in,
)


async def merge(town: Town, survivor: Any, merged: Any, *take: str) -> Reply:
    return await town.service.post(
        f"/families/{survivor['family_id']}/merge/{merged['family_id']}",
        AGENT_CALLER,
        json={"take": list(take)},
    )


async def preview(town: Town, survivor: Any, merged: Any) -> dict[str, Any]:
    reply = await town.service.get(
        f"/families/{survivor['family_id']}/merge/{merged['family_id']}", AGENT_CALLER
    )
    assert reply.status == 200, reply.body
    answer: dict[str, Any] = reply.json
    return answer


async def two_records(town: Town) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same mother and child twice; the second record has a father and another child."""
    first = await new_family(town.service, resp1_telephone="", enfant_allergies="arachide")
    second = await new_family(
        town.service,
        adresse="3 place du Martray",
        resp1_nom="LE GOFF",
        resp2_nom="Évain",
        resp2_prenom="Marc",
        enfant_prenom="LEA",
        enfant_classe="CE1",
    )
    row = {
        "dossier": second["reference"], "adresse": "3 place du Martray",
        "resp1_nom": "LE GOFF", "resp2_nom": "Évain", "resp2_prenom": "Marc",
        "resp1_mail": second["guardians"][0]["mail"], "enfant_prenom": "Tom",
    }  # fmt: skip
    await import_rows(town.service, new_row(**row))
    return first, await family_of(town.service, second["reference"])


async def test_the_preview_shows_what_differs_and_who_is_the_same(town: Town) -> None:
    first, second = await two_records(town)
    found = await preview(town, first, second)
    assert found["survivor"]["reference"] == first["reference"]
    assert found["merged"]["guardians"] == ["Anne LE GOFF", "Marc ÉVAIN"]
    labels = {d["label"] for d in found["differences"]}
    assert labels == {"Adresse", "Anne LE GOFF : Mail", "Léa : École et classe"}
    assert sorted(found["joined"]) == ["Anne LE GOFF", "LEA Le Goff"]


async def test_people_who_are_the_same_are_joined_and_the_others_follow(town: Town) -> None:
    first, second = await two_records(town)
    differences = (await preview(town, first, second))["differences"]
    address = next(d["key"] for d in differences if d["label"] == "Adresse")
    reply = await merge(town, first, second, address)
    assert reply.status == 200, reply.body
    family = await family_of(town.service, first["reference"])
    assert [g["first_name"] for g in family["guardians"]] == ["Anne", "Marc"]
    assert [c["first_name"] for c in family["children"]] == ["Léa", "Tom"]
    assert family["address"]["lines"] == ["3 place du Martray"]
    anne, lea = family["guardians"][0], family["children"][0]
    assert anne["mail"] == first["guardians"][0]["mail"], "kept unless chosen"
    assert anne["phone"] == second["guardians"][0]["phone"], "filled where there was none"
    assert (lea["school_class"], lea["allergies"]) == ("CP", "arachide")
    gone = await town.service.get(f"/families/{second['family_id']}", AGENT_CALLER)
    assert gone.status == 404

    (told,) = [e for e in await town.service.outbox(FamiliesMerged)
               if e.family_id == UUID(first["family_id"])]  # fmt: skip
    assert str(told.merged_family_id) == second["family_id"]
    assert [(str(c.child_id), str(c.merged_child_id)) for c in told.children] == [
        (first["children"][0]["child_id"], second["children"][0]["child_id"])
    ]
    files = [e for e in await town.service.outbox(FamilyFileUpdated)
             if e.family_id == UUID(first["family_id"])]  # fmt: skip
    assert {str(c.child_id) for c in files[-1].children} == {
        first["children"][0]["child_id"],
        second["children"][1]["child_id"],
    }


async def test_accounts_follow_and_sessions_end(town: Town) -> None:
    first, second = await two_records(town)
    parent = await new_parent(town, second["family_id"])
    assert (await merge(town, first, second)).status == 200
    state = await town.service.get(f"/sessions/{parent.caller.session_id}", AGENT_CALLER)
    assert state.json == {"active": False}
    again = await sign_in(town.service, parent.login, parent.password)
    assert town.readers.claims(again.json["access_token"])["fam"] == first["family_id"]
    family = await family_of(town.service, first["reference"])
    assert family["guardians"][0]["account"]["login"] == parent.login


async def test_of_two_accounts_of_one_person_the_one_in_use_stays(town: Town) -> None:
    first, second = await two_records(town)
    kept = await new_parent(town, first["family_id"])
    await town.service.post(
        "/access-codes", AGENT_CALLER, json={"family_ids": [second["family_id"]]}
    )
    assert (await merge(town, first, second)).status == 200
    assert (await sign_in(town.service, kept.login, kept.password)).status == 201
    family = await family_of(town.service, first["reference"])
    assert family["guardians"][0]["account"]["state"] == "active"


async def test_the_number_that_is_gone_does_not_come_back_by_an_import(town: Town) -> None:
    first, second = await two_records(town)
    await merge(town, first, second)
    reply = await import_rows(town.service, new_row(dossier=second["reference"]))
    assert reply.status == 422
    assert reply.json["errors"] == [
        {
            "field": "ligne 2, dossier",
            "message": f"Ce dossier a été réuni au dossier {first['reference']}.",
        }
    ]


async def test_three_records_become_one(town: Town) -> None:
    first, second, third = [await new_family(town.service) for _ in range(3)]
    assert (await merge(town, second, third)).status == 200
    assert (await merge(town, first, second)).status == 200
    family = await family_of(town.service, first["reference"])
    assert len(family["children"]) == len(family["guardians"]) == 1


async def test_a_record_cannot_be_merged_with_itself_or_with_nobody(town: Town) -> None:
    first = await new_family(town.service)
    itself = await merge(town, first, first)
    assert itself.status == 422
    assert itself.json["errors"][0]["field"] == "other_id"
    assert (await merge(town, first, {"family_id": str(uuid4())})).status == 404


async def test_a_choice_that_is_none_changes_nothing(town: Town) -> None:
    first, second = await two_records(town)
    reply = await merge(town, first, second, "address", "horoscope")
    assert reply.json["errors"][0]["field"] == "take"
    assert (await town.service.get(f"/families/{second['family_id']}", AGENT_CALLER)).status == 200
    unknown = await merge(town, {"family_id": str(uuid4())}, first)
    assert unknown.status == 404


async def test_only_the_office_merges(town: Town) -> None:
    first, second = await two_records(town)
    path = f"/families/{first['family_id']}/merge/{second['family_id']}"
    for caller in (guardian(UUID(first["family_id"])), staff("leader"), staff("regisseur")):
        assert (await town.service.post(path, caller, json={})).status == 403

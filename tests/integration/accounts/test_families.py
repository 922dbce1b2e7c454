"""Looking at a family's file, and amending it."""

from uuid import UUID, uuid4

from contracts.events.accounts import FamilyFileUpdated
from services.chassis.testing import guardian, staff
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    AGENT_CALLER,
    family_of,
    new_family,
    new_parent,
)


async def test_the_staff_find_a_family_by_any_of_its_names(town: Town) -> None:
    family = await new_family(town.service, resp1_nom="Kerjézéquel", enfant_prenom="Maëlle-Ange")
    for words in ("kerjezequel", "MAELLE kerj", family["reference"], "pontivy ange maelle"):
        found = await town.service.get("/families", AGENT_CALLER, params={"search": words})
        assert [f["family_id"] for f in found.json["families"]] == [family["family_id"]]
    (line,) = found.json["families"]
    assert line["label"] == "KERJÉZÉQUEL"
    assert (line["children"], line["mail"], line["account"]) == (1, True, "none")


async def test_a_search_finds_no_more_than_it_says(town: Town) -> None:
    for words in ("100%", "_", "zzz introuvable", "' OR 1=1"):
        found = await town.service.get("/families", AGENT_CALLER, params={"search": words})
        assert found.status == 200
    assert found.json["families"] == []


async def test_the_list_comes_in_pages(town: Town) -> None:
    for _ in range(3):
        await new_family(town.service, resp1_nom="Paginé")
    pages = [
        await town.service.get(
            "/families", AGENT_CALLER, params={"search": "pagine", "page": str(n), "size": "2"}
        )
        for n in (1, 2, 3)
    ]
    assert [len(p.json["families"]) for p in pages] == [2, 1, 0]
    assert {p.json["total"] for p in pages} == {3}
    seen = [f["family_id"] for p in pages for f in p.json["families"]]
    assert len(set(seen)) == 3


async def test_a_page_out_of_bounds_names_the_field(town: Town) -> None:
    reply = await town.service.get("/families", AGENT_CALLER, params={"size": "100000"})
    assert reply.status == 422
    assert reply.json["errors"][0]["field"] == "size"


async def test_a_family_is_not_listed_to_guardians(town: Town) -> None:
    assert (await town.service.get("/families", guardian(uuid4()))).status == 403


async def test_a_guardian_sees_the_own_file_and_no_other(town: Town) -> None:
    mine, other = await new_family(town.service), await new_family(town.service)
    parent = guardian(UUID(mine["family_id"]))
    own = await town.service.get(f"/families/{mine['family_id']}", parent)
    assert own.json["reference"] == mine["reference"]
    foreign = await town.service.get(f"/families/{other['family_id']}", parent)
    unknown = await town.service.get(f"/families/{uuid4()}", parent)
    assert (foreign.status, unknown.status) == (404, 404)
    assert foreign.json == unknown.json


async def test_a_record_without_address_says_what_it_lacks(town: Town) -> None:
    family = await new_family(town.service, adresse="")
    assert family["complete"] is False
    assert family["missing"] == ["L’adresse postale complète"]


async def test_a_guardian_changes_the_own_contacts_and_the_address(town: Town) -> None:
    family = await new_family(town.service, resp2_nom="Évain", resp2_prenom="Marc")
    parent = await new_parent(town, family["family_id"])
    reply = await town.service.patch(
        f"/families/{family['family_id']}",
        parent.caller,
        json={
            "phone": "+33 7 00 11 22 33",
            "mail": family["guardians"][0]["mail"].upper(),
            "address": {"lines": ["1 quai", "du Blavet"], "postcode": "56300", "city": "Pontivy"},
        },
    )
    assert reply.status == 200, reply.body
    first, second = reply.json["guardians"]
    assert first["phone"] == "07 00 11 22 33"
    assert second["phone"] is None
    assert reply.json["address"]["lines"] == ["1 quai", "du Blavet"]
    assert reply.json["record_version"] == 2
    told = [e for e in await town.service.outbox(FamilyFileUpdated)
            if e.family_id == UUID(family["family_id"])]  # fmt: skip
    assert told[-1].guardians[0].phone == "07 00 11 22 33"
    assert told[-1].address.lines == ("1 quai", "du Blavet")


async def test_a_guardian_does_not_change_the_mail_address_without_confirming_it(
    town: Town,
) -> None:
    family = await new_family(town.service, resp2_nom="Évain", resp2_prenom="Marc")
    parent = await new_parent(town, family["family_id"])
    path = f"/families/{family['family_id']}"
    own, marc = (f"{path}/guardians/{g['guardian_id']}" for g in family["guardians"])
    for where in (path, own, marc):
        reply = await town.service.patch(where, parent.caller, json={"mail": "autre@exemple.fr"})
        assert (reply.status, reply.json["errors"][0]["field"]) == (422, "mail")
        assert "Mon compte" in reply.json["errors"][0]["message"]
    for where in (path, own):
        cleared = await town.service.patch(where, parent.caller, json={"mail": ""})
        assert cleared.status == 422
    kept = await town.service.get(path, AGENT_CALLER)
    mails = [guardian["mail"] for guardian in kept.json["guardians"]]
    assert mails == [guardian["mail"] for guardian in family["guardians"]]


async def test_the_mail_address_as_it_stands_may_be_sent_along(town: Town) -> None:
    family = await new_family(town.service)
    parent = await new_parent(town, family["family_id"])
    mother = family["guardians"][0]
    reply = await town.service.patch(
        f"/families/{family['family_id']}/guardians/{mother['guardian_id']}",
        parent.caller,
        json={"mail": mother["mail"], "link": "mother"},
    )
    assert reply.json["guardians"][0]["link"] == "mother"


async def test_what_is_left_out_stays_and_what_is_empty_is_cleared(town: Town) -> None:
    family = await new_family(town.service)
    parent = await new_parent(town, family["family_id"])
    path = f"/families/{family['family_id']}"
    same = await town.service.patch(path, parent.caller, json={})
    assert same.json["record_version"] == 1
    cleared = await town.service.patch(path, parent.caller, json={"phone": ""})
    assert cleared.json["guardians"][0]["phone"] is None
    assert cleared.json["guardians"][0]["mail"] is not None


async def test_a_guardian_cannot_change_the_other_one_by_naming_them(town: Town) -> None:
    family = await new_family(town.service, resp2_nom="Évain", resp2_prenom="Marc")
    parent = await new_parent(town, family["family_id"])
    marc = family["guardians"][1]["guardian_id"]
    reply = await town.service.patch(
        f"/families/{family['family_id']}",
        parent.caller,
        json={"phone": "0600000000", "guardian_id": marc},
    )
    assert reply.json["guardians"][1]["phone"] is None


async def test_the_office_amends_a_guardian_it_names(town: Town) -> None:
    family = await new_family(town.service)
    path = f"/families/{family['family_id']}"
    unnamed = await town.service.patch(path, AGENT_CALLER, json={"phone": "0297000000"})
    assert unnamed.status == 422
    assert unnamed.json["errors"][0]["field"] == "guardian_id"
    guardian_id = family["guardians"][0]["guardian_id"]
    named = await town.service.patch(
        path, AGENT_CALLER, json={"phone": "0297000000", "guardian_id": guardian_id}
    )
    assert named.json["guardians"][0]["phone"] == "02 97 00 00 00"


async def test_an_amendment_names_each_wrong_field_and_changes_nothing(town: Town) -> None:
    family = await new_family(town.service)
    reply = await town.service.patch(
        f"/families/{family['family_id']}",
        AGENT_CALLER,
        json={
            "phone": "12",
            "mail": "nobody",
            "address": {"lines": [], "postcode": "563", "city": ""},
            "quotient": 0,
        },
    )
    assert reply.status == 422
    assert {e["field"] for e in reply.json["errors"]} == {
        "phone",
        "mail",
        "address.lines",
        "address.postcode",
        "address.city",
        "quotient",
    }
    assert (await family_of(town.service, family["reference"]))["record_version"] == 1


async def test_another_familys_file_cannot_be_amended(town: Town) -> None:
    family = await new_family(town.service)
    path = f"/families/{family['family_id']}"
    foreign = await town.service.patch(path, guardian(uuid4()), json={"phone": "0600000000"})
    leader = await town.service.patch(path, staff("leader"), json={"phone": "0600000000"})
    assert (foreign.status, leader.status) == (404, 403)


async def test_a_guardian_does_not_learn_the_other_parents_login(town: Town) -> None:
    family = await new_family(town.service)
    await new_parent(town, family["family_id"])
    other_parent = guardian(UUID(family["family_id"]))
    shown = await town.service.get(f"/families/{family['family_id']}", other_parent)
    assert shown.json["guardians"][0]["account"] is None
    for_staff = await town.service.get(f"/families/{family['family_id']}", AGENT_CALLER)
    assert for_staff.json["guardians"][0]["account"]["state"] == "active"


async def test_no_search_whatever_is_a_fault(town: Town) -> None:
    for query in ("%ED%A0%80", "%F0%9F%91%B6", "%C3%28", "%5C%25%27%22%3B--", "%E2%80%AE"):
        reply = await town.service.get(f"/families?search={query}", AGENT_CALLER)
        assert reply.status in {200, 422}

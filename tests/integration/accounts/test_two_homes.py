"""Garde alternée: one child in two families, and what each home consents to."""

from typing import Any
from uuid import UUID

from contracts.events.access import (
    ConsentAnswered,
    ConsentTextPublished,
    ConsentTextWithdrawn,
)
from contracts.events.accounts import FamilyFileUpdated
from services.chassis.testing import guardian
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    ADMIN_CALLER,
    AGENT_CALLER,
    family_of,
    import_rows,
    new_family,
    new_parent,
    new_row,
    told,
)


async def two_homes(town: Town) -> tuple[dict[str, Any], dict[str, Any], str]:
    """A mother's and a father's record, and the child that is in both."""
    mother = await new_family(town.service, resp1_prenom="Anne", quotient="500")
    father = await new_family(town.service, resp1_prenom="Marc", quotient="900")
    child = mother["children"][0]["child_id"]
    reply = await town.service.post(
        f"/families/{mother['family_id']}/children/{child}/second-home",
        AGENT_CALLER,
        json={"reference": father["reference"]},
    )
    assert reply.status == 200, reply.body
    return (
        await family_of(town.service, mother["reference"]),
        await family_of(town.service, father["reference"]),
        child,
    )


async def last_file(town: Town, family: dict[str, Any]) -> FamilyFileUpdated:
    """What the others were last told of this family."""
    told = await town.service.outbox(FamilyFileUpdated)
    return [e for e in told if str(e.family_id) == family["family_id"]][-1]


def child_in(family: dict[str, Any], child_id: str) -> dict[str, Any]:
    """The child in this family's answer."""
    found: dict[str, Any] = next(c for c in family["children"] if c["child_id"] == child_id)
    return found


async def test_both_files_list_the_child_and_keep_the_rest_to_themselves(town: Town) -> None:
    mother, father, child = await two_homes(town)
    assert [c["child_id"] for c in mother["children"]] == [child]
    assert [c["child_id"] for c in father["children"]][1:] == [child]
    assert (mother["quotient"], father["quotient"]) == (500, 900)
    assert len(mother["guardians"]) == len(father["guardians"]) == 1
    for family in (mother, father):
        told = await last_file(town, family)
        assert UUID(child) in {c.child_id for c in told.children}
        assert told.record_version == family["record_version"]


async def test_a_parent_sees_that_there_is_another_home_and_nothing_of_it(town: Town) -> None:
    mother, father, child = await two_homes(town)
    shown = await town.service.get(
        f"/families/{mother['family_id']}", guardian(UUID(mother["family_id"]))
    )
    custody = child_in(shown.json, child)["custody"]
    assert custody["other_home"] is None
    for secret in (father["family_id"], father["reference"], father["guardians"][0]["mail"]):
        assert secret not in shown.body.decode()
    staff = child_in(mother, child)["custody"]["other_home"]
    assert staff["reference"] == father["reference"]


async def test_what_one_home_changes_of_the_child_both_see(town: Town) -> None:
    mother, father, child = await two_homes(town)
    path = f"/families/{father['family_id']}/children/{child}"
    parent = guardian(UUID(father["family_id"]))
    reply = await town.service.patch(path, parent, json={"allergies": "Arachide"})
    assert reply.status == 200, reply.body
    seen = await family_of(town.service, mother["reference"])
    assert child_in(seen, child)["allergies"] == "Arachide"
    assert seen["record_version"] == mother["record_version"] + 1
    told = await last_file(town, mother)
    assert next(c for c in told.children if str(c.child_id) == child).allergies == "Arachide"


async def test_an_import_of_one_home_reaches_the_other(town: Town) -> None:
    mother, father, child = await two_homes(town)
    shared = child_in(father, child)
    line = new_row(
        dossier=mother["reference"],
        resp1_prenom="Anne",
        enfant_nom=shared["last_name"],
        enfant_prenom=shared["first_name"],
        enfant_naissance=shared["birth_date"],
        enfant_classe="CM2",
    )
    assert (await import_rows(town.service, line)).status == 200
    seen = await family_of(town.service, father["reference"])
    assert child_in(seen, child)["school_class"] == "CM2"
    assert (await import_rows(town.service, line)).json["unchanged"] == 1


async def test_the_calendar_is_told_and_each_home_sees_its_own_side(town: Town) -> None:
    mother, father, child = await two_homes(town)
    reply = await town.service.post(
        f"/families/{mother['family_id']}/children/{child}/custody",
        AGENT_CALLER,
        json={
            "even_weeks_here": True,
            "change_weekday": 5,
            "stays": [{"here": False, "first": "2026-12-19", "last": "2026-12-26"}],
        },
    )
    assert reply.status == 200, reply.body
    seen = child_in(await family_of(town.service, father["reference"]), child)["custody"]
    assert (seen["even_weeks_here"], seen["stays"][0]["here"]) == (False, True)
    told = next(c for c in (await last_file(town, father)).children if str(c.child_id) == child)
    assert told.custody is not None
    assert str(told.custody.even_family_id) == mother["family_id"]
    assert str(told.custody.stays[0].family_id) == father["family_id"]


async def test_the_archive_of_one_home_names_the_other_by_no_number(town: Town) -> None:
    mother, father, child = await two_homes(town)
    calendar = {
        "even_weeks_here": True,
        "stays": [{"here": False, "first": "2026-12-19", "last": "2026-12-26"}],
    }
    path = f"/families/{mother['family_id']}/children/{child}/custody"
    assert (await town.service.post(path, AGENT_CALLER, json=calendar)).status == 200
    archive = await town.service.get(
        f"/families/{father['family_id']}/export", guardian(UUID(father["family_id"]))
    )
    assert archive.status == 200, archive.body
    for secret in (mother["family_id"], mother["reference"]):
        assert secret not in archive.body.decode()
    assert '"even_weeks_here":false' in archive.body.decode().replace(" ", "")


async def test_when_one_home_is_erased_the_other_is_told_that_the_child_is_its_own(
    town: Town,
) -> None:
    mother, father, child = await two_homes(town)
    path = f"/families/{mother['family_id']}/erasure/approve"
    erased = await town.service.post(path, AGENT_CALLER, json={"reference": mother["reference"]})
    assert erased.status in (200, 204), erased.body
    seen = await family_of(town.service, father["reference"])
    assert child_in(seen, child)["custody"] is None
    assert seen["record_version"] == father["record_version"] + 1
    assert (await last_file(town, father)).record_version == seen["record_version"]


async def test_a_calendar_that_gives_a_day_to_both_homes_is_refused(town: Town) -> None:
    mother, _, child = await two_homes(town)
    stays = [
        {"here": True, "first": "2026-12-19", "last": "2026-12-26"},
        {"here": False, "first": "2026-12-26", "last": "2027-01-03"},
    ]
    path = f"/families/{mother['family_id']}/children/{child}/custody"
    reply = await town.service.post(path, AGENT_CALLER, json={"stays": stays})
    assert reply.status == 422
    assert reply.json["errors"][0]["field"] == "stays"


async def test_a_parted_child_stays_in_the_file_that_registered_it(town: Town) -> None:
    mother, father, child = await two_homes(town)
    path = f"/families/{father['family_id']}/children/{child}/second-home"
    assert (await town.service.delete(path, AGENT_CALLER)).status == 204
    assert child_in(await family_of(town.service, mother["reference"]), child)["custody"] is None
    assert child not in str(await family_of(town.service, father["reference"]))
    told = await last_file(town, father)
    assert UUID(child) not in {c.child_id for c in told.children}
    assert (await town.service.delete(path, AGENT_CALLER)).status == 404


async def test_no_third_home_no_home_twice_and_only_by_the_staff(town: Town) -> None:
    mother, father, child = await two_homes(town)
    third = await new_family(town.service)
    path = f"/families/{mother['family_id']}/children/{child}/second-home"
    more = await town.service.post(path, AGENT_CALLER, json={"reference": third["reference"]})
    same = await town.service.post(path, AGENT_CALLER, json={"reference": mother["reference"]})
    none = await town.service.post(path, AGENT_CALLER, json={"reference": "jamais vu"})
    assert (more.json["type"], same.json["type"]) == (
        "/problems/already-shared",
        "/problems/same-home",
    )
    assert none.json["errors"][0]["field"] == "reference"
    parent = guardian(UUID(father["family_id"]))
    assert (await town.service.post(path, parent, json={"reference": "x"})).status == 403


async def test_each_home_answers_for_itself_and_the_staff_see_whether_all_agree(
    town: Town,
) -> None:
    mother, father, child = await two_homes(town)
    parent = await new_parent(town, mother["family_id"])
    asked = child_in(mother, child)["consents"][0]
    path = f"children/{child}/consents/{asked['consent_id']}"
    yes = {"version": asked["version"], "granted": True}
    reply = await town.service.post(
        f"/families/{mother['family_id']}/{path}", parent.caller, json=yes
    )
    assert reply.json["consents"][0]["granted"] is True
    assert reply.json["consents"][0]["answered_by"].startswith("Anne ")
    assert reply.json["consents"][0]["agreed_by_all"] is None
    theirs = child_in(await family_of(town.service, father["reference"]), child)["consents"][0]
    assert (theirs["granted"], theirs["agreed_by_all"]) == (None, False)
    await town.service.post(f"/families/{father['family_id']}/{path}", AGENT_CALLER, json=yes)
    both = child_in(await family_of(town.service, father["reference"]), child)["consents"][0]
    assert (both["granted"], both["agreed_by_all"], both["answered_by"]) == (True, True, None)
    homes = [e.family_id for e in await told(town.service, ConsentAnswered, child_id=child)]
    assert homes == [UUID(mother["family_id"]), UUID(father["family_id"])]


async def test_a_new_version_of_a_text_asks_again(town: Town) -> None:
    text = {"title": "Sorties", "body": "Mon enfant peut participer aux sorties."}
    published = await town.service.post("/consents", ADMIN_CALLER, json=text)
    consent = published.json["consent_id"]
    rules = {"required": ["child_consents"]}
    await town.service.patch("/record-rules", ADMIN_CALLER, json=rules)
    try:
        family = await new_family(town.service)
        child = family["children"][0]["child_id"]
        answers = f"/families/{family['family_id']}/children/{child}/consents"
        for asked in family["children"][0]["consents"]:
            reply = await town.service.post(
                f"{answers}/{asked['consent_id']}",
                AGENT_CALLER,
                json={"version": asked["version"], "granted": False},
            )
            assert reply.status == 200, reply.body
        assert (await family_of(town.service, family["reference"]))["complete"]
        newer = await town.service.post(f"/consents/{consent}/versions", ADMIN_CALLER, json=text)
        assert newer.json["version"] == 2
        now = await family_of(town.service, family["reference"])
        assert [lack["code"] for lack in now["lacks"]] == ["child_consents"]
        old = await town.service.post(
            f"{answers}/{consent}", AGENT_CALLER, json={"version": 1, "granted": True}
        )
        assert (old.status, old.json["type"]) == (409, "/problems/consent-outdated")
    finally:
        await town.service.delete(f"/consents/{consent}", ADMIN_CALLER)
        await town.service.patch("/record-rules", ADMIN_CALLER, json={"required": []})
    assert (await family_of(town.service, family["reference"]))["complete"]
    published_versions = await told(town.service, ConsentTextPublished, consent_id=consent)
    assert [fact.version for fact in published_versions] == [1, 2]
    assert len(await told(town.service, ConsentTextWithdrawn, consent_id=consent)) == 1


async def test_the_agenda_is_told_where_the_child_is_as_each_home_sees_it(town: Town) -> None:
    mother, father, child = await two_homes(town)
    calendar = {"even_weeks_here": True, "change_weekday": 5}
    path = f"/families/{mother['family_id']}/children/{child}/custody"
    assert (await town.service.post(path, AGENT_CALLER, json=calendar)).status == 200
    week = {"from": "2026-11-25", "to": "2026-11-29"}  # its Friday begins an even turn
    for family, first_here in ((mother, False), (father, True)):
        own = guardian(UUID(family["family_id"]))
        shown = f"/families/{family['family_id']}/custody"
        reply = await town.service.get(shown, own, params=week)
        spans = [(s["here"], s["first"], s["last"]) for s in reply.json["spans"]]
        assert spans == [
            (first_here, "2026-11-25", "2026-11-26"),
            (not first_here, "2026-11-27", "2026-11-29"),
        ]
        other = f"/families/{(father if family is mother else mother)['family_id']}/custody"
        assert (await town.service.get(other, own, params=week)).status == 404
        too_long = {"from": "2026-01-01", "to": "2026-12-31"}
        refused = await town.service.get(shown, own, params=too_long)
        assert (refused.status, refused.json["errors"][0]["field"]) == (422, "to")

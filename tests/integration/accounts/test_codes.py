"""Access codes: to every complete family once, by mail or by letter, readable by one reader."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from contracts.events.access import AccessCodesPlanned, AccessCodesWithdrawn
from contracts.events.accounts import AccessCodeReady, AccessCodesIssued
from services.accounts.jobs import issue_planned
from services.chassis.clock import paris_date
from services.chassis.testing import guardian, staff
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    AGENT_CALLER,
    caller_of,
    family_of,
    import_rows,
    issue_code,
    new_family,
    new_parent,
    new_row,
    sign_in,
    told,
)


async def test_codes_go_to_every_complete_family_once(empty_town: Town) -> None:
    service = empty_town.service
    by_mail = [new_row() for _ in range(130)]
    by_letter = [new_row(resp1_mail="") for _ in range(20)]
    incomplete = [new_row(commune="") for _ in range(3)]
    await import_rows(service, *by_mail, *by_letter, *incomplete)
    preview = await service.get("/access-codes", AGENT_CALLER)
    assert preview.json == {"by_mail": 130, "by_letter": 20, "incomplete": 3, "already": 0}

    # Two members of staff press the button at once.
    replies = await asyncio.gather(
        *(service.post("/access-codes", AGENT_CALLER, json={"family_ids": None}) for _ in range(2))
    )
    assert [r.status for r in replies] == [201, 201]
    assert sorted((r.json["by_mail"], r.json["by_letter"]) for r in replies) == [(0, 0), (130, 20)]
    ready = await service.outbox(AccessCodeReady)
    assert len({e.family_id for e in ready}) == len(ready) == 150
    assert len({e.login for e in ready}) == 150
    assert len(await service.outbox(AccessCodesIssued)) == 150
    after = await service.get("/access-codes", AGENT_CALLER)
    assert after.json == {"by_mail": 0, "by_letter": 0, "incomplete": 3, "already": 150}

    letter = next(e for e in ready if e.channel == "letter")
    assert letter.login.startswith("le-goff-")
    password = empty_town.readers.open(letter.sealed_password)
    assert (await sign_in(service, letter.login, password)).json["must_change_password"] is True


async def test_a_completed_family_gets_its_code_with_the_next_issue(empty_town: Town) -> None:
    line = new_row(commune="")
    await import_rows(empty_town.service, line)
    first = await empty_town.service.post("/access-codes", AGENT_CALLER, json={})
    await import_rows(empty_town.service, {**line, "commune": "Pontivy"})
    second = await empty_town.service.post("/access-codes", AGENT_CALLER, json={})
    assert (first.json["by_mail"], second.json["by_mail"]) == (0, 1)


async def test_the_code_never_leaves_in_clear(town: Town) -> None:
    family = await new_family(town.service)
    login, code = await issue_code(town, family["family_id"])
    async with town.service.database.connection() as connection:
        stored = await connection.fetch(
            "SELECT a::text AS text FROM account a UNION ALL SELECT body FROM outbox"
        )
    plain = code.replace("-", "")
    assert login == family["guardians"][0]["mail"]
    assert not [r for r in stored if code in r["text"] or plain in r["text"]]


async def test_a_reissued_code_kills_the_old_one_and_its_session(town: Town) -> None:
    family = await new_family(town.service)
    login, old = await issue_code(town, family["family_id"])
    opened = (await sign_in(town.service, login, old)).json["access_token"]
    same_login, new = await issue_code(town, family["family_id"])
    assert same_login == login
    assert (await sign_in(town.service, login, old)).status == 401
    assert (await sign_in(town.service, login, new)).status == 201
    session_id = town.readers.claims(opened)["sid"]
    state = await town.service.get(f"/sessions/{session_id}", AGENT_CALLER)
    assert state.json == {"active": False}


async def test_a_lost_password_is_replaced_by_a_new_code(town: Town) -> None:
    family = await new_family(town.service)
    parent = await new_parent(town, family["family_id"])
    login, code = await issue_code(town, family["family_id"])
    assert (await sign_in(town.service, login, parent.password)).status == 401
    assert (await sign_in(town.service, login, code)).json["must_change_password"] is True


async def test_a_mail_address_that_is_taken_leaves_a_generated_login(town: Town) -> None:
    mail = f"{uuid4().hex}@exemple.fr"
    first, second = [await new_family(town.service, resp1_mail=mail) for _ in range(2)]
    assert (await issue_code(town, first["family_id"]))[0] == mail
    login, code = await issue_code(town, second["family_id"])
    assert login.startswith("le-goff-")
    assert (await sign_in(town.service, login, code)).status == 201


async def test_a_code_expires_after_thirty_days(town: Town) -> None:
    family = await new_family(town.service)
    login, code = await issue_code(town, family["family_id"])
    town.clock.turn(days=30)
    late = await sign_in(town.service, login, code)
    assert (late.status, late.json["type"]) == (401, "/problems/code-expired")
    wrong = await sign_in(town.service, login, "ABCD-EFGH-JKLM")
    assert wrong.json["type"] == "/problems/invalid-credentials"
    events = [e for e in await town.service.outbox(AccessCodeReady)
              if e.family_id == UUID(family["family_id"])]  # fmt: skip
    assert events[0].expires_at == town.clock.now
    shown = await family_of(town.service, family["reference"])
    assert shown["guardians"][0]["account"]["state"] == "issued"


async def test_an_unknown_family_is_named_and_nothing_is_issued(town: Town) -> None:
    family, unknown = await new_family(town.service), str(uuid4())
    reply = await town.service.post(
        "/access-codes", AGENT_CALLER, json={"family_ids": [family["family_id"], unknown]}
    )
    assert reply.status == 422
    assert unknown in reply.json["errors"][0]["message"]
    shown = await family_of(town.service, family["reference"])
    assert shown["guardians"][0]["account"] is None


async def test_an_incomplete_family_that_is_listed_gets_no_code(town: Town) -> None:
    family = await new_family(town.service, commune="")
    reply = await town.service.post(
        "/access-codes", AGENT_CALLER, json={"family_ids": [family["family_id"]]}
    )
    assert (reply.json["by_mail"], reply.json["by_letter"]) == (0, 0)


async def test_the_same_request_sent_twice_issues_one_code(town: Town) -> None:
    family = await new_family(town.service)
    options = {
        "json": {"family_ids": [family["family_id"]]},
        "headers": {"Idempotency-Key": uuid4().hex},
    }
    first = await town.service.post("/access-codes", AGENT_CALLER, **options)
    again = await town.service.post("/access-codes", AGENT_CALLER, **options)
    assert first.json == again.json
    issued = [e for e in await town.service.outbox(AccessCodesIssued)
              if e.family_id == UUID(family["family_id"])]  # fmt: skip
    assert len(issued) == 1


async def test_only_the_office_issues_codes(town: Town) -> None:
    for caller in (guardian(uuid4()), staff("leader"), staff("regisseur")):
        assert (await town.service.get("/access-codes", caller)).status == 403
        assert (await town.service.post("/access-codes", caller, json={})).status == 403


async def test_a_code_is_good_for_thirty_days_and_no_less(town: Town) -> None:
    family = await new_family(town.service)
    login, code = await issue_code(town, family["family_id"])
    town.clock.turn(days=30, seconds=-1)
    reply = await sign_in(town.service, login, code)
    assert reply.status == 201
    assert reply.json["expires_at"].startswith(
        (town.clock.now + timedelta(hours=12)).strftime("%Y-%m-%dT%H:%M:%S")
    )


async def test_the_preview_names_who_gets_what_and_who_is_left_out(empty_town: Town) -> None:
    service = empty_town.service
    await import_rows(
        service, new_row(), new_row(resp1_mail=""), new_row(commune="", code_postal="")
    )
    found = {
        outcome: await service.get(
            "/access-codes/recipients", AGENT_CALLER, params={"outcome": outcome}
        )
        for outcome in ("mail", "letter", "incomplete", "already")
    }
    for outcome, reply in found.items():
        assert {row["outcome"] for row in reply.json["families"]} <= {outcome}
    assert (found["mail"].json["total"], found["letter"].json["total"]) == (1, 1)
    assert found["incomplete"].json["families"][0]["missing"] == ["L’adresse postale complète"]
    everybody = await service.get("/access-codes/recipients", AGENT_CALLER)
    assert everybody.json["total"] == sum(reply.json["total"] for reply in found.values())


async def test_each_guardian_can_get_a_code_of_their_own(empty_town: Town) -> None:
    service = empty_town.service
    both = {"resp2_nom": "Évain", "resp2_prenom": "Marc"}
    everyone = {"guardians": "all"}
    await service.post("/access-codes", AGENT_CALLER, json=everyone)
    before = await service.outbox(AccessCodeReady)
    await import_rows(
        service, new_row(**both), new_row(**both, resp2_mail="marc@exemple.fr"), new_row()
    )
    counted = await service.get("/access-codes", AGENT_CALLER, params=everyone)
    assert (counted.json["by_mail"], counted.json["by_letter"]) == (4, 1)
    first = await service.post("/access-codes", AGENT_CALLER, json={})
    assert (first.json["by_mail"], first.json["by_letter"]) == (3, 0)
    listed = await service.get(
        "/access-codes/recipients", AGENT_CALLER, params={**everyone, "outcome": "letter"}
    )
    assert [row["guardian"] for row in listed.json["families"]] == ["Marc ÉVAIN"]
    rest = await service.post("/access-codes", AGENT_CALLER, json=everyone)
    assert (rest.json["by_mail"], rest.json["by_letter"]) == (1, 1)
    ready = (await service.outbox(AccessCodeReady))[len(before) :]
    assert len({event.guardian_id for event in ready}) == len(ready) == 5


async def test_the_office_renews_the_code_of_the_second_guardian_alone(town: Town) -> None:
    family = await new_family(town.service, resp2_nom="Évain", resp2_prenom="Marc")
    mother = await new_parent(town, family["family_id"])
    marc = family["guardians"][1]["guardian_id"]
    for _ in range(2):
        reply = await town.service.post(
            "/access-codes", AGENT_CALLER, json={"guardian_ids": [marc]}
        )
        assert (reply.status, reply.json["by_letter"]) == (201, 1)
    codes = [e for e in await codes_of(town, family["family_id"]) if str(e.guardian_id) == marc]
    assert codes[0].login == codes[1].login
    old, new = (town.readers.open(event.sealed_password) for event in codes)
    assert (await sign_in(town.service, codes[0].login, old)).status == 401
    assert (await sign_in(town.service, codes[1].login, new)).status == 201
    assert (await sign_in(town.service, mother.login, mother.password)).status == 201
    shown = await family_of(town.service, family["reference"])
    assert [g["account"]["state"] for g in shown["guardians"]] == ["active", "issued"]


async def test_codes_for_a_guardian_nobody_knows_are_refused(town: Town) -> None:
    unknown = str(uuid4())
    reply = await town.service.post("/access-codes", AGENT_CALLER, json={"guardian_ids": [unknown]})
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, "guardian_ids")


async def test_letters_alone_can_be_issued(empty_town: Town) -> None:
    service = empty_town.service
    await import_rows(service, new_row(), new_row(resp1_mail=""))
    letters = await service.post("/access-codes", AGENT_CALLER, json={"only": "letter"})
    assert letters.json["by_mail"] == 0
    assert letters.json["by_letter"] > 0
    mails = await service.post("/access-codes", AGENT_CALLER, json={"only": "mail"})
    assert mails.json["by_mail"] > 0
    assert mails.json["by_letter"] == 0


async def batch_of(town: Town, batch_id: str) -> dict[str, Any]:
    reply = await town.service.get("/access-codes/batches", AGENT_CALLER)
    found: dict[str, Any] = next(b for b in reply.json["batches"] if b["batch_id"] == batch_id)
    return found


async def planned(town: Town, family_id: str, *, days: int = 3) -> str:
    day = paris_date(town.clock()) + timedelta(days=days)
    reply = await town.service.post(
        "/access-codes",
        AGENT_CALLER,
        json={"family_ids": [family_id], "planned_for": day.isoformat()},
    )
    assert (reply.status, reply.json["planned_for"]) == (201, day.isoformat())
    batch_id: str = reply.json["batch_id"]
    return batch_id


async def codes_of(town: Town, family_id: str) -> list[AccessCodeReady]:
    ready = await town.service.outbox(AccessCodeReady)
    return [event for event in ready if event.family_id == UUID(family_id)]


async def test_a_planned_batch_goes_out_on_its_day_and_once(town: Town) -> None:
    family = await new_family(town.service, commune="")
    batch_id = await planned(town, family["family_id"])
    await issue_planned(town.service.app, town.clock())
    assert (await batch_of(town, batch_id))["status"] == "planned"
    (fact,) = await told(town.service, AccessCodesPlanned, batch_id=batch_id)
    assert fact.planned_for == paris_date(town.clock()) + timedelta(days=3)

    # The file is completed meanwhile: who is complete on the day gets a code.
    row = {"dossier": family["reference"], "resp1_mail": family["guardians"][0]["mail"]}
    await import_rows(town.service, new_row(**row))
    day = town.clock() + timedelta(days=3)
    await asyncio.gather(*(issue_planned(town.service.app, day) for _ in range(2)))
    batch = await batch_of(town, batch_id)
    assert (batch["status"], batch["by_mail"], batch["waiting"]) == ("issued", 1, 1)
    assert len(await codes_of(town, family["family_id"])) == 1


async def test_a_planned_batch_can_be_withdrawn_until_then(town: Town) -> None:
    family = await new_family(town.service)
    batch_id = await planned(town, family["family_id"])
    path = f"/access-codes/batches/{batch_id}"
    assert (await town.service.delete(path, AGENT_CALLER)).status == 204
    await issue_planned(town.service.app, town.clock() + timedelta(days=4))
    assert await codes_of(town, family["family_id"]) == []
    again = await town.service.delete(path, AGENT_CALLER)
    assert (again.status, again.json["type"]) == (409, "/problems/batch-not-planned")
    assert len(await told(town.service, AccessCodesWithdrawn, batch_id=batch_id)) == 1
    unknown = await town.service.delete(f"/access-codes/batches/{uuid4()}", AGENT_CALLER)
    assert unknown.status == 404


async def test_a_batch_made_anew_kills_the_codes_that_were_not_used(town: Town) -> None:
    lost, used = [await new_family(town.service, resp1_mail="") for _ in range(2)]
    reply = await town.service.post(
        "/access-codes",
        AGENT_CALLER,
        json={"family_ids": [lost["family_id"], used["family_id"]]},
    )
    batch_id = reply.json["batch_id"]
    old = {
        e.family_id: (e.login, town.readers.open(e.sealed_password))
        for e in await town.service.outbox(AccessCodeReady)
        if str(e.batch_id) == batch_id
    }
    login, code = old[UUID(used["family_id"])]
    session = await sign_in(town.service, login, code)
    caller = caller_of(town, session.json["access_token"])
    body = {"current": code, "new": "Un-Mot-de-Passe-2026"}
    await town.service.post("/password", caller, json=body)

    path = f"/access-codes/batches/{batch_id}/reissue"
    anew = await town.service.post(path, AGENT_CALLER, json={"only": "letter"})
    assert (anew.json["by_mail"], anew.json["by_letter"]) == (0, 1)
    login, code = old[UUID(lost["family_id"])]
    assert (await sign_in(town.service, login, code)).status == 401
    assert (await sign_in(town.service, old[UUID(used["family_id"])][0], body["new"])).status == 201
    batch = await batch_of(town, batch_id)
    assert (batch["used"], batch["waiting"]) == (1, 0)
    assert (await batch_of(town, anew.json["batch_id"]))["reissue_of"] == batch_id
    unknown = f"/access-codes/batches/{uuid4()}/reissue"
    assert (await town.service.post(unknown, AGENT_CALLER, json={})).status == 404

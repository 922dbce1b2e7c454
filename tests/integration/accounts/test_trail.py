"""The audit trail: every service's acts in one place, searchable, never rewritten."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from contracts.events.audit import AccessRefused, StaffActed
from contracts.roles import AGENT, REGISSEUR
from services.accounts.commands.keep_trail import purge_trail
from services.chassis.clock import utc_now
from services.chassis.testing import eventually, guardian, staff
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    ADMIN_CALLER,
    AGENT_CALLER,
    PASSWORD,
    new_family,
    new_parent,
    sign_in,
)


def acted(**fields: Any) -> StaffActed:
    """An act of an agent in enrolment, a year ago."""
    about = {
        "act_id": uuid4(),
        "at": utc_now() - timedelta(days=400),
        "service": "enrolment",
        "action": "accept_enrolment",
        "label": "Accepter une inscription",
        "account_id": uuid4(),
        "roles": ("agent",),
        "family_id": uuid4(),
        "outcome": "done",
    }
    return StaffActed.model_validate({**about, **fields})


async def lines(town: Town, **query: Any) -> list[dict[str, Any]]:
    """What the administrator finds."""
    params = {name: str(value) for name, value in query.items()}
    reply = await town.service.get("/audit", ADMIN_CALLER, params=params)
    assert reply.status == 200, reply.body
    found: list[dict[str, Any]] = reply.json["acts"]
    return found


async def test_opening_a_file_leaves_a_line_with_who_what_and_whose(town: Town) -> None:
    family = await new_family(town.service)
    agent = staff(AGENT)
    await town.service.get(f"/families/{family['family_id']}", agent)
    (line,) = await eventually(lambda: lines(town, account_id=agent.account_id))
    assert (line["label"], line["outcome"]) == ("Ouvrir une fiche famille", "done")
    assert (line["family_id"], line["reference"]) == (family["family_id"], family["reference"])


async def test_a_parent_who_names_another_family_is_told_nothing_and_leaves_a_line(
    town: Town,
) -> None:
    own, other = await new_family(town.service), await new_family(town.service)
    parent = await new_parent(town, own["family_id"])
    reply = await town.service.get(f"/families/{other['family_id']}", parent.caller)
    assert reply.status == 404
    (line,) = await eventually(lambda: lines(town, account_id=parent.caller.account_id))
    assert line["outcome"] == "not_theirs"
    assert (line["family_id"], line["own_family_id"]) == (other["family_id"], own["family_id"])


async def test_reading_about_many_or_before_they_are_a_family_leaves_a_line_too(
    town: Town,
) -> None:
    one, other = await new_family(town.service), await new_family(town.service)
    agent, path = staff(AGENT), f"/families/{one['family_id']}"
    for address in (
        "/exports/families.csv",
        f"{path}/merge/{other['family_id']}",
        f"{path}/changes",
    ):
        assert (await town.service.get(address, agent)).status == 200
    for address in (f"/account-requests/{uuid4()}", f"/imports/{uuid4()}/report.csv"):
        assert (await town.service.get(address, agent)).status == 404

    async def told() -> set[tuple[str, str]] | None:
        found = {
            (line["label"], line["outcome"])
            for line in await lines(town, account_id=agent.account_id)
        }
        return found if len(found) == 5 else None

    assert await eventually(told) == {
        ("Exporter toutes les fiches famille", "done"),
        ("Comparer deux fiches famille", "done"),
        ("Lire les modifications d’une fiche famille", "done"),
        ("Ouvrir une demande de compte", "refused"),
        ("Ouvrir le compte rendu d’un import", "refused"),
    }


async def test_a_member_of_the_staff_who_signs_in_leaves_a_line(town: Town) -> None:
    login = f"agent-{uuid4().hex[:8]}@mairie.fr"
    body = {"login": login, "password": PASSWORD, "name": "Agathe Le Bris", "roles": [AGENT]}
    account = (await town.service.post("/staff-accounts", ADMIN_CALLER, json=body)).json
    assert (await sign_in(town.service, login, PASSWORD)).status == 201
    (line,) = await eventually(lambda: lines(town, account_id=account["account_id"]))
    assert (line["label"], line["outcome"]) == ("Se connecter", "done")


async def test_a_parent_who_looks_up_anothers_child_at_home_leaves_a_line(town: Town) -> None:
    own, other = await new_family(town.service), await new_family(town.service)
    parent = await new_parent(town, own["family_id"])
    mine, theirs = (f["children"][0]["child_id"] for f in (own, other))
    path = f"/families/{own['family_id']}/children"
    assert (await town.service.get(f"{path}/{mine}", parent.caller)).json["child_id"] == mine
    assert (await town.service.get(f"{path}/{theirs}", parent.caller)).status == 404
    (line,) = await eventually(lambda: lines(town, account_id=parent.caller.account_id))
    assert (line["outcome"], line["label"]) == ("not_theirs", "Ouvrir la fiche d’un enfant")


async def test_what_a_parent_does_at_home_is_nobodys_business(town: Town) -> None:
    family = await new_family(town.service)
    parent = await new_parent(town, family["family_id"])
    await town.service.get(f"/families/{family['family_id']}", parent.caller)
    acted_by = {act.account_id for act in await town.service.outbox(StaffActed)}
    refused_to = {act.account_id for act in await town.service.outbox(AccessRefused)}
    assert parent.caller.account_id not in acted_by | refused_to


async def test_the_same_act_told_twice_stands_once(town: Town) -> None:
    act = acted()
    await town.service.tell(act)
    await town.service.tell(act)
    assert len(await lines(town, account_id=act.account_id)) == 1


async def test_lines_are_found_by_agent_family_action_outcome_and_period(town: Town) -> None:
    agent, family_id = uuid4(), uuid4()
    accepted = acted(account_id=agent, family_id=family_id)
    refused = acted(
        account_id=agent, action="publish", service="billing", outcome="refused", refusal="conflict"
    )
    await town.service.tell(accepted, refused)

    async def found(**query: Any) -> list[UUID]:
        return [UUID(line["act_id"]) for line in await lines(town, account_id=agent, **query)]

    assert set(await found()) == {accepted.act_id, refused.act_id}
    assert await found(family_id=family_id) == [accepted.act_id]
    assert await found(action="billing.publish") == [refused.act_id]
    assert await found(outcome="refused") == [refused.act_id]
    day = accepted.at.date()
    assert await found(since=day + timedelta(days=2)) == []
    assert await found(until=day - timedelta(days=2)) == []
    assert len(await found(since=day - timedelta(days=1), until=day + timedelta(days=1))) == 2


async def test_a_familys_page_shows_its_last_acts_to_the_desk(town: Town) -> None:
    family = await new_family(town.service)
    told = [
        acted(family_id=family["family_id"], at=utc_now() - timedelta(days=200 + n))
        for n in range(12)
    ]
    opened = acted(family_id=family["family_id"], action="show_family", at=utc_now(), reads=True)
    await town.service.tell(*told, acted(), opened)
    path = f"/families/{family['family_id']}/acts"
    shown = (await town.service.get(path, staff(REGISSEUR))).json["acts"]
    assert [line["act_id"] for line in shown] == [str(act.act_id) for act in told[:8]]
    assert (await town.service.get(path, guardian(UUID(family["family_id"])))).status == 403


async def test_the_trail_is_the_administrators(town: Town) -> None:
    for address in ("/audit", "/audit/choices", "/audit.csv"):
        assert (await town.service.get(address, AGENT_CALLER)).status == 403
        assert (await town.service.get(address, guardian(uuid4()))).status == 403


async def test_the_search_form_offers_the_actions_that_the_trail_knows(town: Town) -> None:
    await town.service.tell(acted(action="bless", label="Bénir"))
    choices = (await town.service.get("/audit/choices", ADMIN_CALLER)).json
    assert {"action": "enrolment.bless", "label": "Bénir"} in choices["actions"]


async def test_the_csv_holds_every_line_and_no_formula(town: Town) -> None:
    agent = uuid4()
    await town.service.tell(
        *(acted(account_id=agent, action="trick", label="=CMD()") for _ in range(3))
    )
    reply = await town.service.get("/audit.csv", ADMIN_CALLER, params={"account_id": str(agent)})
    text = reply.body.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["action"] for row in rows] == ["'=CMD()"] * 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_act SET account_id = NULL",
        "DELETE FROM audit_act",
        "TRUNCATE audit_act",
        "SELECT purge_audit_acts(now() - interval '179 days')",
    ],
)
async def test_no_statement_rewrites_the_trail(town: Town, statement: str) -> None:
    await town.service.tell(act := acted())
    async with town.service.database.connection() as connection:
        with pytest.raises(asyncpg.RaiseError):
            await connection.execute(statement)
    assert len(await lines(town, account_id=act.account_id)) == 1


async def test_lines_past_their_retention_are_dropped_and_no_others(town: Town) -> None:
    agent, now = uuid4(), utc_now()
    old, young = [acted(account_id=agent, at=now - timedelta(days=d)) for d in (800, 500)]
    await town.service.tell(old, young)
    async with town.service.database.transaction() as connection:
        assert await purge_trail(connection, now, timedelta(days=700)) >= 1
    (line,) = await lines(town, account_id=agent)
    assert line["act_id"] == str(young.act_id)

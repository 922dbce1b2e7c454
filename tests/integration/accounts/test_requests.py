"""Newcomers ask, confirm their address, and are answered by the office."""

import asyncio
from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.accounts import (
    AccessCodeReady,
    AccountRequestApproved,
    AccountRequestConfirmed,
    AccountRequestReceived,
    AccountRequestRefused,
    FamilyRegistered,
)
from services.accounts.jobs import forget_requests
from services.accounts.model.requests import DECIDED_KEPT, REQUESTS_A_MAIL, REQUESTS_AN_ORIGIN
from services.chassis.testing import Reply, guardian, staff
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    AGENT_CALLER,
    STRANGER,
    family_of,
    new_family,
    sign_in,
)

_numbers: Iterator[int] = count(1)


def a_request(**changes: Any) -> dict[str, Any]:
    number = next(_numbers)
    return {
        "adults": [
            {
                "first_name": "Soizic",
                "last_name": "Le Bihan",
                "mail": f"soizic{number}@exemple.fr",
                "phone": f"07 00 00 {number // 100:02} {number % 100:02}",
            }
        ],
        "children": [{"first_name": "Maël", "last_name": "Le Bihan", "birth_date": "2012-02-03"}],
        "address": {"lines": ["3 place du Martray"], "postcode": "56300", "city": "Pontivy"},
        **changes,
    }


async def ask(town: Town, body: dict[str, Any] | None = None) -> Reply:
    return await town.service.post("/account-requests", STRANGER, json=body or a_request())


async def token_for(town: Town, mail: str) -> str:
    told = [e for e in await town.service.outbox(AccountRequestReceived) if e.mail == mail]
    return town.readers.open(told[-1].sealed_token)


async def confirmed(town: Town, body: dict[str, Any] | None = None) -> str:
    """A request whose link was followed: its id."""
    body = body or a_request()
    assert (await ask(town, body)).status == 202
    mail = body["adults"][0]["mail"]
    token = await token_for(town, mail)
    reply = await town.service.post("/account-requests/confirm", STRANGER, json={"token": token})
    assert reply.status == 204, reply.body
    told = [e for e in await town.service.outbox(AccountRequestReceived) if e.mail == mail]
    return str(told[-1].request_id)


async def shown(town: Town, request_id: str) -> dict[str, Any]:
    reply = await town.service.get(f"/account-requests/{request_id}", AGENT_CALLER)
    answer: dict[str, Any] = reply.json
    return answer


async def answered(town: Town, request_id: str, how: str, **body: Any) -> Reply:
    return await town.service.post(f"/account-requests/{request_id}/{how}", AGENT_CALLER, json=body)


async def test_the_staff_see_a_request_once_its_address_is_confirmed(town: Town) -> None:
    body = a_request()
    await ask(town, body)
    mail = body["adults"][0]["mail"]
    told = [e for e in await town.service.outbox(AccountRequestReceived) if e.mail == mail]
    hidden = await town.service.get(f"/account-requests/{told[0].request_id}", AGENT_CALLER)
    assert hidden.status == 404

    token = town.readers.open(told[0].sealed_token)
    await town.service.post("/account-requests/confirm", STRANGER, json={"token": token})
    request = await shown(town, str(told[0].request_id))
    assert request["status"] == "waiting"
    assert request["adults"][0]["mail"] == mail
    events = await town.service.outbox(AccountRequestConfirmed)
    assert told[0].request_id in {e.request_id for e in events}


async def test_a_link_serves_once_and_within_two_days(town: Town) -> None:
    body = a_request()
    await ask(town, body)
    token = await token_for(town, body["adults"][0]["mail"])
    replies = await asyncio.gather(
        *(
            town.service.post("/account-requests/confirm", STRANGER, json={"token": token})
            for _ in range(3)
        )
    )
    assert sorted(r.status for r in replies) == [204, 410, 410]

    late = a_request()
    await ask(town, late)
    token = await token_for(town, late["adults"][0]["mail"])
    town.clock.turn(hours=48)
    reply = await town.service.post("/account-requests/confirm", STRANGER, json={"token": token})
    assert (reply.status, reply.json["type"]) == (410, "/problems/link-not-valid")


async def test_the_token_never_leaves_in_clear(town: Town) -> None:
    body = a_request()
    await ask(town, body)
    token = await token_for(town, body["adults"][0]["mail"])
    async with town.service.database.connection() as connection:
        stored = await connection.fetch(
            "SELECT r::text AS text FROM account_request r UNION ALL SELECT body FROM outbox"
        )
    assert not [row for row in stored if token in row["text"]]


async def test_a_known_mail_address_is_answered_the_same(town: Town) -> None:
    family = await new_family(town.service)
    known = a_request()
    known["adults"][0]["mail"] = family["guardians"][0]["mail"]
    first, second = await ask(town, known), await ask(town)
    assert (
        (first.status, first.json)
        == (second.status, second.json)
        == (
            202,
            {"status": "received"},
        )
    )


async def test_a_mail_address_gets_a_few_links_a_day_at_most(town: Town) -> None:
    body = a_request()
    mail = body["adults"][0]["mail"]
    replies = [await ask(town, body) for _ in range(REQUESTS_A_MAIL + 2)]
    assert {r.status for r in replies} == {202}
    told = [e for e in await town.service.outbox(AccountRequestReceived) if e.mail == mail]
    assert len(told) == REQUESTS_A_MAIL


async def test_one_address_of_the_network_cannot_flood_the_office(town: Town) -> None:
    origin = uuid4().hex
    replies = await asyncio.gather(
        *(ask(town, a_request(origin=origin)) for _ in range(REQUESTS_AN_ORIGIN + 5))
    )
    assert sorted(r.status for r in replies) == [202] * REQUESTS_AN_ORIGIN + [429] * 5
    town.clock.turn(hours=1, seconds=1)
    assert (await ask(town, a_request(origin=origin))).status == 202


async def test_a_family_that_may_be_the_same_is_shown_with_the_reasons(town: Town) -> None:
    phone, born = "07 11 22 33 44", "2013-07-08"
    family = await new_family(
        town.service,
        resp1_telephone=phone,
        enfant_prenom="Maël",
        enfant_nom="Kermarrec",
        enfant_naissance=born,
    )
    body = a_request()
    body["adults"][0]["phone"] = phone
    body["children"][0]["birth_date"] = born
    request = await shown(town, await confirmed(town, body))
    first = request["alike"][0]
    assert first["family_id"] == family["family_id"]
    assert first["likely"] is True
    assert first["reasons"] == ["même téléphone", "enfant de même prénom, né le même jour : Maël"]


async def test_an_approved_newcomer_has_a_record_and_a_code(town: Town) -> None:
    request_id = await confirmed(town)
    reply = await answered(town, request_id, "approve", resident=True)
    assert reply.status == 200, reply.body
    assert (reply.json["by_mail"], reply.json["by_letter"]) == (1, 0)
    family = await family_of(town.service, reply.json["reference"])
    assert family["family_id"] == request_id
    assert (family["resident"], family["complete"]) == (True, True)
    assert [c["first_name"] for c in family["children"]] == ["Maël"]
    registered = await town.service.outbox(FamilyRegistered)
    assert UUID(request_id) in {e.family_id for e in registered}
    approved = await town.service.outbox(AccountRequestApproved)
    assert UUID(request_id) in {e.request_id for e in approved}
    ready = [e for e in await town.service.outbox(AccessCodeReady)
             if e.family_id == UUID(request_id)]  # fmt: skip
    code = town.readers.open(ready[0].sealed_password)
    assert (await sign_in(town.service, ready[0].login, code)).status == 201


async def test_a_request_attached_to_a_record_brings_the_adult_in_with_a_code(
    town: Town,
) -> None:
    family = await new_family(town.service)
    body = a_request()
    reply = await answered(
        town, await confirmed(town, body), "approve", family_id=family["family_id"]
    )
    assert reply.json["reference"] == family["reference"]
    joined = await family_of(town.service, family["reference"])
    assert [g["first_name"] for g in joined["guardians"]] == ["Anne", "Soizic"]
    assert [c["first_name"] for c in joined["children"]] == ["Léa", "Maël"]
    assert joined["address"] == family["address"]
    assert joined["guardians"][0]["account"] is None
    assert joined["guardians"][1]["account"]["login"] == body["adults"][0]["mail"]


async def test_a_refused_newcomer_is_told_why(town: Town) -> None:
    request_id = await confirmed(town)
    assert (await answered(town, request_id, "refuse", reason="")).status == 422
    assert (await answered(town, request_id, "refuse", reason="Hors commune.")).status == 204
    refused = [e for e in await town.service.outbox(AccountRequestRefused)
               if str(e.request_id) == request_id]  # fmt: skip
    assert [e.reason for e in refused] == ["Hors commune."]
    assert (await shown(town, request_id))["reason"] == "Hors commune."


async def test_a_request_is_answered_once(town: Town) -> None:
    request_id = await confirmed(town)
    replies = await asyncio.gather(
        *(answered(town, request_id, "approve") for _ in range(2)),
        answered(town, request_id, "refuse", reason="Non."),
    )
    assert sorted(r.status for r in replies if r.status >= 400) == [409, 409]


async def test_a_request_cannot_be_put_into_a_family_that_is_not_there(town: Town) -> None:
    request_id = await confirmed(town)
    reply = await answered(town, request_id, "approve", family_id=str(uuid4()))
    assert reply.status == 422
    assert reply.json["errors"][0]["field"] == "family_id"
    assert (await shown(town, request_id))["status"] == "waiting"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"adults": []}, "adults"),
        ({"children": []}, "children"),
        ({"adults": [{"first_name": "A", "last_name": "B"}]}, "body"),
        ({"adults": [{"first_name": "A", "last_name": "B", "mail": "x"}]}, "adults.0.mail"),
        (
            {"children": [{"first_name": "A", "last_name": "B", "birth_date": "2999-01-01"}]},
            "children.0.birth_date",
        ),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_what_cannot_be_answered_is_refused(
    town: Town, change: dict[str, Any], field: str
) -> None:
    reply = await ask(town, a_request(**change))
    assert reply.status == 422
    assert reply.json["errors"][0]["field"] == field


async def test_abandoned_requests_are_erased_and_decided_ones_in_time(town: Town) -> None:
    abandoned = a_request()
    await ask(town, abandoned)
    waiting, decided = await confirmed(town), await confirmed(town)
    await answered(town, decided, "refuse", reason="Non.")
    town.clock.turn(hours=49)
    await forget_requests(town.service.app, town.clock())
    assert await _mails(town, abandoned["adults"][0]["mail"]) == 0
    assert (await shown(town, decided))["status"] == "refused"
    await forget_requests(town.service.app, town.clock() + DECIDED_KEPT)
    assert (await town.service.get(f"/account-requests/{decided}", AGENT_CALLER)).status == 404
    assert (await shown(town, waiting))["status"] == "waiting"


async def _mails(town: Town, mail: str) -> int:
    async with town.service.database.connection() as connection:
        found: int = await connection.fetchval(
            "SELECT count(*) FROM account_request WHERE mail = $1", mail
        )
    return found


async def test_the_waiting_list_begins_with_the_oldest(empty_town: Town) -> None:
    ids = []
    for _ in range(3):
        ids.append(await confirmed(empty_town))
        empty_town.clock.turn(minutes=1)
    reply = await empty_town.service.get("/account-requests", AGENT_CALLER)
    assert [row["request_id"] for row in reply.json["requests"]] == ids
    assert reply.json["total"] == 3


async def test_only_the_office_answers_requests(town: Town) -> None:
    for caller in (guardian(uuid4()), staff("leader"), staff("regisseur"), STRANGER):
        assert (await town.service.get("/account-requests", caller)).status in (401, 403)
        reply = await town.service.post(f"/account-requests/{uuid4()}/approve", caller, json={})
        assert reply.status in (401, 403)

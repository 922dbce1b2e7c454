"""The trail of the staff's acts: in the transaction of the act, whatever the endpoint."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiohttp import web

from contracts.events.audit import AccessRefused, StaffActed
from contracts.roles import AGENT, GUARDIAN, OPERATOR
from services.chassis import audit
from services.chassis.app import service_application
from services.chassis.auth import Caller
from services.chassis.errors import Conflict, NotFound
from services.chassis.settings import ServiceSettings
from services.chassis.testing import RunningService, guardian, staff
from services.chassis.web import Answer, Body, Call, get, post
from tests.conftest import StartService

CHILD = uuid4()


class Wish(Body):
    family_id: UUID | None = None
    refuse: bool = False


class Granted(Answer):
    family_id: UUID
    child_id: UUID


async def grant(call: Call, wish_id: UUID, body: Wish) -> Granted:
    """Exaucer un vœu"""
    if body.refuse:
        raise Conflict
    return Granted(family_id=body.family_id or wish_id, child_id=CHILD)


async def read_wish(call: Call, wish_id: UUID) -> None:
    """Ouvrir un vœu"""
    if call.caller.family_scope is not None:
        raise NotFound


async def look_around(call: Call) -> None:
    """Regarder"""
    raise NotFound


async def stream(call: Call, wish_id: UUID) -> web.Response:
    """Télécharger un vœu"""
    async with call.database.transaction() as connection:
        audit.about(call, family_id=wish_id)
        await audit.record(connection, call)
    return web.Response(text="vœu")


ALL = {AGENT, GUARDIAN, OPERATOR}


def application(settings: ServiceSettings) -> web.Application:
    return service_application(
        name="billing",
        settings=settings,
        endpoints=[
            post("/wishes/{wish_id}", grant, allow=ALL),
            get("/wishes/{wish_id}", read_wish, allow=ALL, opens=True),
            get("/wishes/{wish_id}/file", stream, allow=ALL, opens=True, bare=True),
            get("/wishes", look_around, allow=ALL),
        ],
        migrations=Path("none"),
    )


@pytest.fixture(scope="module")
async def service(start_service: StartService) -> AsyncIterator[RunningService]:
    async with await start_service("billing", application) as running:
        yield running


async def acts_of(service: RunningService, caller: Caller) -> list[StaffActed]:
    return [a for a in await service.outbox(StaffActed) if a.account_id == caller.account_id]


async def refusals_of(service: RunningService, caller: Caller) -> list[AccessRefused]:
    return [a for a in await service.outbox(AccessRefused) if a.account_id == caller.account_id]


async def test_a_command_of_the_staff_tells_who_what_and_whose(service: RunningService) -> None:
    agent, wish_id, family_id = staff(AGENT), uuid4(), uuid4()
    await service.post(
        f"/wishes/{wish_id}",
        agent,
        json={"family_id": str(family_id)},
        headers={"X-Correlation-ID": "abc"},
    )
    (act,) = await acts_of(service, agent)
    assert (act.service, act.action, act.label) == ("billing", "grant", "Exaucer un vœu")
    assert (act.family_id, act.child_id, act.object_id) == (family_id, CHILD, wish_id)
    assert (act.outcome, act.roles, act.correlation_id) == ("done", ("agent",), "abc")


async def test_a_command_repeated_by_its_key_is_one_act(service: RunningService) -> None:
    agent, address = staff(AGENT), f"/wishes/{uuid4()}"
    for _ in range(2):
        await service.post(address, agent, json={}, headers={"Idempotency-Key": address})
    assert len(await acts_of(service, agent)) == 1


async def test_a_refused_command_is_told_as_refused(service: RunningService) -> None:
    agent = staff(AGENT)
    await service.post(f"/wishes/{uuid4()}", agent, json={"refuse": True})
    (act,) = await acts_of(service, agent)
    assert (act.outcome, act.refusal) == ("refused", "conflict")


async def test_a_slip_of_the_keyboard_is_no_act(service: RunningService) -> None:
    agent = staff(AGENT)
    await service.post(f"/wishes/{uuid4()}", agent, json={"unknown": 1})
    assert not await acts_of(service, agent)


async def test_an_opening_is_told_and_a_list_is_not(service: RunningService) -> None:
    agent, wish_id = staff(AGENT), uuid4()
    await service.get(f"/wishes/{wish_id}", agent)
    await service.get("/wishes", agent)
    (act,) = await acts_of(service, agent)
    assert (act.action, act.object_id) == ("read_wish", wish_id)


async def test_a_bare_endpoint_tells_its_act_once(service: RunningService) -> None:
    agent, wish_id = staff(AGENT), uuid4()
    assert (await service.get(f"/wishes/{wish_id}/file", agent)).status == 200
    (act,) = await acts_of(service, agent)
    assert (act.action, act.family_id) == ("stream", wish_id)


async def test_a_guardian_who_names_another_family_is_answered_404_and_told(
    service: RunningService,
) -> None:
    parent, other = guardian(uuid4()), uuid4()
    reply = await service.post(f"/wishes/{uuid4()}", parent, json={"family_id": str(other)})
    assert reply.status == 404
    (refused,) = await refusals_of(service, parent)
    assert (refused.own_family_id, refused.family_id) == (parent.family_id, other)


async def test_a_guardian_who_names_what_is_not_theirs_is_told(service: RunningService) -> None:
    parent, wish_id = guardian(uuid4()), uuid4()
    assert (await service.get(f"/wishes/{wish_id}", parent)).status == 404
    (refused,) = await refusals_of(service, parent)
    assert (refused.object_id, refused.family_id) == (wish_id, None)


async def test_a_guardian_who_names_nothing_has_tried_nothing(service: RunningService) -> None:
    parent = guardian(uuid4())
    assert (await service.get("/wishes", parent)).status == 404
    assert not await refusals_of(service, parent)


async def test_the_machines_operator_is_no_member_of_the_staff(service: RunningService) -> None:
    before = len(await service.outbox(StaffActed))
    operator = Caller(frozenset({OPERATOR}))
    await service.post(f"/wishes/{uuid4()}", operator, json={})
    assert len(await service.outbox(StaffActed)) == before

"""What every endpoint of every service does, whatever its business."""

from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiohttp import web

from contracts.events.billing import InvoiceIssued
from contracts.roles import GUARDIAN
from services.chassis import outbox
from services.chassis.app import service_application
from services.chassis.errors import Conflict
from services.chassis.settings import ServiceSettings
from services.chassis.testing import RunningService, guardian, staff
from services.chassis.web import Answer, Body, Call, post
from tests.conftest import StartService


class Order(Body):
    quantity: int
    refuse: bool = False


class Done(Answer):
    quantity: int


async def order(call: Call, family_id: UUID, body: Order) -> Done:
    """Tell an invoice of this amount, or refuse after having told it."""
    await outbox.append(
        call.connection,
        InvoiceIssued(
            invoice_id=uuid4(),
            family_id=family_id,
            number="1",
            period="2026-11",
            total_cents=body.quantity,
            due_on=date(2026, 12, 31),
        ),
    )
    if body.refuse:
        raise Conflict("Non.")
    return Done(quantity=body.quantity)


def application(settings: ServiceSettings) -> web.Application:
    return service_application(
        name="billing",
        settings=settings,
        endpoints=[post("/families/{family_id}/orders", order, allow={GUARDIAN}, status=201)],
        migrations=Path("none"),
    )


@pytest.fixture(scope="module")
async def service(start_service: StartService) -> AsyncIterator[RunningService]:
    async with await start_service("billing", application) as running:
        yield running


async def told_to(service: RunningService, family: UUID) -> list[int]:
    return [e.total_cents for e in await service.outbox(InvoiceIssued) if e.family_id == family]


async def test_a_command_and_its_event_commit_together(service: RunningService) -> None:
    family = uuid4()
    reply = await service.post(f"/families/{family}/orders", guardian(family), json={"quantity": 3})
    assert (reply.status, reply.json) == (201, {"quantity": 3})
    assert await told_to(service, family) == [3]


async def test_a_refused_command_tells_nothing(service: RunningService) -> None:
    family = uuid4()
    reply = await service.post(
        f"/families/{family}/orders", guardian(family), json={"quantity": 3, "refuse": True}
    )
    assert reply.status == 409
    assert reply.headers["Content-Type"].startswith("application/problem+json")
    assert await told_to(service, family) == []


async def test_a_repeated_key_returns_the_first_answer_and_acts_once(
    service: RunningService,
) -> None:
    family = uuid4()
    caller, key = guardian(family), {"Idempotency-Key": str(uuid4())}
    path = f"/families/{family}/orders"
    first = await service.post(path, caller, json={"quantity": 5}, headers=key)
    again = await service.post(path, caller, json={"quantity": 5}, headers=key)
    other = await service.post(path, caller, json={"quantity": 6}, headers=key)
    assert (first.status, first.body) == (again.status, again.body)
    assert other.status == 422
    assert await told_to(service, family) == [5]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", "body"),
        (b"[]", "body"),
        (b"", "body"),
        (b'{"quantity": "many"}', "quantity"),
        (b'{"quantity": 1, "colour": "red"}', "colour"),
        (b"{}", "quantity"),
    ],
)
async def test_a_bad_body_is_refused_field_by_field(
    service: RunningService, body: bytes, field: str
) -> None:
    family = uuid4()
    reply = await service.post(f"/families/{family}/orders", guardian(family), data=body)
    assert reply.status == 422
    assert [e["field"] for e in reply.json["errors"]] == [field]
    assert await told_to(service, family) == []


async def test_a_body_over_the_limit_is_refused(service: RunningService) -> None:
    family = uuid4()
    reply = await service.post(
        f"/families/{family}/orders", guardian(family), data=BytesIO(b" " * (3 * 1024 * 1024))
    )
    assert reply.status == 413
    assert reply.json["type"] == "/problems/too-large"


async def test_a_number_that_no_column_holds_is_refused(service: RunningService) -> None:
    reply = await service.post("/families/nobody/orders", guardian(uuid4()), json={"quantity": 1})
    assert reply.status == 422
    assert reply.json["errors"][0]["field"] == "family_id"


async def test_only_the_named_roles_may_call(service: RunningService) -> None:
    path = f"/families/{uuid4()}/orders"
    assert (await service.post(path, staff("agent"), json={"quantity": 1})).status == 403


async def test_a_forged_token_is_refused(service: RunningService) -> None:
    reply = await service.call(
        "POST",
        f"/families/{uuid4()}/orders",
        guardian(uuid4()),
        headers={"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."},
        json={"quantity": 1},
    )
    assert reply.status == 401

"""What the trail tells in every service's name is what the published examples show."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import pytest
from structlog.contextvars import bound_contextvars

from contracts.envelope import Event
from contracts.roles import AGENT, GUARDIAN
from services.chassis import audit
from services.chassis.auth import Caller
from services.chassis.endpoints import Call, Endpoint, get, post
from tests.contract.published import example_id, example_of, written


async def accept_enrolment(call: Call, enrolment_id: UUID) -> None:
    """Accepter une inscription"""


async def show_invoice(call: Call, invoice_id: UUID) -> None:
    """Voir une facture"""


ACCEPT = post("/enrolments/{enrolment_id}/acceptance", accept_enrolment, allow={AGENT})
SHOW = get("/invoices/{invoice_id}", show_invoice, allow={GUARDIAN})
ONE_AGENT = Caller(frozenset({AGENT}), account_id=example_id("21"))
A_PARENT = Caller(frozenset({GUARDIAN}), account_id=example_id("22"), family_id=example_id("2"))


def act(service: str, endpoint: Endpoint, caller: Caller, named: Mapping[str, Any]) -> audit.Act:
    """Who called what, a minute after the other of the two examples."""
    minute = 12 if service == "enrolment" else 13
    return audit.Act(
        service, endpoint, caller, datetime(2026, 11, 23, 8, minute, tzinfo=UTC), named
    )


def told() -> tuple[Event, ...]:
    accepting = act("enrolment", ACCEPT, ONE_AGENT, {"enrolment_id": example_id("31")})
    accepting.family_id, accepting.child_id = example_id("1"), example_id("11")
    looking = act("billing", SHOW, A_PARENT, {"invoice_id": example_id("41")})
    with bound_contextvars(correlation_id="0d0c7b0e6f2f4d0e9c8a"):
        done = audit.staff_acted(accepting, None)
    with bound_contextvars(correlation_id="0d0c7b0e6f2f4d0e9c8b"):
        refused = audit.access_refused(looking, example_id("2"))
    # Each line of the trail has a new id.
    return tuple(
        event.model_copy(update={"act_id": UUID(str(example_of(type(event))["act_id"]))})
        for event in (done, refused)
    )


TOLD: Final = told()


@pytest.mark.parametrize("event", TOLD, ids=lambda event: type(event).__name__)
def test_what_is_told_is_the_published_example(event: Event) -> None:
    assert written(event) == example_of(type(event))

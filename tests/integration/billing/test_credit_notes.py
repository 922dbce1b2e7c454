"""Credit notes: an invoice is never edited; what was too much is owed no more, or is credit."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from contracts.events.billing import ChargesPaidV2, CreditNoteIssued
from services.chassis.testing import Reply, guardian
from tests.integration.billing.conftest import Town
from tests.integration.billing.town import (
    TILL,
    Household,
    household,
    invoiced_household,
    invoices_of,
    publish_canteen,
    run_month,
)


async def two_lines(town: Town) -> Household:
    """A family with an invoice of 7,00 € for one day, and of 5,50 € for an unexpected one."""
    family = await household(town.billing, await publish_canteen(town.billing))
    days = family.session(3), family.session(5), family.session(6)
    await town.billing.tell(days[0].made(), days[1].made())
    await town.billing.tell(days[2].marked("present", reserved=False))
    await run_month(town.billing)
    return family


async def correct(
    town: Town, family: Household, lines: dict[int, int] | None = None, **changes: Any
) -> Reply:
    """Issue a credit note on the family's only invoice."""
    (invoice,) = await invoices_of(town.billing, family)
    body: dict[str, Any] = {"reason": "Repas facturé par erreur"}
    if lines is not None:
        body["lines"] = [{"position": p, "amount_cents": cents} for p, cents in lines.items()]
    path = f"/invoices/{invoice['invoice_id']}/credit-notes"
    return await town.billing.post(path, TILL, json=body | changes)


async def pay(town: Town, family: Household, cents: int) -> None:
    """Pay some of the invoice at the till."""
    (invoice,) = await invoices_of(town.billing, family)
    body = {
        "family_id": str(family.family_id),
        "method": "cash",
        "amount_cents": cents,
        "invoice_ids": [invoice["invoice_id"]],
    }
    assert (await town.billing.post("/till-payments", TILL, json=body)).status == 201


async def credit_of(town: Town, family: Household) -> int:
    """What the family has to its credit."""
    reply = await town.billing.get("/credit", guardian(family.family_id))
    cents: int = reply.json["credit_cents"]
    return cents


async def certified(town: Town, family: Household) -> list[int]:
    """What certificates would say that was paid, by event."""
    told = await town.billing.outbox(ChargesPaidV2)
    mine = [event for event in told if event.family_id == family.family_id]
    return [sum(portion.amount_cents for portion in event.portions) for event in mine]


async def test_a_line_is_credited_and_the_invoice_stays_as_it_was(town: Town) -> None:
    family = await two_lines(town)
    (before,) = await invoices_of(town.billing, family)
    reply = await correct(town, family, {1: 350})
    assert reply.status == 201, reply.body
    note = reply.json
    assert note["number"].startswith("A2026-EJ-")
    assert (note["total_cents"], note["credited_cents"]) == (350, 0)
    (after,) = await invoices_of(town.billing, family)
    assert [line.pop("left_cents") for line in before["lines"]] == [700, 550]
    assert [line.pop("left_cents") for line in after["lines"]] == [350, 550]
    assert (after["total_cents"], after["lines"]) == (before["total_cents"], before["lines"])
    assert (after["credited_cents"], after["paid_cents"]) == (350, 0)
    assert (after["balance_cents"], after["status"]) == (900, "due")
    (shown,) = after["credit_notes"]
    assert (shown["number"], shown["reason"]) == (note["number"], "Repas facturé par erreur")


async def test_a_whole_invoice_is_credited_once(town: Town) -> None:
    family = await two_lines(town)
    replies = await asyncio.gather(*(correct(town, family) for _ in range(3)))
    assert sorted(reply.status for reply in replies) == [201, 422, 422]
    (invoice,) = await invoices_of(town.billing, family)
    assert (invoice["balance_cents"], invoice["credited_cents"]) == (0, 1250)
    assert len(invoice["credit_notes"]) == 1


async def test_the_rest_of_an_invoice_is_credited_after_a_line_was(town: Town) -> None:
    family = await two_lines(town)
    await correct(town, family, {1: 350})
    rest = await correct(town, family)
    assert (rest.status, rest.json["total_cents"]) == (201, 900)


async def test_what_was_paid_already_becomes_credit_and_pays_the_next_invoice(town: Town) -> None:
    family = await two_lines(town)
    await pay(town, family, 1000)
    note = (await correct(town, family, {1: 700})).json
    assert (note["total_cents"], note["credited_cents"]) == (700, 450)
    assert await credit_of(town, family) == 450
    (invoice,) = await invoices_of(town.billing, family)
    assert (invoice["balance_cents"], invoice["paid_cents"]) == (0, 550)
    assert await certified(town, family) == [1000, -450]
    await town.billing.tell(family.session(3, month=12).made(), family.session(4, month=12).made())
    await run_month(town.billing, "2026-12")
    december = (await invoices_of(town.billing, family))[1]
    assert (december["balance_cents"], await credit_of(town, family)) == (250, 0)
    assert sum(await certified(town, family)) == 1000


async def test_a_credit_note_is_told(town: Town) -> None:
    family = await two_lines(town)
    note = (await correct(town, family, {2: 100})).json
    told = await town.billing.outbox(CreditNoteIssued)
    (event,) = [event for event in told if event.family_id == family.family_id]
    assert (event.number, event.total_cents) == (note["number"], 100)


@pytest.mark.parametrize(
    "lines",
    [{1: 701}, {2: 551}, {3: 1}, {1: 0}, {1: -5}, {}],
    ids=["beyond a line", "beyond another", "no such line", "nothing", "below zero", "no line"],
)
async def test_more_than_a_line_holds_is_refused_and_nothing_changes(
    town: Town, lines: dict[int, int]
) -> None:
    family = await two_lines(town)
    refused = await correct(town, family, lines)
    assert refused.status == 422, refused.body
    (invoice,) = await invoices_of(town.billing, family)
    assert (invoice["balance_cents"], invoice["credit_notes"]) == (1250, [])


async def test_a_line_named_twice_and_a_missing_reason_are_refused(town: Town) -> None:
    family = await two_lines(town)
    twice = [{"position": 1, "amount_cents": 100}] * 2
    (invoice,) = await invoices_of(town.billing, family)
    path = f"/invoices/{invoice['invoice_id']}/credit-notes"
    body = {"reason": "Erreur", "lines": twice}
    assert (await town.billing.post(path, TILL, json=body)).status == 422
    assert (await correct(town, family, {1: 100}, reason="")).status == 422


async def test_what_was_given_up_is_not_credited_until_that_is_taken_back(town: Town) -> None:
    family = await two_lines(town)
    await pay(town, family, 550)
    (invoice,) = await invoices_of(town.billing, family)
    body = {"invoice_id": invoice["invoice_id"], "reason": "Surendettement"}
    given_up = await town.billing.post("/write-offs", TILL, json=body)
    assert given_up.status == 201, given_up.body
    refused = await correct(town, family)
    assert (refused.status, refused.json["type"]) == (422, "/problems/credit-note-too-high")
    assert "7,00" in refused.json["detail"]
    part = await correct(town, family, {1: 550})
    assert (part.status, part.json["credited_cents"]) == (201, 550)
    assert sum(await certified(town, family)) == 0
    path = f"/write-offs/{given_up.json['write_off_id']}/reversal"
    assert (await town.billing.post(path, TILL, json={})).status == 200
    (after,) = await invoices_of(town.billing, family)
    assert after["balance_cents"] == 700
    assert (await correct(town, family)).json["total_cents"] == 700


async def test_a_paper_is_for_its_family_alone(town: Town) -> None:
    family = await invoiced_household(town.billing)
    note = (await correct(town, family)).json
    path = f"/credit-notes/{note['credit_note_id']}"
    own = await town.billing.get(f"{path}.pdf", guardian(family.family_id))
    assert (own.status, own.body[:5]) == (200, b"%PDF-")
    for theirs in (path, f"{path}.pdf"):
        assert (await town.billing.get(theirs, guardian(uuid4()))).status == 404


async def test_a_credited_invoice_asks_for_no_payment(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await correct(town, family)
    (invoice,) = await invoices_of(town.billing, family)
    body = {"invoice_ids": [invoice["invoice_id"]]}
    refused = await town.billing.post("/payments", guardian(family.family_id), json=body)
    assert (refused.status, refused.json["type"]) == (409, "/problems/already-paid")

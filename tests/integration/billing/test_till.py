"""The till: what is handed over pays once, is undone by reversal only, and goes to the bank."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from contracts.events.billing import (
    ChargesPaidV2,
    PaymentReceived,
    PaymentReceivedV2,
    PaymentRefunded,
    PaymentReversed,
)
from services.chassis.testing import Reply, guardian
from tests.integration.billing.conftest import Town
from tests.integration.billing.town import (
    TILL,
    Household,
    invoiced_household,
    invoices_of,
    run_month,
)

CHEQUE = {"number": "0001234", "bank": "Banque Postale", "drawer": "Anne Martin"}


async def hand_over(
    town: Town, family: Household, cents: int, *, on_invoices: bool = True, **how: Any
) -> Reply:
    """Somebody pays at the till."""
    ids = [invoice["invoice_id"] for invoice in await invoices_of(town.billing, family)]
    body = {
        "family_id": str(family.family_id),
        "method": "cash",
        "amount_cents": cents,
        "invoice_ids": ids if on_invoices else [],
    }
    return await town.billing.post("/till-payments", TILL, json=body | how)


async def paid(town: Town, family: Household, amount_cents: int, **how: Any) -> dict[str, Any]:
    """The payment that the till recorded."""
    reply = await hand_over(town, family, amount_cents, **how)
    assert reply.status == 201, reply.body
    payment: dict[str, Any] = reply.json
    return payment


async def undo(town: Town, payment: dict[str, Any], reason: str = "Erreur de saisie") -> Reply:
    """Undo a payment."""
    path = f"/payments/{payment['payment_id']}/reversal"
    return await town.billing.post(path, TILL, json={"reason": reason})


async def owes(town: Town, family: Household) -> int:
    """What the family has still to pay."""
    return sum(i["balance_cents"] for i in await invoices_of(town.billing, family))


async def credit_of(town: Town, family: Household) -> int:
    """What the family has to its credit."""
    reply = await town.billing.get("/credit", guardian(family.family_id))
    cents: int = reply.json["credit_cents"]
    return cents


async def refund(town: Town, family: Household, amount_cents: int) -> Reply:
    """Pay the family back."""
    body = {
        "family_id": str(family.family_id),
        "amount_cents": amount_cents,
        "reason": "Déménagement",
    }
    return await town.billing.post("/refunds", TILL, json=body)


async def certified(town: Town, family: Household) -> int:
    """What certificates would say that the family has paid."""
    told = await town.billing.outbox(ChargesPaidV2)
    mine = [event for event in told if event.family_id == family.family_id]
    return sum(portion.amount_cents for event in mine for portion in event.portions)


@pytest.mark.parametrize(
    "how",
    [
        {"method": "cash"},
        {"method": "cheque", "cheque": CHEQUE},
        {"method": "cesu", "cesu_number": "CESU-2026-17"},
    ],
    ids=lambda how: str(how["method"]),
)
async def test_money_handed_over_pays_the_invoice_and_is_told(
    town: Town, how: dict[str, Any]
) -> None:
    family = await invoiced_household(town.billing)
    payment = await paid(town, family, 350, **how)
    assert (payment["status"], payment["method"]) == ("paid", how["method"])
    assert payment["reference"].startswith("R2026-EJ-")
    assert await owes(town, family) == 0
    (told,) = [
        e for e in await town.billing.outbox(PaymentReceivedV2) if e.family_id == family.family_id
    ]
    assert (told.method, told.amount_cents) == (how["method"], 350)
    # Version 1 knows cards only.
    old = await town.billing.outbox(PaymentReceived)
    assert family.family_id not in {event.family_id for event in old}
    assert await certified(town, family) == 350


async def test_a_part_is_paid_and_the_rest_stays_due(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await paid(town, family, 100)
    (invoice,) = await invoices_of(town.billing, family)
    assert (invoice["status"], invoice["balance_cents"]) == ("partly_paid", 250)


async def test_what_is_handed_over_beyond_the_invoice_pays_the_next_one(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await paid(town, family, 500)
    assert (payment["credit_cents"], await credit_of(town, family)) == (150, 150)
    await town.billing.tell(family.session(3, month=12).made())
    await run_month(town.billing, "2026-12")
    assert await owes(town, family) == 200
    assert await credit_of(town, family) == 0
    assert await certified(town, family) == 500


async def test_an_advance_is_for_no_invoice_yet(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await paid(town, family, 1000, on_invoices=False)
    assert await owes(town, family) == 350
    assert await credit_of(town, family) == 1000
    assert await certified(town, family) == 0


async def test_a_credit_is_paid_back_once(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await paid(town, family, 500)
    replies = await asyncio.gather(*(refund(town, family, 150) for _ in range(4)))
    assert sorted(reply.status for reply in replies) == [201, 409, 409, 409]
    assert await credit_of(town, family) == 0
    told = await town.billing.outbox(PaymentRefunded)
    assert [e.amount_cents for e in told if e.family_id == family.family_id] == [150]


async def test_a_credit_that_pays_an_invoice_is_not_paid_back_as_well(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await paid(town, family, 500)
    await town.billing.tell(family.session(3, month=12).made())
    back, _ = await asyncio.gather(refund(town, family, 150), run_month(town.billing, "2026-12"))
    assert back.status in (201, 409)
    assert await owes(town, family) == (350 if back.status == 201 else 200)
    assert await credit_of(town, family) == 0


async def test_the_till_and_the_provider_at_the_same_time_credit_what_came(town: Town) -> None:
    family = await invoiced_household(town.billing)
    (invoice,) = await invoices_of(town.billing, family)
    body = {"invoice_ids": [invoice["invoice_id"]]}
    online = await town.billing.post("/payments", guardian(family.family_id), json=body)
    cash, _ = await asyncio.gather(
        hand_over(town, family, 350), town.provider.decide(online.json["redirect_url"], "payer")
    )
    assert cash.status == 201
    assert (await owes(town, family), await credit_of(town, family)) == (0, 350)
    assert await certified(town, family) == 350


async def test_more_than_the_credit_is_not_paid_back(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await paid(town, family, 360)
    refused = await refund(town, family, 11)
    assert (refused.status, refused.json["type"]) == (409, "/problems/credit-too-small")
    assert "0,10" in refused.json["detail"]
    assert await credit_of(town, family) == 10


async def test_a_reversal_makes_the_invoice_due_again_and_keeps_the_payment(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await paid(town, family, 400)
    undone = await undo(town, payment)
    assert undone.status == 200, undone.body
    assert undone.json["reversal_reason"] == "Erreur de saisie"
    assert undone.json["status"] == "paid"
    assert (await owes(town, family), await credit_of(town, family)) == (350, 0)
    assert await certified(town, family) == 0
    told = await town.billing.outbox(PaymentReversed)
    assert [str(e.payment_id) for e in told if e.family_id == family.family_id] == [
        payment["payment_id"]
    ]


async def test_a_payment_is_undone_once(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await paid(town, family, 350)
    replies = await asyncio.gather(*(undo(town, payment) for _ in range(4)))
    assert sorted(reply.status for reply in replies) == [200, 409, 409, 409]
    refused = next(reply for reply in replies if reply.status == 409)
    assert refused.json["type"] == "/problems/already-reversed"
    assert await owes(town, family) == 350


async def test_a_payment_whose_advance_is_spent_is_not_undone(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await paid(town, family, 500)
    await refund(town, family, 150)
    refused = await undo(town, payment)
    assert (refused.status, refused.json["type"]) == (409, "/problems/credit-spent")
    assert await owes(town, family) == 0


async def test_a_card_payment_is_not_undone_at_the_till(town: Town) -> None:
    family = await invoiced_household(town.billing)
    (invoice,) = await invoices_of(town.billing, family)
    body = {"invoice_ids": [invoice["invoice_id"]]}
    online = await town.billing.post("/payments", guardian(family.family_id), json=body)
    await town.provider.decide(online.json["redirect_url"], "payer")
    refused = await undo(town, online.json)
    assert (refused.status, refused.json["type"]) == (409, "/problems/not-reversible")
    assert await owes(town, family) == 0


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"method": "cheque"}, "cheque"),
        ({"method": "cash", "cheque": CHEQUE}, "cheque"),
        ({"method": "cheque", "cheque": CHEQUE | {"number": "12"}}, "cheque"),
        ({"method": "cesu"}, "cesu_number"),
        ({"method": "cash", "cesu_number": "9"}, "cesu_number"),
        ({"method": "card"}, "method"),
        ({"amount_cents": 0}, "amount_cents"),
        ({"amount_cents": -350}, "amount_cents"),
    ],
)
async def test_what_is_badly_described_is_refused_at_its_field(
    town: Town, how: dict[str, Any], field: str
) -> None:
    family = await invoiced_household(town.billing)
    refused = await hand_over(town, family, 350, **how)
    assert refused.status == 422, refused.body
    assert field in {error["field"] for error in refused.json["errors"]}
    assert await owes(town, family) == 350


async def test_another_familys_invoice_and_an_unknown_family_are_refused(town: Town) -> None:
    family, other = [await invoiced_household(town.billing) for _ in range(2)]
    (invoice,) = await invoices_of(town.billing, other)
    theirs = await hand_over(town, family, 350, invoice_ids=[invoice["invoice_id"]])
    assert theirs.status == 404
    unknown = await hand_over(town, family, 350, family_id=str(uuid4()), invoice_ids=[])
    assert unknown.status == 404
    assert await owes(town, other) == 350


async def cheque_of(town: Town, amount_cents: int = 350) -> tuple[Household, dict[str, Any]]:
    """A family that has paid by cheque."""
    family = await invoiced_household(town.billing)
    return family, await paid(town, family, amount_cents, method="cheque", cheque=CHEQUE)


async def slip_of(town: Town, *payments: dict[str, Any]) -> Reply:
    """Put cheques on a slip."""
    ids = [payment["payment_id"] for payment in payments]
    return await town.billing.post("/cheque-slips", TILL, json={"payment_ids": ids})


async def waiting(town: Town) -> set[str]:
    """The cheques that wait for a slip."""
    reply = await town.billing.get("/cheques", TILL)
    return {cheque["payment_id"] for cheque in reply.json["cheques"]}


async def test_cheques_go_to_the_bank_on_a_locked_slip(town: Town) -> None:
    (_, first), (_, second) = await cheque_of(town), await cheque_of(town)
    slip = (await slip_of(town, first, second)).json
    assert (slip["number"], slip["cheques"], slip["total_cents"]) == (None, 2, 700)
    assert not {first["payment_id"], second["payment_id"]} & await waiting(town)
    path = f"/cheque-slips/{slip['slip_id']}"
    locked = await town.billing.post(f"{path}/lock", TILL)
    assert locked.json["number"].startswith("B2026-EJ-")
    paper = await town.billing.get(f"{path}.pdf", TILL)
    assert (paper.status, paper.body[:5]) == (200, b"%PDF-")
    for refused in (
        await town.billing.post(f"{path}/lock", TILL),
        await town.billing.delete(path, TILL),
    ):
        assert (refused.status, refused.json["type"]) == (409, "/problems/cheque-slip-locked")


async def test_an_open_slip_is_undone_and_its_cheques_wait_again(town: Town) -> None:
    _, payment = await cheque_of(town)
    slip = (await slip_of(town, payment)).json
    assert (await town.billing.delete(f"/cheque-slips/{slip['slip_id']}", TILL)).status == 204
    assert payment["payment_id"] in await waiting(town)


async def test_a_cheque_is_on_one_slip_only(town: Town) -> None:
    _, payment = await cheque_of(town)
    replies = await asyncio.gather(*(slip_of(town, payment) for _ in range(3)))
    assert sorted(reply.status for reply in replies) == [201, 409, 409]


async def test_a_cheque_that_bounces_is_taken_from_the_bank(town: Town) -> None:
    family, payment = await cheque_of(town)
    slip = (await slip_of(town, payment)).json
    await town.billing.post(f"/cheque-slips/{slip['slip_id']}/lock", TILL)
    assert (await undo(town, payment, "Chèque sans provision")).status == 200
    assert await owes(town, family) == 350
    async with town.billing.database.connection() as connection:
        accounts = await connection.fetch(
            """SELECT e.account FROM posting p JOIN ledger_entry e USING (posting_id)
               WHERE p.kind = 'payment_reversal' AND p.source_id = $1 ORDER BY e.position""",
            payment["payment_id"],
        )
    assert [row["account"] for row in accounts] == ["bank", "receivable"]


async def test_a_cheque_undone_before_the_bank_leaves_its_slip(town: Town) -> None:
    _, payment = await cheque_of(town)
    slip = (await slip_of(town, payment)).json
    await undo(town, payment)
    assert payment["payment_id"] not in await waiting(town)
    empty = await town.billing.post(f"/cheque-slips/{slip['slip_id']}/lock", TILL)
    assert (empty.status, empty.json["type"]) == (409, "/problems/cheque-not-waiting")
    assert (await slip_of(town, payment)).status == 409


async def test_the_journal_of_the_day_adds_up_by_means_of_payment(town: Town) -> None:
    town.clock.pass_by(days=3)
    family = await invoiced_household(town.billing)
    cash = await paid(town, family, 100)
    await paid(town, family, 400, method="cheque", cheque=CHEQUE)
    await undo(town, cash)
    await refund(town, family, 150)
    reply = await town.billing.get(f"/till-journal?day={town.clock.now.date()}", TILL)
    totals = {total["method"]: total["amount_cents"] for total in reply.json["totals"]}
    assert totals == {"cash": 0, "cheque": 400, "refund": -150}
    assert reply.json["total_cents"] == 250
    kinds = sorted(line["kind"] for line in reply.json["lines"])
    assert kinds == ["payment", "payment", "refund", "reversal"]
    before = await town.billing.get("/till-journal?day=2026-01-05", TILL)
    assert before.json["lines"] == []


async def test_a_receipt_says_how_it_was_paid_and_that_it_was_undone(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await paid(town, family, 400)
    path = f"/payments/{payment['payment_id']}/receipt.pdf"
    paper = await town.billing.get(path, guardian(family.family_id))
    assert (paper.status, paper.body[:5]) == (200, b"%PDF-")
    await undo(town, payment)
    assert (await town.billing.get(path, guardian(family.family_id))).body != paper.body

"""What undoing a payment takes back, whatever became of its invoice meanwhile.

After each: what was told as paid is what the ledger says, line by line as well as in sum.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.billing import ChargesPaidV2, PaymentReversed, RefundReversed
from services.billing.jobs import collect_debits
from services.chassis.testing import Reply, guardian
from tests.integration.billing.books import books_balance, told_otherwise
from tests.integration.billing.conftest import Town
from tests.integration.billing.test_debits import a_debtor, collect, send, sent
from tests.integration.billing.town import (
    TILL,
    Household,
    household,
    invoices_of,
    publish_canteen,
    run_month,
)
from tests.unit.billing.bank import camt_054


@pytest.fixture
async def told_right(town: Town) -> AsyncIterator[Town]:
    """The town, whose certificates agree with its ledger in the end."""
    # Other tests write money into the books that nobody told.
    before = await told(town)
    yield town
    assert await told(town) == before


async def told(town: Town) -> list[str]:
    """Where certificates and ledger disagree."""
    async with town.billing.database.connection() as connection:
        return await told_otherwise(connection)


async def owing(town: Town, **tariff: Any) -> Household:
    """A family with an invoice of 12,50 € on two lines: 7,00 € and 5,50 €."""
    family = await household(town.billing, await publish_canteen(town.billing, **tariff))
    days = family.session(3), family.session(5), family.session(6)
    await town.billing.tell(days[0].made(), days[1].made())
    await town.billing.tell(days[2].marked("present", reserved=False))
    await run_month(town.billing)
    return family


async def invoice_of(town: Town, family: Household, which: int = 0) -> dict[str, Any]:
    """One of the family's invoices, the oldest first."""
    return (await invoices_of(town.billing, family))[which]


async def pay(town: Town, family: Household, cents: int, which: int = 0) -> str:
    """Hand over money for one invoice; the payment's id."""
    invoice_id = (await invoice_of(town, family, which))["invoice_id"]
    body = {
        "family_id": str(family.family_id),
        "method": "cash",
        "amount_cents": cents,
        "invoice_ids": [invoice_id],
    }
    reply = await town.billing.post("/till-payments", TILL, json=body)
    assert reply.status == 201, reply.body
    return str(reply.json["payment_id"])


async def undo(town: Town, payment_id: str) -> Reply:
    """Undo a payment."""
    return await town.billing.post(
        f"/payments/{payment_id}/reversal", TILL, json={"reason": "Erreur"}
    )


async def correct(town: Town, family: Household, lines: dict[int, int] | None = None) -> None:
    """Take these amounts off the first invoice, or all that is left of it."""
    body: dict[str, Any] = {"reason": "Repas facturé par erreur"}
    if lines is not None:
        body["lines"] = [{"position": p, "amount_cents": cents} for p, cents in lines.items()]
    invoice_id = (await invoice_of(town, family))["invoice_id"]
    reply = await town.billing.post(f"/invoices/{invoice_id}/credit-notes", TILL, json=body)
    assert reply.status == 201, reply.body


async def next_month(town: Town, family: Household, days: int = 2) -> None:
    """December is invoiced: 3,50 € a day."""
    for day in range(days):
        await town.billing.tell(family.session(3 + day, month=12).made())
    await run_month(town.billing, "2026-12")


async def standing(town: Town, family: Household) -> tuple[list[int], int]:
    """What each invoice asks for, and the family's credit."""
    reply = await town.billing.get("/credit", guardian(family.family_id))
    invoices = await invoices_of(town.billing, family)
    return [invoice["balance_cents"] for invoice in invoices], reply.json["credit_cents"]


async def reversals(town: Town, family: Household) -> list[PaymentReversed]:
    """What was told of payments that were undone."""
    events = await town.billing.outbox(PaymentReversed)
    return [event for event in events if event.family_id == family.family_id]


async def certified(town: Town, family: Household) -> int:
    """What certificates would say that the family has paid."""
    events = await town.billing.outbox(ChargesPaidV2)
    mine = [event for event in events if event.family_id == family.family_id]
    return sum(portion.amount_cents for event in mine for portion in event.portions)


async def test_a_payment_of_what_was_corrected_since_is_taken_from_the_credit(
    told_right: Town,
) -> None:
    family = await owing(told_right)
    payment = await pay(told_right, family, 1250)
    await correct(told_right, family)
    assert await standing(told_right, family) == ([0], 1250)
    undone = await undo(told_right, payment)
    assert (undone.status, undone.json["owed_again_cents"]) == (200, 0)
    assert await standing(told_right, family) == ([0], 0)
    assert await certified(told_right, family) == 0
    (told_event,) = await reversals(told_right, family)
    assert (told_event.owed_again_cents, told_event.invoice_ids) == (0, ())


async def test_what_a_credit_note_left_of_the_invoice_is_asked_for_again(
    told_right: Town,
) -> None:
    family = await owing(told_right)
    payment = await pay(told_right, family, 1000)
    await correct(told_right, family, {1: 700})
    assert await standing(told_right, family) == ([0], 450)
    assert (await undo(told_right, payment)).status == 200
    (told_event,) = await reversals(told_right, family)
    assert (told_event.amount_cents, told_event.owed_again_cents) == (1000, 550)
    assert await standing(told_right, family) == ([550], 0)
    assert await certified(told_right, family) == 0


async def test_the_invoice_is_corrected_down_to_nothing_after_the_payment_was_undone(
    told_right: Town,
) -> None:
    family = await owing(told_right)
    payment = await pay(told_right, family, 1250)
    await correct(told_right, family, {1: 300})
    assert (await undo(told_right, payment)).status == 200
    await correct(told_right, family)
    assert await standing(told_right, family) == ([0], 0)


async def test_a_payment_is_not_undone_once_its_correction_has_paid_the_next_invoice(
    told_right: Town,
) -> None:
    family = await owing(told_right)
    payment = await pay(told_right, family, 1250)
    await correct(told_right, family)
    await next_month(told_right, family)
    assert await standing(told_right, family) == ([0, 0], 550)
    refused = await undo(told_right, payment)
    assert (refused.status, refused.json["type"]) == (409, "/problems/credit-spent")
    assert await standing(told_right, family) == ([0, 0], 550)
    assert await certified(told_right, family) == 700


async def test_a_payment_beside_an_over_payment_that_was_spent_is_undone(
    told_right: Town,
) -> None:
    family = await owing(told_right)
    first = await pay(told_right, family, 1000)
    second = await pay(told_right, family, 600)
    await next_month(told_right, family)
    assert await standing(told_right, family) == ([0, 350], 0)
    assert (await undo(told_right, second)).status == 409
    assert (await undo(told_right, first)).status == 200
    assert await standing(told_right, family) == ([1000, 350], 0)
    assert await certified(told_right, family) == 600


async def test_a_credit_note_on_a_part_then_a_payment_and_its_reversal(told_right: Town) -> None:
    family = await owing(told_right)
    await correct(told_right, family, {1: 333})
    payment = await pay(told_right, family, 500)
    assert (await undo(told_right, payment)).status == 200
    assert await standing(told_right, family) == ([917], 0)


@pytest.mark.parametrize("monthly", ["cap", "fee"])
async def test_lines_that_a_months_price_added_are_paid_and_undone(
    told_right: Town, monthly: str
) -> None:
    price = {"kind": "flat", "price_cents": 962}
    family = await owing(told_right, monthly={"rule": monthly, **price})
    (total,), _ = await standing(told_right, family)
    payment = await pay(told_right, family, total - 100)
    await correct(told_right, family, {1: 400})
    assert (await undo(told_right, payment)).status == 200
    assert await standing(told_right, family) == ([total - 400], 0)
    await correct(told_right, family)
    assert await standing(told_right, family) == ([0], 0)


async def test_an_invoice_with_a_correction_below_zero_is_paid_and_undone(
    told_right: Town,
) -> None:
    family = await household(told_right.billing, await publish_canteen(told_right.billing))
    given_back = family.session(3)
    await told_right.billing.tell(given_back.made())
    await run_month(told_right.billing)
    await told_right.billing.tell(given_back.cancelled())
    await next_month(told_right, family, days=3)
    balances, _ = await standing(told_right, family)
    assert balances[-1] == 700
    payment = await pay(told_right, family, 400, which=len(balances) - 1)
    assert (await undo(told_right, payment)).status == 200
    assert await standing(told_right, family) == (balances, 0)


async def test_what_was_given_up_is_not_taken_for_paid(told_right: Town) -> None:
    family = await owing(told_right)
    payment = await pay(told_right, family, 550)
    invoice_id = (await invoice_of(told_right, family))["invoice_id"]
    body = {"invoice_id": invoice_id, "reason": "Surendettement"}
    given_up = await told_right.billing.post("/write-offs", TILL, json=body)
    assert given_up.status == 201, given_up.body
    assert (await undo(told_right, payment)).status == 200
    assert await standing(told_right, family) == ([550], 0)
    by_line = await paid_by_child_and_activity(told_right, family)
    assert set(by_line.values()) <= {0}
    path = f"/write-offs/{given_up.json['write_off_id']}/reversal"
    assert (await told_right.billing.post(path, TILL, json={})).status == 200
    assert await standing(told_right, family) == ([1250], 0)
    assert await certified(told_right, family) == 0


async def paid_by_child_and_activity(
    town: Town, family: Household
) -> dict[tuple[UUID, UUID, str], int]:
    """What was told as paid of each thing that is certified."""
    paid: dict[tuple[UUID, UUID, str], int] = {}
    for event in await town.billing.outbox(ChargesPaidV2):
        for portion in event.portions if event.family_id == family.family_id else ():
            key = portion.child_id, portion.activity_id, portion.period
            paid[key] = paid.get(key, 0) + portion.amount_cents
    return paid


async def with_the_bank(town: Town) -> tuple[Household, str]:
    """A family whose invoice of 3,50 € is with the bank; the debit's reference."""
    family, invoice_id = await a_debtor(town.billing)
    batch = await sent(town.billing, invoice_id)
    return family, batch["lines"][0]["end_to_end_id"]


async def send_back(town: Town, reference: str, cents: int = 350) -> None:
    """The bank returns the debit."""
    file = camt_054(uuid4().hex, [(reference, "AM04", cents)])
    read = await town.billing.post("/debit-returns", TILL, data=file)
    path = f"/debit-returns/{read.json['file_id']}/application"
    applied = await town.billing.post(path, TILL)
    assert applied.status == 200, applied.body
    assert await books_balance(town.billing.database)


async def refund(town: Town, family: Household, cents: int) -> str:
    """Pay the family's credit back; the refund's id."""
    body = {"family_id": str(family.family_id), "amount_cents": cents, "reason": "Départ"}
    reply = await town.billing.post("/refunds", TILL, json=body)
    assert reply.status == 201, reply.body
    return str(reply.json["refund_id"])


async def undo_refund(town: Town, refund_id: str) -> Reply:
    """Undo a refund that the bank sent back."""
    path = f"/refunds/{refund_id}/reversal"
    return await town.billing.post(path, TILL, json={"reason": "Virement revenu"})


async def test_a_debit_comes_back_whose_credit_has_paid_the_next_invoice(
    told_right: Town,
) -> None:
    family, reference = await with_the_bank(told_right)
    await pay(told_right, family, 350)
    await collect(told_right)
    await next_month(told_right, family, days=2)
    assert await standing(told_right, family) == ([0, 350], 0)
    await send_back(told_right, reference)
    assert await standing(told_right, family) == ([0, 700], 0)
    assert await certified(told_right, family) == 350


async def test_a_debit_comes_back_whose_credit_is_there_in_part(told_right: Town) -> None:
    family, reference = await with_the_bank(told_right)
    await pay(told_right, family, 350)
    await collect(told_right)
    await refund(told_right, family, 100)
    await send_back(told_right, reference)
    assert await standing(told_right, family) == ([100], 0)
    assert await certified(told_right, family) == 250


async def test_a_debit_comes_back_after_its_invoice_was_credited(told_right: Town) -> None:
    family, reference = await with_the_bank(told_right)
    await collect(told_right)
    await correct(told_right, family)
    await send_back(told_right, reference)
    assert await standing(told_right, family) == ([0], 0)


async def test_a_refund_of_money_that_the_bank_took_back_is_owed(town: Town) -> None:
    family, reference = await with_the_bank(town)
    await collect(town)
    await correct(town, family)
    await refund(town, family, 350)
    await send_back(town, reference)
    assert await standing(town, family) == ([350], 0)
    assert await certified(town, family) == 0
    (invoice,) = await invoices_of(town.billing, family)
    asked = {key: invoice[key] for key in ("credited_cents", "claimed_cents", "paid_cents")}
    assert asked == {"credited_cents": 350, "claimed_cents": 350, "paid_cents": 0}
    assert invoice["status"] == "due"
    await pay(town, family, 350)
    assert await standing(town, family) == ([0], 0)
    assert await certified(town, family) == 0
    assert await books_balance(town.billing.database)


async def refunded_debit_that_came_back(town: Town) -> Household:
    """A family that was refunded a debit it had paid otherwise too: both came back since."""
    family, reference = await with_the_bank(town)
    payment = await pay(town, family, 350)
    await collect(town)
    await refund(town, family, 350)
    assert (await undo(town, payment)).status == 200
    await send_back(town, reference)
    return family


async def test_a_refund_is_claimed_beyond_the_worth_of_the_invoice(told_right: Town) -> None:
    family = await refunded_debit_that_came_back(told_right)
    assert await standing(told_right, family) == ([700], 0)
    (invoice,) = await invoices_of(told_right.billing, family)
    assert (invoice["total_cents"], invoice["claimed_cents"]) == (350, 350)
    # What is owed of the refund is paid first: it is no charge that could be certified.
    payment = await pay(told_right, family, 500)
    assert await certified(told_right, family) == 150
    assert (await undo(told_right, payment)).status == 200
    assert await standing(told_right, family) == ([700], 0)


async def test_what_is_claimed_of_a_refund_can_be_given_up_and_asked_for_again(
    told_right: Town,
) -> None:
    family = await refunded_debit_that_came_back(told_right)
    invoice_id = (await invoice_of(told_right, family))["invoice_id"]
    body = {"invoice_id": invoice_id, "reason": "Surendettement"}
    given_up = await told_right.billing.post("/write-offs", TILL, json=body)
    assert await standing(told_right, family) == ([0], 0)
    path = f"/write-offs/{given_up.json['write_off_id']}/reversal"
    assert (await told_right.billing.post(path, TILL, json={})).status == 200
    assert await standing(told_right, family) == ([700], 0)


async def test_a_claimed_refund_is_collected_anew_and_may_come_back_again(
    told_right: Town,
) -> None:
    family = await refunded_debit_that_came_back(told_right)
    invoice_id = (await invoice_of(told_right, family))["invoice_id"]
    again = await send(told_right.billing, invoice_id, on="2026-12-28")
    assert again.json["lines"][0]["amount_cents"] == 700
    told_right.clock.pass_by(days=30)
    await collect_debits(told_right.billing.app, told_right.clock.now)
    assert await standing(told_right, family) == ([0], 0)
    await send_back(told_right, again.json["lines"][0]["end_to_end_id"], 700)
    assert await standing(told_right, family) == ([700], 0)


async def cheque(town: Town, family: Household, cents: int, *, at_the_bank: bool = True) -> str:
    """The family pays its first invoice, if it has one, by cheque; the payment's id."""
    body = {
        "family_id": str(family.family_id),
        "method": "cheque",
        "amount_cents": cents,
        "invoice_ids": [i["invoice_id"] for i in (await invoices_of(town.billing, family))[:1]],
        "cheque": {"number": "0001234", "bank": "La Banque", "drawer": "Martin"},
    }
    reply = await town.billing.post("/till-payments", TILL, json=body)
    assert reply.status == 201, reply.body
    payment_id = str(reply.json["payment_id"])
    if at_the_bank:
        slip = await town.billing.post("/cheque-slips", TILL, json={"payment_ids": [payment_id]})
        path = f"/cheque-slips/{slip.json['slip_id']}/lock"
        assert (await town.billing.post(path, TILL)).status == 200
    return payment_id


async def test_a_cheque_bounces_whose_over_payment_was_refunded(told_right: Town) -> None:
    family = await owing(told_right)
    payment = await cheque(told_right, family, 1500)
    await refund(told_right, family, 250)
    undone = await undo(told_right, payment)
    assert (undone.status, undone.json["owed_again_cents"]) == (200, 1500)
    assert await standing(told_right, family) == ([1500], 0)
    invoice = await invoice_of(told_right, family)
    sums = {key: invoice[key] for key in ("total_cents", "claimed_cents", "paid_cents", "status")}
    assert sums == {"total_cents": 1250, "claimed_cents": 250, "paid_cents": 0, "status": "due"}
    assert await certified(told_right, family) == 0
    (event,) = await reversals(told_right, family)
    assert event.owed_again_cents == 1500
    assert event.invoice_ids == (UUID(invoice["invoice_id"]),)
    assert (await undo(told_right, payment)).status == 409
    # The claim is paid first: it is no charge that could be certified.
    await pay(told_right, family, 300)
    assert await certified(told_right, family) == 50
    assert await books_balance(told_right.billing.database)


async def test_a_cheque_bounces_whose_over_payment_has_paid_the_next_invoice(
    told_right: Town,
) -> None:
    family = await owing(told_right)
    payment = await cheque(told_right, family, 1500)
    await next_month(told_right, family)
    assert await standing(told_right, family) == ([0, 450], 0)
    assert (await undo(told_right, payment)).status == 200
    assert await standing(told_right, family) == ([1250, 700], 0)
    assert await certified(told_right, family) == 0
    assert await books_balance(told_right.billing.database)


async def test_a_refund_that_comes_back_settles_what_was_claimed_of_a_cheque(
    told_right: Town,
) -> None:
    family = await owing(told_right)
    payment = await cheque(told_right, family, 1500)
    made = await refund(told_right, family, 250)
    assert (await undo(told_right, payment)).status == 200
    assert (await undo_refund(told_right, made)).status == 200
    assert await standing(told_right, family) == ([1250], 0)
    assert await books_balance(told_right.billing.database)


async def test_an_advance_by_cheque_that_bounces_is_claimed_on_an_invoice_there_is(
    told_right: Town,
) -> None:
    family = await household(told_right.billing, await publish_canteen(told_right.billing))
    payment = await cheque(told_right, family, 500)
    await refund(told_right, family, 500)
    # Nothing was ever invoiced: there is nothing to claim it on.
    refused = await undo(told_right, payment)
    assert (refused.status, refused.json["type"]) == (409, "/problems/credit-spent")
    await next_month(told_right, family)
    assert (await undo(told_right, payment)).status == 200
    assert await standing(told_right, family) == ([1200], 0)
    assert await books_balance(told_right.billing.database)


async def test_a_cheque_at_the_till_whose_over_payment_was_refunded_is_not_undone(
    told_right: Town,
) -> None:
    family = await owing(told_right)
    payment = await cheque(told_right, family, 1500, at_the_bank=False)
    await refund(told_right, family, 250)
    refused = await undo(told_right, payment)
    assert (refused.status, refused.json["type"]) == (409, "/problems/credit-spent")
    assert await standing(told_right, family) == ([0], 0)


async def test_a_refund_that_comes_back_is_credit_again_once(told_right: Town) -> None:
    family = await owing(told_right)
    await pay(told_right, family, 1500)
    made = await refund(told_right, family, 250)
    assert await standing(told_right, family) == ([0], 0)
    replies = await asyncio.gather(*(undo_refund(told_right, made) for _ in range(3)))
    assert sorted(reply.status for reply in replies) == [200, 409, 409]
    assert await standing(told_right, family) == ([0], 250)
    shown = await told_right.billing.get(f"/refunds/{made}", TILL)
    assert (shown.json["amount_cents"], shown.json["reversal_reason"]) == (250, "Virement revenu")
    told_events = await told_right.billing.outbox(RefundReversed)
    mine = [event for event in told_events if event.family_id == family.family_id]
    assert [event.amount_cents for event in mine] == [250]
    await next_month(told_right, family)
    assert await standing(told_right, family) == ([0, 450], 0)
    assert await books_balance(told_right.billing.database)


async def test_a_refund_that_comes_back_settles_what_was_claimed_of_it(told_right: Town) -> None:
    family, reference = await with_the_bank(told_right)
    await collect(told_right)
    await correct(told_right, family)
    made = await refund(told_right, family, 350)
    await send_back(told_right, reference)
    assert await standing(told_right, family) == ([350], 0)
    assert (await undo_refund(told_right, made)).status == 200
    assert await standing(told_right, family) == ([0], 0)
    assert await books_balance(told_right.billing.database)


async def test_what_was_never_refunded_is_not_undone(town: Town) -> None:
    reply = await undo_refund(town, str(uuid4()))
    assert (reply.status, reply.json["type"]) == (404, "/problems/unknown-refund")


async def test_the_till_sees_what_is_left_of_a_line_to_correct(told_right: Town) -> None:
    family = await owing(told_right)
    await correct(told_right, family, {1: 300})
    invoice_id = (await invoice_of(told_right, family))["invoice_id"]
    shown = await told_right.billing.get(f"/invoices/{invoice_id}", TILL)
    left = [(line["amount_cents"], line["left_cents"]) for line in shown.json["lines"]]
    assert left == [(700, 400), (550, 550)]

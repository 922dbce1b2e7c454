"""Paying online: the result is read back, credited once, and never taken on anyone's word."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.billing import ChargesPaid, PaymentReceived
from contracts.roles import ANONYMOUS
from services.billing.commands.settle_payment import DESK
from services.billing.commands.start_payment import start_payment
from services.billing.errors import AmountRefused
from services.billing.jobs import reconcile_payments
from services.chassis.auth import Caller
from services.chassis.testing import Reply, eventually, guardian
from tests.integration.billing.conftest import Town
from tests.integration.billing.town import (
    TILL,
    Household,
    invoiced_household,
    invoices_of,
    run_month,
)

ANYONE = Caller(frozenset({ANONYMOUS}))


async def begin(town: Town, family: Household, *, which: slice = slice(None)) -> Reply:
    """Ask to pay the family's invoices."""
    ids = [invoice["invoice_id"] for invoice in await invoices_of(town.billing, family)][which]
    return await town.billing.post(
        "/payments", guardian(family.family_id), json={"invoice_ids": ids}
    )


async def begin_part(town: Town, family: Household, cents: int) -> Reply:
    """Ask to pay a part of what the family owes."""
    ids = [invoice["invoice_id"] for invoice in await invoices_of(town.billing, family)]
    body = {"invoice_ids": ids, "amount_cents": cents}
    return await town.billing.post("/payments", guardian(family.family_id), json=body)


async def opened(town: Town, family: Household) -> dict[str, Any]:
    """A payment whose page stands open."""
    reply = await begin(town, family)
    assert reply.status == 201, reply.body
    started: dict[str, Any] = reply.json
    return started


async def shown(town: Town, family: Household, payment: dict[str, Any]) -> dict[str, Any]:
    """The payment as its family sees it."""
    reply = await town.billing.get(f"/payments/{payment['payment_id']}", guardian(family.family_id))
    assert reply.status == 200, reply.body
    found: dict[str, Any] = reply.json
    return found


async def received(town: Town, payment: dict[str, Any]) -> list[PaymentReceived]:
    """What billing told of the payment's money."""
    told = await town.billing.outbox(PaymentReceived)
    return [event for event in told if str(event.payment_id) == payment["payment_id"]]


async def owes(town: Town, family: Household) -> int:
    """What the family has still to pay."""
    invoices = await invoices_of(town.billing, family)
    return sum(invoice["balance_cents"] for invoice in invoices)


async def settled(town: Town) -> None:
    """Let the reconciliation job do its round."""
    await reconcile_payments(town.billing.app, town.clock())


async def test_a_paid_invoice_is_credited_and_told_once(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    assert payment["amount_cents"] == 350
    back = await town.provider.decide(payment["redirect_url"], "payer")
    assert back.endswith(f"/paiement/retour?payment={payment['payment_id']}")
    found = await shown(town, family, payment)
    assert (found["status"], found["amount_cents"]) == ("paid", 350)
    (invoice,) = await invoices_of(town.billing, family)
    assert (invoice["status"], invoice["paid_cents"], invoice["balance_cents"]) == ("paid", 350, 0)
    (told,) = await received(town, payment)
    assert (told.family_id, told.amount_cents) == (family.family_id, 350)
    assert told.invoice_ids == (UUID(invoice["invoice_id"]),)


async def test_what_a_payment_paid_is_told_by_child_and_activity(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    await town.provider.decide(payment["redirect_url"], "payer")
    await shown(town, family, payment)
    (invoice,) = await invoices_of(town.billing, family)
    told = await town.billing.outbox(ChargesPaid)
    (paid,) = [event for event in told if str(event.payment_id) == payment["payment_id"]]
    assert (paid.family_id, sum(p.amount_cents for p in paid.portions)) == (family.family_id, 350)
    assert {p.invoice_number for p in paid.portions} == {invoice["number"]}
    assert {p.child_id for p in paid.portions} == {family.child_id}


async def test_notifications_repeated_at_once_credit_once(town: Town) -> None:
    await town.provider.behave("duplicate", seconds=0)
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    await town.provider.decide(payment["redirect_url"], "payer")

    async def all_came() -> bool:
        return len(town.portal.notified) == 4

    await eventually(all_came, what="four notifications")
    assert len(await received(town, payment)) == 1
    assert await owes(town, family) == 0


async def test_readers_and_notifications_at_the_same_time_credit_once(town: Town) -> None:
    await town.provider.behave("lose")
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    await town.provider.decide(payment["redirect_url"], "payer")
    idop = payment["redirect_url"].rpartition("=")[2]
    await asyncio.gather(
        *(shown(town, family, payment) for _ in range(4)),
        *(
            town.billing.post("/payments/notifications", ANYONE, json={"idop": idop})
            for _ in range(4)
        ),
        settled(town),
    )
    assert len(await received(town, payment)) == 1
    assert await owes(town, family) == 0


async def test_a_lost_notification_is_made_up_for_by_asking(town: Town) -> None:
    await town.provider.behave("lose")
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    await town.provider.decide(payment["redirect_url"], "payer")
    assert town.portal.notified == []
    await settled(town)
    assert len(await received(town, payment)) == 1
    assert await owes(town, family) == 0


async def test_a_late_notification_finds_the_payment_credited_already(town: Town) -> None:
    await town.provider.behave("delay", seconds=0.2)
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    await town.provider.decide(payment["redirect_url"], "payer")
    assert (await shown(town, family, payment))["status"] == "paid"

    async def came() -> bool:
        return bool(town.portal.notified)

    await eventually(came, what="the late notification")
    assert len(await received(town, payment)) == 1


async def test_notifications_in_the_wrong_order_credit_each_payment_once(town: Town) -> None:
    await town.provider.behave("reorder")
    families = [await invoiced_household(town.billing) for _ in range(2)]
    payments = [await opened(town, family) for family in families]
    for payment in payments:
        await town.provider.decide(payment["redirect_url"], "payer")
    first, second = (payment["redirect_url"].rpartition("=")[2] for payment in payments)
    assert town.portal.notified == [second, first]
    for family, payment in zip(families, payments, strict=True):
        assert len(await received(town, payment)) == 1
        assert await owes(town, family) == 0


async def test_a_payer_who_gave_up_and_then_paid_has_paid_in_whatever_order_it_is_told(
    town: Town,
) -> None:
    await town.provider.behave("reorder")
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    await town.provider.decide(payment["redirect_url"], "annuler")
    await town.provider.decide(payment["redirect_url"], "payer")
    assert len(town.portal.notified) == 2
    assert (await shown(town, family, payment))["status"] == "paid"
    assert len(await received(town, payment)) == 1


async def test_a_notification_replayed_days_later_credits_nothing_more(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    await town.provider.decide(payment["redirect_url"], "payer")
    town.clock.pass_by(days=3)
    idop = payment["redirect_url"].rpartition("=")[2]
    for _ in range(3):
        reply = await town.billing.post("/payments/notifications", ANYONE, json={"idop": idop})
        assert reply.status == 200
    assert len(await received(town, payment)) == 1
    assert await owes(town, family) == 0


async def test_forged_notifications_credit_nothing(town: Town) -> None:
    await town.provider.behave("forge")
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    status, page = await town.provider.visit(payment["redirect_url"])
    assert (status, "Serveur de démonstration" in page) == (200, True)
    assert len(town.portal.notified) == 2
    assert await received(town, payment) == []
    assert (await shown(town, family, payment))["status"] == "pending"
    assert await owes(town, family) == 350


@pytest.mark.parametrize(("issue", "status"), [("refuser", "refused"), ("annuler", "cancelled")])
async def test_a_failed_payment_leaves_the_invoice_due(town: Town, issue: str, status: str) -> None:
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    await town.provider.decide(payment["redirect_url"], issue)
    assert (await shown(town, family, payment))["status"] == status
    assert await received(town, payment) == []
    assert await owes(town, family) == 350


async def test_after_a_refused_card_another_payment_may_begin_at_once(town: Town) -> None:
    family = await invoiced_household(town.billing)
    refused = await opened(town, family)
    await town.provider.decide(refused["redirect_url"], "refuser")
    second = await opened(town, family)
    assert second["payment_id"] != refused["payment_id"]
    await town.provider.decide(second["redirect_url"], "payer")
    assert await owes(town, family) == 0


async def test_a_second_attempt_goes_on_with_the_open_page(town: Town) -> None:
    family = await invoiced_household(town.billing)
    first = await opened(town, family)
    assert await opened(town, family) == first
    await town.provider.decide(first["redirect_url"], "annuler")
    assert await opened(town, family) == first
    await town.provider.decide(first["redirect_url"], "payer")
    assert (await shown(town, family, first))["status"] == "paid"
    assert len(await received(town, first)) == 1


async def test_attempts_at_the_same_time_open_one_page(town: Town) -> None:
    family = await invoiced_household(town.billing)
    replies = await asyncio.gather(*(begin(town, family) for _ in range(5)))
    pages = {reply.json["redirect_url"] for reply in replies if reply.status == 201}
    assert len(pages) == 1
    assert {reply.status for reply in replies} <= {201, 409}


async def test_while_a_page_may_be_paid_another_debt_with_the_same_invoice_waits(
    town: Town,
) -> None:
    family = await invoiced_household(town.billing)
    await town.billing.tell(family.session(3, month=12).made())
    await run_month(town.billing, "2026-12")
    assert (await begin(town, family, which=slice(1))).status == 201
    both = await begin(town, family)
    assert (both.status, both.json["type"]) == (409, "/problems/payment-under-way")
    assert "attendez" in both.json["detail"]
    town.clock.pass_by(minutes=20)
    both = await begin(town, family)
    assert (both.status, both.json["amount_cents"]) == (201, 700)
    await town.provider.decide(both.json["redirect_url"], "payer")
    assert await owes(town, family) == 0


async def test_an_abandoned_page_expires(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    town.clock.pass_by(minutes=19)
    await settled(town)
    assert (await shown(town, family, payment))["status"] == "pending"
    town.clock.pass_by(minutes=1)
    await settled(town)
    assert (await shown(town, family, payment))["status"] == "expired"
    assert (await opened(town, family))["payment_id"] != payment["payment_id"]


async def test_without_the_provider_nothing_is_opened_and_it_is_said(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await town.provider.behave("down")
    refused = await begin(town, family)
    assert (refused.status, refused.json["type"]) == (503, "/problems/payment-server-unavailable")
    await town.provider.behave("normal")
    await opened(town, family)


async def test_while_the_provider_is_away_a_pending_payment_stays_pending(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    await town.provider.behave("lose")
    await town.provider.decide(payment["redirect_url"], "payer")
    await town.provider.behave("down")
    town.clock.pass_by(minutes=30)
    await settled(town)
    assert (await shown(town, family, payment))["status"] == "pending"
    again = await begin(town, family)
    assert (again.status, again.json["type"]) == (409, "/problems/payment-under-way")
    await town.provider.behave("normal")
    await settled(town)
    assert (await shown(town, family, payment))["status"] == "paid"


async def test_a_paid_invoice_is_not_paid_again(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    await town.provider.decide(payment["redirect_url"], "payer")
    again = await begin(town, family)
    assert (again.status, again.json["type"]) == (409, "/problems/already-paid")


async def test_the_provider_is_told_what_its_rules_ask(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    (invoice,) = await invoices_of(town.billing, family)
    _, page = await town.provider.visit(payment["redirect_url"])
    assert invoice["number"].replace("-", "") in page
    assert f"Facture {invoice['number'].replace('-', ' ')}" in page


async def test_a_part_of_an_invoice_is_paid_and_then_the_rest(town: Town) -> None:
    family = await invoiced_household(town.billing)
    part = await begin_part(town, family, 150)
    assert (part.status, part.json["amount_cents"]) == (201, 150)
    await town.provider.decide(part.json["redirect_url"], "payer")
    assert await owes(town, family) == 200
    rest = await opened(town, family)
    assert rest["amount_cents"] == 200
    await town.provider.decide(rest["redirect_url"], "payer")
    assert await owes(town, family) == 0


@pytest.mark.parametrize("cents", [99, 351, 0, -1])
async def test_a_part_is_a_euro_at_least_and_what_is_due_at_most(town: Town, cents: int) -> None:
    family = await invoiced_household(town.billing)
    assert (await begin_part(town, family, cents)).status == 422
    assert await owes(town, family) == 350


async def test_where_the_provider_takes_no_parts_none_is_begun(town: Town) -> None:
    family = await invoiced_household(town.billing)
    (invoice,) = await invoices_of(town.billing, family)
    with pytest.raises(AmountRefused):
        await start_payment(
            replace(town.billing.app[DESK], takes_parts=False),
            family_id=family.family_id,
            account_id=None,
            invoice_ids=[UUID(invoice["invoice_id"])],
            part_cents=100,
            now=town.clock(),
        )


async def test_a_part_is_of_one_invoice(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await town.billing.tell(family.session(3, month=12).made())
    await run_month(town.billing, "2026-12")
    refused = await begin_part(town, family, 200)
    assert (refused.status, refused.json["type"]) == (422, "/problems/amount-refused")


async def test_money_that_comes_after_the_invoice_was_paid_at_the_till_is_credit(
    town: Town,
) -> None:
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    (invoice,) = await invoices_of(town.billing, family)
    takings = {
        "family_id": str(family.family_id),
        "method": "cash",
        "amount_cents": 350,
        "invoice_ids": [invoice["invoice_id"]],
    }
    assert (await town.billing.post("/till-payments", TILL, json=takings)).status == 201
    await town.provider.decide(payment["redirect_url"], "payer")
    assert (await shown(town, family, payment))["credit_cents"] == 350
    reply = await town.billing.get("/credit", guardian(family.family_id))
    assert reply.json["credit_cents"] == 350


@pytest.mark.parametrize("idop", ["0" * 36, "x", "' OR 1=1 --"])
async def test_notifications_of_unknown_operations_are_taken_without_a_word(
    town: Town, idop: str
) -> None:
    reply = await town.billing.post("/payments/notifications", ANYONE, json={"idop": idop})
    assert (reply.status, reply.json) == (200, {"received": True})


async def test_another_familys_invoices_and_payments_do_not_exist(town: Town) -> None:
    family = await invoiced_household(town.billing)
    payment = await opened(town, family)
    (invoice,) = await invoices_of(town.billing, family)
    stranger = guardian(uuid4())
    wish = {"invoice_ids": [invoice["invoice_id"]]}
    assert (await town.billing.post("/payments", stranger, json=wish)).status == 404
    for path in (
        f"/payments/{payment['payment_id']}",
        f"/payments/{payment['payment_id']}/receipt.pdf",
        f"/invoices/{invoice['invoice_id']}",
        f"/invoices/{invoice['invoice_id']}.pdf",
    ):
        assert (await town.billing.get(path, stranger)).status == 404
    for path in ("/payments", "/invoices", "/charges"):
        query = f"{path}?family_id={family.family_id}"
        assert (await town.billing.get(query, stranger)).status == 404

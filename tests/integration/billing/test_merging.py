"""Two families made one: one account, nobody charged twice, invoices as they were made out."""

from uuid import uuid4

from contracts.events.accounts import FamiliesMerged, JoinedChild
from services.chassis.testing import RunningService, guardian
from tests.integration.billing.books import books_balance
from tests.integration.billing.town import (
    TILL,
    Household,
    charges_of,
    household,
    invoices_of,
    publish_canteen,
    run_month,
)


def merged(survivor: Household, gone: Household, *, joined: bool = True) -> FamiliesMerged:
    """The second family is the first from now on; with `joined` their children are one."""
    pair = JoinedChild(child_id=survivor.child_id, merged_child_id=gone.child_id)
    return FamiliesMerged(
        family_id=survivor.family_id,
        merged_family_id=gone.family_id,
        children=(pair,) if joined else (),
    )


async def test_open_charges_follow_at_the_survivors_price(billing: RunningService) -> None:
    canteen = await publish_canteen(billing)
    first, second = [await household(billing, canteen, quotient=q) for q in (300, 720)]
    await billing.tell(first.session(3).made(), second.session(4).made())
    assert [c["amount_cents"] for c in await charges_of(billing, second)] == [350]
    event_id, event = uuid4(), merged(first, second, joined=False)
    await billing.publish(event, event_id=event_id)
    await billing.publish(event, event_id=event_id)
    await billing.handled(event_id)
    assert [c["amount_cents"] for c in await charges_of(billing, first)] == [100, 100]
    assert await charges_of(billing, second) == []


async def test_a_day_that_one_child_had_twice_is_charged_once(billing: RunningService) -> None:
    canteen = await publish_canteen(billing)
    first, second = [await household(billing, canteen) for _ in range(2)]
    day, twin = first.session(3), second.session(3)
    twin.session_id = day.session_id
    await billing.tell(day.made(), twin.made())
    await billing.tell(merged(first, second))
    (charge,) = await charges_of(billing, first)
    assert (charge["child_id"], charge["amount_cents"]) == (str(first.child_id), 350)


async def test_news_that_come_late_are_the_survivors(billing: RunningService) -> None:
    canteen = await publish_canteen(billing)
    first, second = [await household(billing, canteen) for _ in range(2)]
    day = second.session(3)
    await billing.tell(day.made())
    await billing.tell(merged(first, second))
    await billing.tell(day.marked("present"), second.session(4).made())
    charges = await charges_of(billing, first)
    assert [(c["child_id"], c["basis"]) for c in charges] == [
        (str(first.child_id), "present"),
        (str(first.child_id), "reserved"),
    ]
    await billing.tell(day.cancelled(version=2))
    assert len(await charges_of(billing, first)) == 2, "who came though given back is charged"
    await billing.tell(second.file(version=9, quotient=0))
    assert await charges_of(billing, second) == []


async def test_invoices_keep_their_text_and_are_the_survivors_to_see_and_pay(
    billing: RunningService,
) -> None:
    canteen = await publish_canteen(billing)
    first, second = [await household(billing, canteen) for _ in range(2)]
    await billing.tell(
        *(family.session(3, month=10).made() for family in (first, second)),
        *(family.session(5).made() for family in (first, second)),
    )
    await run_month(billing, "2026-10")
    before = (await invoices_of(billing, second))[0]
    await billing.tell(merged(first, second))
    found = await invoices_of(billing, first)
    assert len(found) == 2
    after = next(i for i in found if i["invoice_id"] == before["invoice_id"])
    assert (after["number"], after["family_reference"], after["total_cents"]) == (
        before["number"],
        before["family_reference"],
        before["total_cents"],
    )
    assert await invoices_of(billing, second) == []
    path = f"/invoices/{before['invoice_id']}"
    assert (await billing.get(path, guardian(first.family_id))).status == 200
    assert (await billing.get(path, guardian(second.family_id))).status == 404
    paper = await billing.get(f"{path}.pdf", TILL)
    assert paper.status == 200

    # The next month is one invoice for both days, and running it again changes nothing.
    await run_month(billing)
    await run_month(billing)
    november = [i for i in await invoices_of(billing, first) if i["period"] == "2026-11"]
    assert [i["total_cents"] for i in november] == [700]


async def test_a_day_that_both_children_were_invoiced_for_is_corrected(
    billing: RunningService,
) -> None:
    canteen = await publish_canteen(billing)
    first, second = [await household(billing, canteen) for _ in range(2)]
    day, twin = first.session(3, month=10), second.session(3, month=10)
    twin.session_id = day.session_id
    await billing.tell(day.made(), twin.made())
    await run_month(billing, "2026-10")
    assert [i["total_cents"] for i in await invoices_of(billing, second)] == [350]
    await billing.tell(merged(first, second))
    (correction,) = await charges_of(billing, first)
    assert correction["amount_cents"] == -350


async def test_a_credit_follows_and_pays_the_survivors_next_invoice(
    billing: RunningService,
) -> None:
    canteen = await publish_canteen(billing)
    first, second = [await household(billing, canteen) for _ in range(2)]
    advance = {
        "family_id": str(second.family_id),
        "method": "cash",
        "amount_cents": 500,
        "invoice_ids": [],
    }
    taken = await billing.post("/till-payments", TILL, json=advance)
    assert taken.status == 201, taken.body
    await billing.tell(merged(first, second))
    credit = await billing.get("/credit", guardian(first.family_id))
    assert credit.json["credit_cents"] == 500
    await billing.tell(first.session(3).made())
    await run_month(billing)
    (invoice,) = await invoices_of(billing, first)
    assert (invoice["balance_cents"], invoice["status"]) == (0, "paid")
    undone = await billing.post(
        f"/payments/{taken.json['payment_id']}/reversal", TILL, json={"reason": "Erreur"}
    )
    assert (undone.status, undone.json["type"]) == (409, "/problems/credit-spent")
    assert await books_balance(billing.database)

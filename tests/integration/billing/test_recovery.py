"""Who has not paid is reminded step by step; what is given up is asked for no more."""

import asyncio
import csv
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.billing import ChargesPaidV2
from contracts.events.treasury import DebtWrittenOff, PaymentReminderDue, WriteOffReversed
from contracts.roles import AGENT
from services.billing.jobs import send_reminders
from services.chassis.testing import Reply, RunningService, guardian, staff
from tests.integration.billing.books import books_balance
from tests.integration.billing.conftest import Town
from tests.integration.billing.test_debits import COLLECTED_ON, send
from tests.integration.billing.test_mandates import sign
from tests.integration.billing.town import TILL, Household, invoiced_household, invoices_of

# The invoices of the tests are due thirty days after their present.
DUE = datetime(2026, 12, 23, 9, tzinfo=UTC)


async def remind(billing: RunningService, *families: Household) -> dict[str, Any]:
    body = {"family_ids": [str(family.family_id) for family in families]}
    reply = await billing.post("/reminders", TILL, json=body)
    assert reply.status == 200, reply.body
    sent: dict[str, Any] = reply.json
    return sent


async def reminders(billing: RunningService, family: Household) -> list[PaymentReminderDue]:
    told = await billing.outbox(PaymentReminderDue)
    return [event for event in told if event.family_id == family.family_id]


async def invoice_of(billing: RunningService, family: Household) -> dict[str, Any]:
    (invoice,) = await invoices_of(billing, family)
    return invoice


async def give_up(billing: RunningService, family: Household, **changes: Any) -> Reply:
    invoice = await invoice_of(billing, family)
    body = {"invoice_id": invoice["invoice_id"], "reason": "Insolvabilité constatée", **changes}
    return await billing.post("/write-offs", TILL, json=body)


async def test_reminders_go_out_step_by_step_and_each_once(town: Town) -> None:
    family = await invoiced_household(town.billing)
    for days, step in ((7, None), (8, 1), (9, None), (30, 2), (45, None), (60, 3), (300, None)):
        town.clock.now = DUE + timedelta(days=days)
        sent = await remind(town.billing, family)
        assert sent["reminders"] == (0 if step is None else 1), days
    told = await reminders(town.billing, family)
    assert [event.step for event in told] == [1, 2, 3]
    assert [event.amount_cents for event in told] == [350, 350, 350]
    assert told[0].invoices[0].due_on == DUE.date()


async def test_a_family_is_not_reminded_twice_in_a_week_however_late_the_first_one(
    town: Town,
) -> None:
    family = await invoiced_household(town.billing)
    town.clock.now = DUE + timedelta(days=100)
    assert (await remind(town.billing, family))["reminders"] == 1
    town.clock.pass_by(days=7)
    assert (await remind(town.billing, family))["reminders"] == 0
    town.clock.pass_by(days=1)
    assert (await remind(town.billing, family))["reminders"] == 1


async def test_two_clerks_at_once_remind_once(town: Town) -> None:
    family = await invoiced_household(town.billing)
    town.clock.now = DUE + timedelta(days=10)
    await asyncio.gather(*(remind(town.billing, family) for _ in range(3)))
    assert len(await reminders(town.billing, family)) == 1


async def test_a_family_that_paid_gets_none(town: Town) -> None:
    family = await invoiced_household(town.billing)
    invoice = await invoice_of(town.billing, family)
    pay = {"invoice_ids": [invoice["invoice_id"]]}
    opened = await town.billing.post("/payments", guardian(family.family_id), json=pay)
    await town.provider.decide(opened.json["redirect_url"], "payer")
    town.clock.now = DUE + timedelta(days=30)
    assert (await remind(town.billing, family))["reminders"] == 0


async def test_what_the_bank_is_about_to_collect_is_not_reminded(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await sign(town.billing, family.family_id)
    invoice = await invoice_of(town.billing, family)
    assert (await send(town.billing, invoice["invoice_id"], on=COLLECTED_ON)).status == 201
    town.clock.now = DUE + timedelta(days=30)
    assert (await remind(town.billing, family))["reminders"] == 0


async def test_the_preview_counts_what_would_go_out_and_sends_nothing(town: Town) -> None:
    family = await invoiced_household(town.billing)
    town.clock.now = DUE + timedelta(days=8)
    reply = await town.billing.get("/reminders", staff(AGENT))
    assert [step["days"] for step in reply.json["steps"]] == [8, 30, 60]
    first = next(due for due in reply.json["due"] if due["step"] == 1)
    assert first["families"] >= 1
    assert first["letters"] < first["families"]
    assert await reminders(town.billing, family) == []


async def test_the_till_chooses_days_and_words(town: Town) -> None:
    steps = (await town.billing.get("/reminders", TILL)).json["steps"]
    words = {"days": 5, "subject": "Petit rappel", "text": "Merci de penser à votre facture."}
    try:
        assert (await town.billing.put("/reminders/1", TILL, json=words)).status == 200
        assert (await town.billing.put("/reminders/4", TILL, json=words)).status == 422
        assert (await town.billing.put("/reminders/1", staff(AGENT), json=words)).status == 403
        family = await invoiced_household(town.billing)
        town.clock.now = DUE + timedelta(days=5)
        await remind(town.billing, family)
        assert [event.subject for event in await reminders(town.billing, family)] == [
            "Petit rappel"
        ]
    finally:
        before = {key: steps[0][key] for key in words}
        town.clock.now = DUE
        await town.billing.put("/reminders/1", TILL, json=before)


@pytest.fixture
async def first_step_by_itself(town: Town) -> AsyncIterator[Town]:
    """The town, whose first reminder goes out by itself."""
    (first, *_) = (await town.billing.get("/reminders", TILL)).json["steps"]
    body = {key: first[key] for key in ("days", "subject", "text")}
    await town.billing.put("/reminders/1", TILL, json=body | {"automatic": True})
    yield town
    await town.billing.put("/reminders/1", TILL, json=body)


async def job_comes_round(town: Town, at: datetime) -> None:
    """The job looks at the clock."""
    town.clock.now = at
    await send_reminders(town.billing.app, at)


# Three days after the first step's; 6:00 in Paris is 5:00 UTC in winter.
MORNING = datetime(2027, 1, 3, 5, tzinfo=UTC)


async def test_the_first_step_goes_out_by_itself_at_its_hour_once_a_day(
    first_step_by_itself: Town,
) -> None:
    town = first_step_by_itself
    family = await invoiced_household(town.billing)
    await job_comes_round(town, MORNING - timedelta(minutes=1))
    assert await reminders(town.billing, family) == []
    for minutes in (0, 10, 600):
        await job_comes_round(town, MORNING + timedelta(minutes=minutes))
    (told,) = await reminders(town.billing, family)
    assert (told.step, told.amount_cents) == (1, 350)
    late = await invoiced_household(town.billing)
    await job_comes_round(town, MORNING + timedelta(hours=11))
    assert await reminders(town.billing, late) == []
    # A service that was down at the hour makes up for it; the second step waits for the till.
    await job_comes_round(town, MORNING + timedelta(days=60, hours=9))
    assert [each.step for each in await reminders(town.billing, late)] == [1]
    assert len(await reminders(town.billing, family)) == 1


async def test_copies_of_the_service_at_once_send_a_days_reminders_once(
    first_step_by_itself: Town,
) -> None:
    town, day = first_step_by_itself, MORNING + timedelta(days=1)
    family = await invoiced_household(town.billing)
    await asyncio.gather(*(job_comes_round(town, day) for _ in range(3)))
    assert len(await reminders(town.billing, family)) == 1


async def test_what_the_till_sent_the_job_does_not_send_again(first_step_by_itself: Town) -> None:
    town, day = first_step_by_itself, MORNING + timedelta(days=2)
    family = await invoiced_household(town.billing)
    town.clock.now = day - timedelta(hours=12)
    assert (await remind(town.billing, family))["reminders"] == 1
    await job_comes_round(town, day)
    assert len(await reminders(town.billing, family)) == 1


async def test_no_step_goes_out_by_itself_unless_the_town_asks_for_it(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await job_comes_round(town, MORNING + timedelta(days=3))
    assert await reminders(town.billing, family) == []
    assert not any(
        s["automatic"] for s in (await town.billing.get("/reminders", TILL)).json["steps"]
    )


@pytest.mark.parametrize(
    ("days", "age"),
    [(0, "not_due"), (1, "first"), (30, "first"), (31, "second"), (61, "third"), (91, "fourth")],
)
async def test_a_debt_grows_older_in_the_balance(town: Town, days: int, age: str) -> None:
    family = await invoiced_household(town.billing)
    town.clock.now = DUE + timedelta(days=days)
    reply = await town.billing.get("/receivables?size=500", TILL)
    (row,) = [r for r in reply.json["families"] if r["family_id"] == str(family.family_id)]
    ages = ("not_due", "first", "second", "third", "fourth")
    assert {name: row[name] for name in ages if row[name]} == {age: 350}
    totals = reply.json["totals"]
    assert sum(totals[name] for name in ages) == totals["total"]


async def test_the_balance_goes_into_a_spreadsheet_as_text(town: Town) -> None:
    family = await invoiced_household(town.billing)
    async with town.billing.database.transaction() as connection:
        await connection.execute(
            "UPDATE family SET label = '=HYPERLINK(1)' WHERE family_id = $1", family.family_id
        )
    reply = await town.billing.get("/receivables.csv", TILL)
    rows = list(csv.reader(reply.body.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0][:3] == ["Dossier", "Famille", "Non échu"]
    (row,) = [row for row in rows if row[1] == "'=HYPERLINK(1)"]
    assert row[2:] == ["3,50", "0,00", "0,00", "0,00", "0,00", "0,00", "3,50"]
    assert (await town.billing.get("/receivables.csv", staff(AGENT))).status == 403


async def test_a_debt_given_up_is_owed_no_more_and_the_books_balance(town: Town) -> None:
    family = await invoiced_household(town.billing)
    reply = await give_up(town.billing, family)
    assert reply.status == 201, reply.body
    assert (await invoice_of(town.billing, family))["balance_cents"] == 0
    assert [
        e.amount_cents
        for e in await town.billing.outbox(DebtWrittenOff)
        if e.family_id == family.family_id
    ] == [350]
    assert await books_balance(town.billing.database)
    again = await give_up(town.billing, family)
    assert (again.status, again.json["type"]) == (409, "/problems/nothing-to-write-off")


async def test_what_was_given_up_is_counted_as_paid_by_nobody(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await give_up(town.billing, family, amount_cents=100)
    part = await invoice_of(town.billing, family)
    sums = ("written_off_cents", "paid_cents", "balance_cents", "status")
    assert [part[key] for key in sums] == [100, 0, 250, "due"]
    takings = {
        "family_id": str(family.family_id),
        "method": "cash",
        "amount_cents": 50,
        "invoice_ids": [part["invoice_id"]],
    }
    assert (await town.billing.post("/till-payments", TILL, json=takings)).status == 201
    begun = await invoice_of(town.billing, family)
    assert [begun[key] for key in sums] == [100, 50, 200, "partly_paid"]
    rest = (await give_up(town.billing, family)).json["write_off_id"]
    given_up = await invoice_of(town.billing, family)
    assert [given_up[key] for key in sums] == [300, 50, 0, "written_off"]
    told = await town.billing.outbox(ChargesPaidV2)
    certified = [
        portion.amount_cents
        for event in told
        if event.family_id == family.family_id
        for portion in event.portions
    ]
    assert certified == [50]
    await town.billing.post(f"/write-offs/{rest}/reversal", TILL)
    again = await invoice_of(town.billing, family)
    assert [again[key] for key in sums] == [100, 50, 200, "partly_paid"]


async def test_a_part_may_be_given_up_but_no_more_than_is_owed(town: Town) -> None:
    family = await invoiced_household(town.billing)
    assert (await give_up(town.billing, family, amount_cents=351)).status == 409
    assert (await give_up(town.billing, family, amount_cents=100)).status == 201
    assert (await invoice_of(town.billing, family))["balance_cents"] == 250


async def test_a_debt_given_up_by_mistake_is_asked_for_again_once(town: Town) -> None:
    family = await invoiced_household(town.billing)
    given_up = (await give_up(town.billing, family)).json["write_off_id"]
    path = f"/write-offs/{given_up}/reversal"
    assert (await town.billing.post(path, TILL)).status == 200
    assert (await town.billing.post(path, TILL)).status == 404
    assert (await invoice_of(town.billing, family))["balance_cents"] == 350
    told = await town.billing.outbox(WriteOffReversed)
    assert len([event for event in told if event.family_id == family.family_id]) == 1
    assert await books_balance(town.billing.database)


async def test_giving_up_needs_a_reason_and_the_till(town: Town) -> None:
    family = await invoiced_household(town.billing)
    reply = await give_up(town.billing, family, reason="")
    assert [error["field"] for error in reply.json["errors"]] == ["reason"]
    body = {"invoice_id": str(uuid4()), "reason": "Insolvabilité"}
    assert (await town.billing.post("/write-offs", TILL, json=body)).status == 404
    assert (await town.billing.post("/write-offs", staff(AGENT), json=body)).status == 403


async def test_the_books_of_a_period_hold_each_entry_on_a_line(town: Town) -> None:
    family = await invoiced_household(town.billing)
    await give_up(town.billing, family)
    number = (await invoice_of(town.billing, family))["number"]
    reply = await town.billing.get("/books.csv?first=2026-11-01&last=2026-11-30", TILL)
    rows = list(csv.DictReader(reply.body.decode("utf-8-sig").splitlines(), delimiter=";"))
    own = [
        (r["Libellé"], r["Compte"], r["Débit"], r["Crédit"]) for r in rows if r["Facture"] == number
    ]
    assert sorted(own) == [
        ("Abandon de créance", "4111", "", "3,50"),
        ("Facture", "4111", "3,50", ""),
        ("Facture", "7067", "", "3,50"),
    ]
    cents = [sum(int(r[side].replace(",", "") or 0) for r in rows) for side in ("Débit", "Crédit")]
    assert cents[0] == cents[1]


async def test_a_period_that_is_none_is_refused(billing: RunningService) -> None:
    for period in ("first=2026-12-01&last=2026-11-01", "first=2020-01-01&last=2026-01-01"):
        assert (await billing.get(f"/books.csv?{period}", TILL)).status == 422


async def test_a_family_reads_what_it_still_owes_with_its_last_reminder(town: Town) -> None:
    family = await invoiced_household(town.billing)
    town.clock.now = DUE + timedelta(days=8)
    await remind(town.billing, family)
    reply = await town.billing.get(f"/families/{family.family_id}/receivables", TILL)
    (invoice,) = reply.json["invoices"]
    assert (invoice["amount_cents"], invoice["last_step"]) == (350, 1)
    assert UUID(invoice["family_id"]) == family.family_id

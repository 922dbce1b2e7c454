"""Invoices are collected from families' accounts, once; what comes back is due again."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.billing import ChargesPaidV2
from contracts.events.treasury import (
    DirectDebitAnnounced,
    DirectDebitCollected,
    DirectDebitMandateRevoked,
    DirectDebitReturned,
)
from contracts.roles import AGENT
from services.billing.jobs import collect_debits
from services.chassis.testing import Reply, RunningService, guardian, staff
from tests.integration.billing.books import books_balance
from tests.integration.billing.conftest import Town
from tests.integration.billing.test_mandates import sign
from tests.integration.billing.town import (
    TILL,
    Household,
    invoiced_household,
    invoices_of,
    run_month,
)
from tests.unit.billing.bank import camt_054, pain_002

# Fifteen days after the tests' present.
COLLECTED_ON = "2026-12-08"
THAT_DAY = datetime(2026, 12, 8, 5, tzinfo=UTC)


async def a_debtor(billing: RunningService) -> tuple[Household, str]:
    """A family with a mandate and an invoice of 3,50 €; the invoice's id."""
    family = await invoiced_household(billing)
    await sign(billing, family.family_id)
    (invoice,) = await invoices_of(billing, family)
    return family, invoice["invoice_id"]


async def send(billing: RunningService, *invoice_ids: str, on: str = COLLECTED_ON) -> Reply:
    body = {"collected_on": on, "invoice_ids": list(invoice_ids)}
    return await billing.post("/debit-batches", TILL, json=body)


async def sent(billing: RunningService, *invoice_ids: str) -> dict[str, Any]:
    reply = await send(billing, *invoice_ids)
    assert reply.status == 201, reply.body
    batch: dict[str, Any] = reply.json
    return batch


async def collect(town: Town) -> None:
    town.clock.now = THAT_DAY
    await collect_debits(town.billing.app, THAT_DAY)


async def postings(billing: RunningService, invoice_id: str) -> list[tuple[str, int]]:
    """What the books hold against this invoice, oldest first."""
    async with billing.database.connection() as connection:
        rows = await connection.fetch(
            """SELECT p.kind, e.amount_cents FROM ledger_entry e JOIN posting p USING (posting_id)
               WHERE e.invoice_id = $1 AND e.account = 'receivable' ORDER BY p.posted_at, p.kind""",
            UUID(invoice_id),
        )
    return [(row["kind"], row["amount_cents"]) for row in rows]


async def told(billing: RunningService, event: Any, family: Household) -> list[Any]:
    return [e for e in await billing.outbox(event) if e.family_id == family.family_id]


async def test_a_batch_announces_each_debit_and_gives_the_banks_file(town: Town) -> None:
    family, invoice_id = await a_debtor(town.billing)
    batch = await sent(town.billing, invoice_id)
    (debit,) = batch["lines"]
    assert (batch["debits"], batch["total_cents"], debit["sequence_type"]) == (1, 350, "FRST")
    path = f"/debit-batches/{batch['batch_id']}/file"
    file = await town.billing.get(path, TILL)
    assert file.headers["Content-Type"] == "application/xml"
    assert "FR1420041010050500013M02606" in file.body.decode()
    assert debit["end_to_end_id"] in file.body.decode()
    assert (await town.billing.get(path, TILL)).body == file.body
    assert (await town.billing.get(path, staff(AGENT))).status == 403
    (announced,) = await told(town.billing, DirectDebitAnnounced, family)
    assert (announced.amount_cents, str(announced.collected_on)) == (350, COLLECTED_ON)


async def test_the_file_with_the_accounts_is_kept_sealed(billing: RunningService) -> None:
    _, invoice_id = await a_debtor(billing)
    batch = await sent(billing, invoice_id)
    async with billing.database.connection() as connection:
        kept = await connection.fetchval(
            "SELECT file FROM debit_batch WHERE batch_id = $1", UUID(batch["batch_id"])
        )
    assert b"Document" not in kept


async def test_an_invoice_with_the_bank_is_neither_collected_twice_nor_paid_online(
    town: Town,
) -> None:
    family, invoice_id = await a_debtor(town.billing)
    await sent(town.billing, invoice_id)
    assert (await send(town.billing, invoice_id)).json["type"] == "/problems/nothing-to-debit"
    pay = {"invoice_ids": [invoice_id]}
    refused = await town.billing.post("/payments", guardian(family.family_id), json=pay)
    assert (refused.status, refused.json["type"]) == (409, "/problems/debit-under-way")
    (invoice,) = await invoices_of(town.billing, family)
    assert invoice["debited_on"] == COLLECTED_ON


async def test_two_clerks_at_once_send_an_invoice_to_the_bank_once(
    billing: RunningService,
) -> None:
    _, invoice_id = await a_debtor(billing)
    replies = await asyncio.gather(*(send(billing, invoice_id) for _ in range(3)))
    assert sorted(reply.status for reply in replies) == [201, 409, 409]


async def test_on_its_day_a_debit_pays_the_invoice_once(town: Town) -> None:
    family, invoice_id = await a_debtor(town.billing)
    await sent(town.billing, invoice_id)
    assert await postings(town.billing, invoice_id) == [("invoice", 350)]
    await collect(town)
    await collect(town)
    assert await postings(town.billing, invoice_id) == [("invoice", 350), ("direct_debit", -350)]
    (invoice,) = await invoices_of(town.billing, family)
    assert (invoice["status"], invoice["debited_on"]) == ("paid", None)
    assert len(await told(town.billing, DirectDebitCollected, family)) == 1
    (paid,) = await told(town.billing, ChargesPaidV2, family)
    assert (paid.method, [p.amount_cents for p in paid.portions]) == ("direct_debit", [350])


async def test_the_second_debit_of_a_mandate_is_recurrent(town: Town) -> None:
    family, invoice_id = await a_debtor(town.billing)
    await sent(town.billing, invoice_id)
    await town.billing.tell(family.session(5, month=10).made())
    await run_month(town.billing, "2026-10")
    october = (await invoices_of(town.billing, family))[0]["invoice_id"]
    batch = await sent(town.billing, october)
    assert [line["sequence_type"] for line in batch["lines"]] == ["RCUR"]


async def two_invoices(town: Town, *, one_off: bool = False) -> tuple[Household, list[str], str]:
    """A family with a mandate and two invoices; their ids and the mandate's."""
    family = await invoiced_household(town.billing)
    await town.billing.tell(family.session(3, month=12).made())
    await run_month(town.billing, "2026-12")
    signed = await sign(town.billing, family.family_id, one_off=one_off)
    ids = [invoice["invoice_id"] for invoice in await invoices_of(town.billing, family)]
    return family, ids, signed.json["mandate_id"]


async def mandate_of(town: Town, family: Household) -> dict[str, Any]:
    reply = await town.billing.get("/mandates", guardian(family.family_id))
    (mandate,) = reply.json["mandates"]
    found: dict[str, Any] = mandate
    return found


async def test_a_mandate_for_one_collection_is_used_up_by_it_unless_it_comes_back(
    town: Town,
) -> None:
    family, ids, _ = await two_invoices(town, one_off=True)
    batch = await sent(town.billing, *ids)
    (line,) = batch["lines"]
    assert line["sequence_type"] == "OOFF"
    assert (await mandate_of(town, family))["state"] == "expired"
    assert (await send(town.billing, *ids)).json["type"] == "/problems/nothing-to-debit"
    file = pain_002(uuid4().hex, [(line["end_to_end_id"], "AM04", line["amount_cents"])])
    read = await town.billing.post("/debit-returns", TILL, data=file)
    await town.billing.post(f"/debit-returns/{read.json['file_id']}/application", TILL)
    assert (await mandate_of(town, family))["state"] == "active"
    again = await sent(town.billing, *ids)
    assert [line["sequence_type"] for line in again["lines"]] == ["OOFF"]


async def test_the_last_collection_before_a_mandates_end_is_told_as_such(town: Town) -> None:
    family, ids, mandate_id = await two_invoices(town)
    path = f"/mandates/{mandate_id}/revocation"
    ends = await town.billing.post(path, guardian(family.family_id), json={"ends_on": "2026-12-20"})
    assert ends.status == 200, ends.body
    assert (await send(town.billing, *ids, on="2026-12-21")).status == 409
    batch = await sent(town.billing, *ids)
    assert [line["sequence_type"] for line in batch["lines"]] == ["FRST", "FNAL"]
    assert (await mandate_of(town, family))["state"] == "expired"
    file = await town.billing.get(f"/debit-batches/{batch['batch_id']}/file", TILL)
    assert "<SeqTp>FNAL</SeqTp>" in file.body.decode()


@pytest.mark.parametrize("day", ["2026-11-24", "2026-12-12", "2027-12-01"])
async def test_a_day_on_which_nothing_can_be_collected_is_refused(
    billing: RunningService, day: str
) -> None:
    _, invoice_id = await a_debtor(billing)
    reply = await send(billing, invoice_id, on=day)
    assert reply.status == 422
    assert [error["field"] for error in reply.json["errors"]] == ["collected_on"]


async def test_a_family_without_mandate_is_no_candidate(billing: RunningService) -> None:
    family = await invoiced_household(billing)
    debtor, _ = await a_debtor(billing)
    reply = await billing.get("/debit-batches/candidates", TILL)
    named = {invoice["family_id"] for invoice in reply.json["invoices"]}
    assert str(debtor.family_id) in named
    assert str(family.family_id) not in named
    assert (reply.json["earliest"], reply.json["collected_on"]) == ("2026-12-07", "2026-12-07")


async def test_reading_the_banks_file_changes_nothing_and_booking_it_makes_the_invoice_due(
    town: Town,
) -> None:
    family, invoice_id = await a_debtor(town.billing)
    batch = await sent(town.billing, invoice_id)
    await collect(town)
    reference = batch["lines"][0]["end_to_end_id"]
    file = camt_054(uuid4().hex, [(reference, "AC04", 350)])
    read = await town.billing.post("/debit-returns", TILL, data=file)
    assert read.status == 201, read.body
    (line,) = read.json["lines"]
    assert (line["reason"], line["ends_mandate"]) == ("Compte clôturé", True)
    assert (await invoices_of(town.billing, family))[0]["status"] == "paid"
    path = f"/debit-returns/{read.json['file_id']}/application"
    assert (await town.billing.post(path, TILL)).status == 200
    (invoice,) = await invoices_of(town.billing, family)
    assert (invoice["status"], invoice["balance_cents"]) == ("due", 350)
    assert (await postings(town.billing, invoice_id))[-1] == ("direct_debit_return", 350)
    (returned,) = await told(town.billing, DirectDebitReturned, family)
    assert (returned.code, returned.reason) == ("AC04", "Compte clôturé")
    (revoked,) = await told(town.billing, DirectDebitMandateRevoked, family)
    assert revoked.cause == "bank"
    paid = await told(town.billing, ChargesPaidV2, family)
    assert [p.amount_cents for event in paid for p in event.portions] == [350, -350]
    assert await books_balance(town.billing.database)


async def test_a_reject_before_the_day_leaves_nothing_to_reverse(town: Town) -> None:
    family, invoice_id = await a_debtor(town.billing)
    batch = await sent(town.billing, invoice_id)
    reference = batch["lines"][0]["end_to_end_id"]
    file = pain_002(uuid4().hex, [(reference, "AM04", 350)])
    read = await town.billing.post("/debit-returns", TILL, data=file)
    await town.billing.post(f"/debit-returns/{read.json['file_id']}/application", TILL)
    await collect(town)
    assert await postings(town.billing, invoice_id) == [("invoice", 350)]
    (invoice,) = await invoices_of(town.billing, family)
    assert (invoice["status"], invoice["debited_on"]) == ("due", None)
    # Not the mandate's fault: it collects again, as its first.
    town.clock.pass_by(days=1)
    again = await send(town.billing, invoice_id, on="2026-12-28")
    assert again.json["lines"][0]["sequence_type"] == "FRST"


async def test_the_same_file_twice_is_refused_and_changes_nothing(town: Town) -> None:
    family, invoice_id = await a_debtor(town.billing)
    batch = await sent(town.billing, invoice_id)
    await collect(town)
    reference, message = batch["lines"][0]["end_to_end_id"], uuid4().hex
    file = pain_002(message, [(reference, "MS03", 350)])
    read = await town.billing.post("/debit-returns", TILL, data=file)
    path = f"/debit-returns/{read.json['file_id']}/application"
    await town.billing.post(path, TILL)
    assert (await town.billing.post(path, TILL)).status == 409
    again = await town.billing.post("/debit-returns", TILL, data=file)
    assert (again.status, again.json["type"]) == (422, "/problems/bad-returns-file")
    altered = await town.billing.post("/debit-returns", TILL, data=file + b"\n")
    assert altered.status == 422
    assert len(await told(town.billing, DirectDebitReturned, family)) == 1


async def test_a_file_with_lines_that_are_not_ours_is_refused_with_each_reason(
    town: Town,
) -> None:
    family, invoice_id = await a_debtor(town.billing)
    batch = await sent(town.billing, invoice_id)
    await collect(town)
    reference = batch["lines"][0]["end_to_end_id"]
    lines = [(reference, "AM04", 351), ("INCONNU", "AM04", 10)]
    refused = await town.billing.post("/debit-returns", TILL, data=pain_002(uuid4().hex, lines))
    assert refused.status == 422
    told_reasons = " ".join(error["message"] for error in refused.json["errors"])
    assert "montant" in told_reasons
    assert "INCONNU" in told_reasons
    assert (await invoices_of(town.billing, family))[0]["status"] == "paid"


async def test_what_was_paid_meanwhile_makes_a_debit_the_familys_credit(town: Town) -> None:
    family, invoice_id = await a_debtor(town.billing)
    await sent(town.billing, invoice_id)
    async with town.billing.database.transaction() as connection:
        await connection.execute(
            """WITH p AS (INSERT INTO posting (kind, source_id, posted_at)
                          VALUES ('test', $1, now()) RETURNING posting_id)
               INSERT INTO ledger_entry (posting_id, position, account, register, family_id,
                   invoice_id, amount_cents)
               SELECT posting_id, 1, 'cash', 'EJ', $2::uuid, NULL::uuid, 300 FROM p
               UNION ALL SELECT posting_id, 2, 'receivable', 'EJ', $2, $1, -300 FROM p""",
            UUID(invoice_id),
            family.family_id,
        )
    await collect(town)
    async with town.billing.database.connection() as connection:
        rows = await connection.fetch(
            """SELECT e.account, e.amount_cents FROM ledger_entry e JOIN posting p
               USING (posting_id) WHERE p.kind = 'direct_debit' AND e.family_id = $1
               ORDER BY e.position""",
            family.family_id,
        )
    assert [tuple(row) for row in rows] == [
        ("direct_debit", 50),
        ("receivable", -50),
        ("direct_debit", 300),
        ("family_credit", -300),
    ]


def exported(*lines: str) -> bytes:
    """What a bank's portal exports of returned debits."""
    return "\r\n".join(["Date;Référence;Montant;Motif", *lines]).encode("cp1252")


async def test_a_table_of_returns_is_booked_once_however_it_was_saved(town: Town) -> None:
    family, invoice_id = await a_debtor(town.billing)
    batch = await sent(town.billing, invoice_id)
    await collect(town)
    file = exported(f"08/12/2026;{batch['lines'][0]['end_to_end_id']};3,50;AM04")
    read = await town.billing.post("/debit-returns", TILL, data=file)
    assert read.status == 201, read.body
    assert (await invoices_of(town.billing, family))[0]["status"] == "paid"
    path = f"/debit-returns/{read.json['file_id']}/application"
    assert (await town.billing.post(path, TILL)).status == 200
    assert (await invoices_of(town.billing, family))[0]["balance_cents"] == 350
    for again in (file, file.replace(b"\r\n", b"\n")):
        refused = await town.billing.post("/debit-returns", TILL, data=again)
        assert (refused.status, refused.json["type"]) == (422, "/problems/bad-returns-file")
    assert await books_balance(town.billing.database)


async def test_lines_of_a_table_that_are_not_ours_refuse_it_with_each_reason(town: Town) -> None:
    family, invoice_id = await a_debtor(town.billing)
    batch = await sent(town.billing, invoice_id)
    await collect(town)
    reference = batch["lines"][0]["end_to_end_id"]
    lines = (f"08/12/2026;{reference};3,50;AM04", "08/12/2026;INCONNU;0,10;AM04")
    refused = await town.billing.post("/debit-returns", TILL, data=exported(*lines, lines[0]))
    told_reasons = [error["message"] for error in refused.json["errors"]]
    assert (refused.status, len(told_reasons)) == (422, 3)
    assert any("INCONNU" in reason for reason in told_reasons)
    assert any("deux fois" in reason for reason in told_reasons)
    assert (await invoices_of(town.billing, family))[0]["status"] == "paid"

"""The month's invoices: made once, numbered without a gap, never edited."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.billing import BillingRunCompleted, InvoiceIssued
from contracts.roles import AGENT
from services.billing.commands.issue_invoices import issue_slice
from services.billing.commands.run_month import STALLED, plan_month
from services.billing.jobs import resume_runs
from services.billing.publishing import IssueSlice
from services.billing.repository import plans
from services.billing.repository.plans import Terms
from services.chassis.database import Connection
from services.chassis.testing import RunningService, guardian, staff
from tests.integration.billing.conftest import Town
from tests.integration.billing.test_month_rules import aid, formula
from tests.integration.billing.town import (
    NOVEMBER,
    TILL,
    Household,
    charges_of,
    household,
    invoiced_household,
    invoices_of,
    publish_canteen,
    run_done,
    run_month,
    tariff,
)
from tests.unit.billing.builders import NOW

TERMS = Terms(payment_days=30, least_cents=0, slice_families=2)


async def told_to(service: RunningService, family: Household) -> list[InvoiceIssued]:
    """The invoices that billing told of for a family."""
    told = await service.outbox(InvoiceIssued)
    return [event for event in told if event.family_id == family.family_id]


async def told_to_inside(connection: Connection, family: Household) -> int:
    """The same, seen by a transaction that has not committed."""
    found: int = await connection.fetchval(
        "SELECT count(*) FROM outbox WHERE key = $1 AND type = $2",
        str(family.family_id),
        InvoiceIssued.type_name(),
    )
    return found


async def all_numbers(service: RunningService) -> list[int]:
    """The sequence numbers of the register's invoices of the year."""
    async with service.database.connection() as connection:
        rows = await connection.fetch(
            """SELECT sequence FROM invoice WHERE fiscal_year = 2026 AND register = 'EJ'
               ORDER BY sequence"""
        )
    return [row["sequence"] for row in rows]


async def test_an_invoice_groups_days_by_child_activity_and_reason(
    billing: RunningService,
) -> None:
    canteen = await publish_canteen(billing)
    family = await household(billing, canteen)
    days = [family.session(day) for day in (3, 5, 6, 10)]
    await billing.tell(*(day.made() for day in days))
    await billing.tell(days[0].marked("present"), days[1].marked("present"))
    await billing.tell(days[2].marked("absent"), days[3].marked("excused"))
    await billing.tell(family.session(12).marked("present", reserved=False))
    await run_month(billing)
    (invoice,) = await invoices_of(billing, family)
    assert [
        (line["quantity"], line["unit_cents"], line["amount_cents"], line["dates"])
        for line in invoice["lines"]
    ] == [
        (2, 350, 700, ["2026-11-03", "2026-11-05"]),
        (1, 350, 350, ["2026-11-06"]),
        (1, 550, 550, ["2026-11-12"]),
    ]
    assert {line["child_name"] for line in invoice["lines"]} == {"Léa Martin"}
    assert invoice["lines"][1]["reason"].startswith("Absence non excusée")
    assert (invoice["total_cents"], invoice["balance_cents"]) == (1600, 1600)
    assert (invoice["status"], invoice["due_on"]) == ("due", "2026-12-23")


async def test_the_invoice_is_told_as_its_contract_says(billing: RunningService) -> None:
    family = await invoiced_household(billing)
    (invoice,) = await invoices_of(billing, family)
    (told,) = await told_to(billing, family)
    assert str(told.invoice_id) == invoice["invoice_id"]
    assert (told.number, told.period, told.total_cents, told.due_on) == (
        invoice["number"],
        NOVEMBER,
        350,
        date(2026, 12, 23),
    )


async def test_running_the_month_again_changes_nothing(billing: RunningService) -> None:
    family = await invoiced_household(billing)
    before = await run_month(billing)
    invoices, numbers = await invoices_of(billing, family), await all_numbers(billing)
    completed = len(await billing.outbox(BillingRunCompleted))
    again = await run_month(billing)
    assert (again["run_id"], again["invoices"], again["total_cents"]) == (
        before["run_id"],
        before["invoices"],
        before["total_cents"],
    )
    assert again["issued"] == 0
    assert await invoices_of(billing, family) == invoices
    assert await all_numbers(billing) == numbers
    assert len(await told_to(billing, family)) == 1
    assert len(await billing.outbox(BillingRunCompleted)) == completed


async def test_runs_at_the_same_time_take_turns_and_leave_no_gap(billing: RunningService) -> None:
    canteen = await publish_canteen(billing)
    families = [await household(billing, canteen) for _ in range(5)]
    await billing.tell(*(f.session(d).made() for f in families for d in (3, 5)))
    runs = await asyncio.gather(
        *(
            billing.post("/billing-runs", TILL, json={"month": month, "not_over_confirmed": True})
            for month in (NOVEMBER, "2026-12", NOVEMBER, "2026-12", NOVEMBER)
        )
    )
    assert {reply.status for reply in runs} == {200}
    for run_id in {reply.json["run_id"] for reply in runs}:
        await run_done(billing, run_id)
    for family in families:
        assert len(await told_to(billing, family)) == 1
        assert len(await invoices_of(billing, family)) == 1
    numbers = await all_numbers(billing)
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_charge_that_comes_after_the_invoice_goes_to_the_next_one(
    billing: RunningService,
) -> None:
    family = await invoiced_household(billing)
    (first,) = await invoices_of(billing, family)
    await billing.tell(family.session(6).made(), family.session(3, month=12).made())
    again = await run_month(billing)
    assert any("à la facture suivante" in warning for warning in again["warnings"])
    assert await invoices_of(billing, family) == [first]
    await run_month(billing, "2026-12")
    unchanged, second = await invoices_of(billing, family)
    assert unchanged == first
    assert [(line["period"], line["amount_cents"]) for line in second["lines"]] == [
        (NOVEMBER, 350),
        ("2026-12", 350),
    ]


async def test_an_invoiced_day_is_never_priced_again(billing: RunningService) -> None:
    family = await invoiced_household(billing)
    before = await invoices_of(billing, family)
    await billing.tell(family.file(version=2, quotient=100))
    await billing.post(
        "/tariffs",
        TILL,
        json=tariff(
            family.activity_id,
            bands=[{"from_quotient": 0, "to_quotient": None, "price_cents": 999}],
        ),
    )
    assert await invoices_of(billing, family) == before
    assert await charges_of(billing, family) == []


async def test_an_excuse_after_the_invoice_is_taken_off_the_next_one(
    billing: RunningService,
) -> None:
    canteen = await publish_canteen(billing)
    family = await household(billing, canteen)
    day = family.session(3)
    await billing.tell(day.made(), day.marked("absent"))
    await run_month(billing)
    await billing.tell(family.file(version=2, quotient=100))
    await billing.tell(day.marked("excused", version=2))
    (first,) = await invoices_of(billing, family)
    (correction,) = await charges_of(billing, family)
    assert correction["amount_cents"] == -350
    assert first["number"] in correction["reason"]
    run = await run_month(billing, "2026-12")
    assert str(family.family_id) in [skipped["family_id"] for skipped in run["skipped"]]
    await billing.tell(*(family.session(d, month=12).made() for d in (1, 3, 4, 7)))
    await run_month(billing, "2026-12")
    _, second = await invoices_of(billing, family)
    assert sorted(line["amount_cents"] for line in second["lines"]) == [-350, 400]
    assert second["total_cents"] == 50


async def test_lines_add_up_to_their_invoice_whatever_happened(billing: RunningService) -> None:
    await invoiced_household(billing)
    async with billing.database.connection() as connection:
        wrong = await connection.fetch(
            """SELECT i.number FROM invoice i JOIN invoice_line l USING (invoice_id)
               GROUP BY i.invoice_id HAVING sum(l.amount_cents) <> i.total_cents"""
        )
        astray = await connection.fetch(
            """SELECT i.number FROM invoice i JOIN invoiced_charge c USING (invoice_id)
               GROUP BY i.invoice_id HAVING sum(c.amount_cents) <> i.total_cents"""
        )
    assert (wrong, astray) == ([], [])


async def test_what_cannot_be_invoiced_is_said_and_waits(billing: RunningService) -> None:
    canteen = await publish_canteen(billing)
    unknown, unpriced = (
        Household(canteen),
        await household(billing, await publish_canteen(billing, priced=False)),
    )
    await billing.tell(unknown.session(3).made(), unpriced.session(3).made())
    run = await run_month(billing)
    reasons = {skipped["family_id"]: skipped["reason"] for skipped in run["skipped"]}
    assert "pas encore arrivée" in reasons[str(unknown.family_id)]
    assert "Aucun tarif" in reasons[str(unpriced.family_id)]
    assert any(warning.startswith("Aucun tarif pour") for warning in run["warnings"])
    await billing.tell(unknown.file())
    await run_month(billing)
    assert len(await invoices_of(billing, unknown)) == 1


async def test_a_month_that_is_not_over_is_invoiced_with_a_warning(
    billing: RunningService,
) -> None:
    run = await run_month(billing)
    assert any("n’est pas terminé" in warning for warning in run["warnings"])
    over = await run_month(billing, "2026-10")
    assert not any("n’est pas terminé" in warning for warning in over["warnings"])


async def test_a_run_left_behind_is_taken_up_again(billing: RunningService) -> None:
    canteen = await publish_canteen(billing)
    family = await household(billing, canteen)
    await billing.tell(family.session(3, month=9).made())
    run_id = uuid4()
    async with billing.database.transaction() as connection:
        await connection.execute(
            """INSERT INTO billing_run (run_id, month, status, requested_at)
               VALUES ($1, '2026-09-01', 'running', now())""",
            run_id,
        )
    await resume_runs(billing.app, NOW)
    done = await run_done(billing, run_id)
    assert done["issued"] == 1
    assert len(await invoices_of(billing, family)) == 1


async def planned(service: RunningService, month: int) -> tuple[UUID, list[UUID]]:
    """A run of which nothing but the plan is made: no copy hears of its slices."""
    run_id = uuid4()
    async with service.database.transaction() as connection:
        await connection.execute(
            """INSERT INTO billing_run (run_id, month, status, requested_at)
               VALUES ($1, $2, 'running', now())""",
            run_id,
            date(2026, month, 1),
        )
        await plan_month(connection, run_id, now=NOW, terms=TERMS)
        await connection.execute("DELETE FROM outbox WHERE type = $1", IssueSlice.type_name())
        pass_id = await connection.fetchval(
            "SELECT pass_id FROM billing_run WHERE run_id = $1", run_id
        )
        return run_id, await plans.slices(connection, pass_id)


async def test_a_slice_cut_short_leaves_no_invoice_and_no_event_and_is_done_again(
    billing: RunningService,
) -> None:
    canteen = await publish_canteen(billing, valid_from="2026-01-01")
    family = await household(billing, canteen)
    await billing.tell(family.session(3, month=8).made())
    run_id, (slice_id,) = await planned(billing, 8)

    async def cut_short() -> None:
        async with billing.database.transaction() as connection:
            await issue_slice(connection, slice_id, now=NOW)
            assert await told_to_inside(connection, family) == 1
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await cut_short()
    assert await told_to(billing, family) == []
    assert await invoices_of(billing, family) == []
    await resume_runs(billing.app, NOW + 2 * STALLED)
    await run_done(billing, run_id)
    assert len(await told_to(billing, family)) == 1
    numbers = await all_numbers(billing)
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_slice_that_comes_twice_is_issued_once(billing: RunningService) -> None:
    canteen = await publish_canteen(billing, valid_from="2026-01-01")
    family = await household(billing, canteen)
    await billing.tell(family.session(3, month=7).made())
    run_id, (slice_id,) = await planned(billing, 7)

    async def work() -> None:
        async with billing.database.transaction() as connection:
            await issue_slice(connection, slice_id, now=NOW)

    await asyncio.gather(*(work() for _ in range(4)))
    await run_done(billing, run_id)
    assert len(await told_to(billing, family)) == len(await invoices_of(billing, family)) == 1


async def test_what_comes_while_a_month_is_at_work_changes_none_of_its_invoices(
    billing: RunningService,
) -> None:
    canteen = await publish_canteen(billing, valid_from="2026-01-01")
    family, other = [await household(billing, canteen) for _ in range(2)]
    day = family.session(3, month=6)
    await billing.tell(day.made(), other.session(3, month=6).made())
    run_id, slices = await planned(billing, 6)
    # The place is given back, another one kept, the quotient falls: all of it after the plan.
    await billing.tell(day.cancelled(), family.session(4, month=6).made())
    await billing.tell(family.file(version=2, quotient=100))
    (invoice,) = await invoices_of(billing, family)
    assert [(line["dates"], line["amount_cents"]) for line in invoice["lines"]] == [
        (["2026-06-03"], 350)
    ]
    assert await invoices_of(billing, other) == []
    async with billing.database.transaction() as connection:
        for slice_id in slices:
            await issue_slice(connection, slice_id, now=NOW)
    await run_done(billing, run_id)
    assert await invoices_of(billing, family) == [invoice]
    assert len(await invoices_of(billing, other)) == 1
    amounts = sorted(charge["amount_cents"] for charge in await charges_of(billing, family))
    assert amounts == [-350, 100]


async def test_no_price_changes_while_a_month_is_at_work(billing: RunningService) -> None:
    canteen = await publish_canteen(billing, valid_from="2026-01-01")
    family = await household(billing, canteen)
    await billing.tell(family.session(4, month=5).made())
    run_id, _ = await planned(billing, 5)
    reply = await billing.post("/tariffs", TILL, json=tariff(canteen, valid_from="2026-10-01"))
    assert (reply.status, reply.json["type"].rpartition("/")[2]) == (409, "billing-under-way")
    await resume_runs(billing.app, NOW + 2 * STALLED)
    await run_done(billing, run_id)
    reply = await billing.post("/tariffs", TILL, json=tariff(canteen, valid_from="2026-10-01"))
    assert reply.status == 201


async def test_no_rule_of_a_month_ends_while_it_is_at_work(own_town: Town) -> None:
    billing = own_town.billing
    canteen = await publish_canteen(billing, valid_from="2026-01-01")
    family = await household(billing, canteen)
    published, granted = await formula(billing), await aid(billing, family, day_cents=100)
    await billing.tell(family.session(4, month=2).made())
    run_id, _ = await planned(billing, 2)
    ends = (
        f"/formulas/{published.json['formula_id']}/retire",
        f"/aids/{granted.json['aid_id']}/end",
    )
    for path in ends:
        reply = await billing.post(path, TILL)
        assert (reply.status, reply.json["type"]) == (409, "/problems/billing-under-way")
    assert (await formula(billing, price_cents=800)).status == 409
    await resume_runs(billing.app, NOW + 2 * STALLED)
    await run_done(billing, run_id)
    for path in ends:
        assert (await billing.post(path, TILL)).status == 204


async def test_a_month_waits_for_the_one_that_is_at_work(billing: RunningService) -> None:
    canteen = await publish_canteen(billing, valid_from="2026-01-01")
    family = await household(billing, canteen)
    await billing.tell(family.session(3, month=4).made())
    run_id, (slice_id,) = await planned(billing, 4)
    reply = await billing.post("/billing-runs", TILL, json={"month": "2026-10"})
    assert reply.json["status"] == "running"
    async with billing.database.transaction() as connection:
        await issue_slice(connection, slice_id, now=NOW)
    await run_done(billing, run_id)
    await run_done(billing, UUID(reply.json["run_id"]))


async def test_a_run_tells_how_far_it_is(billing: RunningService) -> None:
    canteen = await publish_canteen(billing, valid_from="2026-01-01")
    families = [await household(billing, canteen) for _ in range(5)]
    await billing.tell(*(f.session(3, month=3).made() for f in families))
    run_id, slices = await planned(billing, 3)
    async with billing.database.transaction() as connection:
        await issue_slice(connection, slices[0], now=NOW)
    shown = (await billing.get(f"/billing-runs/{run_id}", TILL)).json
    assert (shown["status"], shown["slices_done"], shown["slices"]) == ("running", 1, 3)
    assert (shown["issued"], shown["planned"]) == (2, 5)
    await resume_runs(billing.app, NOW + 2 * STALLED)
    done = await run_done(billing, run_id)
    assert (done["issued"], done["slices_done"]) == (5, 3)


@pytest.mark.parametrize("body", [{}, {"not_over_confirmed": False}])
async def test_a_month_that_is_not_over_is_confirmed(
    billing: RunningService, body: dict[str, bool]
) -> None:
    reply = await billing.post("/billing-runs", TILL, json={"month": "2026-12", **body})
    assert (reply.status, reply.json["type"].rpartition("/")[2]) == (422, "month-not-over")
    assert [error["field"] for error in reply.json["errors"]] == ["not_over_confirmed"]


@pytest.mark.parametrize("month", ["2026-13", "novembre", "2062-11", "", None, 202611])
async def test_what_is_no_month_is_refused(billing: RunningService, month: Any) -> None:
    reply = await billing.post("/billing-runs", TILL, json={"month": month})
    assert reply.status == 422
    assert [error["field"] for error in reply.json["errors"]] == ["month"]


@pytest.mark.parametrize("caller", [staff(AGENT), guardian(uuid4())])
async def test_only_the_till_runs_a_month(billing: RunningService, caller: Any) -> None:
    reply = await billing.post("/billing-runs", caller, json={"month": NOVEMBER})
    assert reply.status == 403

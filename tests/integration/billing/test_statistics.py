"""What was invoiced by month and activity."""

from typing import Any
from uuid import UUID

import pytest

from contracts.roles import AGENT
from services.chassis.testing import RunningService, staff
from tests.integration.billing.town import TILL, household, invoices_of, publish_canteen, run_month

QUERY = "/statistics?first=2026-10&last=2026-11"


async def found(service: RunningService, activity_id: UUID) -> list[dict[str, Any]]:
    """What is told of one activity."""
    reply = await service.get(QUERY, TILL)
    assert reply.status == 200, reply.body
    return [line for line in reply.json["invoiced"] if line["activity_id"] == str(activity_id)]


async def test_days_and_amounts_are_told_by_month_credit_notes_taken_off(
    billing: RunningService,
) -> None:
    activity_id = await publish_canteen(billing)
    family = await household(billing, activity_id)
    for day in (2, 3, 5):
        session = family.session(day)
        await billing.tell(session.made(), session.marked("present"))
    assert await found(billing, activity_id) == []  # nothing is invoiced yet
    await run_month(billing)
    (line,) = await found(billing, activity_id)
    assert (line["month"], line["units"], line["amount_cents"]) == ("2026-11", 3, 3 * 350)
    (invoice,) = await invoices_of(billing, family)
    detail = await billing.get(f"/invoices/{invoice['invoice_id']}", TILL)
    note = {
        "reason": "Grève du 3 novembre",
        "lines": [{"position": detail.json["lines"][0]["position"], "amount_cents": 350}],
    }
    path = f"/invoices/{invoice['invoice_id']}/credit-notes"
    reply = await billing.post(path, TILL, json=note)
    assert reply.status == 201, reply.body
    (line,) = await found(billing, activity_id)
    assert (line["units"], line["amount_cents"]) == (3, 2 * 350)


@pytest.mark.parametrize(
    "query", ["first=2026-11&last=2026-10", "first=2020-01&last=2026-10", "first=2026-13&last=x"]
)
async def test_months_that_make_no_period_are_refused(billing: RunningService, query: str) -> None:
    assert (await billing.get(f"/statistics?{query}", TILL)).status == 422


async def test_the_office_sees_no_revenue(billing: RunningService) -> None:
    assert (await billing.get(QUERY, staff(AGENT))).status == 403

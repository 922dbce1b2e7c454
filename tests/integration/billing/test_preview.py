"""What the régisseur sees before a month is invoiced."""

from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import AGENT
from services.chassis.testing import RunningService, guardian, staff
from tests.integration.billing.conftest import Town
from tests.integration.billing.town import (
    NOVEMBER,
    TILL,
    Household,
    household,
    invoices_of,
    publish_canteen,
    run_month,
)


async def preview(service: RunningService, month: str = NOVEMBER) -> dict[str, Any]:
    """What a run of the month would issue."""
    reply = await service.get(f"/billing-runs/preview?month={month}", TILL)
    assert reply.status == 200, reply.body
    found: dict[str, Any] = reply.json
    return found


def doubt(found: dict[str, Any], kind: str) -> dict[str, Any]:
    """The doubt of this kind; one without cases when there is none."""
    nothing = {"count": 0, "instances": []}
    return next((doubt for doubt in found["doubts"] if doubt["kind"] == kind), nothing)


async def test_a_preview_says_what_the_run_then_issues(billing: RunningService) -> None:
    await run_month(billing)
    canteen = await publish_canteen(billing)
    families = [await household(billing, canteen) for _ in range(3)]
    await billing.tell(*(f.session(day).made() for f in families for day in (3, 5)))
    seen = await preview(billing)
    assert (seen["invoices"], seen["families"], seen["total_cents"]) == (3, 3, 2100)
    (register,) = seen["registers"]
    assert (register["register_code"], register["invoices"]) == ("EJ", 3)
    for family in families:
        assert await invoices_of(billing, family) == []
    done = await run_month(billing)
    assert done["issued"] == 3
    after = await preview(billing)
    assert (after["invoices"], after["total_cents"]) == (0, 0)
    assert after["run"]["run_id"] == done["run_id"]
    assert (after["run"]["status"], after["over"]) == ("done", False)


async def test_a_session_with_places_and_nobody_marked_is_pointed_out(
    billing: RunningService,
) -> None:
    canteen = await publish_canteen(billing)
    family = await household(billing, canteen)
    forgotten, marked, to_come = family.session(4), family.session(5), family.session(27)
    await billing.tell(forgotten.made(), marked.made(), to_come.made())
    await billing.tell(marked.marked("present"))
    found = doubt(await preview(billing), "unmarked")["instances"]
    sessions = {instance["session_id"] for instance in found}
    assert str(forgotten.session_id) in sessions
    assert not {str(marked.session_id), str(to_come.session_id)} & sessions


async def test_families_without_a_quotient_or_a_file_are_pointed_out(
    billing: RunningService,
) -> None:
    canteen = await publish_canteen(billing)
    without = await household(billing, canteen, quotient=None)
    unknown = Household(canteen)
    await billing.tell(without.session(3).made(), unknown.session(3).made())
    seen = await preview(billing)
    for family, kind in ((without, "quotient"), (unknown, "no_file")):
        named = {instance["family_id"] for instance in doubt(seen, kind)["instances"]}
        assert str(family.family_id) in named


async def test_an_amount_far_from_the_usual_is_pointed_out(billing: RunningService) -> None:
    canteen = await publish_canteen(billing, valid_from="2026-01-01")
    steady, jumping = [await household(billing, canteen) for _ in range(2)]
    days = (1, 2)
    await billing.tell(*(f.session(d, month=2).made() for f in (steady, jumping) for d in days))
    await run_month(billing, "2026-02")
    await billing.tell(*(steady.session(day).made() for day in (3, 5, 6)))
    await billing.tell(*(jumping.session(day).made() for day in (3, 5, 6, 10)))
    found = {i["family_id"]: i["text"] for i in doubt(await preview(billing), "jump")["instances"]}
    assert str(steady.family_id) not in found  # half more, and no further
    assert "14,00" in found[str(jumping.family_id)]
    assert "7,00" in found[str(jumping.family_id)]


async def test_what_no_tariff_covers_is_pointed_out(billing: RunningService) -> None:
    unpriced = await publish_canteen(billing, priced=False)
    family = await household(billing, unpriced)
    await billing.tell(family.session(3).made(), family.session(5).made())
    seen = doubt(await preview(billing), "unpriced")
    assert any("2 prestations" in instance["text"] for instance in seen["instances"])


@pytest.mark.parametrize("month", ["2026-13", "2062-11", ""])
async def test_what_is_no_month_has_no_preview(billing: RunningService, month: str) -> None:
    reply = await billing.get(f"/billing-runs/preview?month={month}", TILL)
    assert reply.status == 422


@pytest.mark.parametrize("caller", [staff(AGENT), guardian(uuid4())])
async def test_only_the_till_sees_it(billing: RunningService, caller: Any) -> None:
    reply = await billing.get(f"/billing-runs/preview?month={NOVEMBER}", caller)
    assert reply.status == 403


async def test_a_month_that_is_over_says_so(town: Town) -> None:
    assert (await preview(town.billing, "2026-10"))["over"] is True


async def test_a_month_that_was_never_billed_is_named_with_what_the_next_one_takes_of_it(
    own_town: Town,
) -> None:
    billing = own_town.billing
    canteen = await publish_canteen(billing)
    family = await household(billing, canteen)
    await billing.tell(family.session(3, month=9).made(), family.session(5, month=9).made())
    await billing.tell(family.session(6, month=10).made())
    seen = await preview(billing, "2026-10")
    said = "Septembre 2026 n’est pas facturé : 7,00 € de ce mois sont inclus."
    assert [plain(i["text"]) for i in doubt(seen, "earlier")["instances"]] == [said]
    assert seen["total_cents"] == 1050
    done = await run_month(billing, "2026-10")
    assert said in map(plain, done["warnings"])
    [invoice] = await invoices_of(billing, family)
    assert {line["period"] for line in invoice["lines"]} == {"2026-09", "2026-10"}


async def test_what_came_late_of_a_billed_month_is_named_as_such(own_town: Town) -> None:
    billing = own_town.billing
    canteen = await publish_canteen(billing)
    family = await household(billing, canteen)
    await billing.tell(family.session(3, month=9).made())
    await run_month(billing, "2026-09")
    assert doubt(await preview(billing, "2026-10"), "earlier")["count"] == 0
    await billing.tell(family.session(7, month=9).made(), family.session(6, month=10).made())
    [late] = doubt(await preview(billing, "2026-10"), "earlier")["instances"]
    assert "Septembre 2026, déjà facturé : 3,50 € de changements" in plain(late["text"])


def plain(text: str) -> str:
    """With spaces where French puts unbreakable ones."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")

"""Workers, bus and database are killed while a month is invoiced: its invoices do not show it."""

import pytest

from deploy.bench.month_faults import measured

FAMILIES, KILLS = 300, 2


@pytest.mark.timeout(300)
async def test_a_month_with_kills_ends_with_the_invoices_of_one_without() -> None:
    report = await measured(FAMILIES, 1, lambda _doing: None, kills=KILLS)
    (run,) = report["runs"]
    assert sum(run["killed"].values()) == KILLS
    assert report["invoices"] == FAMILIES
    assert (run["other_invoices"], run["audit_faults"]) == (0, 0), run

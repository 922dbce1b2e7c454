"""The invoices that are measured are those that families get."""

from datetime import date
from typing import Any

import pytest

from deploy.bench.invoices import sample
from deploy.bench.pdf import Side, set_sheaf
from services.billing.papers.invoices import invoice_data
from tests.unit.billing.test_papers import SENDER, bill


def shape(value: Any) -> Any:
    """The keys, down to the lines."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return shape(value[0])
    return None


def test_the_measured_invoice_has_the_fields_of_a_real_one() -> None:
    assert shape(sample(7, 2)) == shape(invoice_data(bill(), SENDER, date(2026, 12, 4)))


@pytest.mark.parametrize("side", ["empty page", "letterhead", "invoice"])
def test_each_side_sets_as_many_papers_as_it_is_asked_for(side: Side) -> None:
    sheaf = set_sheaf(side, lines=2, first=5, papers=3)
    assert len(sheaf.times_ms) == 3
    assert sheaf.megabytes["peak"] > 0

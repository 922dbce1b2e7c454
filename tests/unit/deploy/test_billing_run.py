"""`portail billing-run` follows a month to its end."""

import io
from typing import Any

import pytest
from rich.console import Console

from deploy import billing_run
from deploy.operations import Operations

RUNNING: dict[str, Any] = {
    "run_id": "1",
    "status": "running",
    "planned": None,
    "issued": 0,
    "invoices": 0,
    "total_cents": 0,
    "warnings": [],
}
DONE = RUNNING | {
    "status": "done",
    "issued": 500,
    "invoices": 501,
    "total_cents": 1_234_567,
    "warnings": ["Le mois n’est pas terminé"],
}


class Steady(Operations):
    """A town that needs three looks."""

    def __init__(self) -> None:
        super().__init__({})
        self.looks = [RUNNING | {"planned": 500, "issued": 250}, DONE]

    async def bill_month(self, month: str, *, not_over: bool) -> dict[str, Any]:
        assert (month, not_over) == ("2026-11", False)
        return RUNNING

    async def billing_run(self, run_id: str) -> dict[str, Any]:
        assert run_id == "1"
        return self.looks.pop(0)


async def test_the_month_is_followed_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(billing_run, "LOOK_SECONDS", 0)
    shown = io.StringIO()
    await billing_run.bill(Steady(), "2026-11", Console(file=shown, width=100))
    text = shown.getvalue()
    assert "500/500" in text
    assert "2026-11: 500 invoices issued, 501 in all, 12,345.67 EUR" in text
    assert "Le mois n’est pas terminé" in text

"""Panels come together in parallel; one that cannot be had says so."""

import asyncio

import pytest

from gateway import panels as module
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceProblem, ServiceUnavailable


async def value(answer: object) -> object:
    return answer


async def failing(failure: Exception) -> object:
    raise failure


async def test_each_panel_is_its_value() -> None:
    shown = await panels(family=value("Le Goff"), invoices=value(()))
    assert shown.family == "Le Goff"
    assert shown["invoices"] == ()
    assert shown.unavailable == ()


async def test_panels_are_fetched_at_the_same_time() -> None:
    meeting = asyncio.Barrier(2)

    async def both_needed() -> bool:
        await meeting.wait()
        return True

    shown = await panels(first=both_needed(), second=both_needed())
    assert shown.first
    assert shown.second


async def test_a_missing_service_leaves_the_others() -> None:
    shown = await panels(family=value(1), invoices=failing(ServiceUnavailable("billing")))
    assert shown.family == 1
    assert shown.invoices == Unavailable("billing")
    assert shown.invoices.message.startswith("Les factures et les paiements sont momentanément")


async def test_a_slow_panel_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PANEL_DEADLINE", 0.01)

    async def never() -> None:
        await asyncio.Event().wait()

    shown = await panels(slow=never(), quick=value(1))
    assert shown.slow == Unavailable()
    assert shown.quick == 1


async def test_a_refused_panel_does_not_break_the_page() -> None:
    shown = await panels(roster=failing(ServiceProblem(404, {})))
    assert isinstance(shown.roster, Unavailable)


async def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        await panels(broken=failing(ZeroDivisionError()))


async def test_a_panel_nobody_asked_for_is_an_error() -> None:
    with pytest.raises(AttributeError):
        _ = (await panels(family=value(1))).invoices

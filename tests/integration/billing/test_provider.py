"""The client of the payment protocol and the stand-in that speaks it, face to face."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from deploy.payments.main import application
from services.billing.clients import Order, PaymentProvider, ProviderAway, ProviderRefused, plain
from services.billing.model.payments import Outcome
from tests.integration.billing.conftest import TownClock

ORDER = Order(
    reference="2026EJ000001",
    subject="Facture 2026-EJ-000001 d’été",
    fiscal_year=2026,
    amount_cents=1250,
    mail="anne.martin@mail.example",
    notify_url="http://127.0.0.1:9/paiement/notification",
    return_url="http://portail.example/paiement/retour?payment=1",
)


@pytest.fixture
async def clock() -> TownClock:
    """The stand-in's time."""
    return TownClock()


@pytest.fixture
async def server(clock: TownClock) -> AsyncIterator[str]:
    """A stand-in of its own; returns its address."""
    async with TestServer(application(clock)) as running:
        yield str(running.make_url("")).rstrip("/")


@pytest.fixture
async def provider(server: str) -> AsyncIterator[PaymentProvider]:
    """The client, talking to it."""
    async with PaymentProvider.connect(
        server, client="123456", mode="T", timeout_seconds=5
    ) as client:
        yield client


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    """A payer's browser that follows no redirect by itself."""
    async with aiohttp.ClientSession() as session:
        yield session


async def decide(browser: aiohttp.ClientSession, server: str, idop: str, issue: str) -> int:
    """Press a button."""
    async with browser.post(
        f"{server}/tpa/paiementws.web",
        data={"idop": idop, "issue": issue},
        allow_redirects=False,
    ) as response:
        return response.status


@pytest.mark.parametrize(
    ("issue", "outcome"),
    [
        ("payer", Outcome.PAID),
        ("refuser", Outcome.REFUSED),
        ("annuler", Outcome.CANCELLED),
    ],
)
async def test_a_result_is_read_back_whole(
    provider: PaymentProvider,
    browser: aiohttp.ClientSession,
    server: str,
    clock: TownClock,
    issue: str,
    outcome: Outcome,
) -> None:
    idop = await provider.open(ORDER)
    assert (await provider.result(idop)).outcome is Outcome.WAITING
    assert await decide(browser, server, idop, issue) == 303
    answer = await provider.result(idop)
    assert (answer.outcome, answer.amount_cents, answer.reference) == (
        outcome,
        1250,
        "2026EJ000001",
    )
    assert answer.at == clock().replace(second=0, microsecond=0)


async def test_an_operation_nobody_opened_is_unknown(provider: PaymentProvider) -> None:
    assert (await provider.result("0" * 36)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, amount_cents=99),
        replace(ORDER, reference="2026-EJ-000001"),
        replace(ORDER, mail="a@b.c"),
        replace(ORDER, fiscal_year=26),
        replace(ORDER, notify_url="ftp://x"),
    ],
)
async def test_an_order_against_the_rules_is_refused(
    provider: PaymentProvider, order: Order
) -> None:
    with pytest.raises(ProviderRefused):
        await provider.open(order)


async def test_a_page_closes_after_a_quarter_of_an_hour(
    provider: PaymentProvider, browser: aiohttp.ClientSession, server: str, clock: TownClock
) -> None:
    idop = await provider.open(ORDER)
    clock.pass_by(minutes=15)
    assert await decide(browser, server, idop, "payer") == 410
    assert (await provider.result(idop)).outcome is Outcome.WAITING


async def test_a_paid_page_takes_no_second_decision(
    provider: PaymentProvider, browser: aiohttp.ClientSession, server: str
) -> None:
    idop = await provider.open(ORDER)
    await decide(browser, server, idop, "payer")
    assert await decide(browser, server, idop, "annuler") == 410
    assert (await provider.result(idop)).outcome is Outcome.PAID


async def test_the_page_runs_nothing_and_leads_only_back(
    provider: PaymentProvider, browser: aiohttp.ClientSession, server: str
) -> None:
    idop = await provider.open(ORDER)
    async with browser.get(provider.page(idop)) as response:
        policy, text = response.headers["Content-Security-Policy"], await response.text()
    assert "default-src 'none'" in policy
    assert policy.endswith("form-action 'self' http://portail.example")
    assert "<script" not in text
    assert "style=" not in text
    assert "12,50\u00a0€" in text


async def test_an_unknown_page_is_said_in_french(
    browser: aiohttp.ClientSession, server: str
) -> None:
    async with browser.get(f"{server}/tpa/paiementws.web?idop=<script>") as response:
        assert response.status == 404
        text = await response.text()
    assert "n’existe pas" in text
    assert "<script" not in text


async def test_the_service_describes_itself(browser: aiohttp.ClientSession, server: str) -> None:
    async with browser.get(f"{server}/tpa/services/securite?wsdl") as response:
        text = await response.text()
    assert f'location="{server}/tpa/services/securite"' in text
    assert "creerPaiementSecurise" in text


BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>"""


@pytest.mark.parametrize("body", [b"", b"{}", b"<x/>", BOMB])
async def test_what_is_no_call_is_refused(
    browser: aiohttp.ClientSession, server: str, body: bytes
) -> None:
    async with browser.post(f"{server}/tpa/services/securite", data=body) as response:
        assert response.status == 400


async def test_an_unknown_way_to_misbehave_is_refused(
    browser: aiohttp.ClientSession, server: str
) -> None:
    async with browser.post(f"{server}/behaviour", json={"mode": "sulk"}) as response:
        assert response.status == 422


@pytest.mark.parametrize(
    "body", [b"", b"<html>502</html>", BOMB, b"<Envelope><Body><return/></Body></Envelope>"]
)
async def test_an_answer_that_cannot_be_read_is_no_answer(body: bytes) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="text/xml")

    app = web.Application()
    app.router.add_post("/tpa/services/securite", answer)
    async with TestServer(app) as strange:
        url = str(strange.make_url(""))
        async with PaymentProvider.connect(
            url, client="123456", mode="T", timeout_seconds=5
        ) as client:
            with pytest.raises(ProviderAway):
                await client.result("abc")
            with pytest.raises(ProviderAway):
                await client.open(ORDER)


async def test_nobody_there_is_no_answer() -> None:
    async with PaymentProvider.connect(
        "http://127.0.0.1:9", client="123456", mode="T", timeout_seconds=5
    ) as client:
        with pytest.raises(ProviderAway):
            await client.result("abc")


def test_a_subject_is_made_of_what_the_provider_takes() -> None:
    assert plain("Factures n° 2026-EJ-000001, été") == "Factures n 2026 EJ 000001 ete"
    assert len(plain("é" * 300)) == 100

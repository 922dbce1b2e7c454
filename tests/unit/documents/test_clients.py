"""The scanner's client against a clamd that speaks the protocol, and misbehaves."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.clamd.main import EICAR, SIGNATURE, Mode, StandIn
from services.documents.clients import Clamd, verdict_of
from services.documents.errors import ScanFailed, ScannerAway
from tests.unit.documents.builders import in_parts, pdf


@pytest.fixture
async def clamd() -> AsyncIterator[StandIn]:
    stand_in = StandIn()
    yield stand_in
    stand_in.stop()


async def client(clamd: StandIn, seconds: float = 5.0) -> Clamd:
    return Clamd(await clamd.listen(), seconds)


@pytest.mark.parametrize("size", [0, 10, 64 * 1024, 64 * 1024 + 1, 3_000_000])
async def test_a_clean_content_of_any_length_is_clean(clamd: StandIn, size: int) -> None:
    scanner = await client(clamd)
    assert (await scanner.scan(in_parts(b"x" * size, 100_000))).is_clean
    assert clamd.judged == 1


async def test_the_test_virus_is_found_wherever_it_stands(clamd: StandIn) -> None:
    scanner = await client(clamd)
    verdict = await scanner.scan(in_parts(pdf(90_000) + EICAR + pdf(90_000), 1000))
    assert verdict.signature == SIGNATURE


async def test_a_unix_socket_serves_as_well(clamd: StandIn, tmp_path: Path) -> None:
    address = await clamd.listen(path=str(tmp_path / "clamd.ctl"))
    assert (await Clamd(address, 5.0).scan(in_parts(pdf()))).is_clean


async def test_no_scanner_at_the_address_is_a_scanner_away(clamd: StandIn, tmp_path: Path) -> None:
    scanner = await client(clamd)
    clamd.stop()
    with pytest.raises(ScannerAway):
        await scanner.scan(in_parts(pdf()))
    with pytest.raises(ScannerAway):
        await Clamd(f"unix://{tmp_path}/nobody", 5.0).scan(in_parts(pdf()))


@pytest.mark.parametrize("mode", [Mode.CUT, Mode.SLOW])
async def test_one_that_hangs_up_or_is_too_slow_is_away(clamd: StandIn, mode: Mode) -> None:
    clamd.mode, clamd.seconds = mode, 30.0
    scanner = await client(clamd, 0.3)
    with pytest.raises(ScannerAway):
        await scanner.scan(in_parts(pdf(2_000_000)))


@pytest.mark.parametrize("mode", [Mode.ERROR, Mode.GARBAGE])
async def test_an_answer_without_a_verdict_lets_nothing_pass(clamd: StandIn, mode: Mode) -> None:
    clamd.mode = mode
    scanner = await client(clamd)
    with pytest.raises(ScanFailed):
        await scanner.scan(in_parts(pdf()))


async def test_a_content_over_the_scanner_s_limit_lets_nothing_pass(clamd: StandIn) -> None:
    clamd.mode = Mode.LIMIT
    scanner = await client(clamd)
    with pytest.raises((ScanFailed, ScannerAway)):
        await scanner.scan(in_parts(pdf(5_000_000)))


@pytest.mark.parametrize("answer", [b"", b"OK\0", b"stream: OK FOUND ERROR\0", b"PONG\0"])
def test_only_the_two_known_answers_are_verdicts(answer: bytes) -> None:
    with pytest.raises(ScanFailed):
        verdict_of(answer)

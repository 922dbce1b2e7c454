"""`portail events`: somebody looks at what passes on the bus, and stops looking."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer

from contracts.envelope import Attributes, Event
from contracts.events.accounts import FamilyFileUpdated
from contracts.events.audit import StaffActed
from contracts.events.billing import InvoiceIssued
from contracts.events.reservations import ReservationMade
from deploy.bus import EmbeddedBus
from tests.conftest import free_port
from tests.contract.published import example_of

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PATIENCE_SECONDS = 30


@dataclass
class Watched:
    """The command as it runs, and the bus that it looks at."""

    process: asyncio.subprocess.Process
    producer: AIOKafkaProducer

    async def passes(self, kind: type[Event], event_id: UUID | None = None) -> None:
        """An event of this kind, as in its example."""
        event = kind.model_validate(example_of(kind))
        told = Attributes(event_id or uuid4(), kind.type_name(), "/services/test", AT, "abc")
        await self.producer.send_and_wait(
            kind.topic(),
            event.model_dump_json().encode(),
            key=str(event.key).encode(),
            headers=told.headers(),
        )

    async def lines(self, count: int, since: str = AT.isoformat()) -> list[str]:
        """The first line with `since` in it and those after it: others tell things on this bus."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while since not in (line := await self._line()):
                pass
            return [line, *[await self._line() for _ in range(count - 1)]]

    async def _line(self) -> str:
        assert self.process.stdout
        if line := await self.process.stdout.readline():
            return line.decode().rstrip()
        raise AssertionError(f"it ended: {await self.process.communicate()}")


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """The command's status and what it complained of, once it has ended."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        _, complaints = await process.communicate()
    return process.returncode, complaints.decode()


@asynccontextmanager
async def watching(bus: str, *options: str) -> AsyncIterator[Watched]:
    """Start the command; once the block ends press Ctrl-C, and see it end without complaint."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy", "events", *options),
        env={**os.environ, "PORTAIL_BUS_SERVERS": bus},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    producer = AIOKafkaProducer(bootstrap_servers=bus)
    await producer.start()
    watched = Watched(process, producer)
    try:
        await watched.lines(1, since="Ctrl-C ends it.")
        yield watched
        process.send_signal(signal.SIGINT)
        assert await ended(process) == (0, "")
    finally:
        await producer.stop()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_an_event_is_seen_with_its_attributes_and_its_body(bus: str) -> None:
    event_id = uuid4()
    async with watching(bus) as watched:
        await watched.passes(ReservationMade, event_id)
        about, told, body = await watched.lines(3)
    assert "2026-11-23T09:30:00+00:00  portail.reservations.reservation-made.v1" in about
    assert about.endswith("portail.reservations  key 018f0000-0000-4000-8000-000000000001")
    assert told.split() == ["id", str(event_id), "from", "/services/test", "correlation", "abc"]
    assert '"date": "2026-11-26"' in body


async def test_what_concerns_persons_is_hidden_until_it_is_asked_for(bus: str) -> None:
    async with watching(bus) as watched:
        await watched.passes(FamilyFileUpdated)
        *_, body = await watched.lines(3)
    assert '"family_id": "018f0000-0000-4000-8000-000000000001"' in body
    assert '"first_name": "•••"' in body
    assert not [said for said in ("Camille", "870", "2018-04-02", "TILLEULS") if said in body]

    async with watching(bus, "--bodies") as watched:
        await watched.passes(FamilyFileUpdated)
        *_, body = await watched.lines(3)
    assert '"first_name": "Camille"' in body


@pytest.mark.parametrize(
    "options", [("--topic", "portail.billing"), ("--type", "invoice-issued")], ids=" ".join
)
async def test_only_what_is_asked_for_is_seen(bus: str, options: tuple[str, ...]) -> None:
    async with watching(bus, *options) as watched:
        await watched.passes(ReservationMade)
        await watched.passes(InvoiceIssued)
        about, *_ = await watched.lines(3)
    assert "portail.billing.invoice-issued.v1" in about


async def test_what_is_no_event_is_seen_as_such(bus: str) -> None:
    async with watching(bus, "--topic", "portail.documents") as watched:
        await watched.producer.send_and_wait("portail.documents", b"hello", key=b"somebody")
        about, fault = await watched.lines(2, since="somebody")
    assert about == "portail.documents  key somebody"
    assert "not a CloudEvent in binary mode" in fault


async def test_an_act_of_the_staff_says_which_and_how_it_ended_but_not_of_whom(bus: str) -> None:
    async with watching(bus, "--type", "staff-acted") as watched:
        await watched.passes(StaffActed)
        *_, body = await watched.lines(3)
    shown, told = json.loads(body), example_of(StaffActed)
    for name in ("service", "action", "label", "outcome"):
        assert shown[name] == told[name]
    assert shown["roles"] == ["•••"] * len(told["roles"])
    assert shown["at"] == "•••"


async def test_a_bus_that_goes_is_named_in_one_line(mortal_bus: EmbeddedBus) -> None:
    process = await started(mortal_bus.bootstrap)
    mortal_bus.kill()
    status, complaints = await ended(process)
    assert status == 1
    (line,) = complaints.splitlines()
    assert f"the bus at {mortal_bus.bootstrap} is gone" in line


async def test_ctrl_c_ends_it_at_once_when_the_bus_has_just_gone(mortal_bus: EmbeddedBus) -> None:
    process = await started(mortal_bus.bootstrap)
    mortal_bus.kill()
    process.send_signal(signal.SIGINT)
    assert await ended(process) == (0, "")


async def started(bus: str) -> asyncio.subprocess.Process:
    """The command, once nothing that comes on this bus will be missed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy", "events", "--servers", bus),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert b"Ctrl-C ends it." in await process.stdout.readline()
    return process


async def test_a_bus_that_does_not_answer_is_named_in_one_line() -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy", "events", "--servers", nowhere),
        stderr=asyncio.subprocess.PIPE,
    )
    status, complaints = await ended(process)
    assert status == 1
    (line,) = complaints.splitlines()
    assert nowhere in line

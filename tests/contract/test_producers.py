"""The published examples, from the writing side: each is what its service's own code tells.

A service's `tests/unit/<service>/test_publishing.py` keeps in `TOLD` one event of each kind, made
by its publishing functions. What a service tells by SQL alone is in `TOLD_BY_SQL` of the same file
under `tests/integration`, beside the test that drives it.
"""

import importlib
from pathlib import Path
from typing import Any

import pytest

from contracts.catalogue import EVENTS
from contracts.envelope import Event
from tests.contract.published import example_of, written

PRODUCERS = sorted({event.producer for event in EVENTS})
# The trail is told by the chassis, in every service's name.
TESTED_AS = {"audit": "chassis"}


def told_in_tests_of(producer: str, suite: str, name: str) -> tuple[Any, ...]:
    """What the producer's tests keep under this name; nothing where there is no such file."""
    service = TESTED_AS.get(producer, producer)
    if not Path("tests", suite, service, "test_publishing.py").exists():
        return ()
    module = importlib.import_module(f"tests.{suite}.{service}.test_publishing")
    kept: tuple[Any, ...] = getattr(module, name)
    return kept


@pytest.mark.parametrize("producer", PRODUCERS)
def test_every_published_event_is_told_in_a_test_of_its_producer(producer: str) -> None:
    told: tuple[Event, ...] = told_in_tests_of(producer, "unit", "TOLD")
    by_sql: tuple[type[Event], ...] = told_in_tests_of(producer, "integration", "TOLD_BY_SQL")
    kinds: list[type[Event]] = [*(type(event) for event in told), *by_sql]
    published = [event.type_name() for event in EVENTS if event.producer == producer]
    assert sorted(kind.type_name() for kind in kinds) == sorted(published)


@pytest.mark.parametrize("producer", PRODUCERS)
def test_what_a_producer_tells_is_the_published_example(producer: str) -> None:
    for event in told_in_tests_of(producer, "unit", "TOLD"):
        assert written(event) == example_of(type(event))

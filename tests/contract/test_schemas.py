"""What subscribers read in contracts/ is what the portal writes."""

import copy
import json

import jsonschema
import pytest

from contracts import publish
from contracts.catalogue import BY_TYPE, EVENTS
from contracts.envelope import Attributes, Event, MalformedEvent
from tests.contract.published import example_of

FORBIDDEN_IN_PUBLIC = {"first_name", "last_name", "mail", "phone", "address", "allergies", "diet"}


def test_what_is_committed_agrees_with_the_code() -> None:
    assert publish.check() == []


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e.type_name())
def test_each_example_fits_its_published_schema(event: type[Event]) -> None:
    schema = json.loads(
        (publish.HERE / "schemas" / f"{event.type_name()}.json").read_text(encoding="utf-8")
    )
    jsonschema.Draft202012Validator(schema).validate(example_of(event))


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e.type_name())
def test_a_reader_ignores_a_field_that_it_does_not_know(event: type[Event]) -> None:
    example = example_of(event)
    assert event.model_validate({**example, "added_later": 1}) == event.model_validate(example)


@pytest.mark.parametrize("event", [e for e in EVENTS if not e.private], ids=lambda e: e.type_name())
def test_public_events_carry_nothing_personal(event: type[Event]) -> None:
    assert FORBIDDEN_IN_PUBLIC.isdisjoint(event.model_fields)


def test_every_type_on_the_wire_is_of_one_event() -> None:
    assert len(BY_TYPE) == len(EVENTS)


BEFORE = publish.schema(BY_TYPE["portail.billing.invoice-issued.v1"])


def changed(change: str) -> dict[str, object]:
    after = copy.deepcopy(BEFORE)
    if change == "a field goes":
        del after["properties"]["number"]
    elif change == "a field takes another form":
        after["properties"]["total_cents"] = {"type": "string"}
    elif change == "a required field comes":
        after["properties"]["reason"] = {"type": "string"}
        after["required"] = [*after["required"], "reason"]
    elif change == "an optional field comes":
        after["properties"]["reason"] = {"type": "string", "default": ""}
    return after


@pytest.mark.parametrize(
    "change", ["a field goes", "a field takes another form", "a required field comes"]
)
def test_a_breaking_change_is_told(change: str) -> None:
    assert list(publish.breaking_changes(BEFORE, changed(change)))


def test_an_optional_field_may_come() -> None:
    assert not list(publish.breaking_changes(BEFORE, changed("an optional field comes")))


def test_an_event_that_no_contract_describes_is_told() -> None:
    class CakeBaked(Event, producer="billing"):
        """Nobody subscribes to this."""

    assert any("CakeBaked" in fault for fault in publish.check())
    CakeBaked.producer = ""  # the check goes over all classes of this process


def test_attributes_survive_the_wire() -> None:
    headers = {
        "ce_specversion": b"1.0",
        "ce_id": b"018f0000-0000-4000-8000-000000000001",
        "ce_type": b"portail.billing.invoice-issued.v1",
        "ce_source": b"/services/billing",
        "ce_time": b"2026-11-23T08:00:00+00:00",
        "ce_correlationid": b"abc",
    }
    attributes = Attributes.from_headers(headers)
    assert Attributes.from_headers(attributes.headers()) == attributes


@pytest.mark.parametrize("missing", ["ce_specversion", "ce_id", "ce_type", "ce_time"])
def test_a_record_without_an_attribute_is_malformed(missing: str) -> None:
    headers = {
        "ce_specversion": b"1.0",
        "ce_id": b"018f0000-0000-4000-8000-000000000001",
        "ce_type": b"portail.billing.invoice-issued.v1",
        "ce_source": b"/services/billing",
        "ce_time": b"2026-11-23T08:00:00+00:00",
    }
    del headers[missing]
    with pytest.raises(MalformedEvent):
        Attributes.from_headers(headers)

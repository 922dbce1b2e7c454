"""Writes the schemas that subscribers read, and refuses changes that would break them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.catalogue import EVENTS
from contracts.dead_letter import EventSetAside
from contracts.envelope import CONTENT_TYPE, Event
from contracts.topics import PARTITIONS, SERVICES, dead_letter_topic

HERE = Path(__file__).parent
ASYNCAPI = "asyncapi.json"

Json = dict[str, Any]

DESCRIBED: tuple[type[Event], ...] = (*EVENTS, EventSetAside)


def export(folder: Path = HERE) -> list[Path]:
    """Write one JSON Schema an event and the AsyncAPI document; return the files written."""
    documents = {f"schemas/{e.type_name()}.json": schema(e) for e in EVENTS}
    documents[ASYNCAPI] = asyncapi()
    for name, document in documents.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_text(document), encoding="utf-8")
    return [folder / name for name in documents]


def check(folder: Path = HERE) -> list[str]:
    """What is wrong between the code and what is committed; nothing when they agree.

    Import the services first: an event class of theirs that the catalogue lacks is a fault too.
    A breaking change, an event that has no committed schema or example, an example that its
    event refuses, a schema whose event is gone, a file that `export` would write differently.
    """
    faults = [fault for event in EVENTS for fault in _faults_of(event, folder)]
    known = {f"{event.type_name()}.json" for event in EVENTS}
    faults += [
        f"{file.name}: published, and no event describes it any more"
        for file in sorted((folder / "schemas").glob("*.json"))
        if file.name not in known
    ]
    faults += [f"{name}: published, and no contract describes it" for name in _undescribed()]
    if _read(folder / ASYNCAPI) != asyncapi():
        faults.append(f"{ASYNCAPI}: not up to date; run `portail contracts export`")
    return faults


def _undescribed() -> list[str]:
    loaded = [event for event in Event.__subclasses__() if event.producer]
    return sorted(event.__qualname__ for event in loaded if event not in DESCRIBED)


def schema(event: type[Event]) -> Json:
    """The JSON Schema (2020-12) of the event's body."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:portail:{event.type_name()}",
        **event.model_json_schema(mode="serialization"),
    }


def _faults_of(event: type[Event], folder: Path) -> Iterator[str]:
    name = event.type_name()
    committed = _read(folder / "schemas" / f"{name}.json")
    if committed is None:
        yield f"{name}: no schema is committed; run `portail contracts export`"
    else:
        breaking = list(breaking_changes(committed, schema(event)))
        yield from (f"{name}: {change}; publish a new version beside it" for change in breaking)
        if not breaking and committed != schema(event):
            yield f"{name}: the schema is not up to date; run `portail contracts export`"
    example = _read(folder / "examples" / f"{name}.json")
    if example is None:
        yield f"{name}: no example in contracts/examples"
    elif event.model_validate(example).model_dump(mode="json") != example:
        yield f"{name}: the example is not what the event would write"


def breaking_changes(before: Json, after: Json, where: str = "") -> Iterator[str]:
    """What a reader of `before` would stumble over in what `after` describes.

    Adding an optional field is compatible; anything else is not.
    """
    definitions_before, definitions_after = before.get("$defs", {}), after.get("$defs", {})
    for name, definition in definitions_before.items():
        if name in definitions_after:
            yield from breaking_changes(definition, definitions_after[name], f"{name}.")
    fields_before, fields_after = before.get("properties", {}), after.get("properties", {})
    for field, shape in fields_before.items():
        if field not in fields_after:
            yield f"field {where}{field} is gone"
        elif _bare(shape) != _bare(fields_after[field]):
            yield f"field {where}{field} has another form"
    required_before = set(before.get("required", ()))
    for field in sorted(set(after.get("required", ())) ^ required_before):
        change = "no longer" if field in required_before else "now"
        yield f"field {where}{field} is {change} required"
    if before.get("enum") != after.get("enum"):
        yield f"the values of {where or 'it'} changed"


def _bare(shape: Json) -> Json:
    """A field's form without the words that describe it."""
    return {key: value for key, value in shape.items() if key not in {"title", "description"}}


def asyncapi() -> Json:
    """The AsyncAPI 3.0 document: every topic, what is sent on it, and in which form."""
    channels: Json = {}
    for event in EVENTS:
        channel = channels.setdefault(_channel_id(event.topic()), _channel(event.topic()))
        channel["messages"][event.__name__] = {"$ref": f"#/components/messages/{event.__name__}"}
    for service in SERVICES:
        topic = dead_letter_topic(service)
        channels[_channel_id(topic)] = _channel(topic)
        channels[_channel_id(topic)]["messages"]["EventSetAside"] = {
            "$ref": "#/components/messages/EventSetAside"
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Portail Famille",
            "version": "1",
            "description": "CloudEvents 1.0 in the Kafka binary mode: attributes are ce_ headers, "
            "the value is the JSON body, the key keeps related events in order.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": channels,
        "operations": {f"send-{name}": _send(name) for name in channels},
        "components": {"messages": {event.__name__: _message(event) for event in DESCRIBED}},
    }


def _channel(topic: str) -> Json:
    return {
        "address": topic,
        "messages": {},
        "bindings": {"kafka": {"topic": topic, "partitions": PARTITIONS}},
    }


def _channel_id(topic: str) -> str:
    return topic.replace(".", "-")


def _send(channel: str) -> Json:
    return {"action": "send", "channel": {"$ref": f"#/channels/{channel}"}}


def _message(event: type[Event]) -> Json:
    attributes = {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid"},
        "ce_type": {"const": event.type_name()},
        "ce_source": {"type": "string"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_correlationid": {"type": "string"},
    }
    return {
        "name": event.type_name(),
        "summary": (event.__doc__ or "").strip().splitlines()[0],
        "headers": {"type": "object", "properties": attributes},
        "payload": event.model_json_schema(
            mode="serialization",
            ref_template=f"#/components/messages/{event.__name__}/payload/$defs/{{model}}",
        ),
        "bindings": {"kafka": {"key": {"type": "string", "description": event.key_field}}},
    }


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def _text(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"

"""The published examples, as tests of producers and of subscribers read them."""

import json
from typing import Any
from uuid import UUID

from contracts import publish
from contracts.envelope import Event

EXAMPLES = publish.HERE / "examples"


def example_of(event: type[Event]) -> dict[str, Any]:
    """The example under contracts/examples."""
    document: dict[str, Any] = json.loads(
        (EXAMPLES / f"{event.type_name()}.json").read_text(encoding="utf-8")
    )
    return document


def example_id(ending: str) -> UUID:
    """An id of the examples: they differ in their last digits alone."""
    return UUID(f"018f0000-0000-4000-8000-{ending:0>12}")


def written(event: Event) -> dict[str, Any]:
    """The event's body as it goes over the wire."""
    return event.model_dump(mode="json")

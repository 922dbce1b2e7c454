"""One address's own part of an OpenAPI document."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def document_of(document: Json, path: str) -> Json:
    """The document with the operations of this address alone, and the components they refer to.

    What reads the whole document for each of hundreds of operations keeps it hundreds of times. All
    methods of the address are in it: one that is not would be tried as one that is not allowed.
    """
    operations = document["paths"][path]
    whole = document.get("components", {})
    components: Json = {"securitySchemes": whole.get("securitySchemes", {})}
    for section, name in _components(document, operations):
        components.setdefault(section, {})[name] = whole[section][name]
    return {**document, "paths": {path: operations}, "components": components}


def _components(document: Json, part: Any) -> set[tuple[str, str]]:
    """Section and name of each component that the part refers to, directly or by another."""
    found: set[tuple[str, str]] = set()
    waiting = [part]
    while waiting:
        for reference in _references(waiting.pop()):
            section, name = reference.removeprefix("#/components/").split("/")
            if (section, name) not in found:
                found.add((section, name))
                waiting.append(document["components"][section][name])
    return found


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(reference := part.get("$ref"), str):
            yield reference
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)

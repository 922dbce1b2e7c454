"""One operation's own part of an OpenAPI document."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def document_of(document: Json, method: str, path: str) -> Json:
    """The document with this operation alone, and the components that it refers to.

    What reads the whole document for each of hundreds of operations keeps it hundreds of times.
    """
    operation = document["paths"][path][method.lower()]
    whole = document.get("components", {})
    components: Json = {"securitySchemes": whole.get("securitySchemes", {})}
    for section, name in _components(document, operation):
        components.setdefault(section, {})[name] = whole[section][name]
    return {**document, "paths": {path: {method.lower(): operation}}, "components": components}


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

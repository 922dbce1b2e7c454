"""The OpenAPI 3.1 document of a set of endpoints, from the models that validate."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.chassis.endpoints import Endpoint
from services.chassis.errors import PROBLEM_TYPE

REFERENCE = "#/components/schemas/{model}"

PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def document(title: str, version: str, endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The whole document; `components.schemas` holds each model once."""
    models: list[tuple[type[BaseModel], Any]] = []
    for endpoint in endpoints:
        models += [(m, "validation") for m in (endpoint.body,) if m]
        models += [(m, "serialization") for m in (endpoint.answer,) if m]
    names, definitions = models_json_schema(list(dict.fromkeys(models)), ref_template=REFERENCE)
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {
            "schemas": {**definitions.get("$defs", {}), "Problem": PROBLEM_SCHEMA},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint, names: dict[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.handler.__name__,
        "summary": endpoint.summary,
        "parameters": _parameters(endpoint.parameters, "path")
        + _parameters(endpoint.query, "query"),
        "responses": {
            str(endpoint.status if endpoint.answer else 200): _answer(endpoint, names),
            "default": {
                "description": "Refus, en français, champ par champ",
                "content": {PROBLEM_TYPE: {"schema": {"$ref": REFERENCE.format(model="Problem")}}},
            },
        },
        "security": [] if "anonymous" in endpoint.allow else [{"bearer": []}],
    }
    if endpoint.body:
        schema = names[endpoint.body, "validation"]
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return operation


def _answer(endpoint: Endpoint, names: dict[Any, Any]) -> dict[str, Any]:
    if endpoint.answer is None:
        return {"description": "Fait"}
    schema = names[endpoint.answer, "serialization"]
    return {"description": "Réponse", "content": {"application/json": {"schema": schema}}}


def _parameters(model: type[BaseModel] | None, place: str) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema(by_alias=True)
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": place, "required": place == "path" or name in required, "schema": part}
        for name, part in schema.get("properties", {}).items()
    ]

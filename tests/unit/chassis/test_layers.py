"""The layers of a service: what the rules of imports cannot see, or might leave out."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import contracts
from contracts.topics import SERVICES

ROOT = Path(contracts.__file__).parents[1]
SQL = re.compile(r"\b(SELECT|INSERT INTO|DELETE FROM|UPDATE \w+( \w+)? SET)\b")
# `personal_data` declares, table by table, what is exported and erased of a family.
WITH_SQL = {"repository", "queries", "personal_data"}


def models() -> Iterator[str]:
    """Every module or package that is a model by its name."""
    for service in SERVICES:
        for path in (ROOT / "services" / service).iterdir():
            if path.stem == "model" or path.stem.endswith("_model"):
                yield f"services.{service}.{path.stem}"


def test_every_model_is_held_to_purity() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rules = project["tool"]["importlinter"]["contracts"]
    (purity,) = [rule for rule in rules if rule["name"] == "the model is pure"]
    assert set(models()) <= set(purity["source_modules"])


def texts(module: ast.Module) -> Iterator[str]:
    """Every text in the module but what documents it."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    documents = {
        id(node.body[0].value)
        for node in ast.walk(module)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    constants = (node for node in ast.walk(module) if isinstance(node, ast.Constant))
    for constant in constants:
        if isinstance(constant.value, str) and id(constant) not in documents:
            yield constant.value


@pytest.mark.parametrize("service", [*SERVICES, "gateway"])
def test_sql_stands_in_the_repository_and_the_queries_alone(service: str) -> None:
    folder = ROOT / service if service == "gateway" else ROOT / "services" / service
    found = [
        str(file.relative_to(ROOT))
        for file in folder.rglob("*.py")
        if WITH_SQL.isdisjoint(file.relative_to(folder).with_suffix("").parts)
        and any(SQL.search(text) for text in texts(ast.parse(file.read_text(encoding="utf-8"))))
    ]
    assert found == []

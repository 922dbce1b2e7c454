"""The rules of imports leave no model out."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import contracts
from contracts.topics import SERVICES

ROOT = Path(contracts.__file__).parents[1]


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

"""The tests of a service know that service alone: what passed stays true while others change."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.topics import SERVICES
from tests.passed import inputs

FOLDERS = sorted(
    folder
    for suite in ("unit", "integration")
    for folder in Path("tests", suite).iterdir()
    if folder.name in SERVICES
)


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_a_service_is_tested_by_itself_and_what_all_share(folder: Path) -> None:
    known = inputs(folder)
    for file in folder.rglob("*.py"):
        for module in _imported(file):
            path = module.replace(".", "/")
            ours = path.startswith(("services/", "gateway", "tests/", "deploy", "contracts"))
            assert not ours or any(
                f"{path}.py" == k or f"{path}/".startswith(f"{k}/") for k in known
            ), f"{file} imports {module}"


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)

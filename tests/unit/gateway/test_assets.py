"""Static files: an address that changes with their content, and nothing beside the folder."""

from pathlib import Path

import pytest

from gateway.assets import Assets


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_address_changes_with_the_content(tmp_path: Path) -> None:
    before = Assets(folder(tmp_path, style="a { color: red }"))
    after = Assets(folder(tmp_path, style="a { color: blue }"))
    assert before.address("style") != after.address("style")
    assert before.address("style") == Assets(folder(tmp_path, style="a { color: red }")).address(
        "style"
    )


def test_a_file_that_does_not_exist_has_no_address(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="absent"):
        Assets(folder(tmp_path)).address("absent.css")

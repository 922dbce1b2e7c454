"""Static files: an address that changes with their content, and nothing beside the folder."""

import gzip
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

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


def asked(assets: Assets, version: str, name: str, encoding: str = "") -> web.Request:
    headers = {"Accept-Encoding": encoding}
    parts = {"version": version, "name": name}
    return make_mocked_request("GET", "/static", headers=headers, match_info=parts)


async def test_the_present_version_is_kept_for_ever_and_an_old_one_is_not(tmp_path: Path) -> None:
    assets = Assets(folder(tmp_path, **{"style.css": "a { color: red }"}))
    now = await assets.serve(asked(assets, assets.version, "style.css"))
    old = await assets.serve(asked(assets, "0123", "style.css"))
    assert "immutable" in now.headers["Cache-Control"]
    assert old.headers["Cache-Control"] == "no-cache"
    assert now.headers["Content-Type"] == "text/css; charset=utf-8"


async def test_texts_are_sent_compressed_to_whom_asks(tmp_path: Path) -> None:
    text = "a { color: red }\n" * 1000
    assets = Assets(folder(tmp_path, **{"style.css": text}))
    small = await assets.serve(asked(assets, assets.version, "style.css", "gzip, br"))
    plain = await assets.serve(asked(assets, assets.version, "style.css", "identity"))
    assert small.headers["Content-Encoding"] == "gzip"
    assert isinstance(small.body, bytes)
    assert gzip.decompress(small.body).decode() == text
    assert plain.body == text.encode()


@pytest.mark.parametrize("name", ["../gateway.py", "/etc/passwd", "", "style.css/", "absent"])
async def test_nothing_beside_the_folder_is_served(tmp_path: Path, name: str) -> None:
    assets = Assets(folder(tmp_path, **{"style.css": "a {}"}))
    with pytest.raises(web.HTTPNotFound):
        await assets.serve(asked(assets, assets.version, name))


def test_the_towns_mark_is_one_of_them_under_one_name_whatever_it_is(tmp_path: Path) -> None:
    mark = tmp_path / "logo.de.la.ville"
    mark.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44"/>')
    files = folder(tmp_path, **{"style.css": "a {}"})
    without, with_mark = Assets(files), Assets(files, town_mark=mark)
    assert without.town_mark == ""
    assert with_mark.town_mark == f"/static/{with_mark.version}/img/ville"
    assert with_mark.version != without.version

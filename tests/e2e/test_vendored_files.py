"""What others wrote and we ship is what they released, and their licences come with it."""

import hashlib
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = (ROOT / "gateway/static/vendor", Path(__file__).parent / "vendor")
OWN: Final = {"CHECKSUMS", "README.md"}
MOST_FONT_BYTES: Final = 60_000


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_vendored_file_has_its_checksum_and_a_licence_beside_it(folder: Path) -> None:
    lines = (line.split() for line in (folder / "CHECKSUMS").read_text().splitlines())
    known = {name: digest for digest, name in lines}
    files = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.name not in OWN
    }
    assert files.keys() == known.keys()
    for name, path in files.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == known[name], name
        assert list(path.parent.glob("LICENSE*")), name


def test_the_fonts_of_a_page_are_light() -> None:
    fonts = (ROOT / "gateway/static/vendor/fonts").glob("*.woff2")
    assert sum(font.stat().st_size for font in fonts) <= MOST_FONT_BYTES

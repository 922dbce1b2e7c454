"""Runs one suite: the folders of it whose tests have not passed yet on the very same files.

A folder that passed leaves a digest of every file that its tests can depend on; it is left out
as long as that digest stays. A fresh clone has none. `make retest` runs all of it anyway.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from contracts.topics import SERVICES

SURROUNDINGS = ("pyproject.toml", "requirements-dev.lock", "tests/conftest.py", "tests/passed.py")
EVERYTHING = ("contracts", "services", "gateway", "deploy", "tests")
# Besides the service itself; tests/contract/test_known_services.py holds that there is no more.
OF_ONE_SERVICE = (
    *("contracts", "services/chassis", "deploy"),
    *("tests/contract", "tests/integration/machine_base.py"),
)
# What needs one of these is skipped where it is missing, and has its turn once it is there.
TOOLS = ("chromium-headless-shell", "chromium", "chromium-browser", "java", "mvn")
STAMPS = Path("var/passed")


def main(suite: str, folders: Sequence[str], pytest_options: Sequence[str]) -> int:
    """The exit status of pytest on the folders that are left; 0 when there is none."""
    digests = {folder: digest(Path(folder)) for folder in folders}
    stamps = {folder: STAMPS / suite / Path(folder).name for folder in folders}
    passed = {f for f in folders if stamps[f].exists() and stamps[f].read_text() == digests[f]}
    left = [folder for folder in folders if folder not in passed]
    if passed:
        print(f"Passed on the very same files, and is not run again: {' '.join(sorted(passed))}")
    if not left:
        return 0
    status = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "pytest", *pytest_options, *left], check=False
    ).returncode
    if status == 0:
        for folder in left:
            stamps[folder].parent.mkdir(parents=True, exist_ok=True)
            stamps[folder].write_text(digests[folder])
    return status


def digest(folder: Path) -> str:
    """Of all that can change what the tests of the folder say."""
    told = hashlib.sha256(sys.version.encode())
    told.update(os.environ.get("PORTAIL_TEST_BUS", "").encode())
    for tool in TOOLS:
        told.update(repr(shutil.which(tool)).encode())
    for file in _files(inputs(folder)):
        told.update(f"{file}\0".encode() + _content(file))
    return told.hexdigest()


def inputs(folder: Path) -> tuple[str, ...]:
    """The files and folders that the tests of this folder can depend on."""
    name = folder.name
    if name not in SERVICES:
        return (*SURROUNDINGS, *EVERYTHING)
    own = (f"services/{name}", f"tests/unit/{name}", f"tests/integration/{name}")
    return (*SURROUNDINGS, *OF_ONE_SERVICE, *own)


@cache
def _content(file: Path) -> bytes:
    """Folders have most of their files in common: each is read once."""
    return hashlib.sha256(file.read_bytes()).digest()


def _files(paths: Sequence[str]) -> Iterator[Path]:
    for path in map(Path, paths):
        found = [path] if path.is_file() else path.rglob("*")
        yield from sorted(f for f in found if f.is_file() and "__pycache__" not in f.parts)


if __name__ == "__main__":
    split = sys.argv.index("--")
    sys.exit(main(sys.argv[1], sys.argv[split + 1 :], sys.argv[2:split]))

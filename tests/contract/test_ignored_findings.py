"""Who tells the linter to pass a line over says why: `# noqa: S608 - a constant`."""

import re
from pathlib import Path

NOQA = re.compile(r"# noqa\b(?!: [A-Z]+\d+(, [A-Z]+\d+)* - \S)")
FOLDERS = ("contracts", "services", "gateway", "deploy", "tests")


def test_every_line_that_the_linter_passes_over_says_why() -> None:
    unexplained = [
        f"{file}:{number}"
        for folder in FOLDERS
        for file in Path(folder).rglob("*.py")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if NOQA.search(line) and file.name != Path(__file__).name
    ]
    assert unexplained == []

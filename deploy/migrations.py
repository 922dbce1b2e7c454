"""The rules of migrations: kept as they were committed, numbered upwards, safe beside the old code.

`services/migrations.sha256` lists every committed migration, as `sha256sum` would.
"""

import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
KEPT: Final = "services/migrations.sha256"

NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
# What the version that still runs during an upgrade may read or write: gone, or under a new name.
TAKES_AWAY = re.compile(r"\b(DROP\s+(TABLE|COLUMN|VIEW|FUNCTION)|RENAME)\b", re.IGNORECASE)
# Made before the first release, when no other version of a service ran anywhere.
BEFORE_THE_RULE: Final = frozenset(
    {
        "services/accounts/migrations/0004_signin.sql",
        "services/billing/migrations/0040_ledger.sql",
        "services/billing/migrations/0082_bordereau_numbers.sql",
        "services/reservations/migrations/0010_rules_and_calendars.sql",
    }
)
# The second of two steps, which names the first: "-- contract of 0090_register_threshold.sql: …".
SECOND_STEP = re.compile(r"^-- contract of (\S+\.sql): \S", re.MULTILINE)
COMMENT = re.compile(r"--[^\n]*")


def checksums(root: Path = ROOT) -> dict[str, str]:
    """Each migration's SHA-256, by its path from the root, in order."""
    files = sorted(root.glob("services/*/migrations/*.sql"))
    return {str(f.relative_to(root)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def kept(root: Path = ROOT) -> dict[str, str]:
    """The checksums that were kept when the migrations were committed."""
    file = root / KEPT
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {name: checksum for checksum, name in (line.split("  ", 1) for line in lines)}


def keep(root: Path = ROOT) -> list[str]:
    """Add the new migrations to the list; return their names. An edited one stays a fault."""
    known, found = kept(root), checksums(root)
    new = [name for name in found if name not in known]
    listed = sorted((known | {name: found[name] for name in new}).items())
    text = "".join(f"{checksum}  {name}\n" for name, checksum in listed)
    (root / KEPT).write_text(text, encoding="utf-8")
    return new


def faults(root: Path = ROOT) -> list[str]:
    """Everything that is wrong with the migrations; nothing when they keep the rules."""
    found = [*changed(root), *misnumbered(root)]
    for name in sorted(checksums(root).keys() - BEFORE_THE_RULE):
        found += unsafe(root / name, name)
    return found


def changed(root: Path = ROOT) -> Iterator[str]:
    """What is not as it was committed: edited, gone, or not in the list yet."""
    known, found = kept(root), checksums(root)
    for name, checksum in known.items():
        if name not in found:
            yield f"{name}: gone; a database that has it would never know"
        elif found[name] != checksum:
            yield f"{name}: edited after it was committed; add a new one instead"
    for name in sorted(found.keys() - known.keys()):
        yield f"{name}: not in {KEPT}; run `portail migrations keep`"


def misnumbered(root: Path = ROOT) -> Iterator[str]:
    """Names of another form, numbers used twice, new ones that would be applied out of order."""
    known = kept(root)
    for folder in sorted(root.glob("services/*/migrations")):
        files = sorted(folder.glob("*.sql"))
        for file in files:
            if not NAME.fullmatch(file.name):
                yield f"{file.relative_to(root)}: a name is 0042_what_it_does.sql"
        for one, other in pairwise(files):
            if one.name[:4] == other.name[:4]:
                yield f"{other.relative_to(root)}: the number of {one.name}"
        names = [str(file.relative_to(root)) for file in files]
        last = max((name for name in names if name in known), default="")
        for name in names:
            if name not in known and name < last:
                yield f"{name}: a number below {Path(last).name}, which databases have already"


def unsafe(file: Path, name: str) -> Iterator[str]:
    """What is taken from the version of the service that still runs, without a first step."""
    text = file.read_text(encoding="utf-8")
    taken = TAKES_AWAY.search(COMMENT.sub("", text))
    if not taken:
        return
    step = SECOND_STEP.search(text)
    if step is None:
        yield f"{name}: {taken[0]} without a line `-- contract of <earlier migration>: <why now>`"
    elif step[1] >= file.name or not (file.parent / step[1]).exists():
        yield f"{name}: {step[1]} is no earlier migration"

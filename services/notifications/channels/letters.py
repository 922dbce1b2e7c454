"""Letters: A4 pages for a window envelope, by typst; many in one file, by pypdf.

These functions run in the process pool: they take and give plain values.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from services.notifications.channels.wording import PAPERS, Sender, Wording

FONTS: Final = Path(__file__).parents[2] / "chassis" / "fonts"

# Letters set in one run share their fonts; more of them would keep a process busy too long.
SLICE: Final = 50


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be set."""

    address: tuple[str, ...]
    date: str
    reference: str
    wording: Wording


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF of many letters, and the page (from 0) on which each begins."""

    pdf: bytes
    first_pages: tuple[int, ...]
    pages: int


@lru_cache(maxsize=1)
def _compiler() -> Any:
    # Kept per process: fonts are read once.
    return typst.Compiler(
        str(PAPERS / "letter.typ"),
        root=str(PAPERS),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )


def set_letters(letters: Sequence[Letter], sender: Sender) -> Printed:
    """Set some letters as one PDF; each begins on its own page."""
    compiler = _compiler()
    data = {"letters": [asdict(letter) for letter in letters], "sender": asdict(sender)}
    pdf = compiler.compile(sys_inputs={"data": json.dumps(data)})
    starts = json.loads(compiler.query("<letter>", field="value"))
    return Printed(pdf, tuple(page - 1 for page in starts), len(PdfReader(io.BytesIO(pdf)).pages))


def bind(parts: Sequence[Printed]) -> Printed:
    """One file out of several, in order, marked to be printed on one side only.

    On both sides two families' letters would share a sheet.
    """
    writer, starts, pages = PdfWriter(), [], 0
    for part in parts:
        writer.append(io.BytesIO(part.pdf))
        starts += [pages + first for first in part.first_pages]
        pages += part.pages
    writer.create_viewer_preferences()[NameObject("/Duplex")] = NameObject("/Simplex")
    return Printed(_written(writer), tuple(starts), pages)


def extract(pdf: bytes, first_page: int, pages: int) -> bytes:
    """Some pages of a file as a file."""
    writer = PdfWriter()
    writer.append(io.BytesIO(pdf), pages=(first_page, first_page + pages))
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()

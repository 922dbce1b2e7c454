"""Invoices, receipts and what else billing puts on paper, by typst.

This module is all that the process pool loads: it takes and gives plain values, and knows no
web server. What each paper shows is made beside it: `invoices`, `receipts`, …
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import typst

PAPERS: Final = Path(__file__).parent
FONTS: Final = PAPERS.parents[1] / "chassis" / "fonts"

Paper = Literal["invoice", "receipt", "slip", "credit_note", "print_cover", "statement"]

# Kept for years, and read aloud: archival (PDF/A-3, level A) and accessible (PDF/UA).
STANDARDS: Final = ["a-3a", "ua-1"]


@lru_cache(maxsize=8)
def _compiler(template: str) -> Any:
    # Kept per process: template and fonts are read once.
    return typst.Compiler(
        str(PAPERS / f"{template}.typ"),
        root=str(PAPERS),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )


def set_paper(paper: Paper, data: dict[str, Any]) -> bytes:
    """The paper as PDF; the same data give the same bytes."""
    pdf: bytes = _compiler(paper).compile(
        sys_inputs={"data": json.dumps(data)}, pdf_standards=STANDARDS
    )
    return pdf


# The engine remembers what it made in its last ten compiles, to make it faster the next time.
MEMORY: Final = 10


def set_slice(data: dict[str, Any]) -> bytes:
    """Some invoices of a print batch as PDF: for the printer, so untagged, which is half the size.

    The engine then forgets them: it would hold the pages of ten slices.
    """
    pdf: bytes = _compiler("print_batch").compile(
        sys_inputs={"data": json.dumps(data)}, pdf_tags=False
    )
    for number in range(MEMORY + 1):
        _compiler("nothing").compile(sys_inputs={"number": str(number)})
    return pdf

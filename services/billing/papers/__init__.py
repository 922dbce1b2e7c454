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

Paper = Literal["invoice", "receipt", "slip", "credit_note"]

# Kept for years, and read aloud: archival (PDF/A-3, level A) and accessible (PDF/UA).
STANDARDS: Final = ["a-3a", "ua-1"]


@lru_cache(maxsize=4)
def _compiler(paper: Paper) -> Any:
    # Kept per process: template and fonts are read once.
    return typst.Compiler(
        str(PAPERS / f"{paper}.typ"),
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

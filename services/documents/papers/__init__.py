"""Certificates on paper, by typst.

`set_certificate` runs in the process pool: it takes and gives plain values.
"""

import io
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno
import typst
from aiohttp import web

from services.chassis.french import long_date
from services.documents.model.certificate import Paper

PAPERS: Final = Path(__file__).parent
FONTS: Final = PAPERS.parents[1] / "chassis" / "fonts"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who certifies, and where a paper can be checked. `mark`: the town's as SVG, if any."""

    town: str
    office: str
    portal_url: str
    mark: str = ""

    def check_url(self, code: str = "") -> str:
        """The page that tells whether a paper is ours."""
        address = f"{self.portal_url.rstrip('/')}/verifier"
        return f"{address}?code={code}" if code else address


SENDER = web.AppKey("sender", Sender)


def certificate_data(paper: Paper, code: str, sender: Sender) -> dict[str, Any]:
    """What the template shows, as texts."""
    return {
        "sender": asdict(sender),
        "title": paper.title,
        "date": paper.issued_on.isoformat(),
        "issued_on": long_date(paper.issued_on),
        "reference": paper.reference,
        "addressee": list(paper.addressee),
        "statement": paper.statement,
        "rows": [[row.text, row.value] for row in paper.rows],
        "total": paper.total,
        "notes": list(paper.notes),
        "code": code,
        "check_url": sender.check_url(),
        "square": _square(sender.check_url(code)),
    }


def _square(address: str) -> str:
    """The address as a QR code, SVG."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()


@cache
def _compiler() -> Any:
    # Kept per process: template and fonts are read once.
    return typst.Compiler(
        str(PAPERS / "certificate.typ"),
        root=str(PAPERS),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )


def set_certificate(data: dict[str, Any]) -> bytes:
    """The paper as PDF."""
    pdf: bytes = _compiler().compile(sys_inputs={"data": json.dumps(data)})
    return pdf

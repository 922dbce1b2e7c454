"""Who sends papers, and how they are answered with."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from services.billing.papers import Paper, set_paper
from services.chassis.processes import in_process


@dataclass(frozen=True, slots=True)
class Sender:
    """Who invoices, and where payers find the portal. `mark`: the town's as SVG; empty: ours."""

    town: str
    office: str
    lines: tuple[str, ...]
    portal_url: str
    siret: str
    mark: str = ""


SENDER = web.AppKey("sender", Sender)


async def send_paper(
    app: web.Application, paper: Paper, data: dict[str, Any], filename: str
) -> web.Response:
    """Set the paper and answer with it."""
    return pdf_response(await in_process(app, set_paper, paper, data), filename)


def pdf_response(pdf: bytes, filename: str) -> web.Response:
    """The paper as an answer: shown in the browser, kept by no cache on the way."""
    headers = {
        "Content-Disposition": f'inline; filename="{filename}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=pdf, content_type="application/pdf", headers=headers)

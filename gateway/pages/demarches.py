"""The history of everything the family has asked, paid, deposited and received."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.formats import euros
from gateway.page import Page, get
from gateway.panels import Panels, is_unavailable, panels


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, with where to see more."""

    at: datetime
    sign: str
    text: str
    status: str
    status_kind: str = ""
    address: str = ""
    detail: str = ""


async def history(page: Page) -> web.StreamResponse:
    """Newest first, whatever service it comes from."""
    clients = page.clients
    shown = await panels(
        enrolments=clients.enrolment.enrolments(),
        payments=clients.billing.payments(),
        documents=clients.documents.documents(),
        messages=clients.notifications.messages(),
    )
    found = sorted(steps(shown), key=lambda step: step.at, reverse=True)
    return page.render("demarches.html", panels=shown, steps=found)


def steps(shown: Panels) -> Iterator[Step]:
    """Every step of every service that answered."""
    for name, read in (
        ("enrolments", _enrolments),
        ("payments", _payments),
        ("documents", _documents),
        ("messages", _messages),
    ):
        if not is_unavailable(shown[name]):
            yield from read(shown)


def _enrolments(shown: Panels) -> Iterator[Step]:
    for enrolment in shown.enrolments:
        text = f"Inscription de {enrolment.child_name} : {enrolment.activity_name}"
        if at := enrolment.decided_at or enrolment.submitted_at:
            yield Step(
                at,
                "clipboard-list",
                text,
                enrolment.status,
                address="/inscriptions",
                detail=enrolment.reason or "",
            )


def _payments(shown: Panels) -> Iterator[Step]:
    for payment in shown.payments:
        if payment.received_at:
            text = f"Paiement en ligne de {euros(payment.amount_cents)}"
            address = f"/paiements/{payment.payment_id}"
            yield Step(payment.received_at, "credit-card", text, payment.status, "payment", address)


def _documents(shown: Panels) -> Iterator[Step]:
    for document in shown.documents:
        text = f"Document déposé : {document.label or document.filename}"
        yield Step(document.deposited_at, "file-text", text, "", address="/documents")


def _messages(shown: Panels) -> Iterator[Step]:
    for message in shown.messages:
        sign = "mail" if message.channel == "mail" else "printer"
        at = message.sent_at or message.created_at
        yield Step(at, sign, message.subject, message.status)


ROUTES = (get("/demarches", history, allow={GUARDIAN}),)

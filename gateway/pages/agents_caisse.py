"""The till: what a family hands over, the day's journal, what is undone or paid back."""

from datetime import date
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from contracts.roles import TILL
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.agents_payeurs import is_third_party
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from gateway.readers import Family
from gateway.readers.payers import ThirdParty
from services.chassis.http_client import ServiceProblem, ServiceUnavailable

PATH: Final = "/agents/caisse"
METHODS: Final = (("cash", "Espèces"), ("cheque", "Chèque"), ("cesu", "CESU"))
# Form fields by the names of billing.
FIELDS: Final = {
    "moyen": "method",
    "montant": "amount_cents",
    "facture": "invoice_ids",
    "numero_cheque": "cheque",
    "numero_cesu": "cesu_number",
    "transmise": "transmitted_confirmed",
}


async def journal(page: Page) -> web.StreamResponse:
    """What the day brought, by means of payment."""
    day = _day(page.query.get("jour")) or page.today
    shown = await panels(journal=page.clients.till.journal(day))
    return page.render("agents/caisse.html", panels=shown, day=day)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def family(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What a family owes and has to its credit, and the form that takes its money."""
    family_id = page.id("family_id")
    clients = page.clients
    found: Family | ThirdParty | Unavailable
    try:
        found = await or_unavailable(clients.accounts.family(family_id))
    except ServiceProblem as refusal:
        if refusal.status != HTTPStatus.NOT_FOUND:
            raise
        # The account of a payer who is no family.
        found = await or_unavailable(clients.payers.third_party(family_id))
    shown = await panels(
        due=clients.billing.invoices(family_id=family_id, archived=False),
        credit=clients.till.credit(family_id),
    )
    return page.render(
        "agents/caisse_famille.html",
        family=found,
        family_id=family_id,
        panels=shown,
        form=form or Form(),
        away=away,
        methods=METHODS,
    )


async def take(page: Page) -> web.StreamResponse:
    """Record what was handed over."""
    form = await page.form()
    try:
        payment = await page.clients.till.take_payment(_takings(page.id("family_id"), form))
    except ServiceUnavailable as failure:
        return await family(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await family(page, form.refused(refusal, **FIELDS))
    told = f"Règlement {payment.reference} enregistré."
    return page.redirect(f"{PATH}/reglements/{payment.payment_id}", flash=told)


def _takings(family_id: UUID, form: Form) -> dict[str, Any]:
    """The body that billing takes. Raises FieldRefused."""
    method = form.text("moyen")
    if method not in dict(METHODS):
        raise FieldRefused("moyen", "Choisissez un moyen de paiement.")
    amount = form.cents("montant")
    if amount == 0:
        raise FieldRefused("montant", "Saisissez le montant remis.")
    takings: dict[str, Any] = {
        "family_id": str(family_id),
        "method": method,
        "amount_cents": amount,
        "invoice_ids": [str(invoice_id) for invoice_id in form.ids("facture")],
    }
    if form.checked("transmise"):
        takings["transmitted_confirmed"] = True
    if method == "cheque":
        takings["cheque"] = {
            "number": _required(form, "numero_cheque", "Saisissez les sept chiffres du chèque."),
            "bank": _required(form, "banque", "Saisissez la banque du chèque."),
            "drawer": _required(form, "tireur", "Saisissez le nom de qui signe le chèque."),
        }
    if method == "cesu":
        takings["cesu_number"] = _required(form, "numero_cesu", "Saisissez le numéro du CESU.")
    return takings


def _required(form: Form, name: str, message: str) -> str:
    text = form.text(name)
    if not text:
        raise FieldRefused(name, message)
    return text


async def refund(page: Page) -> web.StreamResponse:
    """Pay back what the family has to its credit."""
    form = await page.form()
    family_id = page.id("family_id")
    try:
        reason = _required(form, "motif", "Indiquez le motif du remboursement.")
        amount = form.cents("rendu")
        made = await page.clients.till.refund(family_id, amount, reason)
    except ServiceUnavailable as failure:
        return await family(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await family(page, form.refused(refusal, motif="reason", rendu="amount_cents"))
    return page.redirect(
        f"{PATH}/remboursements/{made.refund_id}", flash="Le remboursement est enregistré."
    )


async def refunded(page: Page, form: Form | None = None) -> web.StreamResponse:
    """One refund, and the form that undoes it."""
    found = await or_unavailable(page.clients.till.refund_made(page.id("refund_id")))
    is_outsider = not isinstance(found, Unavailable) and await is_third_party(page, found.family_id)
    return page.render(
        "agents/caisse_remboursement.html",
        refund=found,
        form=form or Form(),
        third_party=is_outsider,
    )


async def undo_refund(page: Page) -> web.StreamResponse:
    """Undo a refund that came back; it stays in the journal, and so does its reversal."""
    form = await page.form()
    refund_id = page.id("refund_id")
    try:
        reason = _required(form, "motif", "Indiquez le motif de l’annulation.")
        await page.clients.till.reverse_refund(refund_id, reason)
    except REFUSALS as refusal:
        return await refunded(page, form.refused(refusal, motif="reason"))
    return page.redirect(
        f"{PATH}/remboursements/{refund_id}",
        flash="Le remboursement est annulé\u00a0: la somme redevient une avance.",
    )


async def payment(page: Page, form: Form | None = None) -> web.StreamResponse:
    """One payment: its receipt, and the form that undoes it."""
    found = await or_unavailable(page.clients.billing.payment(page.id("payment_id")))
    is_outsider = not isinstance(found, Unavailable) and await is_third_party(page, found.family_id)
    return page.render(
        "agents/caisse_reglement.html",
        payment=found,
        form=form or Form(),
        at_the_till=[method for method, _ in METHODS],
        third_party=is_outsider,
    )


async def undo(page: Page) -> web.StreamResponse:
    """Undo a payment; it stays in the journal, and so does its reversal."""
    form = await page.form()
    payment_id = page.id("payment_id")
    try:
        reason = _required(form, "motif", "Indiquez le motif de l’annulation.")
        undone = await page.clients.till.reverse_payment(payment_id, reason)
    except REFUSALS as refusal:
        return await payment(page, form.refused(refusal, motif="reason"))
    return page.redirect(
        f"{PATH}/reglements/{payment_id}",
        flash="Le règlement est annulé\u00a0: ses factures sont de nouveau à payer."
        if undone.owed_again_cents
        else "Le règlement est annulé\u00a0: la somme est reprise sur l’avance.",
    )


ROUTES = (
    get(PATH, journal, allow=TILL),
    get(f"{PATH}/familles/{{family_id}}", family, allow=TILL),
    post(f"{PATH}/familles/{{family_id}}", take, allow=TILL),
    post(f"{PATH}/familles/{{family_id}}/remboursement", refund, allow=TILL),
    get(f"{PATH}/remboursements/{{refund_id}}", refunded, allow=TILL),
    post(f"{PATH}/remboursements/{{refund_id}}", undo_refund, allow=TILL),
    get(f"{PATH}/reglements/{{payment_id}}", payment, allow=TILL),
    post(f"{PATH}/reglements/{{payment_id}}", undo, allow=TILL),
)

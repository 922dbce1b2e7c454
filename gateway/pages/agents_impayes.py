"""Unpaid invoices: who owes how much since when, reminders, debts given up."""

from typing import Final
from uuid import UUID

from aiohttp import web

from contracts.roles import DESK, TILL
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, is_unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/impayes"
PAGE_SIZE: Final = 50


async def unpaid(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The aged balance, and the reminders that are due."""
    treasury = page.clients.treasury
    number = page.query.number("page")
    shown = await panels(
        balance=treasury.receivables(page=number, size=PAGE_SIZE),
        reminders=treasury.reminders(),
    )
    bars: tuple[tuple[str, int], ...] = ()
    if not is_unavailable(shown.balance):
        totals = shown.balance.totals
        bars = (
            ("Non échu", totals.not_due),
            ("1 à 30 jours", totals.first),
            ("31 à 60 jours", totals.second),
            ("61 à 90 jours", totals.third),
            ("Plus de 90 jours", totals.fourth),
        )
    return page.render(
        "agents/impayes.html",
        panels=shown,
        form=form or Form(),
        away=away,
        bars=bars,
        number=number,
        size=PAGE_SIZE,
        may_act=page.session.has(*TILL),
    )


async def remind(page: Page) -> web.StreamResponse:
    """Send the reminders that are due: to everybody, or to one family."""
    form = await page.form()
    try:
        family_id = form.id("famille", optional=True)
        sent = await page.clients.treasury.remind([family_id] if family_id else None)
    except ServiceUnavailable as failure:
        return await unpaid(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await unpaid(page, form.refused(refusal))
    told = {
        0: "Aucune relance à envoyer aujourd’hui.",
        1: "Une relance envoyée.",
    }.get(sent.reminders, f"{sent.reminders} relances envoyées.")
    return page.redirect(f"{PATH}/{family_id}" if family_id else PATH, flash=told)


async def change_step(page: Page) -> web.StreamResponse:
    """Change when and in what words families are reminded."""
    form = await page.form()
    step = form.text("etape")
    names = {"jours": f"jours_{step}", "objet": f"objet_{step}", "texte": f"texte_{step}"}
    try:
        if step not in ("1", "2", "3"):
            raise FieldRefused("etape", "Choisissez une étape.")
        await page.clients.treasury.change_reminder_step(
            int(step),
            days=form.integer(names["jours"]),
            subject=form.text(names["objet"]),
            text=form.text(names["texte"]),
            automatic=form.checked(f"automatique_{step}"),
        )
    except ServiceUnavailable as failure:
        return await unpaid(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        fields = {names["jours"]: "days", names["objet"]: "subject", names["texte"]: "text"}
        return await unpaid(page, form.refused(refusal, **fields))
    return page.redirect(PATH, flash=f"Étape {step} enregistrée.")


async def family(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What one family still has to pay."""
    family_id = page.id("family_id")
    shown = await panels(invoices=page.clients.treasury.overdue(family_id))
    return page.render(
        "agents/impayes_famille.html",
        panels=shown,
        form=form or Form(),
        away=away,
        family_id=family_id,
        may_act=page.session.has(*TILL),
    )


async def write_off(page: Page) -> web.StreamResponse:
    """Give up a debt, or a part of it."""
    form = await page.form()
    try:
        reason = form.text("motif")
        if len(reason) < 3:
            raise FieldRefused("motif", "Écrivez pourquoi la ville abandonne cette créance.")
        amount = form.cents("montant", optional=True)
        given_up = await page.clients.treasury.write_off(form.id("facture"), reason, amount)
    except ServiceUnavailable as failure:
        return await family(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        fields = {"motif": "reason", "montant": "amount_cents", "facture": "invoice_id"}
        return await family(page, form.refused(refusal, **fields))
    told = f"Créance abandonnée sur la facture {given_up.number}."
    return page.redirect(f"{PATH}/{page.id('family_id')}", flash=told)


async def write_offs(page: Page, form: Form | None = None) -> web.StreamResponse:
    """Debts given up, newest first."""
    shown = await panels(found=page.clients.treasury.write_offs())
    return page.render(
        "agents/impayes_abandons.html",
        panels=shown,
        form=form or Form(),
        may_act=page.session.has(*TILL),
    )


async def reverse(page: Page) -> web.StreamResponse:
    """Ask after all for a debt that was given up."""
    form = await page.form()
    try:
        chosen: UUID = form.id("abandon")
        taken_back = await page.clients.treasury.reverse_write_off(chosen)
    except REFUSALS as refusal:
        return await write_offs(page, form.refused(refusal))
    told = f"La facture {taken_back.number} est de nouveau à payer."
    return page.redirect(f"{PATH}/abandons", flash=told)


async def export(page: Page) -> web.StreamResponse:
    """The aged balance as CSV."""
    return await page.send(page.clients.treasury.receivables_csv())


ROUTES = (
    get(PATH, unpaid, allow=DESK),
    post(f"{PATH}/relances", remind, allow=TILL),
    post(f"{PATH}/etapes", change_step, allow=TILL),
    get(f"{PATH}/balance-agee.csv", export, allow=TILL),
    get(f"{PATH}/abandons", write_offs, allow=DESK),
    post(f"{PATH}/abandons", reverse, allow=TILL),
    get(f"{PATH}/{{family_id}}", family, allow=DESK),
    post(f"{PATH}/{{family_id}}", write_off, allow=TILL),
)

"""A family has its invoices debited, or ends that."""

from typing import Final

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, is_unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/factures/prelevement"


async def direct_debit(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The mandate in force, or the form that signs one."""
    treasury = page.clients.treasury
    shown = await panels(mandates=treasury.mandates(), terms=treasury.mandate_terms())
    found = () if is_unavailable(shown.mandates) else shown.mandates
    return page.render(
        "prelevement.html",
        panels=shown,
        form=form or Form(),
        away=away,
        mandate=next((m for m in found if m.state == "active"), None),
        former=[m for m in found if m.state != "active"],
    )


async def sign(page: Page) -> web.StreamResponse:
    """Sign a mandate for this account."""
    form = await page.form()
    try:
        iban, holder = form.text("iban"), form.text("titulaire")
        if not iban:
            raise FieldRefused("iban", "Saisissez l’IBAN du compte à prélever.")
        if len(holder) < 2:
            raise FieldRefused("titulaire", "Saisissez le nom du titulaire du compte.")
        if not form.checked("accord"):
            raise FieldRefused("accord", "Cochez cette case pour signer le mandat.")
        signed = await page.clients.treasury.sign_mandate(
            iban, holder, one_off=form.text("portee") == "une"
        )
    except ServiceUnavailable as failure:
        return await direct_debit(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await direct_debit(page, form.refused(refusal, titulaire="holder"))
    return page.redirect(PATH, flash=f"Mandat {signed.rum} signé. Un message vous le confirme.")


async def end(page: Page) -> web.StreamResponse:
    """End the mandate, at once or on a day to come."""
    form = await page.form()
    try:
        ended = await page.clients.treasury.end_mandate(
            form.id("mandat"), ends_on=form.date("fin", optional=True)
        )
    except ServiceUnavailable as failure:
        return await direct_debit(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await direct_debit(page, form.refused(refusal, fin="ends_on"))
    told = "Votre mandat a pris fin\u00a0: ce compte ne sera plus prélevé."
    if ended.state == "active" and ended.ends_on:
        told = f"Votre mandat prendra fin le {ended.ends_on:%d/%m/%Y}."
    return page.redirect(PATH, flash=told)


ROUTES = (
    get(PATH, direct_debit, allow={GUARDIAN}),
    post(PATH, sign, allow={GUARDIAN}),
    post(f"{PATH}/fin", end, allow={GUARDIAN}),
)

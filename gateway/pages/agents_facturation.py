"""Billing runs and invoices, as the till sees them."""

from datetime import timedelta
from typing import Final

from aiohttp import web

from contracts.roles import DESK, TILL
from gateway.forms import MONTH, REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, is_unavailable, panels
from services.chassis.http_client import ServiceUnavailable

RUNS_PATH: Final = "/agents/facturation"
INVOICES_PATH: Final = "/agents/factures"
# Where the cases of a doubt are mended when they name neither a family nor a session.
DOUBT_LINKS: Final = {"unpriced": ("/agents/tarifs", "Voir les tarifs")}
PAGE_SIZE: Final = 25
INVOICE_STATES: Final = (("", "Toutes"), ("due", "À payer"), ("paid", "Payées"))


async def runs(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The runs so far, and the form that prepares one."""
    shown = await panels(runs=page.clients.billing.billing_runs())
    last_month = page.today.replace(day=1) - timedelta(days=1)
    return page.render(
        "agents/facturation.html",
        panels=shown,
        form=form or Form(),
        away=away,
        proposed=f"{last_month:%Y-%m}",
    )


async def preview(page: Page, form: Form | None = None) -> web.StreamResponse:
    """What invoicing the month would issue, what to look at first, and the step that does it."""
    asked = Form({"mois": [page.query.get("mois")]})
    try:
        month = (form or asked).month("mois")
        found = await page.clients.billing.billing_preview(month)
    except ServiceUnavailable as failure:
        return await runs(page, form or asked, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await runs(page, asked.refused(refusal, mois="month"))
    return page.render(
        "agents/facturation_apercu.html",
        found=found,
        form=form or Form(),
        links=DOUBT_LINKS,
        run=found.run,
    )


async def start(page: Page) -> web.StreamResponse:
    """Bill a month; a month billed already keeps its invoices."""
    form = await page.form()
    try:
        month = form.month("mois")
        run = await page.clients.billing.start_billing_run(
            month, not_over_confirmed=form.checked("confirmation")
        )
    except ServiceUnavailable as failure:
        return await runs(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(refusal, mois="month", confirmation="not_over_confirmed")
        return await (preview if refused.error("confirmation") else runs)(page, refused)
    return page.redirect(f"{RUNS_PATH}/{run.run_id}")


async def run(page: Page) -> web.StreamResponse:
    """One run: its progress, then its result and what to look at."""
    found = await or_unavailable(page.clients.billing.billing_run(page.id("run_id")))
    return page.render(
        "agents/facturation_suivi.html", partial="parties/facturation.html", run=found
    )


async def invoices(page: Page) -> web.StreamResponse:
    """The invoices of a month, by state."""
    period = page.query.get("mois")
    state = page.query.get("etat")
    is_month = MONTH.fullmatch(period)
    shown = await panels(
        invoices=page.clients.billing.invoices(period=period if is_month else None)
    )
    found = () if is_unavailable(shown.invoices) else shown.invoices
    kept = [i for i in found if not state or (i.balance_cents > 0) == (state == "due")]
    number = min(page.query.number("page"), max(1, -(-len(kept) // PAGE_SIZE)))
    return page.render(
        "agents/factures.html",
        panels=shown,
        shown=kept[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        total=len(kept),
        number=number,
        size=PAGE_SIZE,
        total_cents=sum(i.total_cents for i in kept),
        balance_cents=sum(i.balance_cents for i in kept),
        month=period if is_month else "",
        state=state,
        states=INVOICE_STATES,
    )


ROUTES = (
    get(RUNS_PATH, runs, allow=TILL),
    post(RUNS_PATH, start, allow=TILL),
    get(f"{RUNS_PATH}/apercu", preview, allow=TILL),
    get(f"{RUNS_PATH}/{{run_id}}", run, allow=TILL),
    get(INVOICES_PATH, invoices, allow=DESK),
)

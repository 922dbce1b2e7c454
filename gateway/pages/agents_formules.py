"""Days at one price: morning, meal and afternoon together."""

from typing import Any, Final

from aiohttp import web

from contracts.roles import DESK, TILL
from gateway.forms import REFUSALS, Form
from gateway.labels import KINDS
from gateway.page import Page, get, post
from gateway.pages import tariff_form
from gateway.pages.tariff_form import TariffForm
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/tarifs/formules"


async def formulas(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The formulas that hold, and the form for another one."""
    return page.render(
        "agents/formules.html",
        panels=await panels(formulas=page.clients.billing.formulas()),
        form=form or Form(),
        away=away,
        activity_kinds=tuple(KINDS.items()),
        may_amend=page.session.has(*TILL),
        **tariff_form.choices(),
    )


async def save(page: Page) -> web.StreamResponse:
    """Publish a formula."""
    draft = TariffForm(await page.form())
    try:
        await page.clients.billing.save_formula(_formula(draft))
    except ServiceUnavailable as failure:
        return await formulas(page, draft.form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await formulas(page, tariff_form.refused(draft, refusal))
    return page.redirect(PATH, flash="La formule est enregistrée.")


def _formula(draft: TariffForm) -> dict[str, Any]:
    """What billing takes. Raises FieldRefused."""
    form, until = draft.form, draft.form.date("jusque", optional=True)
    names = {"nom": "name", "sortes": "kinds", "du": "valid_from", "jusque": "valid_until"}
    draft.fields |= names
    return {
        "name": form.text("nom"),
        "kinds": form.texts("sortes"),
        "valid_from": form.date("du").isoformat(),
        "valid_until": until.isoformat() if until else None,
        **draft.price("base", ""),
    }


async def retire(page: Page) -> web.StreamResponse:
    """A formula holds no longer."""
    try:
        await page.clients.billing.retire_formula(page.id("formula_id"))
    except ServiceUnavailable as failure:
        return await formulas(page, away=Unavailable(failure.service))
    except REFUSALS as refusal:
        return await formulas(page, Form().refused(refusal))
    return page.redirect(PATH, flash="La formule est retirée.")


ROUTES = (
    get(PATH, formulas, allow=DESK),
    post(PATH, save, allow=TILL),
    post(f"{PATH}/{{formula_id}}/retirer", retire, allow=TILL),
)

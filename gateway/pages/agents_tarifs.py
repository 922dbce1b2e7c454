"""What activities cost: the tariffs in words, and the form for another one."""

from typing import Final

from aiohttp import web

from contracts.roles import STAFF, TILL
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages import tariff_form
from gateway.pages.tariff_form import TariffForm
from gateway.panels import Unavailable, is_unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/tarifs"


async def tariffs(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The tariffs in force and to come, by activity, and the form for a new one."""
    shown = await panels(
        tariffs=page.clients.billing.tariffs(), activities=page.clients.enrolment.activities()
    )
    activities = () if is_unavailable(shown.activities) else shown.activities
    return page.render(
        "agents/tarifs.html",
        panels=shown,
        form=form or Form(),
        away=away,
        names={activity.activity_id: activity.name for activity in activities},
        may_amend=page.session.has(*TILL),
        **tariff_form.choices(),
    )


async def save(page: Page) -> web.StreamResponse:
    """Publish a tariff from a day on."""
    draft = TariffForm(await page.form())
    try:
        await page.clients.billing.save_tariff(draft.read().body)
    except ServiceUnavailable as failure:
        return await tariffs(page, draft.form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await tariffs(page, tariff_form.refused(draft, refusal))
    return page.redirect(PATH, flash="Le tarif est enregistré.")


ROUTES = (get(PATH, tariffs, allow=STAFF), post(PATH, save, allow=TILL))

"""What activities cost: the tariffs in words, a form for another one, what it would change."""

from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from contracts.roles import DESK, STAFF, TILL
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages import tariff_form
from gateway.pages.tariff_form import TariffForm
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.readers import TariffGroup
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/tarifs"


async def tariffs(
    page: Page, form: Form | None = None, away: Unavailable | None = None, **seen: Any
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
        may_report=page.session.has(*DESK),
        proposed=f"{page.today.replace(day=1) - timedelta(days=1):%Y-%m}",
        **tariff_form.choices(),
        **{"found": None, **seen},
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


async def preview(page: Page) -> web.StreamResponse:
    """What the tariff that was typed would have made of a month; nothing is published."""
    draft = TariffForm(await page.form())
    try:
        found = await page.clients.billing.preview_tariff(
            draft.read().body, draft.form.month("mois")
        )
    except ServiceUnavailable as failure:
        return await tariffs(page, draft.form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await tariffs(page, tariff_form.refused(draft, refusal))
    groups = [(label(group), group) for group in found.groups]
    bars = [(label, group.today_cents, group.new_cents) for label, group in groups]
    return await tariffs(page, draft.form, found=found, groups=groups, bars=bars)


def label(group: TariffGroup) -> str:
    """The quotients of a group, in words."""
    if group.from_quotient is None:
        return "Sans quotient à jour"
    if group.to_quotient is None:
        return f"Quotient {group.from_quotient} et plus"
    return f"Quotient {group.from_quotient} à {group.to_quotient - 1}"


ROUTES = (
    get(PATH, tariffs, allow=STAFF),
    post(PATH, save, allow=TILL),
    post(f"{PATH}/apercu", preview, allow=TILL),
)

"""House rules: what is in force, its earlier versions, and a new one."""

from typing import Final

from aiohttp import web

from contracts.roles import DESK, OFFICE
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/reglements"
SERVICE_FIELDS: Final = {
    "annee": "school_year",
    "activite": "activity_id",
    "titre": "title",
    "texte": "text",
}


async def regulations(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """Every version with how many families accepted it, and the form of a new one."""
    shown = await panels(
        versions=page.clients.admissions.regulations_versions(),
        years=page.clients.enrolment.school_years(),
        activities=page.clients.enrolment.activities(),
    )
    return page.render(
        "agents/reglements.html",
        panels=shown,
        form=form or Form(),
        away=away,
        may_amend=page.session.has(*OFFICE),
    )


async def publish(page: Page) -> web.StreamResponse:
    """Publish a new version; the families that are concerned are asked again."""
    form = await page.form()
    try:
        activity_id = form.id("activite", optional=True)
        published = await page.clients.admissions.publish_regulations(
            {
                "school_year": form.text("annee"),
                "activity_id": str(activity_id) if activity_id else None,
                "title": form.text("titre"),
                "text": form.text("texte"),
            }
        )
    except ServiceUnavailable as failure:
        return await regulations(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await regulations(page, form.refused(refusal, **SERVICE_FIELDS))
    told = f"Version {published.version} publiée. Les familles concernées devront l’accepter."
    return page.redirect(PATH, flash=told)


ROUTES = (get(PATH, regulations, allow=DESK), post(PATH, publish, allow=OFFICE))

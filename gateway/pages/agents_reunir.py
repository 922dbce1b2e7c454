"""Two records of one family: found, compared side by side, made one."""

from typing import Any, Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/familles/{family_id}/reunir"
FOUND_AT_MOST: Final = 20
NOT_CONFIRMED: Final = "Cochez la case : deux dossiers réunis ne se séparent plus."


async def merge_page(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """First the search for the other record, then both side by side."""
    family_id, form = page.id("family_id"), form or Form()
    other = page.query.id("autre") or form.id("autre", optional=True)
    shown: dict[str, Any] = {"search": page.query.get("recherche"), "found": None, "compared": None}
    if other is not None:
        shown["compared"] = await or_unavailable(
            page.clients.office.merge_preview(family_id, other)
        )
    else:
        shown["family"] = await or_unavailable(page.clients.accounts.family(family_id))
        if shown["search"]:
            shown["found"] = await or_unavailable(
                page.clients.accounts.families(shown["search"], 1, FOUND_AT_MOST)
            )
    return page.render("agents/reunir.html", form=form, away=away, family_id=family_id, **shown)


async def merge(page: Page) -> web.StreamResponse:
    """Make them one; what is chosen is taken from the record that goes."""
    form, family_id = await page.form(), page.id("family_id")
    take = [key for key in form.texts("differences") if form.text(f"choix-{key}") == "autre"]
    try:
        other = form.id("autre")
        if not form.checked("confirme"):
            raise FieldRefused("confirme", NOT_CONFIRMED)
        await page.clients.office.merge_families(family_id, other, take)
    except ServiceUnavailable as failure:
        return await merge_page(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await merge_page(page, form.refused(refusal, autre="other_id"))
    told = "Les deux dossiers sont réunis. Leurs responsables devront se reconnecter."
    return page.redirect(f"/agents/familles/{family_id}", flash=told)


ROUTES = (get(PATH, merge_page, allow=OFFICE), post(PATH, merge, allow=OFFICE))

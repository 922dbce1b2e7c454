"""A parent's way in, in the hands of the office: the lost second factor."""

from typing import Final

from aiohttp import web

from contracts.roles import ADMIN
from gateway.formats import of
from gateway.page import Page, post
from gateway.pages import fiche
from services.chassis.errors import NotFound

PATH: Final = "/agents/familles/{family_id}/responsables/{guardian_id}/double-authentification"


async def reset_second_factor(page: Page) -> web.StreamResponse:
    """Take a parent's lost second factor away: the password alone signs in again."""
    await page.form()
    family = await page.clients.accounts.family(page.id("family_id"))
    guardian = fiche.guardian_in(family, page.id("guardian_id"))
    if guardian is None or guardian.account is None or guardian.account.account_id is None:
        raise NotFound
    await page.clients.accounts.reset_second_factor(guardian.account.account_id)
    return page.redirect(
        f"/agents/familles/{family.family_id}/responsables/{guardian.guardian_id}",
        flash=f"La double authentification {of(guardian.first_name)} est retirée.",
    )


ROUTES = (post(PATH, reset_second_factor, allow={ADMIN}),)

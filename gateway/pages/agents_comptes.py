"""The staff's accounts: who may come in, and what they may do."""

from typing import Any, Final

from aiohttp import web

from contracts.roles import ADMIN
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.readers.staff import StaffAccount
from services.chassis.errors import NotFound
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/comptes"
ROLES: Final = (
    ("agent", "Agent du service enfance"),
    ("leader", "Animateur : pointage de ses activités"),
    ("regisseur", "Régisseur"),
    ("admin", "Administrateur"),
)
# form field -> the name under which accounts refuses it
FIELDS: Final = {"identifiant": "login", "nom": "name", "role": "roles"}


async def accounts(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """Everybody of the staff, and the form for somebody new."""
    shown = await panels(
        staff=page.clients.accounts.staff(), activities=page.clients.enrolment.activities()
    )
    return page.render(
        "agents/comptes.html", panels=shown, form=form or Form(), away=away, roles=ROLES
    )


async def create(page: Page) -> web.StreamResponse:
    """Make an account; the temporary password is shown this once."""
    form = await page.form()
    try:
        body = profile_of(form) | {"login": form.text("identifiant")}
        handed = await page.clients.accounts.create_staff(body)
    except ServiceUnavailable as failure:
        return await accounts(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await accounts(page, form.refused(refusal, **FIELDS))
    return page.render("agents/compte_remis.html", handed=handed)


async def account(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """One account: its roles, its activities, and what to do when something is lost."""
    shown = await panels(
        staff=page.clients.accounts.staff(), activities=page.clients.enrolment.activities()
    )
    found = None if is_unavailable(shown.staff) else _one_of(shown.staff, page)
    return page.render(
        "agents/compte.html",
        panels=shown,
        found=found,
        form=form or Form(),
        away=away,
        roles=ROLES,
    )


async def change(page: Page) -> web.StreamResponse:
    """Save roles and activities; suspend or let in again."""
    form, account_id = await page.form(), page.id("account_id")
    try:
        body = profile_of(form) | {"disabled": form.checked("suspendu")}
        await page.clients.accounts.change_staff(account_id, body)
    except ServiceUnavailable as failure:
        return await account(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await account(page, form.refused(refusal, **FIELDS))
    return page.redirect(PATH, flash="Le compte est enregistré.")


async def renew_code(page: Page) -> web.StreamResponse:
    """Another temporary password, shown this once."""
    handed = await page.clients.accounts.renew_staff_code(page.id("account_id"))
    return page.render("agents/compte_remis.html", handed=handed)


async def reset_second_factor(page: Page) -> web.StreamResponse:
    """Take a lost second factor away: the next sign-in takes up another."""
    await page.clients.accounts.reset_second_factor(page.id("account_id"))
    return page.redirect(PATH, flash="La double authentification est réinitialisée.")


def profile_of(form: Form) -> dict[str, Any]:
    """The account as the form describes it. Raises FieldRefused."""
    roles = form.texts("role")
    if not roles:
        raise FieldRefused("role", "Choisissez au moins un rôle.")
    everything = form.checked("toutes_activites") or "leader" not in roles
    activities = None if everything else [str(chosen) for chosen in form.ids("activite")]
    return {"name": form.text("nom"), "roles": roles, "activity_ids": activities}


def _one_of(staff: tuple[StaffAccount, ...], page: Page) -> StaffAccount:
    wanted = page.id("account_id")
    found = next((one for one in staff if one.account_id == wanted), None)
    if found is None:
        raise NotFound
    return found


ROUTES = (
    get(PATH, accounts, allow={ADMIN}),
    post(PATH, create, allow={ADMIN}),
    get(f"{PATH}/{{account_id}}", account, allow={ADMIN}),
    post(f"{PATH}/{{account_id}}", change, allow={ADMIN}),
    post(f"{PATH}/{{account_id}}/code", renew_code, allow={ADMIN}),
    post(f"{PATH}/{{account_id}}/double-authentification", reset_second_factor, allow={ADMIN}),
)

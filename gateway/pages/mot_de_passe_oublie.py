"""A forgotten password: asking for a link, and choosing another password by it."""

from typing import Final

from aiohttp import web

from gateway.flash import Flash
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import PUBLIC, SIGN_IN_PATH, Page, get, post
from gateway.pages.connexion import told_to_wait
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceProblem, ServiceUnavailable

FORGOTTEN_PATH: Final = "/mot-de-passe/oublie"
NEW_PATH: Final = "/mot-de-passe/nouveau"


async def forgotten(
    page: Page, form: Form | None = None, away: Unavailable | None = None, *, asked: bool = False
) -> web.StreamResponse:
    """The form that asks for a link, and what to do next once it was sent."""
    return page.render("mot_de_passe_oublie.html", form=form or Form(), away=away, asked=asked)


async def ask(page: Page) -> web.StreamResponse:
    """Have a link mailed; the answer tells nobody which logins there are."""
    form = await page.form()
    try:
        if not form.text("identifiant"):
            raise FieldRefused("identifiant", "Saisissez votre identifiant ou votre adresse mail.")
        await page.clients.accounts.ask_for_reset(form.text("identifiant"), page.visitor.address)
    except ServiceUnavailable as failure:
        return await forgotten(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(refusal, identifiant="login")
        return told_to_wait(await forgotten(page, refused), refused)
    return await forgotten(page, asked=True)


async def new_password(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The form behind the link, or at once that it opens nothing any more.

    Looking at it uses nothing up: mail programs look ahead.
    """
    token = page.query.get("jeton") or (form.text("jeton") if form else "")
    if form is None:
        is_spent = await _is_spent(page, token)
    else:
        is_spent = form.reason == "link-spent"
    return page.render(
        "mot_de_passe_nouveau.html",
        form=form or Form(),
        away=away,
        token=token,
        is_spent=is_spent,
    )


async def _is_spent(page: Page, token: str) -> bool:
    try:
        await page.clients.accounts.check_reset(token)
    except ServiceUnavailable:
        # The form may be filled in meanwhile; sending it says more.
        return False
    except ServiceProblem:
        # Used, replaced, too old, or never one of ours.
        return True
    return False


async def choose(page: Page) -> web.StreamResponse:
    """Set the password; the next step is to sign in with it."""
    form = await page.form()
    try:
        done = await page.clients.accounts.reset_password(
            form.text("jeton"), form.exact("nouveau"), form.exact("confirmation")
        )
    except ServiceUnavailable as failure:
        return await new_password(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(refusal, nouveau="new", confirmation="repeated", jeton="token")
        return told_to_wait(await new_password(page, refused), refused)
    response = page.redirect(SIGN_IN_PATH)
    told = Flash("Votre nouveau mot de passe est enregistré. Connectez-vous.")
    page.portal.cookies.keep_flash(response, page.portal.flashes.write(told))
    if done.device_token:
        page.portal.cookies.keep_device(response, done.device_token)
    return response


ROUTES = (
    get(FORGOTTEN_PATH, forgotten, allow=PUBLIC),
    post(FORGOTTEN_PATH, ask, allow=PUBLIC),
    get(NEW_PATH, new_password, allow=PUBLIC),
    post(NEW_PATH, choose, allow=PUBLIC),
)

"""Signing in, choosing a password, signing out."""

from typing import Final

from aiohttp import hdrs, web

from gateway.flash import Flash
from gateway.forms import REFUSALS, Form
from gateway.page import PASSWORD_PATH, PUBLIC, SIGN_IN_PATH, SIGN_OUT_PATH, Page, get, post
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable

# The refusals that a code of the authenticator application would mend.
CODE_REASONS: Final = frozenset({"totp-required", "totp-invalid"})
BUSY: Final = "too-busy"


async def sign_in_page(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The form; whoever is signed in already goes on."""
    if page.signed_in:
        return page.redirect(page.wanted_path())
    form = form or Form()
    return page.render(
        "connexion.html",
        form=form,
        away=away,
        wanted=page.wanted_path(""),
        asks_code=form.reason in CODE_REASONS,
        is_busy=form.reason == BUSY,
    )


async def sign_in(page: Page) -> web.StreamResponse:
    """Check login, password and, for the staff, the one-time code."""
    form = await page.form()
    try:
        tokens = await page.clients.accounts.sign_in(
            form.text("identifiant"),
            form.exact("mot_de_passe"),
            form.text("code").replace(" ", "") or None,
            page.visitor,
        )
    except ServiceUnavailable as failure:
        return await sign_in_page(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(refusal, identifiant="login", mot_de_passe="password", code="totp")
        return told_to_wait(await sign_in_page(page, refused), refused)
    return page.sign_in(tokens, page.wanted_path())


def told_to_wait(response: web.StreamResponse, form: Form) -> web.StreamResponse:
    """The same page, with how long to wait for programs that would try again."""
    if form.retry_after is not None:
        response.set_status(503 if form.reason == BUSY else 429)
        response.headers[hdrs.RETRY_AFTER] = str(form.retry_after)
    return response


async def password_page(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The form for a new password; the first one is temporary and must be changed."""
    return page.render(
        "mot_de_passe.html",
        form=form or Form(),
        away=away,
        is_first=page.session.must_change_password,
    )


async def change_password(page: Page) -> web.StreamResponse:
    """Change it and go on with a new session; the other sessions are over."""
    form = await page.form()
    try:
        tokens = await page.clients.accounts.change_password(
            form.exact("actuel"),
            form.exact("nouveau"),
            page.visitor.device,
            form.exact("confirmation"),
        )
    except ServiceUnavailable as failure:
        return await password_page(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(refusal, actuel="current", nouveau="new", confirmation="repeated")
        return await password_page(page, refused)
    response = page.sign_in(tokens)
    told = Flash("Votre nouveau mot de passe est enregistré.")
    page.portal.cookies.keep_flash(response, page.portal.flashes.write(told))
    return response


async def sign_out_page(page: Page) -> web.StreamResponse:
    """Asks before ending the session, since a link may be followed by mistake."""
    return page.render("deconnexion.html")


async def sign_out(page: Page) -> web.StreamResponse:
    """End the session."""
    return await page.sign_out(flash="Vous êtes déconnecté. À bientôt !")


ROUTES = (
    get(SIGN_IN_PATH, sign_in_page, allow=PUBLIC),
    post(SIGN_IN_PATH, sign_in, allow=PUBLIC),
    get(PASSWORD_PATH, password_page),
    post(PASSWORD_PATH, change_password),
    get(SIGN_OUT_PATH, sign_out_page),
    post(SIGN_OUT_PATH, sign_out),
)

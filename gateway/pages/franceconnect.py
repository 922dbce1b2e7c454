"""Signing in with FranceConnect: out, back, and which account is one's own."""

from typing import Final

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, Form
from gateway.page import PUBLIC, SIGN_IN_PATH, Page, get, post
from gateway.pages.connexion import CODE_REASONS, sign_in_page, told_to_wait
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceProblem, ServiceUnavailable

PATH: Final = "/connexion/franceconnect"
RETURN_PATH: Final = f"{PATH}/retour"
ACCOUNT_PATH: Final = f"{PATH}/compte"
SIGNED_OUT_PATH: Final = "/deconnexion/franceconnect"


async def depart(page: Page) -> web.StreamResponse:
    """Leave for FranceConnect; this very browser must come back."""
    try:
        departure = await page.clients.accounts.depart()
    except ServiceUnavailable as failure:
        return await sign_in_page(page, away=Unavailable(failure.service))
    except ServiceProblem as refusal:
        return await sign_in_page(page, Form().refused(refusal))
    response = page.leave_to(departure.url)
    page.portal.cookies.keep_departure(response, departure.browser_token)
    return response


async def come_back(page: Page) -> web.StreamResponse:
    """Back from FranceConnect: signed in, or asked which account is one's own."""
    cookies = page.portal.cookies
    code, state = page.query.get("code"), page.query.get("state")
    if not code or not state:
        told = "Vous n’avez pas été identifié par FranceConnect."
        return page.redirect(SIGN_IN_PATH, flash=told, tone="warning")
    token = page.request.cookies.get(cookies.departure, "")
    try:
        arrival = await page.clients.accounts.arrive(code[:2000], state[:100], token, page.visitor)
    except ServiceUnavailable as failure:
        return await sign_in_page(page, away=Unavailable(failure.service))
    except ServiceProblem as refusal:
        told = str(refusal.problem.get("detail") or "L’identification a échoué.")
        return page.redirect(SIGN_IN_PATH, flash=told, tone="warning")
    if arrival.session:
        response: web.StreamResponse = page.sign_in(arrival.session)
    else:
        response = await own_account(page, ticket=arrival.ticket, name=arrival.name)
    cookies.drop_departure(response)
    return response


async def own_account(
    page: Page,
    form: Form | None = None,
    away: Unavailable | None = None,
    *,
    ticket: str,
    name: str,
) -> web.StreamResponse:
    """The form that proves which account is one's own: password or access code."""
    form = form or Form()
    return page.render(
        "franceconnect_compte.html",
        form=form,
        away=away,
        ticket=ticket,
        name=name,
        asks_code=form.reason in CODE_REASONS,
        is_spent=form.reason == "link-spent",
    )


async def link(page: Page) -> web.StreamResponse:
    """Sign in, and with FranceConnect from then on."""
    form = await page.form()
    ticket, name = form.text("ticket"), form.text("nom")
    try:
        tokens = await page.clients.accounts.link_france_connect(
            ticket,
            form.text("identifiant"),
            form.exact("mot_de_passe"),
            form.text("code").replace(" ", "") or None,
            page.visitor,
        )
    except ServiceUnavailable as failure:
        return await own_account(page, form, Unavailable(failure.service), ticket=ticket, name=name)
    except REFUSALS as refusal:
        refused = form.refused(refusal, identifiant="login", mot_de_passe="password", code="totp")
        return told_to_wait(await own_account(page, refused, ticket=ticket, name=name), refused)
    return page.sign_in(tokens)


async def unlink(page: Page) -> web.StreamResponse:
    """Sign in with the password alone again."""
    form = await page.form()
    try:
        await page.clients.accounts.unlink_france_connect(form.exact("mot_de_passe"))
    except ServiceUnavailable as failure:
        return await unlink_page(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await unlink_page(page, form.refused(refusal, mot_de_passe="password"))
    return page.redirect("/compte", flash="FranceConnect n’est plus associé à votre compte.")


async def unlink_page(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """Asks for the password first."""
    return page.render("franceconnect_dissocier.html", form=form or Form(), away=away)


async def signed_out(page: Page) -> web.StreamResponse:
    """Back from ending FranceConnect's own session."""
    return page.redirect(SIGN_IN_PATH, flash="Vous êtes déconnecté. À bientôt !")


ROUTES = (
    get(PATH, depart, allow=PUBLIC),
    get(RETURN_PATH, come_back, allow=PUBLIC),
    post(ACCOUNT_PATH, link, allow=PUBLIC),
    get("/compte/franceconnect", unlink_page, allow={GUARDIAN}),
    post("/compte/franceconnect", unlink, allow={GUARDIAN}),
    get(SIGNED_OUT_PATH, signed_out, allow=PUBLIC),
)

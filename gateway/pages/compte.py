"""One's account: devices, mail address, and by which means one signs in."""

from typing import Any, Final

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, Form
from gateway.page import PUBLIC, SIGN_IN_PATH, Page, get, post
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/compte"
CONFIRM_PATH: Final = f"{PATH}/mail/confirmer"
ANSWER_PATH: Final = f"{PATH}/mail/repondre"
REFUSE_PATH: Final = f"{PATH}/mail/refuser"


async def account(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What one signs in with, and from where one is signed in."""
    accounts = page.clients.accounts
    shown = await panels(access=accounts.access(), sessions=accounts.sessions())
    return page.render("compte.html", panels=shown, form=form or Form(), away=away)


async def end_session(page: Page) -> web.StreamResponse:
    """Sign one of one's devices out."""
    session_id = page.id("session_id")
    if session_id == page.session.session_id:
        return await page.sign_out(flash="Vous êtes déconnecté. À bientôt !")
    await page.clients.accounts.sign_out(session_id)
    page.portal.identity.ended(session_id)
    return page.redirect(PATH, flash="L’appareil est déconnecté.")


async def end_sessions(page: Page) -> web.StreamResponse:
    """Sign out everywhere, here too, and at once wherever this portal answers."""
    accounts = page.clients.accounts
    known = await accounts.sessions()
    await accounts.sign_out_everywhere()
    for one in known:
        page.portal.identity.ended(one.session_id)
    return await page.sign_out(flash="Tous vos appareils sont déconnectés.")


async def change_mail(page: Page) -> web.StreamResponse:
    """Ask for another mail address: nothing changes before it is confirmed."""
    form = await page.form()
    try:
        await page.clients.accounts.ask_for_mail(form.text("mail"), form.exact("mot_de_passe"))
    except ServiceUnavailable as failure:
        return await account(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await account(page, form.refused(refusal, mot_de_passe="password"))
    told = "Un lien de confirmation part vers vos deux adresses. L’actuelle reste en vigueur."
    return page.redirect(PATH, flash=told, tone="info")


async def keep_mail(page: Page) -> web.StreamResponse:
    """Keep the present address after all."""
    await page.clients.accounts.give_mail_up()
    return page.redirect(PATH, flash="Votre adresse mail ne change pas.")


async def mail_link(
    page: Page,
    form: Form | None = None,
    away: Unavailable | None = None,
    *,
    done: str | None = None,
    waits_for: str | None = None,
) -> web.StreamResponse:
    """The page behind each link. It asks first: mail programs look ahead."""
    form = form or Form()
    context: dict[str, Any] = {
        "confirms": page.path != REFUSE_PATH,
        "may_refuse": page.path == ANSWER_PATH,
        "waits_for": waits_for,
        "token": page.query.get("jeton") or form.text("jeton"),
        "done": done,
    }
    return page.render("compte_mail.html", form=form, away=away, **context)


async def confirm_mail(page: Page) -> web.StreamResponse:
    """The address is one's own, or one agrees to leave it."""
    form = await page.form()
    try:
        confirmed = await page.clients.accounts.confirm_mail(form.text("jeton"))
    except ServiceUnavailable as failure:
        return await mail_link(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await mail_link(page, form.refused(refusal, jeton="token"))
    return await mail_link(page, done=confirmed.mail or "", waits_for=confirmed.waits_for)


async def refuse_mail(page: Page) -> web.StreamResponse:
    """The present address stays or comes back, and every device is signed out."""
    form = await page.form()
    try:
        kept = await page.clients.accounts.refuse_mail(form.text("jeton"))
    except ServiceUnavailable as failure:
        return await mail_link(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await mail_link(page, form.refused(refusal, jeton="token"))
    if page.signed_in:
        return await page.sign_out(SIGN_IN_PATH, flash="Le changement d’adresse est refusé.")
    return await mail_link(page, done=kept.mail or "")


ROUTES = (
    get(PATH, account),
    post(f"{PATH}/sessions", end_sessions),
    post(f"{PATH}/sessions/{{session_id}}", end_session),
    post(f"{PATH}/mail", change_mail, allow={GUARDIAN}),
    post(f"{PATH}/mail/garder", keep_mail, allow={GUARDIAN}),
    get(CONFIRM_PATH, mail_link, allow=PUBLIC),
    post(CONFIRM_PATH, confirm_mail, allow=PUBLIC),
    get(ANSWER_PATH, mail_link, allow=PUBLIC),
    get(REFUSE_PATH, mail_link, allow=PUBLIC),
    post(REFUSE_PATH, refuse_mail, allow=PUBLIC),
)

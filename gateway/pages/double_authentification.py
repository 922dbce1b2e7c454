"""The second factor: taking it up with a telephone, codes for when that is lost."""

from collections.abc import Sequence
from io import BytesIO

import segno
from aiohttp import web

from gateway.forms import REFUSALS, Form
from gateway.page import SECOND_FACTOR_PATH, Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, is_unavailable
from gateway.readers.access import NewSecret
from services.chassis.http_client import ServiceProblem, ServiceUnavailable

PATH = SECOND_FACTOR_PATH


async def second_factor(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """How it stands; the QR code and the first code's field while an enrolment is under way."""
    found = await or_unavailable(page.clients.accounts.access())
    pending = None if is_unavailable(found) else await _pending(page)
    return page.render(
        "double_authentification.html",
        access=found,
        pending=pending,
        secret_in_groups=in_groups(pending.secret) if pending else "",
        form=form or Form(),
        away=away,
    )


async def begin(page: Page) -> web.StreamResponse:
    """Ask for a secret; the password is asked for again."""
    form = await page.form()
    try:
        await page.clients.accounts.begin_second_factor(form.exact("mot_de_passe"))
    except ServiceUnavailable as failure:
        return await second_factor(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await second_factor(page, form.refused(refusal, mot_de_passe="password"))
    return page.redirect(PATH)


async def picture(page: Page) -> web.StreamResponse:
    """The secret as a QR code, from our own address, since nothing may stand inside the page."""
    pending = await page.clients.accounts.pending_second_factor()
    drawn = BytesIO()
    code = segno.make(pending.address, error="m")
    code.save(drawn, kind="svg", scale=6, border=4, dark="#000", light="#fff", xmldecl=False)
    return web.Response(body=drawn.getvalue(), content_type="image/svg+xml")


async def confirm(page: Page) -> web.StreamResponse:
    """Take it up with the first code; the recovery codes are shown this once."""
    form = await page.form()
    try:
        enrolled = await page.clients.accounts.confirm_second_factor(
            form.text("code").replace(" ", ""), page.visitor.device
        )
    except ServiceUnavailable as failure:
        return await second_factor(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await second_factor(page, form.refused(refusal))
    response = _codes(page, enrolled.recovery_codes, is_first=True)
    page.keep_session(response, enrolled)
    return response


async def renew_codes(page: Page) -> web.StreamResponse:
    """Ten other recovery codes."""
    form = await page.form()
    try:
        renewed = await page.clients.accounts.renew_recovery_codes(form.exact("mot_de_passe"))
    except ServiceUnavailable as failure:
        return await second_factor(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await second_factor(page, form.refused(refusal, mot_de_passe="password"))
    return _codes(page, renewed.recovery_codes, is_first=False)


async def give_up(page: Page) -> web.StreamResponse:
    """Do without it again."""
    form = await page.form()
    try:
        await page.clients.accounts.give_up_second_factor(form.exact("mot_de_passe_retrait"))
    except ServiceUnavailable as failure:
        return await second_factor(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await second_factor(page, form.refused(refusal, mot_de_passe_retrait="password"))
    return page.redirect("/compte", flash="La double authentification est désactivée.")


def in_groups(secret: str) -> str:
    """The secret as one can read it aloud: groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _codes(page: Page, codes: Sequence[str], *, is_first: bool) -> web.Response:
    return page.render("codes_de_secours.html", codes=codes, is_first=is_first)


async def _pending(page: Page) -> NewSecret | None:
    try:
        return await page.clients.accounts.pending_second_factor()
    except ServiceProblem:
        return None  # none is under way, or it has waited too long


ROUTES = (
    get(PATH, second_factor),
    post(PATH, begin),
    get(f"{PATH}/qr.svg", picture),
    post(f"{PATH}/activation", confirm),
    post(f"{PATH}/codes", renew_codes),
    post(f"{PATH}/retrait", give_up),
)

"""Access codes: who would get one, sending them now or on a day, and what became of each batch."""

from typing import Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from gateway.readers import CodesIssued
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/codes"
WHO_PATH: Final = f"{PATH}/destinataires"
PAGE_SIZE: Final = 50
OUTCOMES: Final = (
    ("mail", "Par mail"),
    ("letter", "Par courrier"),
    ("incomplete", "Dossiers incomplets"),
    ("already", "Déjà servies"),
)


async def codes(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """How many would receive codes and by which way; the batches, planned and past."""
    shown = await panels(
        preview=page.clients.accounts.preview_access_codes(),
        preview_all=page.clients.accounts.preview_access_codes("all"),
        batches=page.clients.office.code_batches(),
        letters=page.clients.notifications.letters(status="to_print"),
    )
    return page.render("agents/codes.html", panels=shown, form=form or Form(), away=away)


async def recipients(page: Page) -> web.StreamResponse:
    """Family by family: who would get a code, who is left out and why."""
    outcome = page.query.get("sort")
    if outcome not in dict(OUTCOMES):
        outcome = "mail"
    guardians = "all" if page.query.get("responsables") == "all" else "first"
    found = await or_unavailable(
        page.clients.office.code_recipients(
            outcome, guardians, page.query.number("page"), PAGE_SIZE
        )
    )
    return page.render(
        "agents/codes_destinataires.html",
        found=found,
        outcome=outcome,
        outcomes=OUTCOMES,
        guardians=guardians,
    )


async def issue(page: Page) -> web.StreamResponse:
    """To the guardian named, or to all that are ready and have none yet, now or on a day."""
    form = await page.form()
    try:
        family_id = form.id("famille", optional=True)
        issued = await page.clients.office.issue_codes(
            # A family's form names the guardian; nobody named is everybody.
            guardian_id=form.id("responsable") if family_id else None,
            guardians=form.text("responsables") or "first",
            only=form.text("voie") or None,
            planned_for=form.date("date", optional=True),
        )
    except ServiceUnavailable as failure:
        return await codes(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(
            refusal,
            responsable="guardian_ids",
            responsables="guardians",
            voie="only",
            date="planned_for",
        )
        return await codes(page, refused)
    return page.redirect(
        f"/agents/familles/{family_id}" if family_id else PATH, flash=_told(issued)
    )


async def withdraw(page: Page) -> web.StreamResponse:
    """Take back an issue planned for a later day."""
    form = await page.form()
    try:
        await page.clients.office.withdraw_batch(page.id("batch_id"))
    except ServiceUnavailable as failure:
        return await codes(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await codes(page, form.refused(refusal))
    return page.redirect(PATH, flash="L’envoi programmé est annulé.")


async def reissue(page: Page) -> web.StreamResponse:
    """New codes for those of a batch who have not used theirs."""
    form = await page.form()
    try:
        issued = await page.clients.office.reissue_batch(
            page.id("batch_id"), form.text("voie") or None
        )
    except ServiceUnavailable as failure:
        return await codes(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await codes(page, form.refused(refusal, voie="only"))
    return page.redirect(PATH, flash=f"{_told(issued)} Les anciens codes ne servent plus.")


def _told(issued: CodesIssued) -> str:
    if issued.planned_for:
        return f"L’envoi est programmé pour le {issued.planned_for:%d/%m/%Y}."
    if not issued.by_mail + issued.by_letter:
        return "Aucun code n’est parti : personne dont le dossier est complet n’était concerné."
    return f"Codes d’accès émis : {issued.by_mail} par mail, {issued.by_letter} par courrier."


ROUTES = (
    get(PATH, codes, allow=OFFICE),
    post(PATH, issue, allow=OFFICE),
    get(WHO_PATH, recipients, allow=OFFICE),
    post(f"{PATH}/lots/{{batch_id}}/annuler", withdraw, allow=OFFICE),
    post(f"{PATH}/lots/{{batch_id}}/refaire", reissue, allow=OFFICE),
)

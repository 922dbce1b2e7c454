"""Supporting documents, as the office settles their kinds and reviews them."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.readers import Activity, DocumentDetail
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/pieces"
QUEUE_PATH: Final = f"{PATH}/a-verifier"
PAGE_SIZE: Final = 25
VALIDITIES: Final = (
    ("none", "Sans limite"),
    ("months", "Un nombre de mois"),
    ("school_year", "Jusqu’à la fin de l’année scolaire"),
)
SUBJECTS: Final = (("famille", "La famille"), ("enfant", "Chaque enfant"))
ASKED_OF: Final = (
    ("activities", "Aux inscrits des activités qui la demandent"),
    ("everyone", "À toutes les familles"),
)
FORMATS: Final = (
    ("application/pdf", "PDF"),
    ("image/jpeg", "Photo JPEG"),
    ("image/png", "Image PNG"),
)

# form field -> the name under which documents refuses it
SERVICE_FIELDS: Final = {
    "nom": "label",
    "pour": "per_child",
    "demandee": "asked_of",
    "validite": "validity",
    "mois": "validity_months",
    "aide": "help",
    "formats": "accepts",
}


async def types(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """Every kind of document; with `?code=` the form holds one of them."""
    shown = await panels(
        types=page.clients.documents.types(), activities=page.clients.enrolment.activities()
    )
    known = () if is_unavailable(shown.types) else shown.types
    code = form.text("code") if form else page.query.get("code")
    return page.render(
        "agents/pieces.html",
        panels=shown,
        asking=asking(shown.activities),
        form=form or Form(),
        away=away,
        edited=next((kind for kind in known if kind.code == code and code), None),
        is_open=bool(form or code or page.query.get("nouvelle")),
        validities=VALIDITIES,
        subjects=SUBJECTS,
        asked_of=ASKED_OF,
        formats=FORMATS,
    )


def asking(found: Sequence[Activity] | Unavailable) -> dict[str, list[Activity]]:
    """The activities that ask for each kind of document."""
    asked: dict[str, list[Activity]] = {}
    if not isinstance(found, Unavailable):
        for activity in found:
            for code in activity.document_types:
                asked.setdefault(code, []).append(activity)
    return asked


async def save_type(page: Page) -> web.StreamResponse:
    """Create the kind of document, or change the one of the same code."""
    form = await page.form()
    try:
        await page.clients.documents.save_type(type_of(form))
    except ServiceUnavailable as failure:
        return await types(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await types(page, form.refused(refusal, **SERVICE_FIELDS))
    return page.redirect(PATH, flash=f"« {form.text('nom')} » est enregistrée.")


def type_of(form: Form) -> dict[str, Any]:
    """The kind of document as documents takes it. Raises FieldRefused."""
    has_months = form.text("validite") == "months"
    return {
        "code": form.text("code"),
        "label": form.text("nom"),
        "per_child": form.text("pour") == "enfant",
        "asked_of": form.text("demandee"),
        "compulsory": form.checked("obligatoire"),
        "validity": form.text("validite"),
        "validity_months": form.integer("mois") if has_months else None,
        "help": form.text("aide"),
        "accepts": form.texts("formats"),
        "discreet": form.checked("discrete"),
        "retired": form.checked("retiree"),
    }


async def queue(page: Page) -> web.StreamResponse:
    """What waits for the office, oldest first."""
    code = page.query.get("type")
    shown = await panels(
        reviews=page.clients.documents.reviews(
            code or None, page=page.query.number("page"), size=PAGE_SIZE
        ),
        types=page.clients.documents.types(),
    )
    return page.render("agents/pieces_a_verifier.html", panels=shown, code=code, size=PAGE_SIZE)


async def review(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """One document beside the decision to take."""
    document_id = page.id("document_id")
    found = await or_unavailable(page.clients.documents.document(document_id))
    pages = 0
    if not isinstance(found, Unavailable) and found.may_be_opened:
        counted = await panels(pages=page.clients.documents.page_count(document_id))
        pages = 0 if is_unavailable(counted.pages) else counted.pages
    return page.render(
        "agents/piece.html",
        document=found,
        pages=pages,
        number=min(page.query.number("page"), max(1, pages)),
        form=form or Form(),
        away=away,
        may_accept=_may(found, "submitted", "rejected", "accepted", "expiring"),
        may_reject=_may(found, "submitted", "accepted", "expiring"),
    )


def _may(found: DocumentDetail | Unavailable, *states: str) -> bool:
    return not isinstance(found, Unavailable) and found.state in states


async def accept(page: Page) -> web.StreamResponse:
    """Accept it over the days given; the family is told by message."""
    form, document_id = await page.form(), page.id("document_id")
    try:
        found = await page.clients.documents.accept(
            document_id,
            valid_from=form.date("du", optional=True),
            valid_until=form.date("au", optional=True),
        )
    except ServiceUnavailable as failure:
        return await review(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await review(page, form.refused(refusal, du="valid_from", au="valid_until"))
    return await _next(page, document_id, f"La pièce « {found.label} » est acceptée.")


async def reject(page: Page) -> web.StreamResponse:
    """Reject it, with a reason that the family reads."""
    form, document_id = await page.form(), page.id("document_id")
    try:
        if not form.text("motif"):
            raise FieldRefused("motif", "Indiquez le motif : la famille le lira.")
        found = await page.clients.documents.reject(document_id, form.text("motif"))
    except ServiceUnavailable as failure:
        return await review(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await review(page, form.refused(refusal, motif="reason"))
    return await _next(page, document_id, f"« {found.label} » est refusée.")


async def _next(page: Page, done: UUID, flash: str) -> web.StreamResponse:
    """On to the document that has waited longest, or back to the empty queue."""
    left = (await panels(reviews=page.clients.documents.reviews(size=1))).reviews
    waiting = () if is_unavailable(left) else left.documents
    following = next((d.document_id for d in waiting if d.document_id != done), None)
    path = f"{QUEUE_PATH}/{following}" if following else QUEUE_PATH
    return page.redirect(path, flash=f"{flash} La famille est prévenue.")


ROUTES = (
    get(PATH, types, allow=OFFICE),
    post(PATH, save_type, allow=OFFICE),
    get(QUEUE_PATH, queue, allow=OFFICE),
    get(f"{QUEUE_PATH}/{{document_id}}", review, allow=OFFICE),
    post(f"{QUEUE_PATH}/{{document_id}}/accepter", accept, allow=OFFICE),
    post(f"{QUEUE_PATH}/{{document_id}}/refuser", reject, allow=OFFICE),
)

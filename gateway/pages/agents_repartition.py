"""Who pays which part of a child's charges."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Final

from aiohttp import web

from contracts.roles import DESK, TILL
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from gateway.readers.payers import ThirdParty
from services.chassis.http_client import ServiceProblem, ServiceUnavailable

PATH: Final = "/agents/familles/{family_id}/repartition"
# Rows of payer and part; a row left empty counts for nothing.
ROWS: Final = (1, 2, 3, 4)
FIELDS: Final = {
    "enfant": "child_id",
    "activite": "activity_id",
    "parts": "parts",
    "du": "valid_from",
    "au": "valid_until",
}
# Fewer letters are in too many names; more names than these nobody reads in one message.
LEAST_LETTERS, MOST_NAMED = 3, 5
NOBODY: Final = "Aucun payeur de ce nom ou de cette référence."
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?", re.ASCII)


async def sharings(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """How the family's children are paid for, and the form that divides a child's charges."""
    family_id = page.id("family_id")
    clients = page.clients
    found = await or_unavailable(clients.accounts.family(family_id))
    shown = await panels(
        sharings=clients.payers.sharings(family_id),
        payers=clients.payers.third_parties(),
        activities=clients.enrolment.activities(),
    )
    return page.render(
        "agents/repartition.html",
        family=found,
        family_id=family_id,
        panels=shown,
        form=form or Form(),
        away=away,
        rows=ROWS,
        may_amend=page.session.has(*TILL),
    )


async def share(page: Page) -> web.StreamResponse:
    """Divide a child's charges."""
    form = await page.form()
    rows = [row for row in ROWS if form.text(f"payeur_{row}") or form.text(f"part_{row}")]
    try:
        payers = await page.clients.payers.third_parties()
        await page.clients.payers.share(page.id("family_id"), _sharing(form, rows, payers))
    except ServiceUnavailable as failure:
        return await sharings(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await sharings(page, _refused(form, refusal, rows))
    told = "Répartition enregistrée\u00a0: elle vaut pour ce qui n’est pas encore facturé."
    return page.redirect(_path(page), flash=told)


def _refused(form: Form, refusal: Exception, rows: list[int]) -> Form:
    """The form with its errors; billing knows references only, the page takes names as well."""
    refused = form.refused(refusal, **FIELDS, **dict(_row_fields(rows)))
    if isinstance(refusal, ServiceProblem):
        for row in rows:
            if refused.error(f"payeur_{row}"):
                refused.with_error(f"payeur_{row}", NOBODY)
    return refused


def _sharing(form: Form, rows: list[int], payers: Sequence[ThirdParty]) -> dict[str, Any]:
    """What billing takes. Raises FieldRefused."""
    activity_id = form.id("activite", optional=True)
    until = form.date("au", optional=True)
    if not rows:
        raise FieldRefused("parts", "Indiquez qui paie, et quelle part.")
    return {
        "child_id": str(form.id("enfant")),
        "activity_id": str(activity_id) if activity_id else None,
        "parts": [_part(form, row, payers) for row in rows],
        "valid_from": form.date("du").isoformat(),
        "valid_until": until.isoformat() if until else None,
    }


def _part(form: Form, row: int, payers: Sequence[ThirdParty]) -> dict[str, Any]:
    told = form.text(f"payeur_{row}")
    if not told:
        raise FieldRefused(f"payeur_{row}", "Indiquez la référence de ce payeur, ou son nom.")
    reference = _reference(f"payeur_{row}", told, payers)
    found = _PERCENT.fullmatch(re.sub(r"[\s%]", "", form.text(f"part_{row}")))
    if found is None:
        raise FieldRefused(f"part_{row}", "Saisissez un pourcentage, par exemple 50 ou 33,33.")
    return {
        "reference": reference,
        "part": int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")),
    }


def _reference(field: str, told: str, payers: Sequence[ThirdParty]) -> str:
    """That of the third party whose name this is, or is in; else what was told, as a reference.

    The words of a name may come in any order: papers say « Nom Prénom », people « Prénom Nom ».
    Raises FieldRefused where several answer to the name, and names them.
    """
    wanted = _folded(told)
    words = wanted.split()
    named = [payer for payer in payers if all(word in _folded(payer.name) for word in words)]
    exactly = [payer for payer in named if sorted(_folded(payer.name).split()) == sorted(words)]
    found = exactly if len(exactly) == 1 else named
    if len(wanted) < LEAST_LETTERS or not found:
        return told
    if len(found) > 1:
        some = " ; ".join(f"{p.name}, {p.city} ({p.reference})" for p in found[:MOST_NAMED])
        raise FieldRefused(
            field, f"Plusieurs tiers portent ce nom\u00a0: {some}. Indiquez la référence."
        )
    return found[0].reference


def _folded(text: str) -> str:
    """Without case, accents and double spaces."""
    bare = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).casefold().split())


def _row_fields(rows: list[int]) -> Iterator[tuple[str, str]]:
    """The page's fields of each part, by those of billing, which counts the parts it is told."""
    for place, row in enumerate(rows):
        yield f"payeur_{row}", f"parts.{place}.reference"
        yield f"part_{row}", f"parts.{place}.part"


async def end(page: Page) -> web.StreamResponse:
    """Give a sharing a last day, or take it back."""
    form, sharing_id = await page.form(), page.id("sharing_id")
    last_day = f"dernier_jour_{sharing_id}"
    try:
        if form.text("geste") == "annuler":
            await page.clients.payers.take_back_sharing(sharing_id)
            return page.redirect(_path(page), flash="La répartition est supprimée.")
        await page.clients.payers.end_sharing(sharing_id, form.date(last_day))
    except ServiceUnavailable as failure:
        return await sharings(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(refusal, **{last_day: "last_day"})
        # What cannot be taken back names no field.
        if not refused.errors:
            refused.with_error(last_day, refused.problem)
        return await sharings(page, refused)
    return page.redirect(_path(page), flash="La répartition a un dernier jour.")


def _path(page: Page) -> str:
    return PATH.format(family_id=page.id("family_id"))


ROUTES = (
    get(PATH, sharings, allow=DESK),
    post(PATH, share, allow=TILL),
    post(f"{PATH}/{{sharing_id}}/fin", end, allow=TILL),
)

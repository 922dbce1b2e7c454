"""Papers that certify something: made on demand for a family, checked by anyone."""

from typing import Any
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import PUBLIC, Page, get, post
from gateway.rates import TooOften
from gateway.readers.certificates import Check
from services.chassis.http_client import ServiceProblem

HOME = "/attestations"
FAMILY = "/agents/familles/{family_id}/attestations"
CHECK = "/verifier"

UNKNOWN = "Aucune attestation de la ville ne porte ce code. Relisez les douze caractères imprimés."


async def own(page: Page, form: Form | None = None) -> web.StreamResponse:
    """The family's papers, and the forms for another."""
    return await _show(page, None, form)


async def of_family(page: Page, form: Form | None = None) -> web.StreamResponse:
    """The same at the office, for the family named."""
    return await _show(page, page.id("family_id"), form)


async def issue_own(page: Page) -> web.StreamResponse:
    """Make a paper and show it in the list."""
    return await _issue(page, None)


async def issue_for_family(page: Page) -> web.StreamResponse:
    """The same at the office."""
    return await _issue(page, page.id("family_id"))


async def paper(page: Page) -> web.StreamResponse:
    """The paper itself, to be saved or printed."""
    return await page.send(page.clients.certificates.paper(page.id("certificate_id")))


async def check(page: Page) -> web.StreamResponse:
    """What a paper with this code says: for whoever was handed one."""
    code, found, form = page.query.get("code"), None, Form()
    if code:
        try:
            found = await checked(page, code)
        except FieldRefused as refusal:
            form = Form({"code": [code]}).refused(refusal)
        except TooOften as refusal:
            form = Form({"code": [code]}).with_error("code", str(refusal))
            return page.render("verifier.html", status=429, code=code, found=None, form=form)
    return page.render("verifier.html", code=code, found=found, form=form)


async def checked(page: Page, code: str) -> Check:
    """The paper with this code. Raises FieldRefused, TooOften."""
    page.portal.checks.count(page.network_address, page.now)
    try:
        return await page.clients.certificates.check(code)
    except ServiceProblem as problem:
        if problem.status != 404:
            raise
        raise FieldRefused("code", UNKNOWN) from problem


async def _show(page: Page, family_id: UUID | None, form: Form | None) -> web.StreamResponse:
    found = await page.clients.certificates.all(family_id)
    return page.render(
        "attestations.html",
        certificates=found.certificates,
        children=found.children,
        family_id=family_id,
        action=_address(family_id),
        form=form or Form(),
    )


async def _issue(page: Page, family_id: UUID | None) -> web.StreamResponse:
    form = await page.form()
    kind = form.text("sorte")
    try:
        made = await page.clients.certificates.issue(kind, family_id=family_id, **_wish(form, kind))
    except REFUSALS as refusal:
        fields = {f"{kind}_{ours}": theirs for ours, theirs in _FIELDS.items()}
        return await _show(page, family_id, form.refused(refusal, **fields))
    return page.redirect(
        _address(family_id), flash=f"{made.title} établie : elle est en tête de la liste."
    )


_FIELDS = {"enfant": "child_id", "debut": "from", "fin": "to", "annee": "year"}


def _wish(form: Form, kind: str) -> dict[str, Any]:
    """What the form of this kind of paper asks for. Raises FieldRefused."""
    return {
        "child_id": form.id(f"{kind}_enfant", optional=True),
        "first": form.date(f"{kind}_debut", optional=True),
        "last": form.date(f"{kind}_fin", optional=True),
        "year": form.integer(f"{kind}_annee", optional=True),
    }


def _address(family_id: UUID | None) -> str:
    return FAMILY.format(family_id=family_id) if family_id else HOME


ROUTES = (
    get(HOME, own, allow={GUARDIAN}),
    post(HOME, issue_own, allow={GUARDIAN}),
    get(FAMILY, of_family, allow=OFFICE),
    post(FAMILY, issue_for_family, allow=OFFICE),
    get(f"{HOME}/{{certificate_id}}.pdf", paper, allow=OFFICE | {GUARDIAN}),
    get(CHECK, check, allow=PUBLIC),
)

"""Families from a CSV file and into one, as the office imports and exports them."""

from typing import Final
from uuid import UUID

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable
from gateway.readers import ImportReport
from services.chassis.http_client import ServiceProblem, ServiceUnavailable

PATH: Final = "/agents/familles/import"
EXPORT_PATH: Final = "/agents/familles/export"
MODEL_PATH: Final = "/agents/familles/import/modele.csv"
# The columns that accounts reads (held to its own list by a test).
HEADINGS: Final = (
    *("dossier", "adresse", "complement", "code_postal", "commune", "resident"),
    *("quotient", "quotient_fin"),
    *("resp1_nom", "resp1_prenom", "resp1_mail", "resp1_telephone"),
    *("resp2_nom", "resp2_prenom", "resp2_mail", "resp2_telephone"),
    *("enfant_nom", "enfant_prenom", "enfant_naissance", "enfant_ecole", "enfant_classe"),
    *("enfant_regime", "enfant_allergies"),
)


async def import_page(
    page: Page,
    form: Form | None = None,
    *,
    report: ImportReport | None = None,
    away: Unavailable | None = None,
    report_id: str = "",
    outdated_id: str = "",
) -> web.StreamResponse:
    """The form that takes a CSV file, and the report of the last try.

    `outdated_id`: a check that no longer says what importing would do.
    """
    return page.render(
        "agents/import.html",
        form=form or Form(),
        report=report,
        away=away,
        is_first=form is None,
        report_id=report_id,
        outdated_id=outdated_id,
    )


async def import_families(page: Page) -> web.StreamResponse:
    """Check the file or import it: all of it, or nothing when a line is wrong."""
    async with page.upload() as upload:
        form = upload.form
        is_trial = form.checked("essai")
        try:
            schools = await page.clients.enrolment.schools()
            report = await page.clients.accounts.import_families(
                upload, dry_run=is_trial, school_codes=[school.code for school in schools]
            )
        except ServiceUnavailable as failure:
            return await import_page(page, form, away=Unavailable(failure.service))
        except REFUSALS as refusal:
            return await import_page(page, form.refused(refusal), report_id=_report_of(refusal))
    return await import_page(page, form, report=report, report_id=str(report.import_id or ""))


async def import_checked(page: Page) -> web.StreamResponse:
    """Import the file that was checked, or check it once more: it is not to be chosen again."""
    form, import_id = await page.form(), page.id("import_id")
    try:
        report = await page.clients.office.import_checked(import_id, dry_run=form.checked("essai"))
    except ServiceUnavailable as failure:
        return await import_page(page, away=Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(refusal)
        if refused.reason == "import-outdated":
            return await import_page(page, outdated_id=str(import_id))
        return await import_page(page, refused, report_id=_report_of(refusal))
    return await import_page(page, report=report, report_id=str(report.import_id or ""))


async def model_file(_page: Page) -> web.StreamResponse:
    """An empty file with the headings, for a spreadsheet to open."""
    return web.Response(
        # The mark by which spreadsheets know that accents are UTF-8.
        body=b"\xef\xbb\xbf" + (";".join(HEADINGS) + "\r\n").encode(),
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": 'attachment; filename="modele-familles.csv"',
        },
    )


def _report_of(refusal: Exception) -> str:
    """The report of a refused file; none when the file did not get as far."""
    found = refusal.problem.get("import_id") if isinstance(refusal, ServiceProblem) else None
    try:
        return str(UUID(str(found)))
    except ValueError:
        return ""


async def report(page: Page) -> web.StreamResponse:
    """What became of each line, as CSV."""
    return await page.send(page.clients.office.import_report(page.id("import_id")))


async def export(page: Page) -> web.StreamResponse:
    """Every family and child, as CSV."""
    return await page.send(page.clients.office.export_families())


ROUTES = (
    get(PATH, import_page, allow=OFFICE),
    post(PATH, import_families, allow=OFFICE, upload=True),
    post(f"{PATH}/{{import_id}}", import_checked, allow=OFFICE),
    get(f"{PATH}/{{import_id}}/compte-rendu", report, allow=OFFICE),
    get(MODEL_PATH, model_file, allow=OFFICE),
    get(EXPORT_PATH, export, allow=OFFICE),
)

"""How children get into activities: windows, places, criteria, and the distribution of places."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from contracts.roles import DESK, OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.readers import Activity, Admission, Criterion
from services.chassis.clock import PARIS
from services.chassis.errors import NotFound
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/attributions"
MODES: Final = (
    ("first_come", "Dans l’ordre d’arrivée"),
    ("allocation", "Demandes, puis attribution par critères"),
)
PAPERS: Final = (
    ("show", "Signalée seulement"),
    ("complete", "Demande à compléter"),
    ("block", "Envoi impossible"),
)
SOURCES: Final = (
    ("declared", "Déclaré par la famille"),
    ("resident", "Réside dans la commune (fiche famille)"),
    ("sibling", "Frère ou sœur déjà inscrit (calculé)"),
    ("school", "École de l’enfant (fiche famille)"),
)
SPARE_ROWS: Final = 2
SERVICE_FIELDS: Final = {
    "ouverture_jour": "opens_at",
    "fermeture_jour": "closes_at",
    "mode": "mode",
    "places": "places",
    "pieces": "papers",
    "criteres": "criteria",
}


async def admissions(page: Page) -> web.StreamResponse:
    """Every activity with its window, its places, and how many asked, wait, are in."""
    shown = await panels(
        admissions=page.clients.admissions.admissions(),
        activities=page.clients.enrolment.activities(),
    )
    known = () if is_unavailable(shown.activities) else shown.activities
    running = [a for a in known if a.ends_on is None or a.ends_on >= page.today]
    return page.render(
        "agents/attributions.html",
        panels=shown,
        activities=running,
        bars=[] if is_unavailable(shown.admissions) else bars(running, shown.admissions),
    )


def bars(
    activities: Iterable[Activity], settled: dict[UUID, Admission]
) -> list[tuple[str, int, int]]:
    """Places taken, of those activities whose places are counted."""
    counted = ((a, settled[a.activity_id]) for a in activities if a.activity_id in settled)
    return [
        (a.name, one.counts.get("accepted", 0), one.places)
        for a, one in counted
        if one.places is not None
    ]


async def admission(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """One activity: its settings, and its previews."""
    activity_id = page.id("activity_id")
    shown = await panels(
        admissions=page.clients.admissions.admissions(),
        activities=page.clients.enrolment.activities(),
        allocations=page.clients.admissions.allocations(activity_id),
        schools=page.clients.enrolment.schools(),
    )
    activity = _one(shown.activities, activity_id)
    settled = None if is_unavailable(shown.admissions) else shown.admissions.get(activity_id)
    return page.render(
        "agents/attribution.html",
        panels=shown,
        activity=activity,
        admission=settled,
        form=form or Form(),
        away=away,
        rows=_rows(settled.criteria if settled else (), form),
        modes=MODES,
        paper_rules=PAPERS,
        sources=SOURCES,
        may_amend=page.session.has(*OFFICE),
    )


def _one(activities: Sequence[Activity] | Unavailable, activity_id: UUID) -> Activity | None:
    if isinstance(activities, Unavailable):
        return None
    found = next((a for a in activities if a.activity_id == activity_id), None)
    if found is None:
        raise NotFound
    return found


def _rows(criteria: Sequence[Criterion], form: Form | None) -> list[dict[str, Any]]:
    """The criteria as rows of the form, and some to fill in."""
    if form and form.is_refused:
        return [_typed(form, number) for number in _numbers(form)]
    rows = [
        {
            "code": one.code,
            "label": one.label,
            "weight": one.weight,
            "source": one.source,
            "per_child": one.per_child,
            "schools": ", ".join(one.schools),
        }
        for one in criteria
    ]
    empty = {"code": "", "label": "", "weight": "", "source": "declared", "per_child": False}
    return rows + [empty | {"schools": ""} for _ in range(SPARE_ROWS)]


async def save(page: Page) -> web.StreamResponse:
    """Settle how children get in."""
    form, activity_id = await page.form(), page.id("activity_id")
    try:
        await page.clients.admissions.save_admission(activity_id, admission_of(form))
    except ServiceUnavailable as failure:
        return await admission(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await admission(page, form.refused(refusal, **SERVICE_FIELDS))
    return page.redirect(f"{PATH}/{activity_id}", flash="Les modalités sont enregistrées.")


def admission_of(form: Form) -> dict[str, Any]:
    """The settings as enrolment takes them. Raises FieldRefused."""
    return {
        "opens_at": _instant(form, "ouverture"),
        "closes_at": _instant(form, "fermeture"),
        "mode": form.text("mode"),
        "automatic": form.checked("automatique"),
        "places": form.integer("places", optional=True),
        "papers": form.text("pieces"),
        "criteria": criteria_of(form),
    }


def criteria_of(form: Form) -> list[dict[str, Any]]:
    """The rows that have a label; a new one is given a code that none has. Raises FieldRefused."""
    rows = [_typed(form, number) for number in _numbers(form)]
    filled = [(n, row) for n, row in zip(_numbers(form), rows, strict=True) if row["label"]]
    codes = {row["code"] for _, row in filled}
    free = (f"critere-{number}" for number in range(1, 1000) if f"critere-{number}" not in codes)
    return [
        {
            "code": row["code"] or next(free),
            "label": row["label"],
            "weight": form.integer(f"critere_{number}_points"),
            "source": row["source"],
            "per_child": row["per_child"],
            "schools": [code.strip() for code in row["schools"].split(",") if code.strip()],
        }
        for number, row in filled
    ]


def _numbers(form: Form) -> range:
    return range(form.integer("criteres", optional=True) or 0)


def _typed(form: Form, number: int) -> dict[str, Any]:
    name = f"critere_{number}"
    return {
        "code": form.text(f"{name}_code"),
        "label": form.text(f"{name}_nom"),
        "weight": form.text(f"{name}_points"),
        "source": form.text(f"{name}_source") or "declared",
        "per_child": form.checked(f"{name}_enfant"),
        "schools": form.text(f"{name}_ecoles"),
    }


def _instant(form: Form, name: str) -> str | None:
    """A day and an hour of Paris as an instant."""
    day = form.date(f"{name}_jour", optional=True)
    if day is None:
        return None
    try:
        hour = time.fromisoformat(form.text(f"{name}_heure") or "00:00")
    except ValueError:
        raise FieldRefused(f"{name}_heure", "Saisissez une heure, par exemple 08:30.") from None
    return datetime.combine(day, hour.replace(tzinfo=None), PARIS).isoformat()


async def preview(page: Page) -> web.StreamResponse:
    """Make a preview, and look at it."""
    form, activity_id = await page.form(), page.id("activity_id")
    try:
        made = await page.clients.admissions.preview(activity_id, form.text("graine"))
    except ServiceUnavailable as failure:
        return await admission(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await admission(page, form.refused(refusal, graine="seed"))
    return page.redirect(f"{PATH}/apercus/{made.allocation_id}")


async def allocation(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """Who gets a place and who waits, child by child."""
    found = await or_unavailable(page.clients.admissions.allocation(page.id("allocation_id")))
    return page.render(
        "agents/attribution_apercu.html",
        found=found,
        form=form or Form(),
        away=away,
        may_amend=page.session.has(*OFFICE),
    )


async def confirm(page: Page) -> web.StreamResponse:
    """Decide exactly what the preview shows."""
    form = await page.form()
    try:
        done = await page.clients.admissions.confirm(page.id("allocation_id"))
    except ServiceUnavailable as failure:
        return await allocation(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await allocation(page, form.refused(refusal))
    told = f"L’attribution est confirmée : {done.placed} places données, {done.waiting} en attente."
    return page.redirect(f"{PATH}/apercus/{done.allocation_id}", flash=told)


ROUTES = (
    get(PATH, admissions, allow=DESK),
    get(f"{PATH}/apercus/{{allocation_id}}", allocation, allow=DESK),
    post(f"{PATH}/apercus/{{allocation_id}}/confirmer", confirm, allow=OFFICE),
    get(f"{PATH}/{{activity_id}}", admission, allow=DESK),
    post(f"{PATH}/{{activity_id}}", save, allow=OFFICE),
    post(f"{PATH}/{{activity_id}}/apercu", preview, allow=OFFICE),
)

"""Activities: places, days, capacities, deadlines."""

from typing import Any, Final

from aiohttp import web

from contracts.roles import OFFICE, STAFF
from gateway.formats import KINDS
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, is_unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/activites"
DAYS: Final = (
    ("school_days", "Jours d’école"),
    ("wednesdays", "Mercredis d’école"),
    ("holidays", "Vacances scolaires"),
)
RULES: Final = (("working_days_before", "Jours ouvrés avant"), ("none", "Sans date limite"))

# form field -> the name under which enrolment refuses it
SERVICE_FIELDS: Final = {
    "nom": "name",
    "annee": "school_year",
    "lieu": "place",
    "age_min": "min_age",
    "age_max": "max_age",
    "jours": "days",
    "jours_semaine": "weekdays",
    "debut": "starts_at",
    "fin": "ends_at",
    "capacite": "capacity",
    "reserver_jours": "reserve_rule.days",
    "annuler_jours": "cancel_rule.days",
    "reserver_heure": "reserve_rule.at",
    "annuler_heure": "cancel_rule.at",
    "pieces": "document_types",
}


async def activities(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """All activities; with `?code=` the form holds one of them."""
    enrolment = page.clients.enrolment
    shown = await panels(
        activities=enrolment.activities(),
        school_years=enrolment.school_years(),
        schools=enrolment.schools(),
        types=page.clients.documents.types(),
    )
    known = () if is_unavailable(shown.activities) else shown.activities
    code = form.text("code") if form else page.query.get("code")
    return page.render(
        "agents/activites.html",
        panels=shown,
        form=form or Form(),
        away=away,
        edited=next((activity for activity in known if activity.code == code and code), None),
        is_open=bool(form or code or page.query.get("nouvelle")),
        may_amend=page.session.has(*OFFICE),
        kinds=tuple(KINDS.items()),
        days=DAYS,
        rules=RULES,
    )


async def save(page: Page) -> web.StreamResponse:
    """Create the activity, or change the one of the same code."""
    form = await page.form()
    try:
        await page.clients.enrolment.save_activity(activity_of(form))
    except ServiceUnavailable as failure:
        return await activities(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await activities(page, form.refused(refusal, **SERVICE_FIELDS))
    return page.redirect(PATH, flash=f"« {form.text('nom')} » est enregistrée et publiée.")


def activity_of(form: Form) -> dict[str, Any]:
    """The activity as enrolment takes it. Raises FieldRefused."""
    return {
        "code": form.text("code"),
        "name": form.text("nom"),
        "kind": form.text("kind"),
        "school_year": form.text("annee"),
        "place": form.text("lieu"),
        "description": form.text("description"),
        "min_age": form.integer("age_min", optional=True),
        "max_age": form.integer("age_max", optional=True),
        "days": form.text("jours"),
        "weekdays": [int(text) for text in form.texts("jours_semaine") if text.isdigit()],
        "starts_at": form.text("debut"),
        "ends_at": form.text("fin"),
        "capacity": form.integer("capacite"),
        "reserve_rule": rule_of(form, "reserver"),
        "cancel_rule": rule_of(form, "annuler"),
        "document_types": form.texts("pieces"),
    }


def rule_of(form: Form, name: str) -> dict[str, Any]:
    """A deadline rule. Raises FieldRefused."""
    if form.text(f"{name}_regle") == "none":
        return {"kind": "none"}
    return {
        "kind": "working_days_before",
        "days": form.integer(f"{name}_jours"),
        "at": form.text(f"{name}_heure"),
    }


ROUTES = (get(PATH, activities, allow=STAFF), post(PATH, save, allow=OFFICE))

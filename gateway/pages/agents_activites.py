"""Activities: places, days, capacities, deadlines."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from contracts.roles import OFFICE, STAFF
from gateway.activity_form import (
    MOST_GROUPS,
    MOST_SLOTS,
    MOST_WINDOWS,
    UNTIL_THE_START,
    Draft,
    rows_shown,
)
from gateway.activity_values import blank_form, form_of
from gateway.deadline_words import DAYS_LEFT_OUT
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.labels import KINDS
from gateway.overbooking import what_fewer_places_mean
from gateway.page import Page, get, post
from gateway.panels import Unavailable, is_unavailable, panels
from services.chassis.french import WEEKDAYS
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/activites"
DAYS: Final = (
    ("school_days", "Jours d’école"),
    ("wednesdays", "Mercredis d’école"),
    ("holidays", "Vacances scolaires"),
)
RULES: Final = (
    ("none", "Sans date limite : jusqu’au début"),
    ("working_days_before", "N jours avant, sans compter certains jours"),
    ("calendar_days_before", "N jours avant, tous comptés"),
    ("hours_before", "N heures avant le début"),
    ("weekday_before", "Un jour de la semaine, M semaines avant"),
    ("by_weekday", "Un délai par jour de la semaine"),
    ("month_day", "Le N du mois, M mois avant"),
    ("windows", "Périodes d’ouverture"),
)
LATE_RULES: Final = ((UNTIL_THE_START, "Jusqu’au début de la séance"), *RULES[1:5])
POLICIES: Final = (
    ("refuse", "refusée"),
    ("late", "acceptée avec une majoration"),
    ("ask", "soumise au service"),
)
WAITING_MODES: Final = (
    ("offer", "proposée au premier en attente"),
    ("give", "donnée au premier en attente"),
    ("none", "à qui la prend : sans liste d’attente"),
)
WEEKDAY_CHOICES: Final = tuple(enumerate(WEEKDAYS, start=1))
COUNTED: Final = tuple((kind, f"Sans {label}") for kind, label in DAYS_LEFT_OUT.items())


async def activities(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """All activities; with `?code=` and `?annee=` the form holds one of them."""
    enrolment = page.clients.enrolment
    shown = await panels(
        activities=enrolment.activities(),
        school_years=enrolment.school_years(),
        schools=enrolment.schools(),
        types=page.clients.documents.types(),
    )
    known = () if is_unavailable(shown.activities) else shown.activities
    code = form.text("code") if form else page.query.get("code")
    year = form.text("annee") if form else page.query.get("annee")
    edited = next((a for a in known if (a.code, a.school_year) == (code, year)), None)
    filled = form or (form_of(edited) if edited else blank_form())
    return page.render(
        "agents/activites.html",
        panels=shown,
        form=filled,
        away=away,
        edited=edited,
        is_open=bool(form or code or page.query.get("nouvelle")),
        may_amend=page.session.has(*OFFICE),
        **choices(filled),
    )


def choices(form: Form) -> dict[str, Any]:
    """What the form lets choose from, and its rows."""
    return {
        "form_fields": tuple(form.errors),
        "kinds": tuple(KINDS.items()),
        "days": DAYS,
        "rules": RULES,
        "late_rules": LATE_RULES,
        "policies": POLICIES,
        "waiting_modes": WAITING_MODES,
        "weekday_choices": WEEKDAY_CHOICES,
        "counted": COUNTED,
        "slot_rows": rows_shown(form, "creneau", MOST_SLOTS, "debut"),
        "group_rows": rows_shown(form, "groupe", MOST_GROUPS, "nom"),
        "window_rows": {
            key: rows_shown(form, f"{key}_fenetre", MOST_WINDOWS, "du")
            for key in ("reserver", "annuler")
        },
    }


async def save(page: Page) -> web.StreamResponse:
    """Create the activity, or change the one of the same code."""
    form = await page.form()
    draft = Draft(form)
    try:
        body = draft.body()
        if not form.checked("reduction"):
            await refuse_to_overbook(page, body)
        await page.clients.enrolment.save_activity(body)
    except ServiceUnavailable as failure:
        return await activities(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await activities(page, form.refused(refusal, **draft.fields))
    return page.redirect(PATH, flash=f"« {form.text('nom')} » est enregistrée et publiée.")


async def refuse_to_overbook(page: Page, body: Mapping[str, Any]) -> None:
    """Tell how many places are taken beyond fewer places. Raises FieldRefused, to be confirmed."""
    told = await what_fewer_places_mean(
        page.clients,
        page.today,
        code=body["code"],
        school_year=body["school_year"],
        capacity=body["capacity"],
    )
    if told:
        raise FieldRefused("capacite", told)


ROUTES = (get(PATH, activities, allow=STAFF), post(PATH, save, allow=OFFICE))

"""What stands in the form of an activity before anyone types."""

from datetime import datetime
from typing import Any

from contracts.events.deadlines import ByWeekday, Deadline, Windows, WorkingDaysBefore
from gateway.activity_form import COUNTED, NOON, UNTIL_THE_START
from gateway.deadline_words import USUAL
from gateway.forms import Form
from gateway.readers import Activity
from services.chassis.clock import PARIS


def form_of(activity: Activity) -> Form:
    """The form as it stands for an activity."""
    values: dict[str, Any] = {
        "nom": activity.name,
        "code": activity.code,
        "kind": activity.kind,
        "annee": activity.school_year,
        "lieu": activity.place,
        "description": activity.description,
        "age_min": activity.min_age,
        "age_max": activity.max_age,
        "du": activity.starts_on,
        "au": activity.ends_on,
        "jours": activity.days,
        "jours_semaine": activity.weekdays,
        "capacite": activity.capacity,
        "classes": ", ".join(activity.classes),
        "pieces": activity.document_types,
        "apres": activity.after_deadline.policy,
        "liste_mode": activity.waiting_list.mode,
        "liste_reponse": activity.waiting_list.answer_hours,
        "liste_preavis": activity.waiting_list.notice_hours,
        "absence_certificat": activity.absence_rule.certificate_days,
        "absence_carence": activity.absence_rule.waiting_days,
        "absence_prompt": activity.absence_rule.prompt_days,
    }
    for number, slot in enumerate(activity.slots, start=1):
        row = f"creneau_{number}"
        values |= {f"{row}_code": slot.code, f"{row}_nom": slot.name}
        values |= {f"{row}_debut": slot.starts_at, f"{row}_fin": slot.ends_at}
        values[f"{row}_places"] = slot.capacity
    for number, group in enumerate(activity.age_groups, start=1):
        row = f"groupe_{number}"
        values |= {f"{row}_nom": group.name, f"{row}_de": group.min_age, f"{row}_a": group.max_age}
        values |= {f"{row}_places": group.capacity, f"{row}_encadrement": group.children_per_adult}
    values |= _rule_values("reserver", activity.reserve_rule)
    values |= _rule_values("annuler", activity.cancel_rule)
    values |= _rule_values("tard", activity.after_deadline.until)
    return Form({name: _typed(value) for name, value in values.items()})


def blank_form() -> Form:
    """The form for a new activity, as most of them are."""
    rule = WorkingDaysBefore(days=2, at=NOON)
    values = _rule_values("reserver", rule) | _rule_values("annuler", rule)
    values |= _rule_values("tard", None) | {"jours_semaine": (1, 2, 4, 5)}
    return Form({name: _typed(value) for name, value in values.items()})


def _rule_values(key: str, rule: Deadline | None) -> dict[str, Any]:
    data = rule.model_dump() if rule else {}
    number, between = COUNTED.get(data.get("kind", ""), ("", ""))
    values: dict[str, Any] = {
        f"{key}_regle": data.get("kind", UNTIL_THE_START),
        f"{key}_nombre": data.get(number),
        f"{key}_avant": data.get(between),
        f"{key}_jour": data.get("weekday"),
        f"{key}_heure": data.get("at", NOON),
        f"{key}_exclus": data.get("not_counted", USUAL),
    }
    if isinstance(rule, ByWeekday):
        for limit in rule.limits:
            row = f"{key}_table_{limit.session_weekday}"
            values |= {f"{row}_jour": limit.weekday, f"{row}_avant": limit.weeks}
            values[f"{row}_heure"] = limit.at
    if isinstance(rule, Windows):
        for number_of, window in enumerate(rule.windows, start=1):
            row = f"{key}_fenetre_{number_of}"
            values |= {f"{row}_du": window.first, f"{row}_au": window.last}
            values |= _instant_values(f"{row}_ouverture", window.opens)
            values |= _instant_values(f"{row}_cloture", window.closes)
    return values


def _instant_values(name: str, instant: datetime | None) -> dict[str, Any]:
    if instant is None:
        return {}
    local = instant.astimezone(PARIS)
    return {name: local.date(), f"{name}_heure": f"{local:%H:%M}"}


def _typed(value: Any) -> list[str]:
    if isinstance(value, (list, tuple)):
        return [str(member) for member in value]
    return [] if value is None else [str(value)]

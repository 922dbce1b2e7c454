"""The form of an activity as it was typed, and which field is which of enrolment's."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from gateway.forms import FieldRefused, Form
from services.chassis.clock import PARIS

MOST_SLOTS: Final = 6
MOST_GROUPS: Final = 10
MOST_WINDOWS: Final = 12
SPARE_ROWS: Final = 2
NOON: Final = "12:00"
# The select of a second limit, which need not be.
UNTIL_THE_START: Final = ""

# form field -> the name under which enrolment refuses it
PLAIN: Final = {
    "nom": "name",
    "annee": "school_year",
    "lieu": "place",
    "age_min": "min_age",
    "age_max": "max_age",
    "du": "starts_on",
    "au": "ends_on",
    "jours": "days",
    "jours_semaine": "weekdays",
    "capacite": "capacity",
    "classes": "classes",
    "pieces": "document_types",
    "creneau_1_debut": "slots",
    "liste_reponse": "waiting_list.answer_hours",
    "liste_preavis": "waiting_list.notice_hours",
    "absence_certificat": "absence_rule.certificate_days",
    "absence_carence": "absence_rule.waiting_days",
    "absence_prompt": "absence_rule.prompt_days",
}
# kind of rule -> (what the number counts, what lies between)
COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "working_days_before": ("days", ""),
    "calendar_days_before": ("days", ""),
    "hours_before": ("hours", ""),
    "weekday_before": ("", "weeks"),
    "month_day": ("day", "months"),
}

RULE_COLUMNS: Final = {
    "regle": "kind",
    "heure": "at",
    "jour": "weekday",
    "exclus": "not_counted",
    "table": "limits",
    "fenetres": "windows",
}
WINDOW_COLUMNS: Final = {"du": "first", "au": "last", "ouverture": "opens", "cloture": "closes"}


@dataclass(slots=True)
class Draft:
    """What was typed as enrolment takes it; `fields`: form field -> name of the service's."""

    form: Form
    fields: dict[str, str] = field(default_factory=lambda: dict(PLAIN))

    def body(self) -> dict[str, Any]:
        """The whole activity. Raises FieldRefused."""
        form = self.form
        body = {
            "code": form.text("code"),
            "name": form.text("nom"),
            "kind": form.text("kind"),
            "school_year": form.text("annee"),
            "place": form.text("lieu"),
            "description": form.text("description"),
            "min_age": form.integer("age_min", optional=True),
            "max_age": form.integer("age_max", optional=True),
            "starts_on": _iso(form.date("du", optional=True)),
            "ends_on": _iso(form.date("au", optional=True)),
            "days": form.text("jours"),
            "weekdays": _weekdays(form, "jours_semaine"),
            "slots": self.slots(),
            "capacity": form.integer("capacite"),
            "age_groups": self._groups(),
            "classes": [name for text in form.text("classes").split(",") if (name := text.strip())],
            "reserve_rule": self.rule("reserver", "reserve_rule"),
            "cancel_rule": self.rule("annuler", "cancel_rule"),
            "after_deadline": self._after(),
            "waiting_list": self._waiting_list(),
            "absence_rule": self._absences(),
            "document_types": form.texts("pieces"),
        }
        return {name: value for name, value in body.items() if value is not None}

    def slots(self) -> list[dict[str, Any]]:
        """The parts of the day, of the rows that are filled in. Raises FieldRefused."""
        rows = list(self._rows("creneau", MOST_SLOTS, ("nom", "debut", "fin", "places")))
        slots = []
        for position, row in enumerate(rows):
            self._names(row, f"slots.{position}", nom="name", debut="starts_at", fin="ends_at")
            self.fields[f"{row}_places"] = f"slots.{position}.capacity"
            name = self.form.text(f"{row}_nom")
            slots.append(
                {
                    "code": (self.form.text(f"{row}_code") or slug(name)) if len(rows) > 1 else "",
                    "name": name,
                    "starts_at": self.form.text(f"{row}_debut"),
                    "ends_at": self.form.text(f"{row}_fin"),
                    "capacity": self.form.integer(f"{row}_places", optional=True),
                }
            )
        if not slots:
            raise FieldRefused("creneau_1_debut", "Donnez les horaires d’au moins un créneau.")
        return slots

    def _groups(self) -> list[dict[str, Any]]:
        groups = []
        columns = ("nom", "de", "a", "places", "encadrement")
        for position, row in enumerate(self._rows("groupe", MOST_GROUPS, columns)):
            self._names(
                row,
                f"age_groups.{position}",
                nom="name",
                de="min_age",
                a="max_age",
                places="capacity",
                encadrement="children_per_adult",
            )
            groups.append(
                {
                    "name": self.form.text(f"{row}_nom"),
                    "min_age": self.form.integer(f"{row}_de"),
                    "max_age": self.form.integer(f"{row}_a"),
                    "capacity": self.form.integer(f"{row}_places", optional=True),
                    "children_per_adult": self.form.integer(f"{row}_encadrement", optional=True),
                }
            )
        return groups

    def rule(self, key: str, name: str) -> dict[str, Any]:
        """The rule typed in the fields of this key, called so by enrolment. Raises FieldRefused."""
        form, kind = self.form, self.form.text(f"{key}_regle")
        number, between = COUNTED.get(kind, ("", ""))
        self._names(key, name, nombre=number, avant=between, **RULE_COLUMNS)
        rule: dict[str, Any] = {"kind": kind}
        if number:
            rule[number] = form.integer(f"{key}_nombre")
        if between:
            rule[between] = form.integer(f"{key}_avant")
        if kind == "weekday_before":
            rule["weekday"] = form.integer(f"{key}_jour")
        if kind == "working_days_before":
            rule["not_counted"] = form.texts(f"{key}_exclus")
        if number in ("days", "day") or kind == "weekday_before":
            rule["at"] = form.text(f"{key}_heure")
        if kind == "by_weekday":
            rule["limits"] = list(self._limits(key, name))
        if kind == "windows":
            rule["windows"] = list(self._windows(key, name))
        return rule

    def _limits(self, key: str, name: str) -> Iterator[dict[str, Any]]:
        chosen = [day for day in range(1, 8) if self.form.text(f"{key}_table_{day}_jour")]
        for position, day in enumerate(chosen):
            row = f"{key}_table_{day}"
            self._names(row, f"{name}.limits.{position}", jour="weekday", avant="weeks", heure="at")
            yield {
                "session_weekday": day,
                "weekday": self.form.integer(f"{row}_jour"),
                "weeks": self.form.integer(f"{row}_avant", optional=True) or 0,
                "at": self.form.text(f"{row}_heure"),
            }

    def _windows(self, key: str, name: str) -> Iterator[dict[str, Any]]:
        rows = self._rows(f"{key}_fenetre", MOST_WINDOWS, ("du", "au", "cloture"))
        for position, row in enumerate(rows):
            self._names(row, f"{name}.windows.{position}", **WINDOW_COLUMNS)
            yield {
                "first": _iso(self.form.date(f"{row}_du")),
                "last": _iso(self.form.date(f"{row}_au")),
                "opens": self._instant(f"{row}_ouverture", "00:00", optional=True),
                "closes": self._instant(f"{row}_cloture", "23:59"),
            }

    def _instant(self, name: str, otherwise: str, *, optional: bool = False) -> str | None:
        if optional and not self.form.text(name):
            return None
        try:
            hour = time.fromisoformat(self.form.text(f"{name}_heure") or otherwise)
        except ValueError:
            raise FieldRefused(f"{name}_heure", "Saisissez une heure, par exemple 08:30.") from None
        return datetime.combine(self.form.date(name), hour, tzinfo=PARIS).isoformat()

    def _after(self) -> dict[str, Any]:
        policy = self.form.text("apres") or "refuse"
        if policy == "refuse" or self.form.text("tard_regle") == UNTIL_THE_START:
            return {"policy": policy, "until": None}
        return {"policy": policy, "until": self.rule("tard", "after_deadline.until")}

    def _waiting_list(self) -> dict[str, Any]:
        return {
            "mode": self.form.text("liste_mode") or "offer",
            "answer_hours": _or(self.form.integer("liste_reponse", optional=True), 24),
            "notice_hours": _or(self.form.integer("liste_preavis", optional=True), 24),
        }

    def _absences(self) -> dict[str, Any]:
        return {
            "certificate_days": _or(self.form.integer("absence_certificat", optional=True), 7),
            "waiting_days": _or(self.form.integer("absence_carence", optional=True), 0),
            "prompt_days": self.form.integer("absence_prompt", optional=True),
        }

    def _rows(self, name: str, most: int, columns: Sequence[str]) -> Iterator[str]:
        """The rows in which something was typed."""
        for number in range(1, most + 1):
            row = f"{name}_{number}"
            if any(self.form.text(f"{row}_{column}") for column in columns):
                yield row

    def _names(self, row: str, name: str, **columns: str) -> None:
        self.fields |= {
            f"{row}_{ours}": f"{name}.{theirs}" for ours, theirs in columns.items() if theirs
        }


def rows_shown(form: Form, name: str, most: int, column: str) -> range:
    """The rows of a repeated part: those filled in, and some more to fill."""
    filled = [number for number in range(1, most + 1) if form.text(f"{name}_{number}_{column}")]
    return range(1, min(most, max(filled, default=0) + SPARE_ROWS) + 1)


def slug(name: str) -> str:
    """« Après-midi » -> apres-midi"""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:20]


def _weekdays(form: Form, name: str) -> list[int]:
    return [int(text) for text in form.texts(name) if text.isdigit()]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _or(number: int | None, otherwise: int) -> int:
    return otherwise if number is None else number

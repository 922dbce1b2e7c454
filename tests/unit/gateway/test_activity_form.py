"""What the staff type of an activity is what enrolment takes, and stands in the form again."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from contracts.events.deadlines import (
    ByWeekday,
    CalendarDaysBefore,
    Deadline,
    HoursBefore,
    MonthDay,
    NoDeadline,
    WeekdayBefore,
    WeekdayLimit,
    Window,
    Windows,
    WorkingDaysBefore,
)
from contracts.events.enrolment import AbsenceRule, AfterDeadline, AgeGroup, Slot, WaitingList
from gateway.activity_form import Draft, rows_shown, slug
from gateway.activity_values import form_of
from gateway.forms import FieldRefused, Form
from gateway.overbooking import overbooked
from gateway.readers import Activity, SessionLine
from services.chassis.clock import PARIS

THURSDAY_NOON = WeekdayBefore(weekday=4, at="12:00")
RULES: tuple[Deadline, ...] = (
    NoDeadline(),
    WorkingDaysBefore(days=2, at="12:00", not_counted=("saturday", "sunday", "closure")),
    CalendarDaysBefore(days=15, at="23:59"),
    HoursBefore(hours=72),
    THURSDAY_NOON,
    ByWeekday(
        limits=(
            WeekdayLimit(session_weekday=1, weekday=5, weeks=1, at="09:00"),
            WeekdayLimit(session_weekday=4, weekday=2, weeks=0, at="09:00"),
        )
    ),
    MonthDay(day=20, months=1, at="23:59"),
    Windows(
        windows=(
            Window(
                first=date(2027, 7, 5),
                last=date(2027, 7, 30),
                opens=datetime(2027, 6, 1, 8, 30, tzinfo=PARIS),
                closes=datetime(2027, 6, 20, 23, 59, tzinfo=PARIS),
            ),
        )
    ),
)


def activity(**changes: Any) -> Activity:
    known = {
        "activity_id": uuid4(),
        "code": "mercredi",
        "name": "Accueil du mercredi",
        "kind": "wednesday",
        "school_year": "2026-2027",
        "place": "Centre des Prés-Hauts",
        "description": "Ateliers",
        "starts_on": date(2026, 9, 2),
        "ends_on": date(2027, 6, 30),
        "min_age": 3,
        "max_age": 11,
        "weekdays": (3,),
        "days": "wednesdays",
        "slots": (
            Slot(code="matin", name="Matin", starts_at="08:00", ends_at="12:00"),
            Slot(code="journee", name="Journée", starts_at="08:00", ends_at="18:00", capacity=40),
        ),
        "capacity": 64,
        "age_groups": (AgeGroup(name="3 à 5 ans", min_age=3, max_age=5, children_per_adult=8),),
        "classes": ("PS", "MS"),
        "reserve_rule": THURSDAY_NOON,
        "cancel_rule": NoDeadline(),
        "after_deadline": AfterDeadline(
            policy="late", until=CalendarDaysBefore(days=1, at="18:00")
        ),
        "waiting_list": WaitingList(mode="give", answer_hours=12, notice_hours=48),
        "absence_rule": AbsenceRule(certificate_days=10, waiting_days=2, prompt_days=3),
        "document_types": ("insurance",),
    }
    return Activity.model_validate({**known, **changes})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_a_published_activity_sent_again_is_what_it_was(rule: Deadline) -> None:
    known = activity(reserve_rule=rule, cancel_rule=rule)
    sent = Draft(form_of(known)).body()
    assert Activity.model_validate({**sent, "activity_id": known.activity_id}) == known


def test_an_only_slot_has_no_code_and_others_get_one_from_their_names() -> None:
    one = Form({"creneau_1_debut": ["11:45"], "creneau_1_fin": ["13:30"]})
    assert [slot["code"] for slot in Draft(one).slots()] == [""]
    two = Form(
        {
            "creneau_1_nom": ["Matin"],
            "creneau_1_debut": ["08:00"],
            "creneau_3_nom": ["Après-midi"],
            "creneau_3_debut": ["13:30"],
        }
    )
    draft = Draft(two)
    assert [slot["code"] for slot in draft.slots()] == ["matin", "apres-midi"]
    # An error of the service about the second slot stands beside the third row.
    assert draft.fields["creneau_3_fin"] == "slots.1.ends_at"
    assert slug("Journée entière !") == "journee-entiere"


def test_without_hours_the_first_row_is_pointed_at() -> None:
    with pytest.raises(FieldRefused) as refused:
        Draft(Form()).slots()
    assert refused.value.field == "creneau_1_debut"


def test_the_number_of_a_rule_is_told_beside_its_field_whatever_it_counts() -> None:
    hours = Form({"reserver_regle": ["hours_before"], "reserver_nombre": ["0"]})
    draft = Draft(hours)
    draft.rule("reserver", "reserve_rule")
    assert draft.fields["reserver_nombre"] == "reserve_rule.hours"
    with pytest.raises(FieldRefused) as refused:
        Draft(Form({"annuler_regle": ["month_day"]})).rule("annuler", "cancel_rule")
    assert refused.value.field == "annuler_nombre"


def test_some_rows_are_always_left_to_fill() -> None:
    assert list(rows_shown(Form(), "creneau", 6, "debut")) == [1, 2]
    filled = Form({f"creneau_{n}_debut": ["08:00"] for n in range(1, 7)})
    assert list(rows_shown(filled, "creneau", 6, "debut")) == [1, 2, 3, 4, 5, 6]


def session_of(booked: int, capacity: int = 120, day: int = 1) -> SessionLine:
    return SessionLine(
        session_id=uuid4(),
        activity_id=uuid4(),
        activity_name="Accueil du soir",
        date=date(2026, 12, day),
        capacity=capacity,
        booked=booked,
    )


def test_fewer_places_than_are_reserved_are_told_before_they_are_published() -> None:
    told = overbooked([session_of(80, day=4), session_of(60), session_of(0)], 120, 1)
    assert "2 séances ont déjà plus de 1 place réservée" in told
    assert "jusqu’à 80, le 04/12/2026" in told
    assert overbooked([session_of(80)], 120, 80) == ""
    assert overbooked([session_of(30, capacity=40)], 120, 20) == "", "a slot with its own places"

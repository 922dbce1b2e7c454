"""Each rule has its sentence for parents."""

from datetime import date, datetime

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
from contracts.events.enrolment import AfterDeadline
from gateway.deadline_words import after_label, rule_in_short, rule_label
from services.chassis.clock import PARIS

PERIOD = Window(
    first=date(2027, 7, 5),
    last=date(2027, 7, 30),
    opens=datetime(2027, 6, 1, 8, 30, tzinfo=PARIS),
    closes=datetime(2027, 6, 20, 23, 59, tzinfo=PARIS),
)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (None, "sans date limite"),
        (NoDeadline(), "sans date limite"),
        (WorkingDaysBefore(days=2, at="12:00"), "2 jours ouvrés avant, à 12:00"),
        (WorkingDaysBefore(days=1, at="23:59"), "1 jour ouvré avant, à 23:59"),
        (WorkingDaysBefore(days=0, at="08:00"), "le jour même, à 08:00"),
        (
            WorkingDaysBefore(days=2, at="12:00", not_counted=("wednesday", "public_holiday")),
            "2 jours avant (sans compter les mercredis et les jours fériés), à 12:00",
        ),
        (WorkingDaysBefore(days=3, at="12:00", not_counted=()), "3 jours avant, à 12:00"),
        (CalendarDaysBefore(days=0, at="08:00"), "le jour même, à 08:00"),
        (CalendarDaysBefore(days=1, at="18:00"), "la veille, à 18:00"),
        (CalendarDaysBefore(days=15, at="23:59"), "15 jours avant, à 23:59"),
        (HoursBefore(hours=72), "72 heures avant le début"),
        (WeekdayBefore(weekday=4, at="12:00"), "jusqu’au jeudi 12:00 de la semaine précédente"),
        (WeekdayBefore(weekday=1, weeks=0, at="9:00"), "jusqu’au lundi 9:00 de la même semaine"),
        (WeekdayBefore(weekday=2, weeks=2, at="23:59"), "jusqu’au mardi 23:59 2 semaines avant"),
        (
            ByWeekday(
                limits=(
                    WeekdayLimit(session_weekday=1, weekday=5, weeks=1, at="09:00"),
                    WeekdayLimit(session_weekday=4, weekday=2, at="09:00"),
                )
            ),
            "pour le lundi, jusqu’au vendredi 09:00 de la semaine précédente ; "
            "pour le jeudi, jusqu’au mardi 09:00 de la même semaine",
        ),
        (MonthDay(day=20, at="23:59"), "jusqu’au 20 du mois précédent, à 23:59"),
        (MonthDay(day=31, at="12:00"), "jusqu’au dernier jour du mois précédent, à 12:00"),
        (MonthDay(day=1, months=0, at="12:00"), "jusqu’au 1er du même mois, à 12:00"),
        (
            Windows(windows=(PERIOD,)),
            "séances du 05/07 au 30/07/2027 : du 01/06/2027 à 08:30 au 20/06/2027 à 23:59",
        ),
        (
            Windows(windows=(PERIOD.model_copy(update={"opens": None}),)),
            "séances du 05/07 au 30/07/2027 : jusqu’au 20/06/2027 à 23:59",
        ),
    ],
)
def test_a_rule_in_words(rule: Deadline | None, words: str) -> None:
    assert rule_label(rule) == words


def test_what_becomes_of_a_late_wish_in_words() -> None:
    assert after_label(AfterDeadline()) == "plus de réservation"
    assert after_label(AfterDeadline(policy="late")) == "réservation possible avec une majoration"
    asked = AfterDeadline(policy="ask", until=CalendarDaysBefore(days=1, at="18:00"))
    assert after_label(asked) == "sur demande, le service vous répond, la veille, à 18:00"


def test_a_table_s_cell_holds_no_list_of_periods() -> None:
    assert rule_in_short(Windows(windows=(PERIOD,))) == "1 période d’ouverture"
    assert rule_in_short(Windows(windows=(PERIOD, PERIOD))) == "2 périodes d’ouverture"
    assert rule_in_short(ByWeekday(limits=())) == "un délai par jour de la semaine"
    assert rule_in_short(None) == "sans date limite"

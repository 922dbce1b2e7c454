"""What a parent changes in the calendar: read, paired, priced and reported."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from gateway.forms import FieldRefused, Form
from gateway.pages.changes import Change, change_of, planned, recap_of, swaps_of
from gateway.pages.reports import Report, ordinal, report_of
from gateway.pages.reservations import pattern_groups
from gateway.pages.semaine_type import days_in, line_of, pattern_of
from gateway.panels import Unavailable
from gateway.readers import Activity, Calendar, Enrolment, Estimate
from gateway.readers.reservations import Changes

LEA, LUNCH, PICNIC, EVENING = (UUID(int=number) for number in range(1, 5))
CANTEEN, HELD = uuid4(), uuid4()
FRIDAY = date(2026, 11, 27)


def entry(session: UUID, starts: str, ends: str, **changes: object) -> dict[str, object]:
    known = {
        "session_id": session,
        "child_id": LEA,
        "activity_id": CANTEEN,
        "activity_name": "Restaurant scolaire",
        "starts_at": starts,
        "ends_at": ends,
        "state": "free",
    }
    return {**known, **changes}


CALENDAR = Calendar.model_validate(
    {
        "children": [{"child_id": LEA, "first_name": "Léa"}],
        "days": [
            {
                "date": FRIDAY,
                "entries": [
                    entry(LUNCH, "11:45", "13:30", state="reserved", reservation_id=HELD),
                    entry(PICNIC, "12:00", "14:00"),
                    entry(EVENING, "16:30", "18:30", state="full"),
                ],
            }
        ],
    }
)


def ticked(**values: list[str]) -> Change:
    return change_of(Form(values))


def test_ticks_and_unticks_and_waits_are_told_apart() -> None:
    change = ticked(
        avant=[f"{LEA}:{LUNCH}:{HELD}"],
        choix=[f"{LEA}:{PICNIC}"],
        attente=[f"{LEA}:{EVENING}"],
        ailleurs=[f"{LEA}:{PICNIC}"],
    )
    assert change.added == ((LEA, PICNIC),)
    assert dict(change.removed) == {(LEA, LUNCH): HELD}
    assert change.item((LEA, EVENING))["waitlist"] is True
    assert change.item((LEA, PICNIC))["other_home"] is True
    assert not change.is_empty


def test_a_recap_is_known_again_by_what_it_says() -> None:
    one = ticked(choix=[f"{LEA}:{PICNIC}", f"{LEA}:{EVENING}"])
    same = ticked(choix=[f"{LEA}:{EVENING}", f"{LEA}:{PICNIC}"])
    other = ticked(choix=[f"{LEA}:{EVENING}"])
    assert one.fingerprint == same.fingerprint != other.fingerprint


def test_a_place_given_back_for_another_at_the_same_hours_is_an_exchange() -> None:
    before = [f"{LEA}:{LUNCH}:{HELD}"]
    assert swaps_of(ticked(avant=before, choix=[f"{LEA}:{PICNIC}"]), CALENDAR) == {
        (LEA, PICNIC): (LEA, LUNCH)
    }
    assert swaps_of(ticked(avant=before, choix=[f"{LEA}:{EVENING}"]), CALENDAR) == {}


def test_the_recap_has_prices_when_billing_tells_them() -> None:
    change = ticked(choix=[f"{LEA}:{PICNIC}"])
    assert planned(change, CALENDAR) == [(LEA, CANTEEN, FRIDAY, False)]
    estimate = Estimate.model_validate(
        {
            "items": [
                {"child_id": LEA, "activity_id": CANTEEN, "date": FRIDAY, "amount_cents": 350}
            ],
            "total_cents": 350,
        }
    )
    told = recap_of(change, CALENDAR, estimate)
    assert (told.added[0].price, told.total) == ("3,50\u00a0€", "3,50\u00a0€")
    without = recap_of(change, CALENDAR, Unavailable("billing"))
    assert (without.added[0].price, without.total) == ("", "")


def test_the_report_tells_of_each_part() -> None:
    kept = {"child_id": LEA, "session_id": PICNIC, "outcome": "confirmed"}
    waiting = {"child_id": LEA, "session_id": EVENING, "outcome": "waitlisted", "rank": 3}
    refused = {**kept, "outcome": "refused", "detail": "Complet.", "instead_of": HELD}
    back = {"reservation_id": HELD, "outcome": "cancelled", "charged": True}
    done = Changes.model_validate({"reserved": [kept, waiting, refused], "cancelled": [back]})
    report = report_of([done], {(LEA, EVENING): "Léa, le soir"}, {HELD: (LEA, LUNCH)})
    assert (report.saved, report.cancelled, report.charged) == (1, 1, 1)
    assert [(w.text, w.detail) for w in report.waiting] == [
        ("Léa, le soir", "En liste d’attente (3e)")
    ]
    assert report.refused[0].instead_of == HELD
    assert report.has_news


def test_the_report_reads_as_a_sentence() -> None:
    assert Report(saved=2, cancelled=1).sentence == (
        "2 réservations enregistrées et 1 réservation annulée."
    )
    assert Report(saved=1, swapped=1, cancelled=2).sentence == (
        "1 réservation enregistrée, 1 réservation échangée et 2 réservations annulées."
    )
    assert Report().sentence == "Aucun changement."
    assert [ordinal(rank) for rank in (1, 2, 11)] == ["1re", "2e", "11e"]


def test_each_part_of_a_day_is_a_choice_of_the_weekly_pattern() -> None:
    enrolled = {
        "enrolment_id": uuid4(),
        "child_id": LEA,
        "child_name": "Léa",
        "activity_id": CANTEEN,
        "activity_name": "Mercredis",
        "status": "accepted",
    }
    parts = [
        {"code": code, "name": name, "starts_at": "08:00", "ends_at": "12:00"}
        for code, name in (("am", "Matin"), ("jour", "Journée"))
    ]
    offered = {"activity_id": CANTEEN, "name": "Mercredis", "kind": "wednesday", "slots": parts}
    enrolment = Enrolment.model_validate(enrolled)
    activity = Activity.model_validate({**offered, "school_year": "2026-2027"})
    [(child, choices)] = pattern_groups([enrolment], [activity])
    assert (child, [name for _, name in choices]) == (
        "Léa",
        ["Mercredis – Matin", "Mercredis – Journée"],
    )
    assert line_of(choices[0][0], [3])["slot"] == "am"
    assert pattern_groups([enrolment], Unavailable("enrolment"))[0][1][0][1] == "Mercredis"


def test_a_pattern_is_read_from_its_form() -> None:
    form = Form(
        {
            "qui": [f"{LEA}:{CANTEEN}"],
            "jours": ["1", "4"],
            "du": ["2026-11-30"],
            "au": ["2026-12-18"],
            "semaines": ["impaires"],
            "sauf": ["03/12/2026, 04/12/2026"],
        }
    )
    pattern = pattern_of(form)
    assert pattern["lines"][0]["weekdays"] == [1, 4]
    assert (pattern["weeks"], pattern["but_for"]) == ("odd", ["2026-12-03", "2026-12-04"])
    assert "slot" not in pattern["lines"][0]
    assert days_in("") == []
    with pytest.raises(FieldRefused, match="Séparez les dates"):
        days_in("demain")

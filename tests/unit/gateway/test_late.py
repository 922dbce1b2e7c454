"""What parents read of places after their limit, before they open, and of closed sessions."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from gateway.pages.late import is_early, is_over, late_remarks, surcharge_words
from gateway.pages.month import month_of
from gateway.readers import Calendar, CalendarChild, CalendarDay, CalendarEntry, Surcharge

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CHILD = UUID(int=1)


def entry(**changes: Any) -> CalendarEntry:
    known = {
        "session_id": uuid4(),
        "child_id": CHILD,
        "activity_id": uuid4(),
        "activity_name": "Accueil du matin",
        "state": "free",
        "remaining": 40,
        "reserve_until": NOW - timedelta(hours=1),
        "cancel_until": NOW - timedelta(hours=1),
    }
    return CalendarEntry.model_validate({**known, **changes})


def remarks(**changes: Any) -> list[str]:
    return list(late_remarks([entry(**changes)]))


def test_a_late_place_says_what_it_costs_more_before_it_is_ticked() -> None:
    assert remarks(late="late", late_cost="1,50 €") == ["En retard : majoration de 1,50 €"]
    # Billing is away: the surcharge is told all the same.
    assert remarks(late="late") == ["En retard : avec une majoration"]


def test_a_place_to_ask_for_says_so_and_what_became_of_it() -> None:
    assert remarks(late="ask") == ["Sur demande : le service vous répond"]
    assert remarks(late="ask", asked="pending") == ["Demande en cours : le service vous répond"]
    refused = remarks(late="ask", asked="refused", asked_reason="Complet", state="closed")
    assert refused == ["Demande refusée : Complet"]


def test_a_closed_session_says_why() -> None:
    assert remarks(state="closed", closed_reason="Grève") == ["Fermé : Grève"]


def test_a_day_that_no_window_holds_is_neither_early_nor_over() -> None:
    start = NOW + timedelta(days=3)
    never = entry(state="closed", reserve_from=start, reserve_until=start)
    assert not is_early(never, NOW)
    assert not is_over(never, NOW)
    assert list(late_remarks([never])) == ["Pas de réservation ouverte pour ce jour"]


def test_before_it_opens_a_place_is_early_and_after_its_limit_over() -> None:
    opens = NOW + timedelta(days=1)
    early = entry(state="closed", reserve_from=opens, reserve_until=opens + timedelta(days=9))
    assert is_early(early, NOW)
    assert not is_over(early, NOW)
    assert is_over(entry(state="closed"), NOW)


def test_a_surcharge_in_words() -> None:
    in_cents = Surcharge(activity_id=uuid4(), late_surcharge_cents=150)
    in_percent = Surcharge(activity_id=uuid4(), late_surcharge_percent=50)
    assert [surcharge_words(s) for s in (in_cents, in_percent)] == ["1,50\u00a0€", "50\u00a0%"]


def test_a_late_place_can_be_ticked_and_one_that_was_asked_for_cannot() -> None:
    today = NOW.date()
    entries = (entry(late="late"), entry(late="ask", asked="pending"))
    calendar = Calendar(
        children=(CalendarChild(child_id=CHILD, first_name="Léa"),),
        days=(CalendarDay(date=today, entries=entries),),
    )
    weeks = month_of(calendar, today.replace(day=1), NOW, today).weeks
    places = [p for week in weeks for day in week.days for s in day.slots for p in s.places]
    assert {(p.can_change, p.more) for p in places} == {(True, "en retard"), (False, "demandé")}

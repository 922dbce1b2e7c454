"""The agenda's page: which days it shows, and what stands in them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gateway.pages.agenda_days import FIRST_DAY, LAST_DAY, Home, Span, days_of, grid
from gateway.readers import Calendar
from gateway.readers.record import CustodySpan

LEA, EWEN = UUID(int=1), UUID(int=2)
LUNCH, SPORT = UUID(int=11), UUID(int=12)
FRIDAY = date(2026, 11, 27)
WEEK = Span.around("semaine", FRIDAY)


def an_entry(child_id: UUID = LEA, state: str = "reserved", **changes: object) -> dict[str, object]:
    held = UUID(int=99) if state == "reserved" else None
    known = {
        "session_id": LUNCH,
        "child_id": child_id,
        "activity_id": UUID(int=21),
        "activity_name": "Restaurant scolaire",
        "kind": "canteen",
        "place": "École du Bourg",
        "starts_at": "11:45",
        "ends_at": "13:30",
        "state": state,
        "reservation_id": held,
    }
    return {**known, **changes}


def a_calendar(*entries: dict[str, object], day: date = FRIDAY, label: str = "") -> Calendar:
    days = [
        {
            "date": WEEK.first + timedelta(days=n),
            "label": label if WEEK.first + timedelta(days=n) == day else None,
            "entries": entries if WEEK.first + timedelta(days=n) == day else (),
        }
        for n in range(7)
    ]
    children = [
        {"child_id": LEA, "first_name": "Léa"},
        {"child_id": EWEN, "first_name": "Ewen"},
    ]
    return Calendar.model_validate({"children": children, "days": days})


def visits(calendar: Calendar, child_id: UUID | None = None) -> list[tuple[str, str, str]]:
    days = days_of(calendar, (), WEEK, FRIDAY, child_id)
    return [(v.child_name, v.standing, v.remark) for day in days for v in day.visits]


def test_what_the_family_holds_is_shown_with_hours_place_and_where_to_change_it() -> None:
    [day] = [d for d in days_of(a_calendar(an_entry()), (), WEEK, FRIDAY, None) if d.visits]
    [visit] = day.visits
    assert (day.date, day.is_today) == (FRIDAY, True)
    assert (visit.hours, visit.place) == ("11:45 – 13:30", "École du Bourg")
    assert visit.address == "/reservations?mois=2026-11"


def test_what_is_only_possible_is_not_in_the_agenda() -> None:
    entries = [an_entry(state=state) for state in ("free", "full", "closed")]
    assert visits(a_calendar(*entries)) == []


def test_what_is_waited_for_offered_or_asked_is_shown_as_such() -> None:
    first = an_entry(state="full", waiting_id=UUID(int=5), rank=1)
    third = an_entry(state="full", waiting_id=UUID(int=6), rank=3)
    until = datetime(2026, 11, 25, 11, tzinfo=UTC)
    offered = an_entry(state="full", waiting_id=UUID(int=7), rank=1, answer_until=until)
    assert [told for _, *told in visits(a_calendar(first, third, offered))] == [
        ["waiting", "en liste d’attente (1er)"],
        ["waiting", "en liste d’attente (3e)"],
        ["offered", "place proposée jusqu’au 25/11/2026 à 12:00"],
    ]


def test_a_place_that_the_other_home_holds_is_said_to_be_theirs() -> None:
    entry = an_entry(reservation_id=None)
    assert visits(a_calendar(entry)) == [("Léa", "other", "réservé par l’autre foyer")]


def test_the_day_runs_in_the_order_of_the_hours_and_of_the_children() -> None:
    early = an_entry(EWEN, session_id=SPORT, starts_at="07:30")
    calendar = a_calendar(an_entry(EWEN), an_entry(LEA), early)
    assert [name for name, *_ in visits(calendar)] == ["Ewen", "Léa", "Ewen"]


def test_one_child_may_be_shown_alone() -> None:
    calendar = a_calendar(an_entry(LEA), an_entry(EWEN))
    assert [name for name, *_ in visits(calendar, EWEN)] == ["Ewen"]


def test_a_change_of_home_is_told_on_its_day_and_on_the_first_day_shown() -> None:
    stays = (
        CustodySpan(child_id=LEA, first_name="Léa", here=True, first=WEEK.first, last=FRIDAY),
        CustodySpan(
            child_id=LEA,
            first_name="Léa",
            here=False,
            first=FRIDAY + timedelta(days=1),
            last=FRIDAY + timedelta(days=8),
        ),
    )
    days = days_of(a_calendar(), stays, WEEK, FRIDAY, None)
    told = {day.date: day.homes for day in days if day.homes}
    assert told == {
        WEEK.first: (Home("Léa", here=True),),
        FRIDAY + timedelta(days=1): (Home("Léa", here=False),),
    }
    assert not any(day.homes for day in days_of(a_calendar(), stays, WEEK, FRIDAY, EWEN))


def test_holidays_keep_their_name() -> None:
    days = days_of(a_calendar(label="Vacances de Noël"), (), WEEK, FRIDAY, None)
    assert [day.label for day in days if day.label] == ["Vacances de Noël"]


def test_a_closure_is_told_once_with_its_reason_to_those_it_concerns() -> None:
    closed = [an_entry(child, "closed", closed_reason="Grève") for child in (LEA, LEA)]
    [day] = [d for d in days_of(a_calendar(*closed), (), WEEK, FRIDAY, None) if d.closures]
    assert day.closures == ("Restaurant scolaire\u00a0: fermé (Grève)",)
    assert not any(d.closures for d in days_of(a_calendar(*closed), (), WEEK, FRIDAY, EWEN))


def test_a_late_wish_that_the_staff_look_at_is_in_the_agenda() -> None:
    asked = an_entry(state="free", asked="pending")
    assert visits(a_calendar(asked)) == [("Léa", "waiting", "demande en cours d’étude")]


def test_a_weekend_has_columns_only_when_something_happens() -> None:
    saturday = FRIDAY + timedelta(days=1)
    quiet = days_of(a_calendar(an_entry()), (), WEEK, FRIDAY, None)
    busy = days_of(a_calendar(an_entry(), day=saturday), (), WEEK, FRIDAY, None)
    assert (grid(quiet)[0], grid(busy)[0]) == (5, 6)


def test_a_month_begins_under_the_name_of_its_weekday() -> None:
    month = Span.around("mois", date(2026, 10, 10))  # its first is a Thursday
    calendar = Calendar.model_validate(
        {"days": [{"date": month.first + timedelta(days=n)} for n in range(31)]}
    )
    width, cells = grid(days_of(calendar, (), month, FRIDAY, None))
    assert width == 5
    assert [cell.date for cell in cells[:4]] == [None, None, None, month.first]
    assert len(cells) % width == 0


def test_a_page_says_which_days_it_shows() -> None:
    assert Span.around("mois", FRIDAY).title == "novembre 2026"
    assert WEEK.title == "du 23 nov. au 29 novembre 2026"


@given(st.dates(), st.sampled_from(["mois", "semaine", "liste"]))
def test_whatever_day_is_asked_there_is_a_page_and_its_neighbours(day: date, view: str) -> None:
    span = Span.around(view, day)  # type: ignore[arg-type]
    assert FIRST_DAY <= span.first <= span.last <= LAST_DAY + timedelta(days=31)
    assert (span.last - span.first).days < 62
    inside = min(max(day, FIRST_DAY), LAST_DAY - timedelta(days=31))
    assert span.first <= inside <= span.last
    if span.previous > FIRST_DAY:
        before = Span.around(view, span.previous)  # type: ignore[arg-type]
        assert before.last + timedelta(days=1) == span.first

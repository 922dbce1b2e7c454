"""Agendas as calendar programs read them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services.chassis.clock import PARIS
from services.reservations.model.agenda import (
    FeedEntry,
    digest,
    feed,
    feed_period,
    fingerprint,
    new_token,
)

LUNCH = FeedEntry(
    session_id=UUID("00000000-0000-4000-8000-0000000000a1"),
    child_id=UUID("00000000-0000-4000-8000-0000000000b1"),
    first_name="Maëlys",
    activity_name="Restaurant scolaire",
    place="École du Bourg",
    starts_at=datetime(2026, 11, 27, 10, 45, tzinfo=UTC),
    ends_at=datetime(2026, 11, 27, 12, 30, tzinfo=UTC),
    confirmed=True,
    version=1,
    changed_at=datetime(2026, 11, 20, 18, 2, 31, tzinfo=UTC),
)
# What a calendar file cannot hold in any form: control characters and halves of characters.
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=120)


def event_of(*entries: FeedEntry) -> Any:
    [event] = Calendar.from_ical(feed(entries)).walk("VEVENT")
    return event


def test_an_entry_tells_the_first_name_the_activity_the_hours_and_the_place() -> None:
    event = event_of(LUNCH)
    assert event["summary"] == "Maëlys – Restaurant scolaire"
    assert event["location"] == "École du Bourg"
    assert event["dtstart"].dt.isoformat() == "2026-11-27T11:45:00+01:00"
    assert event["dtend"].dt.isoformat() == "2026-11-27T13:30:00+01:00"
    assert event["status"] == "CONFIRMED"
    assert event["class"] == "PRIVATE"
    assert event["transp"] == "TRANSPARENT"


def test_the_same_place_keeps_its_name_as_it_is_given_back_and_kept_again() -> None:
    given_back = replace(
        LUNCH, confirmed=False, version=2, changed_at=LUNCH.changed_at + timedelta(hours=1)
    )
    kept_again = replace(LUNCH, version=3)
    events = [event_of(entry) for entry in (LUNCH, given_back, kept_again)]
    assert len({event["uid"] for event in events}) == 1
    assert [event["sequence"] for event in events] == [1, 2, 3]
    assert [event["status"] for event in events] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert events[1]["last-modified"].dt == given_back.changed_at.replace(microsecond=0)


def test_two_children_at_one_session_are_two_entries() -> None:
    brother = replace(LUNCH, child_id=UUID(int=2), first_name="Ewen")
    events = Calendar.from_ical(feed([LUNCH, brother])).walk("VEVENT")
    assert len({event["uid"] for event in events}) == 2


def test_hours_are_those_of_paris_in_summer_too() -> None:
    summer = replace(LUNCH, starts_at=datetime(2027, 6, 1, 9, 45, tzinfo=UTC))
    assert event_of(summer)["dtstart"].dt.isoformat() == "2027-06-01T11:45:00+02:00"


def test_the_file_brings_the_rules_of_parisian_time() -> None:
    zone: Any = Calendar.from_ical(feed([LUNCH])).walk("VTIMEZONE")[0]
    assert zone["tzid"] == "Europe/Paris"
    there = zone.to_tz()
    for day in (date(2026, 3, 28), date(2026, 3, 30), date(2026, 10, 24), date(2026, 10, 26)):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        assert noon.astimezone(there).utcoffset() == noon.astimezone(PARIS).utcoffset()


@given(TEXTS, TEXTS, TEXTS)
def test_whatever_a_name_holds_comes_out_as_it_went_in(
    name: str, activity: str, place: str
) -> None:
    entry = replace(LUNCH, first_name=name, activity_name=activity, place=place)
    content = feed([entry])
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    event = event_of(entry)
    assert event["summary"] == f"{name} – {activity}"
    assert event.get("location", "") == place


def test_an_empty_agenda_is_a_calendar_all_the_same() -> None:
    assert not Calendar.from_ical(feed([])).walk("VEVENT")


def test_the_same_agenda_has_the_same_fingerprint_and_another_has_another() -> None:
    assert fingerprint([LUNCH]) == fingerprint([replace(LUNCH)])
    assert fingerprint([LUNCH]) != fingerprint([replace(LUNCH, version=2)])
    assert fingerprint([LUNCH]) != fingerprint([])


def test_a_feed_reaches_from_sixty_days_back_to_the_end_of_the_school_year() -> None:
    period = feed_period(date(2026, 11, 23))
    assert (period.first, period.last) == (date(2026, 9, 24), date(2027, 8, 31))
    assert feed_period(date(2027, 6, 30)).last == date(2027, 8, 31)
    assert feed_period(date(2027, 7, 1)).last == date(2028, 8, 31)


def test_a_secret_is_long_and_never_the_same_and_its_digest_does_not_tell_it() -> None:
    tokens = {new_token() for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) >= 43 for token in tokens)
    assert all(token.encode() not in digest(token) for token in tokens)

"""What may become of a document, and until when it holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.errors import BadDocumentType, BadValidity, NotToBeReviewed
from services.documents.model import Document, DocumentType, State
from services.documents.model.papers import (
    NEXT,
    SEALED_OFF,
    accepted,
    check_type,
    end_of_validity,
    gives_way,
    has_come_to,
    months_later,
    moved,
    rejected,
)

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TODAY = date(2026, 11, 25)
MONTH = timedelta(days=30)
STATES: tuple[State, ...] = get_args(State)
INSURANCE = DocumentType("insurance", "Assurance", per_child=True, validity="school_year")
ADDRESS = DocumentType("address", "Domicile", per_child=False, validity="months", validity_months=3)
BOOK = DocumentType("book", "Livret de famille", per_child=False)


def a_document(state: State = "submitted", **changes: object) -> Document:
    document = Document(
        document_id=uuid4(),
        family_id=uuid4(),
        child_id=None,
        document_type="insurance",
        filename="assurance.pdf",
        content_type="application/pdf",
        size=1000,
        fingerprint=b"",
        deposited_by=None,
        deposited_at=NOW,
        state=state,
    )
    return replace(document, **changes)  # type: ignore[arg-type]


def accept(document: Document, kind: DocumentType = BOOK, **dates: date) -> Document:
    return accepted(
        document,
        kind,
        valid_from=dates.get("valid_from"),
        valid_until=dates.get("valid_until"),
        now=NOW,
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 9, 1), date(2027, 8, 31)),
        (date(2026, 11, 25), date(2027, 8, 31)),
        (date(2027, 6, 30), date(2027, 8, 31)),
        (date(2027, 7, 1), date(2028, 8, 31)),
    ],
)
def test_a_paper_of_the_school_year_holds_to_the_end_of_its_summer(start: date, end: date) -> None:
    assert end_of_validity(INSURANCE, start) == end


def test_a_paper_of_three_months_holds_three_months() -> None:
    assert end_of_validity(ADDRESS, date(2026, 11, 25)) == date(2027, 2, 24)
    assert end_of_validity(ADDRESS, date(2026, 11, 30)) == date(2027, 2, 27)


def test_a_paper_may_hold_for_ever() -> None:
    assert end_of_validity(BOOK, TODAY) is None


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(1, 240))
def test_months_later_is_in_the_month_so_many_further(start: date, months: int) -> None:
    later = months_later(start, months)
    assert (later.year * 12 + later.month) - (start.year * 12 + start.month) == months
    assert later.day == start.day or (later + timedelta(days=1)).day == 1


def test_an_accepted_paper_holds_as_its_type_says_unless_the_staff_say_otherwise() -> None:
    document = accept(a_document(), INSURANCE)
    assert (document.state, document.version) == ("accepted", 2)
    assert (document.valid_from, document.valid_until) == (TODAY, date(2027, 8, 31))
    shorter = accept(a_document(), INSURANCE, valid_until=date(2027, 1, 31))
    assert shorter.valid_until == date(2027, 1, 31)


def test_accepting_twice_is_accepting_once_and_other_dates_are_a_correction() -> None:
    document = accept(a_document(), INSURANCE)
    assert accept(document, INSURANCE) == document
    corrected = accept(document, INSURANCE, valid_until=date(2026, 12, 31))
    assert (corrected.version, corrected.valid_until) == (3, date(2026, 12, 31))


@pytest.mark.parametrize(
    "dates",
    [
        {"valid_until": date(2026, 11, 24)},
        {"valid_from": date(2027, 1, 2), "valid_until": date(2027, 1, 1)},
    ],
)
def test_dates_that_make_no_period_to_come_are_refused(dates: dict[str, date]) -> None:
    with pytest.raises(BadValidity) as refused:
        accept(a_document(), BOOK, **dates)
    assert refused.value.errors[0].field == "valid_until"


@pytest.mark.parametrize("state", ["quarantined", "infected", "replaced", "expired"])
def test_what_is_not_to_be_reviewed_is_neither_accepted_nor_rejected(state: State) -> None:
    with pytest.raises(NotToBeReviewed):
        accept(a_document(state))
    with pytest.raises(NotToBeReviewed):
        rejected(a_document(state), "Illisible.")


def test_rejecting_twice_keeps_the_first_reason() -> None:
    document = rejected(a_document(), "Illisible.")
    assert rejected(document, "Autre raison.") == document
    assert document.reason == "Illisible."


def test_a_rejection_is_taken_back_by_accepting() -> None:
    document = accept(rejected(a_document(), "Illisible."))
    assert (document.state, document.reason, document.version) == ("accepted", None, 3)


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, "accepted"),
        (TODAY + timedelta(days=31), "accepted"),
        (TODAY + timedelta(days=30), "expiring"),
        (TODAY, "expiring"),
        (TODAY - timedelta(days=1), "expired"),
    ],
)
def test_time_brings_a_reminder_and_then_the_end(until: date | None, state: State) -> None:
    assert has_come_to(a_document("accepted", valid_until=until), TODAY, MONTH) == state


@pytest.mark.parametrize("state", STATES)
def test_every_step_raises_the_version_and_none_leads_out_of_the_table(state: State) -> None:
    for target in STATES:
        after = moved(a_document(state), target)
        if target in NEXT[state] and target != state:
            assert (after.state, after.version) == (target, 2)
        else:
            assert after.state == state


def test_what_nobody_may_open_is_left_only_through_the_scanner() -> None:
    assert NEXT["quarantined"] == {"submitted", "infected"}
    assert NEXT["infected"] == frozenset()
    assert not any(gives_way(a_document(state), "accepted") for state in SEALED_OFF)


def test_a_paper_that_holds_gives_way_only_to_one_that_was_accepted() -> None:
    for state in ("accepted", "expiring"):
        assert not gives_way(a_document(state), "submitted")
        assert gives_way(a_document(state), "accepted")


@pytest.mark.parametrize(
    "changes",
    [
        {"validity": "months"},
        {"validity_months": 3},
        {"accepts": ()},
        {"accepts": ("text/html",)},
    ],
)
def test_a_type_that_contradicts_itself_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(BadDocumentType):
        check_type(replace(BOOK, **changes))  # type: ignore[arg-type]

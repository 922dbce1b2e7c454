"""In which home a child is, as the family's file tells it."""

from datetime import date

from contracts.events.accounts import CustodyFile, StayFile
from services.reservations.model.custody import Custody
from tests.unit.reservations.builders import FAMILY, OTHER_HOME

EVEN_WEEK, ODD_WEEK = date(2026, 11, 27), date(2026, 12, 4)  # weeks 48 and 49


def custody(**changes: object) -> Custody:
    known = {"even_family_id": FAMILY, "odd_family_id": OTHER_HOME, "change_weekday": 1}
    told = CustodyFile.model_validate({**known, **changes})
    return Custody.from_data(told.model_dump(mode="json"))


def test_weeks_alternate_by_their_parity() -> None:
    assert custody().home_on(EVEN_WEEK) == FAMILY
    assert custody().home_on(ODD_WEEK) == OTHER_HOME


def test_a_week_begins_on_the_day_of_the_change() -> None:
    changes_on_friday = custody(change_weekday=5)
    assert changes_on_friday.home_on(date(2026, 11, 26)) == OTHER_HOME
    assert changes_on_friday.home_on(date(2026, 11, 27)) == FAMILY


def test_a_stay_comes_before_the_weeks() -> None:
    stay = StayFile(family_id=OTHER_HOME, first=EVEN_WEEK, last=EVEN_WEEK)
    assert custody(stays=(stay,)).home_on(EVEN_WEEK) == OTHER_HOME


def test_a_day_that_the_calendar_does_not_name_is_nobodys() -> None:
    silent = custody(even_family_id=None, odd_family_id=None, change_weekday=None)
    assert silent.home_on(EVEN_WEEK) is None
    assert not silent.is_elsewhere(FAMILY, EVEN_WEEK)
    assert custody().is_elsewhere(OTHER_HOME, EVEN_WEEK)

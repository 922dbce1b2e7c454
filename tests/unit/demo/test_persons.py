"""The demo's own family."""

from datetime import date

from deploy.demo import town
from deploy.demo.families import make_families
from deploy.demo.persons import GUARDIAN_PASSWORD, WAITING, usual_days
from services.accounts.model.passwords import weakness

FAMILY = make_families(2, date(2026, 11, 23))[0]


def test_the_children_come_on_days_that_their_activities_have() -> None:
    weekdays = {activity["code"]: activity["weekdays"] for activity in town.ACTIVITIES}
    for wish in usual_days(FAMILY):
        assert set(wish.weekdays) <= set(weekdays[wish.activity])


def test_one_request_is_left_for_the_office_to_decide() -> None:
    codes = {activity["code"] for activity in town.ACTIVITIES}
    names = {child.first_name for child in FAMILY.children}
    assert all(name in names and code in codes for name, code in WAITING)


def test_the_demo_passwords_are_ones_that_accounts_takes() -> None:
    assert weakness(GUARDIAN_PASSWORD, FAMILY.mail) is None
    assert all(weakness(member.password, member.login) is None for member in town.STAFF)

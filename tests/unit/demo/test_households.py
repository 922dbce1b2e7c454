"""Which days the demo families book."""

from datetime import date, timedelta
from uuid import uuid4

from deploy.demo import town
from deploy.demo.families import make_families
from deploy.demo.households import Session, Town, forgets, visits
from deploy.demo.wishes import wishes

TODAY = date(2026, 11, 23)
FAMILIES = make_families(300, TODAY)
WISHES = wishes(FAMILIES)
TOWN = Town(
    {family.reference: uuid4() for family in FAMILIES},
    {activity["code"]: uuid4() for activity in town.ACTIVITIES},
)
CHILDREN = {(f.reference, child.first_name): uuid4() for f in FAMILIES for child in f.children}
CANTEEN = TOWN.activities["cantine-bourg"]
WEEK = [Session(str(uuid4()), CANTEEN, TODAY + timedelta(days=n)) for n in (-7, 0, 1, 3, 4)]


def test_a_child_comes_on_the_weekdays_of_its_wish() -> None:
    wish = next(w for w in WISHES if w.activity == "cantine-bourg" and not w.waiting)
    planned = visits(TOWN, CHILDREN, [wish], WEEK)
    expected = [s.date for s in WEEK if s.date.isoweekday() in wish.weekdays]
    assert [visit.session.date for visit in planned] == expected


def test_nobody_comes_before_the_office_has_accepted() -> None:
    waiting = [wish for wish in WISHES if wish.waiting]
    assert waiting
    assert visits(TOWN, CHILDREN, waiting, WEEK) == []


def test_a_few_past_visits_were_not_booked_and_no_coming_one() -> None:
    planned = visits(TOWN, CHILDREN, WISHES, WEEK * 20)
    forgotten = [visit for visit in planned if forgets(visit, TODAY)]
    assert all(visit.session.date < TODAY for visit in forgotten)
    later = TODAY + timedelta(days=30)
    assert 0 < sum(forgets(visit, later) for visit in planned) < len(planned) / 20

"""The summer's places, asked for in a window and given by criteria; drafts; what lacks or waits."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from deploy.demo import town
from deploy.demo.concurrency import at_once
from deploy.demo.families import Family
from deploy.demo.households import ChildIds, Town, find_children
from deploy.demo.office import Office
from deploy.demo.services import agent, guardian
from deploy.demo.setting import Setting
from deploy.demo.wishes import Wish, chance, wishes
from services.chassis.clock import PARIS

ASKING_SHARE: Final = 0.06
DRAFT_SHARE: Final = 0.15
WINDOW_DAYS: Final = 14
LACKS: Final = "L’attestation d’assurance est illisible : déposez-la de nouveau, s’il vous plaît."


async def open_summer(setting: Setting, office: Office, made: Town) -> None:
    """The window in which families ask is open these weeks."""
    today = setting.today
    body = {
        "opens_at": _paris(today - timedelta(days=WINDOW_DAYS), time(8, 30)),
        "closes_at": _paris(today + timedelta(days=WINDOW_DAYS), time(23, 59)),
        "mode": "allocation",
        "places": town.SUMMER_PLACES,
        "criteria": list(town.SUMMER_CRITERIA),
    }
    path = f"/staff/admissions/{made.activities[town.SUMMER]}"
    await setting.portal.call("PUT", path, office.agent, body=body)


async def ask_for_summer(setting: Setting, made: Town) -> None:
    """Some families ask, some keep a draft; the demo's own family has one ready to send."""
    own, others = setting.families[0], setting.families[2:]
    asking = [own, *(f for f in others if chance(f"summer {f.reference}") < ASKING_SHARE)]
    children = await find_children(setting, made, asking)
    done = setting.counter("Summer requests", len(asking))

    async def ask(family: Family) -> None:
        sends = family is not own and chance(f"draft {family.reference}") >= DRAFT_SHARE
        await _ask(setting, made, children, family, sends=sends)

    await at_once(asking, ask, done)


async def _ask(
    setting: Setting, made: Town, children: ChildIds, family: Family, *, sends: bool
) -> None:
    caller, activity = guardian(made.family(family)), str(made.activities[town.SUMMER])
    call = setting.services.call
    known = await call("enrolment", "GET", "/enrolments", caller, activity_id=activity)
    if known["total"]:
        return  # an earlier load was cut short after this
    declared = [c for c in ("travail", "besoin") if chance(f"{c} {family.reference}") < 0.5]
    items = [
        {
            "child_id": str(children[family.reference, child.first_name]),
            "activity_id": activity,
            "declared": declared,
        }
        for child in family.children
    ]
    body = {"items": items, "together": chance(f"together {family.reference}") < 0.5}
    draft: dict[str, Any] = await call("enrolment", "POST", "/applications", caller, body)
    if sends:
        path = f"/applications/{draft['application_id']}/send"
        await call("enrolment", "POST", path, caller, {"regulations_accepted": True})


async def sort_waiting(setting: Setting, office: Office, made: Town, children: ChildIds) -> None:
    """Of the requests that wait for the office it sends some back and puts some on the list."""
    undecided = [wish for wish in wishes(setting.families) if wish.waiting]
    clerk = agent(office.accounts["agent"])
    for number, wish in enumerate(undecided):
        if number % 3 == 2:
            continue
        step, body = ("return", {"note": LACKS}) if number % 3 else ("wait", {})
        for enrolment in await _submitted(setting, made, children, wish):
            path = f"/enrolments/{enrolment['enrolment_id']}/{step}"
            await setting.services.call("enrolment", "POST", path, clerk, body)


async def _submitted(
    setting: Setting, made: Town, children: ChildIds, wish: Wish
) -> Sequence[dict[str, Any]]:
    query = {
        "child_id": str(children[wish.family.reference, wish.child.first_name]),
        "activity_id": str(made.activities[wish.activity]),
        "status": "submitted",
    }
    caller = guardian(made.family(wish.family))
    found = await setting.services.call("enrolment", "GET", "/enrolments", caller, **query)
    submitted: list[dict[str, Any]] = found["enrolments"]
    return submitted


def _paris(day: date, at: time) -> str:
    return datetime.combine(day, at, PARIS).isoformat()

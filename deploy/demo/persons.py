"""The two people whose logins the demo hands out, each getting in as anybody would."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp

from deploy.demo.families import Family
from deploy.demo.office import Office
from deploy.demo.papers import Paper, papers_of
from deploy.demo.portal import Refused, eventually, once_known
from deploy.demo.setting import Setting
from deploy.demo.wishes import Wish

GUARDIAN_PASSWORD = "Pommiers-2026!"  # noqa: S105 - a demo login, told to everybody

# What the demo family has, the days on which its children come, and what still waits.
ACCEPTED = {
    ("Zoé", "cantine-bourg"): (1, 2, 4, 5),
    ("Zoé", "soir"): (2, 4),
    ("Jules", "cantine-bourg"): (1, 4),
}
WAITING = (("Jules", "mercredi"),)
BOOKED_DAYS = 21


def usual_days(family: Family) -> list[Wish]:
    """What the demo family has booked so far, so that its first invoice is not empty."""
    children = {child.first_name: child for child in family.children}
    return [
        Wish(family, children[name], activity, weekdays, waiting=False)
        for (name, activity), weekdays in ACCEPTED.items()
    ]


async def let_newcomer_in(setting: Setting, family: Family, after: int) -> dict[str, str]:
    """The login of somebody whose code has just come by mail."""
    code = await setting.mailbox.access_code(family.mail, after)
    return {"login": family.mail, "password": code}


async def let_guardian_in(
    setting: Setting, family: Family, after: int
) -> tuple[dict[str, str], str]:
    """The guardian's login, and a token: the code was read in the mailbox and changed."""
    code = await setting.mailbox.access_code(family.mail, after)
    token = await setting.portal.sign_in(family.mail, code)
    body = {"current": code, "new": GUARDIAN_PASSWORD}
    answer = await setting.portal.call("POST", "/password", token, body=body)
    return {"login": family.mail, "password": GUARDIAN_PASSWORD}, str(answer["access_token"])


async def enrol_own_children(
    setting: Setting, office: Office, family: Family, token: str, activities: Mapping[str, UUID]
) -> None:
    """Papers deposited, requests handed in, all but one accepted by the office."""
    portal = setting.portal
    children = {
        child["first_name"]: child["child_id"]
        for child in (await portal.call("GET", "/family", token))["children"]
    }
    papers = await asyncio.to_thread(papers_of, family, setting.today)
    done = setting.counter(
        "The demo family's papers and requests", len(papers) + len(ACCEPTED) + len(WAITING)
    )
    for paper in papers:
        child_id = children[paper.child.first_name] if paper.child else None
        await _deposit(setting, token, paper, child_id)
        done()
    for name, activity in (*ACCEPTED, *WAITING):
        body = {
            "child_id": children[name],
            "activity_id": str(activities[activity]),
            "regulations_accepted": True,
        }
        asked = await _request(setting, token, body)
        if (name, activity) in ACCEPTED:
            path = f"/staff/enrolments/{asked['enrolment_id']}/accept"
            await portal.call("POST", path, office.agent)
        done()


async def _deposit(setting: Setting, token: str, paper: Paper, child_id: str | None) -> None:
    async def send() -> Any:
        form = aiohttp.FormData(quote_fields=False)  # accents in file names stay as they are
        form.add_field("type", paper.document_type)
        if child_id:
            form.add_field("child_id", child_id)
        form.add_field("file", paper.content, filename=paper.filename)
        return await setting.portal.call("POST", "/documents", token, data=form)

    await once_known(send)


async def _request(setting: Setting, token: str, body: dict[str, Any]) -> Any:
    """The request; the one that is there already when an earlier load was cut short."""
    try:
        return await once_known(
            lambda: setting.portal.call("POST", "/enrolments", token, body=body)
        )
    except Refused as refusal:
        if refusal.slug != "already-enrolled":
            raise
    found = await setting.portal.call("GET", f"/enrolments?child_id={body['child_id']}", token)
    return next(
        e
        for e in found["enrolments"]
        if e["activity_id"] == body["activity_id"] and e["status"] != "refused"
    )


async def book_own_days(setting: Setting, token: str) -> None:
    """Every school lunch of the coming weeks that can still be booked."""
    last = setting.today + timedelta(days=BOOKED_DAYS)
    path = f"/calendar?from={setting.today}&to={last}"

    async def calendar() -> list[dict[str, Any]] | None:
        days = (await setting.portal.call("GET", path, token))["days"]
        entries = [entry for day in days for entry in day["entries"]]
        seen = {(entry["child_id"], entry["activity_id"]) for entry in entries}
        return entries if len(seen) >= len(ACCEPTED) else None

    entries = await eventually(calendar, "the guardian's calendar")
    items = [
        {"child_id": entry["child_id"], "session_id": entry["session_id"]}
        for entry in entries
        if entry["kind"] == "canteen" and entry["state"] == "free"
    ]
    if items:
        await setting.portal.call("POST", "/reservations", token, body={"items": items})

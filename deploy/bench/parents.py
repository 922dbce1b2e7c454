"""Families that sign in and reserve, for benchmarks: with accounts got the honest way."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import aiohttp
import pyotp

from deploy.bench.reserving import Basket
from deploy.demo.concurrency import at_once
from deploy.demo.portal import LoadFailed, Mailbox, Portal, Refused, once_known
from deploy.demo.services import Services, agent, guardian
from deploy.trial import TrialTown

PASSWORD = "Un mot de passe pour mesurer 1"  # noqa: S105 - of a town that lives a minute
DAYS_ASKED = 60
# The calendar of this school year has days to reserve for so long.
WEEKS_AHEAD = 26


@dataclass(frozen=True, slots=True)
class Place:
    """One child at one session, and the token of the parent who may reserve it."""

    token: str
    family_id: UUID
    child_id: str
    session_id: str

    @property
    def basket(self) -> Basket:
        """The place alone, to be reserved."""
        item = {"child_id": self.child_id, "session_id": self.session_id}
        return Basket(self.family_id, self.token, (item,))


async def free_places(town: TrialTown, families: int, today: date) -> list[Place]:
    """Every free place that these families may reserve, in a random order that repeats."""
    async with aiohttp.ClientSession() as session:
        portal = Portal(session, town.ports.url("gateway"))
        mailbox = Mailbox(session, town.ports.url("mailbox"))
        urls = {name: town.ports.url(name) for name in ("enrolment", "reservations")}
        services = Services(session, urls, town.signer)
        office = await office_token(portal, town.logins["admin"])
        chosen = await _families(portal, office, families)
        await portal.call(
            "POST",
            "/staff/access-codes",
            office,
            body={"family_ids": [family["family_id"] for family in chosen]},
        )
        found = await at_once(
            chosen, lambda family: _places_of(portal, mailbox, services, family, today)
        )
    places = [place for places in found for place in places]
    random.Random(1).shuffle(places)  # noqa: S311 - the same order in every run
    return places


async def signed_in_parents(town: TrialTown, count: int) -> list[tuple[str, str]]:
    """Login and token of so many parents, who have chosen PASSWORD."""
    async with aiohttp.ClientSession() as session:
        portal = Portal(session, town.ports.url("gateway"))
        mailbox = Mailbox(session, town.ports.url("mailbox"))
        office = await office_token(portal, town.logins["admin"])
        chosen = await _families(portal, office, count)
        ids = [family["family_id"] for family in chosen]
        await portal.call("POST", "/staff/access-codes", office, body={"family_ids": ids})
        # One after the other: a password to choose is two checks, and nothing is measured yet.
        return [await _first_visit(portal, mailbox, family) for family in chosen]


async def _first_visit(portal: Portal, mailbox: Mailbox, family: dict[str, Any]) -> tuple[str, str]:
    login = family["guardians"][0]["mail"]
    code = await mailbox.access_code(login, after=0)
    first = await portal.sign_in(login, code)
    body = {"current": code, "new": PASSWORD}
    changed = await portal.call("POST", "/password", first, body=body)
    return login, str(changed["access_token"])


async def office_token(portal: Portal, login: Mapping[str, str]) -> str:
    """The token of a member of the staff, by both factors."""
    code = pyotp.TOTP(login["totp_secret"]).now()
    return await portal.sign_in(login["login"], login["password"], code)


async def _families(portal: Portal, office: str, count: int) -> list[dict[str, Any]]:
    answer = await portal.call("GET", "/staff/families", office, params={"size": "100"})
    fitting = [
        f for f in answer["families"] if f["mail"] and f["complete"] and f["account"] == "none"
    ]
    if len(fitting) < count:
        raise LoadFailed(f"only {len(fitting)} families can be given a code by mail")
    chosen = sorted(fitting, key=lambda f: -f["children"])[:count]
    return list(
        await asyncio.gather(
            *(portal.call("GET", f"/staff/families/{f['family_id']}", office) for f in chosen)
        )
    )


async def _places_of(
    portal: Portal, mailbox: Mailbox, services: Services, family: dict[str, Any], today: date
) -> list[Place]:
    _login, token = await _first_visit(portal, mailbox, family)
    family_id = UUID(family["family_id"])
    await _enrol_everywhere(services, family_id)
    return await _calendar(portal, token, family_id, today)


async def _enrol_everywhere(services: Services, family_id: UUID) -> None:
    parent = guardian(family_id)
    children = (await services.call("enrolment", "GET", "/children", parent))["children"]
    activities = (await services.call("enrolment", "GET", "/activities", parent))["activities"]
    for child in children:
        for activity in activities:
            body = {
                "child_id": child["child_id"],
                "activity_id": activity["activity_id"],
                "regulations_accepted": True,
            }
            try:
                made = await services.call("enrolment", "POST", "/enrolments", parent, body)
                path = f"/enrolments/{made['enrolment_id']}/accept"
                await services.call("enrolment", "POST", path, agent(family_id))
            except Refused:
                continue  # enrolled already, or of another age


async def _calendar(portal: Portal, token: str, family_id: UUID, today: date) -> list[Place]:
    starts = [today + timedelta(days=n) for n in range(7, WEEKS_AHEAD * 7, DAYS_ASKED)]

    async def ask(start: date) -> Sequence[dict[str, Any]]:
        between = {
            "from": start.isoformat(),
            "to": (start + timedelta(days=DAYS_ASKED - 1)).isoformat(),
        }
        days = await once_known(lambda: portal.call("GET", "/calendar", token, params=between))
        return [entry for day in days["days"] for entry in day["entries"]]

    entries = [entry for entries in [await ask(start) for start in starts] for entry in entries]
    return [
        Place(token, family_id, entry["child_id"], entry["session_id"])
        for entry in entries
        if entry["state"] == "free"
    ]

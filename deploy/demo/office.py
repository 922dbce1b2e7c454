"""What the town's staff do first: accounts, school year, activities, tariffs, import, codes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyotp

from deploy.demo import town
from deploy.demo.concurrency import at_once
from deploy.demo.families import Family
from deploy.demo.family_file import family_file
from deploy.demo.portal import Refused, once_known
from deploy.demo.services import operator
from deploy.demo.setting import Setting
from deploy.demo.town import StaffMember

TOTP_SECONDS = 30
PAGE = 100


@dataclass(frozen=True, slots=True)
class Office:
    """The staff who are in: account ids by role, and tokens of those who signed in."""

    accounts: dict[str, UUID]
    agent: str
    regisseur: str


async def open_office(setting: Setting) -> Office:
    """Make the staff accounts, as the operator does on the first day, and sign in."""
    done = setting.counter("Staff accounts", len(town.STAFF))

    async def account(member: StaffMember) -> Any:
        body = {
            "login": member.login,
            "name": member.name,
            "roles": [member.role],
            "password": member.password,
            "totp_secret": member.totp_secret,
        }
        return await setting.services.call("accounts", "POST", "/staff-accounts", operator(), body)

    made = await at_once(town.STAFF, account, done)
    by_role = {member.role: member for member in town.STAFF}
    return Office(
        accounts={
            member.role: UUID(answer["account_id"])
            for member, answer in zip(town.STAFF, made, strict=True)
        },
        agent=await _sign_in(setting, by_role["agent"]),
        regisseur=await _sign_in(setting, by_role["regisseur"]),
    )


async def _sign_in(setting: Setting, member: StaffMember) -> str:
    """Sign in with the oldest code that still passes.

    A code passes once. The present one is left to whoever opens the portal right after the load.
    """
    totp = pyotp.TOTP(member.totp_secret)
    now = int(time.time())
    for when in (now - TOTP_SECONDS, now):
        try:
            return await setting.portal.sign_in(member.login, member.password, totp.at(when))
        except Refused as refusal:
            if refusal.slug != "totp-invalid":
                raise
    following = totp.at(now + TOTP_SECONDS)
    return await setting.portal.sign_in(member.login, member.password, following)


async def publish_activities(setting: Setting, office: Office) -> dict[str, UUID]:
    """School year, schools, regulations, activities, tariffs; activity ids by code."""
    portal, agent = setting.portal, office.agent
    done = setting.counter("Activities and tariffs", len(town.ACTIVITIES))
    await portal.call("POST", "/staff/school-years", agent, body=town.SCHOOL_YEAR)
    await setting.services.call(
        "enrolment", "POST", "/regulations", operator(), dict(town.REGULATIONS)
    )
    for school in town.SCHOOLS:
        body = {"code": school.code, "name": school.name, "address": school.address}
        await portal.call("POST", "/staff/schools", agent, body=body)

    async def publish(activity: dict[str, Any]) -> UUID:
        published = await portal.call("POST", "/staff/activities", agent, body=activity)
        await _price(setting, office, published["activity_id"], activity["kind"])
        return UUID(published["activity_id"])

    ids = await at_once(town.ACTIVITIES, publish, done)
    return {activity["code"]: id_ for activity, id_ in zip(town.ACTIVITIES, ids, strict=True)}


async def _price(setting: Setting, office: Office, activity_id: str, kind: str) -> None:
    body = {"activity_id": activity_id} | town.tariff(kind)
    try:
        await once_known(
            lambda: setting.portal.call("POST", "/staff/tariffs", office.regisseur, body=body)
        )
    except Refused as refusal:
        # Loaded before: a tariff stands as it was published.
        if refusal.status != 409:
            raise


async def import_families(setting: Setting, office: Office) -> dict[str, UUID]:
    """Import the family file; family ids by reference."""
    setting.progress("Family files", 0, len(setting.families))
    await setting.portal.call(
        "POST",
        "/staff/families/import",
        office.agent,
        data=family_file(setting.families).encode(),
        headers={"Content-Type": "text/csv"},
    )
    setting.progress("Family files", len(setting.families), len(setting.families))
    return await _family_ids(setting, office)


async def _family_ids(setting: Setting, office: Office) -> dict[str, UUID]:
    async def page(number: int) -> dict[str, Any]:
        path = f"/staff/families?page={number}&size={PAGE}"
        answer: dict[str, Any] = await setting.portal.call("GET", path, office.agent)
        return answer

    first = await page(1)
    others = await at_once(range(2, -(-first["total"] // PAGE) + 1), page)
    rows = [row for answer in (first, *others) for row in answer["families"]]
    return {row["reference"]: UUID(row["family_id"]) for row in rows}


async def issue_codes(
    setting: Setting, office: Office, families: Sequence[Family], ids: dict[str, UUID]
) -> None:
    """Send access codes to these families, by mail or by letter."""
    setting.progress("Access codes", 0, len(families))
    body = {"family_ids": [str(ids[family.reference]) for family in families]}
    await setting.portal.call("POST", "/staff/access-codes", office.agent, body=body)
    setting.progress("Access codes", len(families), len(families))

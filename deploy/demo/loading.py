"""Fills a running portal with the demo town."""

import asyncio
from datetime import date

from deploy.demo import town
from deploy.demo.concurrency import first_failure
from deploy.demo.families import make_families
from deploy.demo.handouts import publish_handouts
from deploy.demo.households import (
    ChildIds,
    Town,
    enrol,
    find_children,
    find_sessions,
    forgets,
    reserve,
    take_roll,
    visits,
)
from deploy.demo.office import (
    Office,
    import_families,
    issue_codes,
    open_office,
    publish_activities,
)
from deploy.demo.persons import (
    book_own_days,
    enrol_own_children,
    let_guardian_in,
    let_newcomer_in,
    usual_days,
)
from deploy.demo.portal import Mailbox, Portal
from deploy.demo.services import Services
from deploy.demo.setting import Operator, Progress, Setting
from deploy.demo.summer import ask_for_summer, open_summer, sort_waiting
from deploy.demo.wishes import wishes, with_codes
from services.chassis.clock import paris_date, utc_now
from services.chassis.http_client import client_session

Logins = dict[str, dict[str, str]]

# The guardian's and the newcomer's.
FEWEST_FAMILIES = 2


async def load(
    portal_url: str,
    mailbox_url: str,
    families: int,
    operator: Operator,
    progress: Progress,
    today: date | None = None,
) -> Logins:
    """Load the town; return the logins of `var/demo.json`, by person. Raises LoadFailed.

    A load that was cut short can be repeated: what is there already stays.
    """
    today = today or paris_date(utc_now())
    async with client_session() as session:
        setting = Setting(
            portal=Portal(session, portal_url),
            mailbox=Mailbox(session, mailbox_url),
            services=Services(session, operator.services, operator.signer),
            progress=progress,
            families=make_families(max(families, FEWEST_FAMILIES), today),
            today=today,
        )
        return await _fill(setting)


async def _fill(setting: Setting) -> Logins:
    guardian_family, newcomer_family = setting.families[:2]
    office = await open_office(setting)
    activities = await publish_activities(setting, office)
    await publish_handouts(setting, office)
    families = await import_families(setting, office)
    made = Town(families, activities)
    codes_for = [guardian_family, newcomer_family, *with_codes(setting.families)]
    # When a load is repeated, the mails of the one before are still there.
    before = [await setting.mailbox.newest(family.mail) for family in codes_for[:2]]
    await issue_codes(setting, office, codes_for, families)
    with first_failure():
        async with asyncio.TaskGroup() as group:
            newcomer = group.create_task(let_newcomer_in(setting, newcomer_family, before[1]))
            guardian = group.create_task(_guardian(setting, office, made, before[0]))
            children = group.create_task(_enrolments(setting, office, made))
    await _requests(setting, office, made, children.result())
    await _bookings(setting, office, made, children.result())
    staff = {
        member.role: {
            "login": member.login,
            "password": member.password,
            "totp_secret": member.totp_secret,
        }
        for member in town.STAFF
    }
    return {"guardian": guardian.result(), "newcomer": newcomer.result(), **staff}


async def _guardian(setting: Setting, office: Office, made: Town, after: int) -> dict[str, str]:
    family = setting.families[0]
    login, token = await let_guardian_in(setting, family, after)
    await enrol_own_children(setting, office, family, token, made.activities)
    await book_own_days(setting, token)
    return login


async def _enrolments(setting: Setting, office: Office, made: Town) -> ChildIds:
    wanted = wishes(setting.families)
    enrolling = {wish.family.reference: wish.family for wish in wanted}
    asking = [setting.families[0], *enrolling.values()]
    children = await find_children(setting, made, asking)
    await enrol(setting, office, made, children, wanted)
    return children


async def _requests(setting: Setting, office: Office, made: Town, children: ChildIds) -> None:
    await open_summer(setting, office, made)
    await ask_for_summer(setting, made)
    await sort_waiting(setting, office, made, children)


async def _bookings(setting: Setting, office: Office, made: Town, children: ChildIds) -> None:
    sessions = await find_sessions(setting, office, made)
    planned = visits(made, children, wishes(setting.families), sessions)
    # The guardian has booked the days to come; of those before, the office keeps the record.
    over = [session for session in sessions if session.date < setting.today]
    planned += visits(made, children, usual_days(setting.families[0]), over)
    # Some come without having booked: that is charged differently, and the demo shows it.
    unbooked = [visit for visit in planned if forgets(visit, setting.today)]
    booking = [visit for visit in planned if not forgets(visit, setting.today)]
    booked = await reserve(setting, office, booking)
    await take_roll(setting, office, [*booked, *unbooked])

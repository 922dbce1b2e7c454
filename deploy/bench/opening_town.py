"""The town before opening day: families with accounts and enrolments, sessions with few places."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg
from argon2 import PasswordHasher

from contracts.roles import OPERATOR
from contracts.topics import SERVICES
from deploy.bench.basket import SCHEMA
from deploy.bench.imports import CHILDREN_A_FAMILY, families_file
from deploy.bench.parents import PASSWORD, office_token
from deploy.bench.reserving import Basket
from deploy.demo.portal import LoadFailed, Portal
from deploy.demo.town import ACTIVITIES
from deploy.trial import TrialTown
from services.chassis.auth import Caller
from services.chassis.http_client import CallerTokens

WISHES = 5
# Each family wants some of so many sessions, which together hold half of what is wanted.
SESSIONS = 10
PLACES_PER_WISH = 0.5
# Usual enrolments beside the contested one, so that the calendar shows what calendars show.
USUAL_KINDS = ("canteen", "evening_care", "wednesday")
SOONEST = timedelta(days=14)
ARRIVAL_SECONDS = 300
QUIET_LOOKS = 3

# Everybody's password is the same one, hashed once; checking it costs what any other costs.
ACCOUNTS = """
INSERT INTO account (account_id, login, guardian_id, family_id, roles, password_hash, temporary,
                     created_at, activated_at, password_changed_at)
SELECT gen_random_uuid(), g.mail, g.guardian_id, g.family_id, '{guardian}', $1, false, now(),
       now(), now()
FROM guardian g
WHERE g.mail LIKE 'famille%@exemple.fr' AND g.position = 0
RETURNING login, family_id
"""
CHILDREN = """
SELECT family_id, array_agg(child_id ORDER BY birth_date, child_id) AS children
FROM child WHERE family_id = ANY ($1) GROUP BY family_id
"""
ENROL = """
INSERT INTO enrolment (enrolment_id, version, family_id, child_id, activity_id, starts_on, ends_on)
SELECT gen_random_uuid(), 1, c.family_id, c.child_id, a.activity_id, a.starts_on, a.ends_on
FROM child c CROSS JOIN activity a
WHERE c.family_id = ANY ($1) AND a.activity_id = ANY ($2)
"""
# Each table, and the columns that are not computed from others.
COLUMNS = """
SELECT quote_ident(c.table_name),
       string_agg(quote_ident(c.column_name), ', ' ORDER BY c.ordinal_position)
FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
GROUP BY c.table_name
"""
SESSION_IDS = """
SELECT session_id FROM session WHERE activity_id = $1 AND date >= $2 AND open ORDER BY date
"""


@dataclass(frozen=True, slots=True)
class Household:
    """A family that waits for opening day."""

    login: str
    family_id: UUID
    children: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a family wants on opening day: places for its first child."""

    household: Household
    session_ids: tuple[UUID, ...]

    @property
    def items(self) -> list[dict[str, str]]:
        """As the API takes them."""
        child = str(self.household.children[0])
        return [{"child_id": child, "session_id": str(s)} for s in self.session_ids]

    def basket(self, tokens: Mapping[UUID, str]) -> Basket:
        """The places together, with the parent's token among these."""
        family_id = self.household.family_id
        return Basket(family_id, tokens[family_id], self.items)


class OpeningTown:
    """Prepares a trial town. What is measured goes through the portal, this need not."""

    def __init__(self, town: TrialTown, reservations: "asyncpg.Connection[Any]") -> None:
        self._town = town
        self._reservations = reservations
        self._contests = 0
        self._office = ""

    async def settle(self, families: int) -> list[Household]:
        """So many families move in: imported, with accounts, their usual enrolments accepted."""
        await self._import(families * CHILDREN_A_FAMILY)
        logins = await self._open_accounts()
        households = await self._households(logins)
        usual = await self._reservations.fetch(
            "SELECT activity_id FROM activity WHERE kind = ANY ($1)", list(USUAL_KINDS)
        )
        await self._enrol(households, [row["activity_id"] for row in usual])
        await self._until_quiet()
        return households

    async def contest(self, households: Sequence[Household], today: date) -> list[Wish]:
        """A new activity, for half of what these families will want of it."""
        self._contests += 1
        places = max(1, round(len(households) * WISHES * PLACES_PER_WISH / SESSIONS))
        activity_id = await self._publish(f"rentree-{self._contests}", places)
        sessions = await self._sessions(activity_id, today + SOONEST)
        await self._enrol(households, [activity_id])
        drawn = random.Random(self._contests)  # noqa: S311 - the same wishes in every run
        return [Wish(h, tuple(drawn.sample(sessions, WISHES))) for h in households]

    async def copy_tables(self) -> None:
        """Copy what reservations keeps for the bare handler, as it stands."""
        await self._reservations.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        await self._reservations.execute(f"CREATE SCHEMA {SCHEMA}")
        for table, columns in await self._reservations.fetch(COLUMNS):
            await self._reservations.execute(
                f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)"
            )
            if table not in ("outbox", "inbox"):
                await self._reservations.execute(
                    f"INSERT INTO {SCHEMA}.{table} ({columns}) OVERRIDING SYSTEM VALUE "  # noqa: S608 - ours
                    f"SELECT {columns} FROM public.{table}"
                )
        await self._reservations.execute("ANALYZE")

    async def _import(self, children: int) -> None:
        token = CallerTokens(self._town.signer).token(Caller(frozenset({OPERATOR})))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/csv"}
        url = f"{self._town.ports.url('accounts')}/imports/families"
        content = b"".join(families_file(children))
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=content, headers=headers) as answer,
        ):
            if answer.status != 200:
                raise LoadFailed(f"{url}: {answer.status} {(await answer.text())[:300]}")

    async def _open_accounts(self) -> dict[UUID, str]:
        accounts = await asyncpg.connect(self._town.database_url("accounts"))
        try:
            rows = await accounts.fetch(ACCOUNTS, PasswordHasher().hash(PASSWORD))
        finally:
            await accounts.close()
        return {row["family_id"]: row["login"] for row in rows}

    async def _households(self, logins: dict[UUID, str]) -> list[Household]:
        async with asyncio.timeout(ARRIVAL_SECONDS):
            while True:
                rows = await self._reservations.fetch(CHILDREN, list(logins))
                if len(rows) == len(logins):
                    break
                await asyncio.sleep(0.5)
        found = [
            Household(logins[row["family_id"]], row["family_id"], tuple(row["children"]))
            for row in rows
        ]
        return sorted(found, key=lambda household: household.login)

    async def _enrol(self, households: Sequence[Household], activities: list[UUID]) -> None:
        await self._reservations.execute(ENROL, [h.family_id for h in households], activities)

    async def _publish(self, code: str, places: int) -> UUID:
        usual = next(activity for activity in ACTIVITIES if activity["code"] == "soir")
        body = usual | {
            "code": code,
            "name": f"Rentrée {self._contests}",
            "capacity": places,
            "document_types": [],
        }
        async with aiohttp.ClientSession() as session:
            portal = Portal(session, self._town.ports.url("gateway"))
            if not self._office:
                self._office = await office_token(portal, self._town.logins["admin"])
            published = await portal.call("POST", "/staff/activities", self._office, body=body)
        return UUID(published["activity_id"])

    async def _sessions(self, activity_id: UUID, first: date) -> list[UUID]:
        """Some sessions of this activity, on days that no other contest is about."""
        start = (self._contests - 1) * SESSIONS
        async with asyncio.timeout(ARRIVAL_SECONDS):
            while True:
                rows = await self._reservations.fetch(SESSION_IDS, activity_id, first)
                if len(rows) >= SESSIONS:
                    break
                await asyncio.sleep(0.2)
        days = [row["session_id"] for row in rows]
        start %= len(days) - SESSIONS + 1
        return days[start : start + SESSIONS]

    async def _until_quiet(self) -> None:
        """Every service has heard of the families: that is no part of what is measured."""
        connections = [await asyncpg.connect(self._town.database_url(name)) for name in SERVICES]
        try:
            async with asyncio.timeout(ARRIVAL_SECONDS):
                before, same = [-1], 0
                while same < QUIET_LOOKS:
                    await asyncio.sleep(0.7)
                    now = [await _heard_and_untold(connection) for connection in connections]
                    same = same + 1 if now == before else 0
                    before = now
        finally:
            for connection in connections:
                await connection.close()


async def _heard_and_untold(connection: "asyncpg.Connection[Any]") -> int:
    heard: int = await connection.fetchval("SELECT count(*) FROM inbox")
    untold: int = await connection.fetchval(
        "SELECT count(*) FROM outbox WHERE published_at IS NULL"
    )
    return heard - untold

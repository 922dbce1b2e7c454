"""Waiting lists: written under the locks of their sessions, in the order of arrival."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from uuid import UUID, uuid4

from asyncpg import Record

from services.chassis.database import Connection
from services.reservations.errors import UnknownWaiting
from services.reservations.model.places import Item, Joining
from services.reservations.model.waiting import LeavingCause, Line, Wait, Waiter

# Who joins waits for a place that is not there: room found under the lock is to be booked instead.
JOIN = """
WITH item AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::date[])
        WITH ORDINALITY AS i(child_id, session_id, waiting_id, family_id, birth_date, position)
), locked AS (
    SELECT session_id, activity_id, date, starts_at, capacity - booked - offered AS free,
           group_min, group_max, group_capacity, group_taken
    FROM session WHERE session_id = ANY ($2) AND open
    ORDER BY session_id FOR NO KEY UPDATE
), asked AS (
    SELECT i.*, l.activity_id, l.date, g.age_group,
           coalesce(p.waiting_mode, 'offer') <> 'none'
           AND $6 < l.starts_at - make_interval(hours => coalesce(p.notice_hours, 24)) AS has_list,
           least(l.free, l.group_capacity[g.age_group] - l.group_taken[g.age_group]) <= 0 AS is_full
    FROM item i JOIN locked l USING (session_id)
    LEFT JOIN place_rule p ON p.activity_id = l.activity_id
    CROSS JOIN LATERAL (
        SELECT age_group(i.birth_date, l.date, l.group_min, l.group_max) AS age_group) g
), joined AS (
    INSERT INTO waiting (waiting_id, session_id, child_id, family_id, version, age_group, state,
        joined_at, changed_at)
    SELECT waiting_id, session_id, child_id, family_id, 1, age_group, 'waiting', $6, $6
    FROM asked WHERE has_list AND is_full ORDER BY position
    ON CONFLICT (session_id, child_id) WHERE state IN ('waiting', 'offered') DO NOTHING
    RETURNING waiting_id, session_id
), counted AS (
    UPDATE session s SET waiting = s.waiting + j.children
    FROM (SELECT session_id, count(*) AS children FROM joined GROUP BY session_id) j
    WHERE s.session_id = j.session_id
)
SELECT a.child_id, a.session_id, a.family_id, a.activity_id, a.date, a.waiting_id, 1 AS version,
       'waiting' AS state, NULL AS answer_until, a.has_list, j.waiting_id IS NOT NULL AS is_in
FROM asked a LEFT JOIN joined j USING (waiting_id)
ORDER BY a.position
"""

# The line of each of these sessions that has places for it.
LINES = """
SELECT s.session_id, s.starts_at, s.capacity - s.booked - s.offered AS free,
       coalesce(p.waiting_mode, 'offer') AS mode, coalesce(p.answer_hours, 24) AS answer_hours,
       coalesce(p.notice_hours, 24) AS notice_hours,
       w.waiting_id, w.child_id, w.family_id, w.age_group, c.birth_date,
       s.group_capacity[w.age_group] - s.group_taken[w.age_group] AS group_room,
       EXISTS (SELECT FROM reservation r WHERE r.session_id = s.session_id
               AND r.child_id = w.child_id AND r.confirmed) AS has_place,
       EXISTS (SELECT FROM enrolment e WHERE e.child_id = w.child_id
               AND e.family_id = w.family_id AND e.activity_id = s.activity_id
               AND s.date BETWEEN e.starts_on AND e.ends_on) AS is_enrolled
FROM session s
JOIN waiting w ON w.session_id = s.session_id AND w.state = 'waiting'
LEFT JOIN place_rule p ON p.activity_id = s.activity_id
LEFT JOIN child c ON c.family_id = w.family_id AND c.child_id = w.child_id
WHERE s.session_id = ANY ($1) AND s.open AND s.capacity - s.booked - s.offered > 0
ORDER BY s.session_id, w.position
"""

OFFER = """
WITH chosen AS (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[])
        WITH ORDINALITY AS c(waiting_id, answer_until, position)
), offered AS (
    UPDATE waiting w SET state = 'offered', answer_until = c.answer_until,
        version = w.version + 1, changed_at = $3
    FROM chosen c WHERE w.waiting_id = c.waiting_id AND w.state = 'waiting'
    RETURNING w.*
), counted AS (
    UPDATE session s SET waiting = s.waiting - o.children, offered = s.offered + o.children,
        group_taken = CASE WHEN s.group_taken IS NOT NULL
                           THEN groups_after(s.group_taken, o.groups, 1) END
    FROM (SELECT session_id, count(*) AS children, array_agg(age_group) AS groups
          FROM offered GROUP BY session_id) o
    WHERE s.session_id = o.session_id
)
SELECT o.*, s.activity_id, s.date
FROM offered o JOIN chosen c USING (waiting_id) JOIN session s USING (session_id)
ORDER BY c.position
"""

# Who had an offer gives back the place that was held; who kept it has counted it anew.
LEAVE = """
WITH live AS (
    SELECT waiting_id, state FROM waiting
    WHERE waiting_id = ANY ($1) AND state IN ('waiting', 'offered')
), gone AS (
    UPDATE waiting w SET state = $2, version = w.version + 1, answer_until = NULL, changed_at = $3
    FROM live l WHERE w.waiting_id = l.waiting_id
    RETURNING w.*, l.state = 'offered' AS had_offer
), counted AS (
    UPDATE session s SET waiting = s.waiting - g.waited, offered = s.offered - g.offers,
        group_taken = CASE WHEN s.group_taken IS NOT NULL
                           THEN groups_after(s.group_taken, g.groups, -1) END
    FROM (SELECT session_id, count(*) FILTER (WHERE NOT had_offer) AS waited,
                 count(*) FILTER (WHERE had_offer) AS offers,
                 coalesce(array_agg(age_group) FILTER (WHERE had_offer), '{}') AS groups
          FROM gone GROUP BY session_id) g
    WHERE s.session_id = g.session_id
)
SELECT g.waiting_id, g.version, g.session_id, g.child_id, g.family_id, g.state, g.answer_until,
       s.activity_id, s.date
FROM gone g JOIN session s USING (session_id)
ORDER BY g.position
"""

ONE = """
SELECT w.waiting_id, w.version, w.session_id, w.child_id, w.family_id, w.state, w.answer_until,
       s.activity_id, s.date
FROM waiting w JOIN session s USING (session_id)
WHERE w.waiting_id = $1 AND ($2::uuid IS NULL OR w.family_id = $2)
"""

RANKS = """
SELECT w.waiting_id, count(*) AS rank
FROM waiting w JOIN waiting before ON before.session_id = w.session_id
    AND before.state IN ('waiting', 'offered') AND before.position <= w.position
    AND before.age_group IS NOT DISTINCT FROM w.age_group
WHERE w.waiting_id = ANY ($1) GROUP BY w.waiting_id
"""

# Offers nobody answered, lines whose time is over, and places that were freed beside the lines.
DUE = """
SELECT DISTINCT s.session_id
FROM waiting w JOIN session s USING (session_id)
LEFT JOIN place_rule p ON p.activity_id = s.activity_id
WHERE w.state IN ('waiting', 'offered')
  AND (w.answer_until < $1 OR NOT s.open OR p.waiting_mode = 'none'
       OR s.starts_at - make_interval(hours => coalesce(p.notice_hours, 24)) <= $1
       OR (w.state = 'waiting' AND s.capacity - s.booked - s.offered > 0))
ORDER BY s.session_id
"""

UNANSWERED = """
SELECT waiting_id FROM waiting
WHERE session_id = ANY ($1) AND state = 'offered' AND answer_until < $2
"""

OVER = """
SELECT w.waiting_id FROM waiting w JOIN session s USING (session_id)
LEFT JOIN place_rule p ON p.activity_id = s.activity_id
WHERE w.session_id = ANY ($1) AND w.state IN ('waiting', 'offered')
  AND (NOT s.open OR (w.state = 'waiting' AND (p.waiting_mode = 'none'
       OR s.starts_at - make_interval(hours => coalesce(p.notice_hours, 24)) <= $2)))
"""


async def join(
    connection: Connection, joinings: Sequence[Joining], now: datetime
) -> tuple[list[Wait], list[Item]]:
    """Put these at the end of their lines. Tells who is in, and whose session keeps no line.

    An item whose session has room after all is in neither; the sessions stay locked.
    """
    rows = await connection.fetch(
        JOIN,
        [j.item.child_id for j in joinings],
        [j.item.session_id for j in joinings],
        [uuid4() for _ in joinings],
        [j.family_id for j in joinings],
        [j.birth_date for j in joinings],
        now,
    )
    lineless = [Item(row["child_id"], row["session_id"]) for row in rows if not row["has_list"]]
    return [_wait(row) for row in rows if row["is_in"]], lineless


async def lines(connection: Connection, session_ids: Collection[UUID]) -> list[Line]:
    """The lines of these sessions, locked, that have free places; in the order of the sessions."""
    rows = await connection.fetch(LINES, list(session_ids))
    return [_line(list(found)) for _, found in groupby(rows, key=itemgetter("session_id"))]


def _line(rows: Sequence[Record]) -> Line:
    first = rows[0]
    return Line(
        session_id=first["session_id"],
        free=first["free"],
        starts_at=first["starts_at"],
        mode=first["mode"],
        answer_hours=first["answer_hours"],
        notice_hours=first["notice_hours"],
        waiters=tuple(
            Waiter(
                waiting_id=row["waiting_id"],
                item=Item(row["child_id"], row["session_id"]),
                family_id=row["family_id"],
                birth_date=row["birth_date"],
                age_group=row["age_group"],
                group_room=row["group_room"],
                has_place=row["has_place"],
                is_enrolled=row["is_enrolled"],
            )
            for row in rows
        ),
    )


async def offer(
    connection: Connection, offers: Sequence[tuple[UUID, datetime]], now: datetime
) -> list[Wait]:
    """Hold a place for each of these waits until the instant beside it."""
    rows = await connection.fetch(OFFER, [o[0] for o in offers], [o[1] for o in offers], now)
    return [_wait(row) for row in rows]


async def leave(
    connection: Connection, waiting_ids: Collection[UUID], cause: LeavingCause, now: datetime
) -> list[Wait]:
    """End these waits; tells those that had not ended yet."""
    return [_wait(row) for row in await connection.fetch(LEAVE, list(waiting_ids), cause, now)]


async def wait(connection: Connection, waiting_id: UUID, family_id: UUID | None) -> Wait:
    """One wait, of this family or any. Raises UnknownWaiting."""
    row = await connection.fetchrow(ONE, waiting_id, family_id)
    if row is None:
        raise UnknownWaiting
    return _wait(row)


def _wait(row: Record) -> Wait:
    return Wait(
        waiting_id=row["waiting_id"],
        version=row["version"],
        item=Item(row["child_id"], row["session_id"]),
        family_id=row["family_id"],
        activity_id=row["activity_id"],
        day=row["date"],
        state=row["state"],
        answer_until=row["answer_until"],
    )


async def ranks(connection: Connection, waiting_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many stand in line up to each of these, itself included, within its age group."""
    rows = await connection.fetch(RANKS, list(waiting_ids))
    return {row["waiting_id"]: row["rank"] for row in rows}


async def of_family(connection: Connection, family_id: UUID) -> dict[UUID, UUID]:
    """The family's live waits, each with its session."""
    rows = await connection.fetch(
        """SELECT waiting_id, session_id FROM waiting
           WHERE family_id = $1 AND state IN ('waiting', 'offered')""",
        family_id,
    )
    return {row["waiting_id"]: row["session_id"] for row in rows}


async def engaged(connection: Connection, items: Collection[Item]) -> set[Item]:
    """Those of these whose child holds another session at the same hours."""
    rows = await connection.fetch(
        """SELECT i.child_id, i.session_id
           FROM unnest($1::uuid[], $2::uuid[]) AS i(child_id, session_id)
           JOIN session s USING (session_id)
           WHERE EXISTS (
               SELECT FROM session o JOIN reservation r USING (session_id)
               WHERE o.date = s.date AND o.session_id <> s.session_id AND r.confirmed
                 AND r.child_id = i.child_id
                 AND o.starts_at < s.ends_at AND o.ends_at > s.starts_at)""",
        [item.child_id for item in items],
        [item.session_id for item in items],
    )
    return {Item(row["child_id"], row["session_id"]) for row in rows}


async def due(connection: Connection, now: datetime) -> list[UUID]:
    """The sessions whose line has something to be done now, in the order of their locks."""
    return [row["session_id"] for row in await connection.fetch(DUE, now)]


async def unanswered(
    connection: Connection, session_ids: Collection[UUID], now: datetime
) -> list[UUID]:
    """Offers of these sessions whose time to answer is over."""
    rows = await connection.fetch(UNANSWERED, list(session_ids), now)
    return [row["waiting_id"] for row in rows]


async def over(connection: Connection, session_ids: Collection[UUID], now: datetime) -> list[UUID]:
    """Waits of these sessions that can bring nothing more."""
    rows = await connection.fetch(OVER, list(session_ids), now)
    return [row["waiting_id"] for row in rows]

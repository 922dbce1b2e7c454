"""Places: read as they stand, kept and given back under their sessions' locks."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from asyncpg import Record

from services.chassis.database import Connection
from services.reservations.errors import UnknownReservation
from services.reservations.model.custody import Custody
from services.reservations.model.places import (
    Asker,
    Booking,
    Item,
    Kept,
    KnownSession,
    Place,
    Reservation,
    Rival,
    Standing,
)

# `free` is what the child's age group has left as well; `rival` another session at the same hours
# of an activity the child is enrolled in, rather one in which it has a place.
PLACES = """
SELECT i.child_id, i.session_id, s.activity_id, s.date, s.open, s.starts_at, s.ends_at,
       s.reserve_from, s.reserve_until, s.late_policy, s.late_until, s.waiting,
       r.family_id AS held_by, r.reservation_id, q.ask_id IS NOT NULL AS is_asked,
       c.birth_date, c.custody, rival.name AS rival, rival.reservation_id AS rival_reservation_id,
       rival.family_id AS rival_held_by,
       w.waiting_id, w.family_id AS waits_for, w.answer_until,
       least(s.capacity - s.booked - s.offered,
             s.group_capacity[g.age_group] - s.group_taken[g.age_group]) AS free,
       ARRAY(SELECT DISTINCT e.family_id FROM enrolment e
             WHERE e.child_id = i.child_id AND e.activity_id = s.activity_id
               AND s.date BETWEEN e.starts_on AND e.ends_on
               AND ($3::uuid IS NULL OR e.family_id = $3)
             ORDER BY e.family_id) AS homes
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS i(child_id, session_id, position)
LEFT JOIN session s USING (session_id)
LEFT JOIN reservation r ON r.session_id = i.session_id AND r.child_id = i.child_id AND r.confirmed
LEFT JOIN late_ask q ON q.session_id = i.session_id AND q.child_id = i.child_id
    AND q.family_id = $3 AND q.state = 'pending'
LEFT JOIN waiting w ON w.session_id = i.session_id AND w.child_id = i.child_id
    AND w.state IN ('waiting', 'offered')
LEFT JOIN LATERAL (
    SELECT birth_date, custody FROM child c
    WHERE c.child_id = i.child_id AND ($3::uuid IS NULL OR c.family_id = $3)
    ORDER BY c.in_file DESC, c.family_id LIMIT 1
) c ON true
LEFT JOIN LATERAL (
    SELECT session_name(a.name, o.slot_name) AS name, h.reservation_id, h.family_id
    FROM enrolment e
    JOIN session o ON o.activity_id = e.activity_id AND o.date = s.date
    JOIN activity a ON a.activity_id = o.activity_id
    LEFT JOIN reservation h
        ON h.session_id = o.session_id AND h.child_id = i.child_id AND h.confirmed
    WHERE e.child_id = i.child_id AND o.session_id <> s.session_id
      AND o.starts_at < s.ends_at AND o.ends_at > s.starts_at
      AND (o.open OR h.reservation_id IS NOT NULL)
    ORDER BY h.reservation_id LIMIT 1
) rival ON true
CROSS JOIN LATERAL (
    SELECT CASE WHEN s.group_min IS NOT NULL
                THEN age_group(c.birth_date, s.date, s.group_min, s.group_max) END AS age_group
) g
ORDER BY i.position
"""

# The whole basket in one statement. Sessions are locked in the order of their ids, so that two
# baskets cannot wait for each other, and free places are counted on the locked rows: a request
# that waited here reads what the one before it left. Told back are the places kept; an item that
# another request kept since it was read, or that found no place left, is not among them.
# An item must find room in its age group first, then in the session: whoever finds none in the
# group takes none from those behind it. What is promised was counted when it was offered.
BOOK = """
WITH item AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::boolean[],
                         $9::date[], $10::boolean[])
        WITH ORDINALITY AS i(child_id, session_id, reservation_id, family_id, past_deadline,
                             birth_date, promised, position)
), locked AS (
    SELECT session_id, activity_id, date, capacity - booked - offered AS free, waiting,
           group_min, group_max, group_capacity, group_taken
    FROM session WHERE session_id = ANY ($2) AND open
    ORDER BY session_id FOR NO KEY UPDATE
), grouped AS (
    SELECT i.*, l.activity_id, l.date, l.free, l.waiting, g.age_group,
           l.group_capacity[g.age_group] - l.group_taken[g.age_group] AS group_free
    FROM item i JOIN locked l USING (session_id)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN l.group_min IS NOT NULL
                    THEN age_group(i.birth_date, l.date, l.group_min, l.group_max) END AS age_group
    ) g
), fitting AS (
    SELECT *, row_number() OVER (PARTITION BY session_id, age_group, promised ORDER BY position)
              AS group_rank
    FROM grouped
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY session_id, promised ORDER BY position) AS rank
    FROM fitting WHERE promised OR group_free IS NULL OR group_rank <= group_free
), made AS (
    INSERT INTO reservation AS r (session_id, child_id, reservation_id, version, family_id,
        confirmed, past_deadline, past_line, by_staff, changed_by, changed_at, age_group)
    SELECT session_id, child_id, reservation_id, 1, family_id, true, past_deadline,
           $6 AND waiting > 0 AND NOT promised, $6, $7, $8, age_group
    FROM ranked WHERE promised OR rank <= free
    ON CONFLICT (session_id, child_id) DO UPDATE SET
        -- One family's place keeps its id, however often it is given back and kept again.
        reservation_id = CASE r.family_id WHEN excluded.family_id THEN r.reservation_id
                         ELSE excluded.reservation_id END,
        version = r.version + 1, family_id = excluded.family_id, confirmed = true, late = false,
        past_deadline = excluded.past_deadline, past_line = excluded.past_line,
        by_staff = excluded.by_staff, changed_by = excluded.changed_by,
        changed_at = excluded.changed_at, age_group = excluded.age_group
    WHERE NOT r.confirmed
    RETURNING session_id, child_id, reservation_id, version, age_group
), counted AS (
    UPDATE session s SET booked = s.booked + m.places,
        group_taken = CASE WHEN s.group_taken IS NOT NULL
                           THEN groups_after(s.group_taken, m.groups, 1) END
    FROM (SELECT session_id, count(*) AS places, array_agg(age_group) AS groups
          FROM made GROUP BY session_id) m
    WHERE s.session_id = m.session_id
)
SELECT k.child_id, k.session_id, k.family_id, k.activity_id, k.date, k.past_deadline,
       m.reservation_id, m.version
FROM ranked k JOIN made m USING (session_id, child_id)
ORDER BY k.position
"""

RESERVATION = """
SELECT r.session_id, r.child_id, r.reservation_id, r.version, r.family_id, r.confirmed, r.late,
       s.activity_id, s.date, s.starts_at, s.cancel_until
FROM reservation r JOIN session s USING (session_id)
WHERE r.reservation_id = $1 AND ($2::uuid IS NULL OR r.family_id = $2)
"""

GIVE_BACK = """
WITH locked AS (
    SELECT session_id FROM session WHERE session_id = $2 FOR NO KEY UPDATE
), given_back AS (
    UPDATE reservation r SET confirmed = false, late = $3, version = r.version + 1,
        by_staff = $4, changed_by = $5, changed_at = $6
    FROM locked l
    WHERE r.session_id = l.session_id AND r.reservation_id = $1 AND r.confirmed
    RETURNING r.session_id, r.version, r.age_group
), counted AS (
    UPDATE session s SET booked = s.booked - 1,
        group_taken = CASE WHEN s.group_taken IS NOT NULL
                           THEN groups_after(s.group_taken, ARRAY[g.age_group], -1) END
    FROM given_back g
    WHERE s.session_id = g.session_id
)
SELECT version FROM given_back
"""


# Two requests for one child at the same hours are judged one after the other. The first number
# only has to differ from other advisory locks. Taken before sessions are, and in one order.
CHILDREN = 0x6368
LOCK_CHILDREN = """
SELECT pg_advisory_xact_lock($1, k.hash)
FROM (SELECT DISTINCT hashtext(child_id::text) AS hash FROM unnest($2::uuid[]) AS c(child_id)
      ORDER BY hash) k
"""
TRY_CHILDREN = """
SELECT child_id FROM unnest($2::uuid[]) AS c(child_id)
WHERE pg_try_advisory_xact_lock($1, hashtext(child_id::text))
"""
LOCK_SESSIONS = """
SELECT session_id FROM session WHERE session_id = ANY ($1)
ORDER BY session_id FOR NO KEY UPDATE
"""


async def places(
    connection: Connection, items: Sequence[Item], family_id: UUID | None
) -> list[Place]:
    """Each item as it stands now, in the order asked; homes are this family's, or any."""
    rows = await connection.fetch(
        PLACES, [i.child_id for i in items], [i.session_id for i in items], family_id
    )
    return [
        Place(
            item=Item(row["child_id"], row["session_id"]),
            session=_known_session(row) if row["activity_id"] else None,
            homes=tuple(row["homes"]),
            held_by=row["held_by"],
            reservation_id=row["reservation_id"],
            is_asked=row["is_asked"],
            birth_date=row["birth_date"],
            custody=Custody.from_data(row["custody"]) if row["custody"] else None,
            rival=_rival(row) if row["rival"] is not None else None,
            standing=_standing(row) if row["waiting_id"] else None,
        )
        for row in rows
    ]


def _known_session(row: Record) -> KnownSession:
    return KnownSession(
        activity_id=row["activity_id"],
        day=row["date"],
        open=row["open"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        reserve_until=row["reserve_until"],
        free=row["free"],
        waiting=row["waiting"],
        reserve_from=row["reserve_from"],
        late_policy=row["late_policy"],
        late_until=row["late_until"],
    )


def _rival(row: Record) -> Rival:
    return Rival(row["rival"], row["rival_reservation_id"], row["rival_held_by"])


def _standing(row: Record) -> Standing:
    return Standing(row["waiting_id"], row["waits_for"], row["answer_until"])


async def lock(connection: Connection, items: Collection[Item]) -> None:
    """Have these children and these sessions alone until the transaction ends."""
    await connection.execute(LOCK_CHILDREN, CHILDREN, [item.child_id for item in items])
    await lock_sessions(connection, {item.session_id for item in items})


async def lock_sessions(connection: Connection, session_ids: Collection[UUID]) -> None:
    """Have these sessions alone until the transaction ends; in the order in which all lock them."""
    await connection.execute(LOCK_SESSIONS, list(session_ids))


async def lock_children_at_hand(connection: Connection, children: Collection[UUID]) -> set[UUID]:
    """Those of these children for whom no other request is at work; they are locked."""
    rows = await connection.fetch(TRY_CHILDREN, CHILDREN, list(children))
    return {row["child_id"] for row in rows}


async def book(
    connection: Connection, bookings: Sequence[Booking], asker: Asker, now: datetime
) -> list[Kept]:
    """Keep as many of these places as there are; their sessions stay locked. Tells those kept."""
    rows = await connection.fetch(
        BOOK,
        [b.item.child_id for b in bookings],
        [b.item.session_id for b in bookings],
        [uuid4() for _ in bookings],
        [b.family_id for b in bookings],
        [b.past_deadline for b in bookings],
        asker.by_staff,
        asker.account_id,
        now,
        [b.birth_date for b in bookings],
        [b.promised for b in bookings],
    )
    return [kept(row, late=row["past_deadline"] and not asker.by_staff) for row in rows]


def kept(row: Record, *, late: bool = False) -> Kept:
    """The place that a row tells of."""
    return Kept(
        item=Item(row["child_id"], row["session_id"]),
        reservation_id=row["reservation_id"],
        version=row["version"],
        family_id=row["family_id"],
        activity_id=row["activity_id"],
        day=row["date"],
        late=late,
    )


async def reservation(
    connection: Connection, reservation_id: UUID, family_id: UUID | None
) -> Reservation:
    """One reservation, of this family or any. Raises UnknownReservation."""
    row = await connection.fetchrow(RESERVATION, reservation_id, family_id)
    if row is None:
        raise UnknownReservation
    return Reservation(
        item=Item(row["child_id"], row["session_id"]),
        reservation_id=row["reservation_id"],
        version=row["version"],
        family_id=row["family_id"],
        activity_id=row["activity_id"],
        day=row["date"],
        confirmed=row["confirmed"],
        late=row["late"],
        starts_at=row["starts_at"],
        cancel_until=row["cancel_until"],
    )


async def give_back(
    connection: Connection, held: Reservation, asker: Asker, now: datetime, *, late: bool
) -> int | None:
    """Free the place; its new version, or None when another request freed it first."""
    version: int | None = await connection.fetchval(
        GIVE_BACK,
        held.reservation_id,
        held.item.session_id,
        late,
        asker.by_staff,
        asker.account_id,
        now,
    )
    return version


async def given(
    connection: Connection, reservation_ids: Collection[UUID], family_id: UUID | None
) -> dict[UUID, Item]:
    """Which places these reservations are; another family's are not among them."""
    rows = await connection.fetch(
        """SELECT reservation_id, child_id, session_id FROM reservation
           WHERE reservation_id = ANY ($1) AND ($2::uuid IS NULL OR family_id = $2)""",
        list(reservation_ids),
        family_id,
    )
    return {row["reservation_id"]: Item(row["child_id"], row["session_id"]) for row in rows}


async def coming(connection: Connection, family_id: UUID, now: datetime) -> dict[UUID, UUID]:
    """The family's reservations of sessions that have not begun, each with its session."""
    rows = await connection.fetch(
        """SELECT r.reservation_id, r.session_id
           FROM reservation r JOIN session s USING (session_id)
           WHERE r.family_id = $1 AND r.confirmed AND s.starts_at > $2 ORDER BY r.session_id""",
        family_id,
        now,
    )
    return {row["reservation_id"]: row["session_id"] for row in rows}

"""Places: read as they stand, kept and given back under their sessions' locks."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from asyncpg import Record

from services.chassis.database import Connection
from services.reservations.errors import UnknownReservation
from services.reservations.model.places import (
    Asker,
    Booking,
    Item,
    Kept,
    KnownSession,
    Place,
    Reservation,
)

PLACES = """
SELECT i.child_id, i.session_id, s.activity_id, s.date, s.open, s.reserve_from, s.reserve_until,
       s.late_policy, s.late_until, s.capacity - s.booked AS free, r.family_id AS held_by,
       r.reservation_id, q.state AS asked,
       ARRAY(SELECT DISTINCT e.family_id FROM enrolment e
             WHERE e.child_id = i.child_id AND e.activity_id = s.activity_id
               AND s.date BETWEEN e.starts_on AND e.ends_on
               AND ($3::uuid IS NULL OR e.family_id = $3)
             ORDER BY e.family_id) AS homes
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS i(child_id, session_id, position)
LEFT JOIN session s USING (session_id)
LEFT JOIN reservation r ON r.session_id = i.session_id AND r.child_id = i.child_id AND r.confirmed
LEFT JOIN late_ask q ON q.session_id = i.session_id AND q.child_id = i.child_id
    AND q.family_id = $3
ORDER BY i.position
"""

# The whole basket in one statement. Sessions are locked in the order of their ids, so that two
# baskets cannot wait for each other, and free places are counted on the locked rows: a request
# that waited here reads what the one before it left. Told back are the places kept; an item that
# another request kept since it was read, or that found no place left, is not among them.
BOOK = """
WITH item AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::boolean[])
        WITH ORDINALITY
        AS i(child_id, session_id, reservation_id, family_id, past_deadline, position)
), locked AS (
    SELECT session_id, activity_id, date, capacity - booked AS free
    FROM session WHERE session_id = ANY ($2) AND open
    ORDER BY session_id FOR NO KEY UPDATE
), ranked AS (
    SELECT i.*, l.activity_id, l.date, l.free,
           row_number() OVER (PARTITION BY i.session_id ORDER BY i.position) AS rank
    FROM item i JOIN locked l USING (session_id)
), made AS (
    INSERT INTO reservation AS r (session_id, child_id, reservation_id, version, family_id,
        confirmed, past_deadline, by_staff, changed_by, changed_at)
    SELECT session_id, child_id, reservation_id, 1, family_id, true, past_deadline, $6, $7, $8
    FROM ranked WHERE rank <= free
    ON CONFLICT (session_id, child_id) DO UPDATE SET
        -- One family's place keeps its id, however often it is given back and kept again.
        reservation_id = CASE r.family_id WHEN excluded.family_id THEN r.reservation_id
                         ELSE excluded.reservation_id END,
        version = r.version + 1, family_id = excluded.family_id, confirmed = true, late = false,
        past_deadline = excluded.past_deadline, by_staff = excluded.by_staff,
        changed_by = excluded.changed_by, changed_at = excluded.changed_at
    WHERE NOT r.confirmed
    RETURNING session_id, child_id, reservation_id, version
), counted AS (
    UPDATE session s SET booked = s.booked + m.places
    FROM (SELECT session_id, count(*) AS places FROM made GROUP BY session_id) m
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
    RETURNING r.session_id, r.version
), counted AS (
    UPDATE session s SET booked = s.booked - 1 FROM given_back g
    WHERE s.session_id = g.session_id
)
SELECT version FROM given_back
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
            asked=row["asked"],
        )
        for row in rows
    ]


def _known_session(row: Record) -> KnownSession:
    return KnownSession(
        activity_id=row["activity_id"],
        day=row["date"],
        open=row["open"],
        reserve_until=row["reserve_until"],
        free=row["free"],
        reserve_from=row["reserve_from"],
        late_policy=row["late_policy"],
        late_until=row["late_until"],
    )


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
    )
    return [
        Kept(
            item=Item(row["child_id"], row["session_id"]),
            reservation_id=row["reservation_id"],
            version=row["version"],
            family_id=row["family_id"],
            activity_id=row["activity_id"],
            day=row["date"],
            late=row["past_deadline"] and not asker.by_staff,
        )
        for row in rows
    ]


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


async def coming(connection: Connection, family_id: UUID, now: datetime) -> list[UUID]:
    """The family's reservations of sessions that have not begun, in the order of their locks."""
    rows = await connection.fetch(
        """SELECT r.reservation_id FROM reservation r JOIN session s USING (session_id)
           WHERE r.family_id = $1 AND r.confirmed AND s.starts_at > $2 ORDER BY r.session_id""",
        family_id,
        now,
    )
    return [row["reservation_id"] for row in rows]

"""Enrolments that end before their time, and the places kept after their last day."""

from datetime import date, datetime
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.model.families import Withdrawal

# Heard of before the acceptance: the child never reserves here, whatever comes later.
END_ENROLMENT = """
INSERT INTO enrolment (enrolment_id, version, family_id, child_id, activity_id, starts_on, ends_on)
VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT (enrolment_id) DO UPDATE SET version = $2, ends_on = $6
WHERE enrolment.version < $2
RETURNING true
"""

# Not those that another enrolment of the same child and family covers.
AFTER = """
SELECT r.reservation_id FROM reservation r JOIN session s USING (session_id)
WHERE r.family_id = $1 AND r.child_id = $2 AND s.activity_id = $3 AND r.confirmed
  AND s.date > $4 AND s.starts_at > $5
  AND NOT EXISTS (SELECT FROM enrolment e
                  WHERE e.family_id = r.family_id AND e.child_id = r.child_id
                    AND e.activity_id = s.activity_id
                    AND s.date BETWEEN e.starts_on AND e.ends_on)
ORDER BY r.session_id
"""


async def end_enrolment(connection: Connection, withdrawal: Withdrawal, last_day: date) -> bool:
    """Let the enrolment end on this day unless ours is as new; tells whether it was taken."""
    taken = await connection.fetchval(
        END_ENROLMENT,
        withdrawal.enrolment_id,
        withdrawal.version,
        withdrawal.family_id,
        withdrawal.child_id,
        withdrawal.activity_id,
        last_day,
    )
    return bool(taken)


async def reserved_after(
    connection: Connection, withdrawal: Withdrawal, last_day: date, now: datetime
) -> list[UUID]:
    """The child's coming places after this day, in the order of their locks."""
    rows = await connection.fetch(
        AFTER,
        withdrawal.family_id,
        withdrawal.child_id,
        withdrawal.activity_id,
        last_day,
        now,
    )
    return [row["reservation_id"] for row in rows]

"""Enrolments that end before their time, and what the child has after its last day."""

from datetime import date, datetime

from services.chassis.database import Connection
from services.reservations.model.families import Claim, Withdrawal

# Heard of before the acceptance: the child never reserves here, whatever comes later.
END_ENROLMENT = """
INSERT INTO enrolment (enrolment_id, version, family_id, child_id, activity_id, starts_on, ends_on)
VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT (enrolment_id) DO UPDATE SET version = $2, ends_on = $6
WHERE enrolment.version < $2
RETURNING true
"""

# Not in sessions that another enrolment of the same child and family covers.
CLAIMS_AFTER = """
SELECT s.session_id, r.reservation_id, w.waiting_id, q.ask_id
FROM session s
LEFT JOIN reservation r ON r.session_id = s.session_id AND r.child_id = $2 AND r.family_id = $1
    AND r.confirmed
LEFT JOIN waiting w ON w.session_id = s.session_id AND w.child_id = $2 AND w.family_id = $1
    AND w.state IN ('waiting', 'offered')
LEFT JOIN late_ask q ON q.session_id = s.session_id AND q.child_id = $2 AND q.family_id = $1
    AND q.state = 'pending'
WHERE s.activity_id = $3 AND s.date > $4 AND s.starts_at > $5
  AND coalesce(r.reservation_id, w.waiting_id, q.ask_id) IS NOT NULL
  AND NOT EXISTS (SELECT FROM enrolment e
                  WHERE e.family_id = $1 AND e.child_id = $2 AND e.activity_id = $3
                    AND s.date BETWEEN e.starts_on AND e.ends_on)
ORDER BY s.session_id
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


async def claims_after(
    connection: Connection, withdrawal: Withdrawal, last_day: date, now: datetime
) -> list[Claim]:
    """What the child has in coming sessions after this day, in the order of their locks."""
    rows = await connection.fetch(
        CLAIMS_AFTER,
        withdrawal.family_id,
        withdrawal.child_id,
        withdrawal.activity_id,
        last_day,
        now,
    )
    return [Claim(**dict(row)) for row in rows]

"""Absences as families and the office see them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.events.enrolment import AbsenceRule
from services.chassis.database import Connection
from services.reservations.model.absences import MissedSession, certificate_due, prompt_until

Row = dict[str, Any]

ABSENCES = """
SELECT b.absence_id, b.family_id, b.child_id, coalesce(c.first_name, '') AS first_name,
       coalesce(c.last_name, '') AS last_name, b.first_day, b.last_day, b.reason_kind, b.state,
       b.certificate_on, b.refusal, b.overridden, b.declared_at, b.decided_at, b.by_staff,
       (SELECT d.state FROM certificate d WHERE d.family_id = b.family_id
          AND d.child_id = b.child_id AND d.state IN ('quarantined', 'submitted')
          AND coalesce(d.absence_id = b.absence_id,
                       (d.deposited_at AT TIME ZONE 'Europe/Paris')::date
                       BETWEEN b.first_day - 7 AND b.last_day + 60)
        ORDER BY d.deposited_at LIMIT 1) IS NOT NULL AND b.state = 'declared' AS under_review
FROM absence b LEFT JOIN child c USING (family_id, child_id)
WHERE ($1::uuid IS NULL OR b.family_id = $1) AND ($2::text IS NULL OR b.state = $2)
ORDER BY b.first_day DESC, b.declared_at DESC, b.absence_id LIMIT $3
"""

MISSED = """
SELECT b.absence_id, s.session_id, s.activity_id, s.date,
       session_name(a.name, s.slot_name) AS activity_name,
       coalesce(t.state, '') AS attendance, coalesce(t.excused, false) AS excused,
       a.absence_rule
FROM absence b
JOIN reservation r ON r.child_id = b.child_id AND r.family_id = b.family_id AND r.confirmed
JOIN session s ON s.session_id = r.session_id AND s.date BETWEEN b.first_day AND b.last_day
JOIN activity a USING (activity_id)
LEFT JOIN attendance t ON t.session_id = s.session_id AND t.child_id = b.child_id
WHERE b.absence_id = ANY($1)
ORDER BY s.date, s.starts_at, s.session_id
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """An absence, the sessions it is about, and until when a certificate is in time.

    `prompt`: until when it spares the waiting days as well.
    """

    absence: Row
    sessions: list[Row]
    due: date
    prompt: date | None


async def listed(
    connection: Connection, family_id: UUID | None, state: str | None, *, limit: int
) -> list[Listed]:
    """The absences of a family, or of all; of one state, or of any. The latest first."""
    rows = [dict(row) for row in await connection.fetch(ABSENCES, family_id, state, limit)]
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in await connection.fetch(MISSED, [row["absence_id"] for row in rows]):
        found[row["absence_id"]].append(dict(row))
    return [_listed(row, found[row["absence_id"]]) for row in rows]


def _listed(absence: Row, sessions: list[Row]) -> Listed:
    rules = {
        row["activity_id"]: AbsenceRule.model_validate(row["absence_rule"]) for row in sessions
    }
    missed = [MissedSession(r["session_id"], r["activity_id"], r["date"]) for r in sessions]
    first_day = absence["first_day"]
    return Listed(
        absence,
        sessions,
        due=certificate_due(first_day, missed, rules),
        prompt=prompt_until(first_day, missed, rules),
    )
